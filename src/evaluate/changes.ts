import type { Movement, Statistic, TargetValue } from '../model/goal.ts';
import type { Trend } from '../model/result.ts';
import { mannKendall } from '../statistics/trend.ts';
import { type Figure, figureValue, isProportion, isTimedForm, pointsOf } from './figures.ts';
import { type Comparison, movement } from './movement.ts';
import { daysIn } from './periods.ts';
import { type AssessContext, isOfficial, type Series } from './series.ts';

interface ChangePlace {
  readonly place: number;
  readonly statistic: Statistic;
  readonly target: TargetValue | null;
}

/** Against the period before. */
export function movementAt(
  context: AssessContext,
  { window, figures }: Series,
  { place, statistic, target }: ChangePlace,
): Movement | null {
  const [before, after] = [figures[place - 1], figures[place]];
  const [from, to] = [window.index.periods[place - 1], window.index.periods[place]];
  if (!before || !after || !from || !to) return null;
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
  if (isTimedForm(form)) return { by: 'durations', before: before.times, after: after.times };
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

/** Of the newest complete period and the open one: over official periods only, changes of stocks. */
export function trendAt(
  context: AssessContext,
  series: Series,
  { place, statistic }: Pick<ChangePlace, 'place' | 'statistic'>,
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
