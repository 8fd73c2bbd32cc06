import type { Goal, TargetValue } from '../model/goal.ts';
import type { Period } from '../model/period.ts';
import type { Result } from '../model/result.ts';
import type { GoalVersion } from '../model/result-store.ts';
import { addDays, daysBetween } from '../model/zone.ts';
import { baselineOf } from './baselines.ts';
import { beforeFirst } from './beginning.ts';
import { tellBeside } from './beside.ts';
import { movementAt, previousAt, recordsOf, trendAt } from './changes.ts';
import { figureValue, intervalOf, isTimedForm } from './figures.ts';
import { gapClosed, judge } from './judge.ts';
import { definitionIn } from './mail-filter.ts';
import { glidePath } from './pace.ts';
import { progressOf } from './progress.ts';
import { stageOf } from './restate.ts';
import { newHireShare } from './roll-up.ts';
import { keyText } from './segments.ts';
import { type AssessContext, isOfficial, modeOf, type Series } from './series.ts';
import { targetFor, versionOn } from './targets.ts';

/** Of a figure that no goal speaks of. */
const usualMinN = 5;

interface Promised {
  readonly version: GoalVersion;
  readonly versions: readonly GoalVersion[];
  readonly goal: Goal;
  readonly target: TargetValue;
  /** Kind of the segments from whose targets it follows. */
  readonly targetFrom?: string;
}

/** A row for each goal that promises something for a period, else one without a goal. */
export async function assessSeries(context: AssessContext, series: Series): Promise<readonly Result[]> {
  const results: Result[] = [];
  const { index, emitFrom } = series.window;
  for (let place = emitFrom; place < index.periods.length; place++) {
    if (series.places && !series.places.has(place)) continue;
    const period = index.periods[place];
    const figure = series.figures[place];
    if (!period || !figure) continue;
    const hasFacts = figure.n + figure.nMissing > 0 || (series.buckets[place]?.flags.size ?? 0) > 0;
    if (!hasFacts && series.empty === 'never') continue;
    const promises = promisesFor(context, series, { period, place });
    for (const promise of promises) results.push(await assess(context, series, { place, promise }));
    if (promises.length === 0 && (hasFacts || series.empty === 'always')) {
      results.push(await assess(context, series, { place, promise: null }));
    }
  }
  return results;
}

function promisesFor(
  context: AssessContext,
  series: Series,
  { period, place }: { readonly period: Period; readonly place: number },
): readonly Promised[] {
  // As a result is judged by what held at its period's end, an open one by what holds at as_of.
  const date =
    period.endAt <= context.asOf ? addDays(period.endOn, -1) : context.zone.dateOf(context.asOf - 1);
  return series.tracks.flatMap(({ versions }) => {
    const version = versionOn(versions, date);
    if (version === null) return [];
    const weigh = (kind: string) => series.weights(kind, place);
    const found = targetFor(version.goal, context, { period, key: series.key, weigh });
    if (found === null) return [];
    const target = easedTarget(version.goal, found.value, { hiredOn: series.hiredOn, period });
    return [{ version, versions, goal: version.goal, target, ...(found.from && { targetFrom: found.from }) }];
  });
}

/** Of people who came a short while ago less is asked. */
function easedTarget(
  { newHires, shape }: Goal,
  target: TargetValue,
  { hiredOn, period }: { readonly hiredOn: string | null; readonly period: Period },
): TargetValue {
  if (!newHires || hiredOn === null || shape !== 'at_least' || typeof target !== 'number') return target;
  return target * newHireShare(newHires, hiredOn, period);
}

interface Place {
  readonly place: number;
  readonly promise: Promised | null;
}

