import type { Goal, Movement, Statistic, TargetValue } from '../model/goal.ts';
import type { Kpi } from '../model/kpi.ts';
import type { Period } from '../model/period.ts';
import type { Result, Segment, Trend } from '../model/result.ts';
import type { GoalVersion, ResultStore } from '../model/store.ts';
import { addDays } from '../model/zone.ts';
import type { Bucket } from './aggregate.ts';
import { baselineOf } from './baselines.ts';
import { type Figure, figureValue, intervalOf, isProportion } from './figures.ts';
import { gapClosed, judge, type Mode } from './judge.ts';
import { type Comparison, movement } from './movement.ts';
import { daysIn } from './periods.ts';
import { progressOf } from './progress.ts';
import { stageOf } from './restate.ts';
import { keyText, type SegmentKey } from './segments.ts';
import { type TargetContext, targetFor, versionOn } from './targets.ts';
import { mannKendall } from './trend.ts';
import type { Window } from './windows.ts';

/** A goal as configured, with the versions it has had. */
export interface GoalTrack {
  readonly goal: Goal;
  readonly versions: readonly GoalVersion[];
}

export interface AssessContext extends TargetContext {
  readonly store: Pick<ResultStore, 'baseline' | 'saveBaseline'>;
  readonly asOf: number;
  /** As reported: the instant that was asked for. */
  readonly reportedAsOf: number;
}

/** One segment at one grain, all periods computed. */
export interface Series {
  readonly key: SegmentKey;
  readonly segment: Segment;
  readonly window: Window;
  readonly figures: readonly Figure[];
  readonly buckets: readonly (Bucket | undefined)[];
  /** Of this KPI and grain. */
  readonly tracks: readonly GoalTrack[];
  /** A period without facts has a row: always, or only where a goal promises something. */
  readonly empty: 'always' | 'with_goal' | 'never';
}

interface Promise_ {
  readonly version: GoalVersion;
  readonly goal: Goal;
  readonly target: TargetValue;
}

/** A row for each goal that promises something for a period, else one without a goal. */
export async function assessSeries(context: AssessContext, series: Series): Promise<readonly Result[]> {
  const results: Result[] = [];
  const { index, emitFrom } = series.window;
  for (let place = emitFrom; place < index.periods.length; place++) {
    const period = index.periods[place];
    const figure = series.figures[place];
    if (!period || !figure) continue;
    const hasFacts = figure.n + figure.nMissing > 0 || (series.buckets[place]?.flags.size ?? 0) > 0;
    if (!hasFacts && series.empty === 'never') continue;
    const promises = promisesFor(context, series, period);
    for (const promise of promises) results.push(await assess(context, series, { place, promise }));
    if (promises.length === 0 && (hasFacts || series.empty === 'always')) {
      results.push(await assess(context, series, { place, promise: null }));
    }
  }
  return results;
}

function promisesFor(context: AssessContext, series: Series, period: Period): readonly Promise_[] {
  const lastDay = addDays(period.endOn, -1);
  const asOfDay = context.zone.dateOf(context.asOf - 1);
  const date = lastDay < asOfDay ? lastDay : asOfDay;
  return series.tracks.flatMap(({ versions }) => {
    const version = versionOn(versions, date);
    if (version === null) return [];
    const target = targetFor(version.goal, context, { period, key: series.key });
    return target === null ? [] : [{ version, goal: version.goal, target }];
  });
}

interface Place {
  readonly place: number;
  readonly promise: Promise_ | null;
}

async function assess(context: AssessContext, series: Series, { place, promise }: Place): Promise<Result> {
  const { kpi, form, asOf } = context;
  const { window, figures } = series;
  const period = window.index.periods[place];
  const figure = figures[place];
  if (!period || !figure) throw new RangeError(`no period ${place}`);
  const statistic = promise?.goal.statistic ?? 'p50';
  const value = figureValue(figure, form, statistic);
  const before = figures[place - 1];
  const complete = period.endAt <= asOf;
  const cumulative = modeOf(context) === 'cumulative';
  const progress = progressOf({
    ...{ periods: window.index.periods, place, buckets: series.buckets, zone: context.zone, asOf },
    pacing: promise?.goal.pacing ?? 'seasonal',
    actual: cumulative ? value : null,
  });
  return {
    kpi: kpi.id,
    definitionVersion: kpi.version,
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
    statistic: form === 'duration' ? statistic : null,
    statistics: figure.statistics,
    previous: before ? figureValue(before, form, statistic) : null,
    movement: cumulative && !complete ? null : moved(context, series, { place, statistic, promise }),
    forecast: cumulative && !complete ? progress.forecast : null,
    trend: trendAt(context, series, { place, statistic }),
    ...(await judged(context, series, { place, promise, progress, value })),
    stage: stageOf(kpi, period, { asOf, synced: figure.synced }),
    flags: flagsOf(figure, form === 'duration' ? promise?.goal : undefined),
    asOf: context.reportedAsOf,
  };
}

