import type { Movement, Statistic, TargetValue } from '../model/goal.ts';
import type { Period } from '../model/period.ts';
import type { Trend } from '../model/result.ts';
import { addDays, daysBetween } from '../model/zone.ts';
import { mannKendall, seasonalMannKendall } from '../statistics/trend.ts';
import type { Bucket } from './aggregate.ts';
import { beforeFirst } from './beginning.ts';
import { type Figure, figureValue, isProportion, isTimedForm, pointsOf } from './figures.ts';
import { isAlike } from './mail-filter.ts';
import { type Comparison, movement } from './movement.ts';
import { completeDays, daysIn, firstDays } from './periods.ts';
import { type AssessContext, isOfficial, modeOf, type Series } from './series.ts';

/** Years do not fit into the 24 values of other trends. */
const mostMonths = 60;

interface ChangePlace {
  readonly place: number;
  readonly statistic: Statistic;
  readonly target: TargetValue | null;
}

/** `shorter`: the period before has fewer days than have passed of an open one. */
export interface Previous {
  readonly value: number | null;
  readonly shorter: boolean;
}

/** Against the period before; of an open one so many days as are over, never the part against the whole. */
export function movementAt(context: AssessContext, series: Series, change: ChangePlace): Movement {
  const { place } = change;
  const { definitions } = context;
  const [from, to] = [series.window.index.periods[place - 1], series.window.index.periods[place]];
  if (!from || !to) return 'no_evidence';
  if (place <= series.first || !isAlike(definitions, from, to) || !isAlike(definitions, to, from))
    return 'no_evidence';
  if (isPart(context, to)) return movementToDate(context, series, { place, from, to });
  return movementBetween(context, series, { ...change, from, to });
}

interface Neighbours {
  readonly place: number;
  readonly from: Period;
  readonly to: Period;
}

/** What counts only once it has been observed for some time is a part until then. */
function isPart(context: AssessContext, period: Period): boolean {
  const { kpi, asOf } = context;
  const mode = modeOf(context);
  const endAt = period.endAt + (mode === 'cumulative' ? (kpi.maturesMs ?? 0) : 0);
  return endAt > asOf && mode !== 'snapshot' && !kpi.windowDays;
}

/** The period before, as a value; of an open one only what as many days of it had brought. */
export function previousAt(
  context: AssessContext,
  series: Series,
  { place, statistic }: Pick<ChangePlace, 'place' | 'statistic'>,
): Previous {
  const [from, to] = [series.window.index.periods[place - 1], series.window.index.periods[place]];
  const before = series.figures[place - 1];
  const isTold = before !== undefined && !before.flags.includes(beforeFirst);
  const value = isTold ? figureValue(before, context.form, statistic) : null;
  if (!from || !to || value === null || !isPart(context, to)) return { value, shorter: false };
  const sums = sumsToDate(context, series, { place, from, to });
  return { value: sums?.before ?? null, shorter: sums?.shorter ?? false };
}

/** Of running counts each day is known; of all else there is no evidence before the period is over. */
function movementToDate(context: AssessContext, series: Series, neighbours: Neighbours): Movement {
  const { kpi } = context;
  const sums = kpi.unit === 'count' ? sumsToDate(context, series, neighbours) : null;
  if (sums === null) return 'no_evidence';
  const { before, after, exposureShare } = sums;
  const comparison = { by: 'counts', before, after, exposureShare } as const;
  return movement({ better: kpi.better, band: null, before, after, comparison });
}

/** A running sum, and that of as many days of the period before; null where the days are not known apart. */
function sumsToDate(
  { kpi, form, zone, asOf }: AssessContext,
  { buckets }: Series,
  { place, from, to }: Neighbours,
) {
  const [before, after] = [buckets[place - 1], buckets[place]];
  const days = completeDays(zone, to, asOf);
  const isRunning = form === 'sum' && kpi.kind === 'flow' && kpi.maturesMs === null;
  const isKept = [before, after].every((bucket) => !bucket || bucket.n === 0 || bucket.byDay.size > 0);
  if (!isRunning || !isKept || days === 0) return null;
  const held = firstDays(from, days);
  return {
    before: sumBefore(before, held.endOn),
    after: sumBefore(after, addDays(to.startOn, days)),
    exposureShare: days / (days + daysBetween(held.startOn, held.endOn)),
    shorter: held.shorter,
  };
}

function sumBefore(bucket: Bucket | undefined, endOn: string): number {
  let sum = 0;
  for (const [day, amount] of bucket?.byDay ?? []) if (day < endOn) sum += amount;
  return sum;
}

function movementBetween(
  context: AssessContext,
  { figures }: Series,
  { place, statistic, target, from, to }: ChangePlace & Neighbours,
): Movement {
  const [before, after] = [figures[place - 1], figures[place]];
  if (!before || !after) return 'no_evidence';
  const { kpi, form } = context;
  const days = { from: daysIn(from), to: daysIn(to) };
  return movement({
    better: kpi.better,
    band: typeof target === 'number' ? null : target,
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
  if (isTimedForm(form)) return { by: 'durations', before, after };
  if (form === 'ratio' && kpi.unit === 'points')
    return { by: 'means', before: pointsOf(before), after: pointsOf(after) };
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

interface TrendPlace extends Pick<ChangePlace, 'place' | 'statistic'> {
  /** A share or duration of fewer records has no trend told beside it. */
  readonly minN: number;
}

/** Of the newest complete period and the open one: over official periods only, changes of stocks. */
export function trendAt(
  context: AssessContext,
  series: Series,
  { place, statistic, minN }: TrendPlace,
): Trend | null {
  const figure = series.figures[place];
  if (figure && modeOf(context) === 'rate' && recordsOf(context, figure) < minN) return null;
  const { periods } = series.window.index;
  const newest = periods.findLastIndex((period) => period.endAt <= context.asOf);
  if (place < newest) return null;
  const points: Point[] = [];
  for (const [at, figure] of series.figures.entries()) {
    if (at > place || !isOfficial(context, series, at)) continue;
    const value = figureValue(figure, context.form, statistic);
    if (value !== null) points.push({ startOn: periods[at]?.startOn ?? '', value });
  }
  const found = testTrend(context, series, points);
  return found && { direction: found.direction, p: found.p, slope: found.slope, n: found.n };
}

/** Of a ratio of sums that are no counts, the records are counted. */
export function recordsOf({ kpi, form }: Pick<AssessContext, 'kpi' | 'form'>, figure: Figure): number {
  return form === 'ratio' && isProportion(kpi, figure) ? (figure.den ?? 0) : figure.n;
}

interface Point {
  readonly startOn: string;
  readonly value: number;
}

function testTrend(
  { kpi }: AssessContext,
  { window, tracks }: Series,
  points: readonly Point[],
): Trend | null {
  const values = points.map(({ value }) => value);
  if (kpi.kind === 'snapshot')
    return mannKendall(values.slice(1).map((value, i) => value - (values[i] ?? value)));
  const isSeasonal = window.grain === 'month' && tracks.some(({ goal }) => goal.pacing === 'seasonal');
  if (!isSeasonal) return mannKendall(values);
  // A season is no trend: each month is compared with the same one of other years.
  const months = Map.groupBy(points.slice(-mostMonths), ({ startOn }) => startOn.slice(5, 7));
  const found = seasonalMannKendall([...months.values()].map((month) => month.map(({ value }) => value)));
  return found && { ...found, slope: found.slope / 12 };
}