async function assess(context: AssessContext, series: Series, { place, promise }: Place): Promise<Result> {
  const { kpi, form, asOf, definitions } = context;
  const { window, figures } = series;
  const period = window.index.periods[place];
  const figure = figures[place];
  if (!period || !figure) throw new RangeError(`no period ${place}`);
  const statistic = promise?.goal.statistic ?? 'p50';
  const value = figureValue(figure, form, statistic);
  const complete = period.endAt <= asOf;
  const cumulative = modeOf(context) === 'cumulative';
  const previous = previousAt(context, series, { place, statistic });
  const progress = progressOf({
    periods: window.index.periods,
    place,
    buckets: series.buckets,
    zone: context.zone,
    holidays: context.holidays,
    // What counts only once it has been observed for some time runs behind by as much.
    asOf: cumulative ? asOf - (kpi.maturesMs ?? 0) : asOf,
    pacing: promise?.goal.pacing ?? 'seasonal',
    actual: cumulative ? value : null,
  });
  return {
    kpi: kpi.id,
    definitionVersion: definitionIn(definitions, period),
    grain: period.grain,
    periodStart: period.startOn,
    periodEnd: period.endOn,
    periodLabel: period.label,
    complete,
    segment: series.segment,
    unit: kpi.unit,
    currency: kpi.unit === 'money' ? context.currency : null,
    num: figure.num,
    den: figure.den,
    value,
    n: figure.n,
    nMissing: figure.nMissing,
    statistic: isTimedForm(form) ? statistic : figure.statistics ? 'mean' : null,
    statistics: figure.statistics,
    previous: previous.value,
    movement: movementAt(context, series, { place, statistic, target: promise?.target ?? null }),
    forecast: cumulative && !complete ? progress.forecast : null,
    trend: trendAt(context, series, { place, statistic, minN: promise?.goal.minN ?? usualMinN }),
    ...(await judged(context, series, { place, promise, progress, value })),
    stage: stageOf(kpi, period, { asOf, synced: figure.synced }),
    ...tellBeside(context, figure, { period, promise, key: series.key, value, shorter: previous.shorter }),
    asOf: context.reportedAsOf,
  };
}

/** On its way from the baseline, where the goal has a ramp: as far as the period's end, or as_of, lies into it. */
function rampedTarget(
  context: AssessContext,
  { window }: Series,
  { place, promise, baseline }: { place: number; promise: Promised; baseline: number | null },
): TargetValue {
  const { goal, target } = promise;
  const period = window.index.periods[place];
  if (!goal.ramp || !period || baseline === null || typeof target !== 'number') return target;
  if (modeOf(context) === 'cumulative') return target;
  const today = addDays(context.zone.dateOf(context.asOf - 1), 1);
  const reached = period.endAt <= context.asOf ? period.endOn : today;
  const { from, to } = goal.ramp;
  return glidePath(baseline, target, daysBetween(from, reached) / daysBetween(from, to));
}

type Judged = Pick<
  Result,
  'goal' | 'goalVersion' | 'status' | 'evidence' | 'target' | 'baseline' | 'attainment' | 'gapClosed'
>;

const unjudged: Judged = {
  goal: null,
  goalVersion: null,
  status: null,
  evidence: null,
  target: null,
  baseline: null,
  attainment: null,
  gapClosed: null,
};

interface JudgedPlace extends Place {
  readonly progress: { readonly elapsedShare: number; readonly expectedShare: number | null };
  readonly value: number | null;
}

async function judged(
  context: AssessContext,
  series: Series,
  { place, promise, progress, value }: JudgedPlace,
): Promise<Judged> {
  const figure = series.figures[place];
  if (promise === null || !figure) return unjudged;
  const { goal, version, versions } = promise;
  const { kpi, form } = context;
  const { periods } = series.window.index;
  const newest = periods.at(-1);
  const baseline = await baselineOf(context.store, {
    kpi: newest ? { ...kpi, version: definitionIn(context.definitions, newest) } : kpi,
    form,
    currency: context.currency,
    version,
    versions,
    segment: keyText(series.key),
    periods,
    figures: series.figures,
    pool: series.pool,
    isOfficial: (at) => isOfficial(context, series, at),
  });
  const target = rampedTarget(context, series, { place, promise, baseline });
  const verdict = judge({
    shape: goal.shape,
    target,
    value,
    unit: kpi.unit,
    mode: modeOf(context),
    n: figure.n,
    den: recordsOf(context, figure),
    minN: goal.minN,
    warnTolerance: goal.warnTolerance,
    exceedTolerance: goal.exceedTolerance,
    elapsedShare: progress.elapsedShare,
    expectedShare: progress.expectedShare,
    notStarted: false,
    incomplete: !figure.synced || figure.flags.includes(beforeFirst),
    interval: form === 'sum' ? null : intervalOf(kpi, figure, goal.statistic),
  });
  return {
    goal: goal.id,
    goalVersion: version.version,
    status: verdict.status,
    evidence: verdict.evidence,
    target,
    baseline,
    attainment: verdict.attainment,
    gapClosed: gapClosed(atPace(value, progress.expectedShare), baseline, target),
  };
}

/** A running sum as what it comes to at this pace: baseline and target speak of whole periods. */
function atPace(value: number | null, share: number | null): number | null {
  if (value === null || share === null) return value;
  return share > 0 ? value / share : null;
}