/** Durations are measured on the calendar: no schedule of working hours is known. */
function flagsOf(figure: Figure, goal: Goal | undefined): readonly string[] {
  return goal?.clock === 'business' ? [...figure.flags, 'calendar_clock'].sort() : figure.flags;
}

export function modeOf({ kpi, form }: Pick<AssessContext, 'kpi' | 'form'>): Mode {
  if (kpi.kind === 'snapshot') return 'snapshot';
  return form === 'sum' ? 'cumulative' : 'rate';
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
  const { goal, version, target } = promise;
  const { kpi, form } = context;
  const verdict = judge({
    ...{ shape: goal.shape, target, value, unit: kpi.unit, mode: modeOf(context), n: figure.n },
    // Of a ratio of sums that are no counts, the records are counted.
    den: form === 'ratio' && isProportion(kpi, figure) ? figure.den : figure.n,
    ...{ minN: goal.minN, warnTolerance: goal.warnTolerance, exceedTolerance: goal.exceedTolerance },
    ...{ elapsedShare: progress.elapsedShare, expectedShare: progress.expectedShare },
    notStarted: false,
    incomplete: !figure.synced,
    interval: form === 'sum' ? null : intervalOf(kpi, figure, goal.statistic),
  });
  const baseline = await baselineOf(context.store, {
    ...{ kpi, form, currency: context.currency, version, segment: keyText(series.key) },
    ...{ periods: series.window.index.periods, figures: series.figures, buckets: series.buckets },
    isOfficial: (at) => isOfficial(context, series, at),
  });
  return {
    goal: goal.id,
    goalVersion: version.version,
    status: verdict.status,
    evidence: verdict.evidence,
    target,
    baseline,
    attainment: verdict.attainment,
    gapClosed: gapClosed(value, baseline, target),
  };
}

function isOfficial({ kpi, asOf }: AssessContext, { window, figures }: Series, place: number): boolean {
  const period = window.index.periods[place];
  const figure = figures[place];
  if (!period || !figure) return false;
  return stageOf(kpi, period, { asOf, synced: figure.synced }) === 'official';
}

function moved(
  context: AssessContext,
  { window, figures }: Series,
  { place, statistic, promise }: Place & { readonly statistic: Statistic },
): Movement | null {
  const [before, after] = [figures[place - 1], figures[place]];
  const [from, to] = [window.index.periods[place - 1], window.index.periods[place]];
  if (!before || !after || !from || !to) return null;
  const { kpi, form } = context;
  const target = promise?.target;
  const days = { from: daysIn(from), to: daysIn(to) };
  return movement({
    better: kpi.better,
    band: typeof target === 'object' ? target : null,
    before: figureValue(before, form, statistic),
    after: figureValue(after, form, statistic),
    comparison: comparisonOf(context, [before, after], days.to / (days.from + days.to)),
  });
}

function comparisonOf(
  { kpi, form }: AssessContext,
  [before, after]: readonly [Figure, Figure],
  exposureShare: number,
): Comparison {
  if (form === 'duration') return { by: 'durations', before: before.hours, after: after.hours };
  if (form === 'ratio') {
    if (!isProportion(kpi, before) || !isProportion(kpi, after)) return { by: 'none' };
    const pair = (figure: Figure) => ({ num: figure.num ?? 0, den: figure.den ?? 0 });
    return { by: 'ratio', before: pair(before), after: pair(after) };
  }
  // A stock of one day is much the same as the day before's: its counts are no independent draws.
  const drawn = kpi.unit === 'count' && kpi.kind === 'flow' && before.num !== null && after.num !== null;
  if (!drawn) return { by: 'none' };
  return { by: 'counts', before: before.num ?? 0, after: after.num ?? 0, exposureShare };
}

/** Of the newest complete period and the open one: over official periods only, changes of stocks. */
function trendAt(
  context: AssessContext,
  series: Series,
  { place, statistic }: { readonly place: number; readonly statistic: Statistic },
): Trend | null {
  const { periods } = series.window.index;
  const newest = periods.findLastIndex((period) => period.endAt <= context.asOf);
  if (place < newest) return null;
  const values: number[] = [];
  for (const [at, figure] of series.figures.entries()) {
    if (at > place || !isOfficial(context, series, at)) continue;
    const value = figureValue(figure, context.form, statistic);
    if (value !== null) values.push(value);
  }
  const steps = values.slice(1).map((value, i) => value - (values[i] ?? value));
  const found = mannKendall(context.kpi.kind === 'snapshot' ? steps : values);
  return found && { direction: found.direction, p: found.p, slope: found.slope, n: found.n };
}
