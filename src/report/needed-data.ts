import type { Kpi } from '../model/kpi.ts';
import type { StoredResult } from '../model/result-store.ts';
import { countToDetect, recordsToDetect } from '../statistics/intervals.ts';
import type { Figure } from './figures.ts';
import type { Format } from './format.ts';
import { fewestPeriods } from './limits.ts';
import { routineWords } from './routine-words.ts';

const smallestP = 0.001;
const alpha = 0.05;
const usualMinimum = 5;
/** Fewer records on either side are not compared: shares and points, durations. */
const fewest = { records: 20, durations: 8 };

/** The trend, or why none is told and what it would take. */
export function trendText(figure: Pick<Figure, 'kpi' | 'goal' | 'result' | 'past'>, format: Format): string {
  const { kpi, goal, result, past } = figure;
  const { say, number, language } = format;
  const words = routineWords[language];
  const { trend } = result;
  if (trend === null) {
    const have = past.filter(isTested).length;
    const needed = fewestPeriods + (kpi.kind === 'snapshot' ? 1 : 0);
    if (have < needed) return words.trendFew(number(needed), number(have));
    const least = goal?.minN ?? usualMinimum;
    if (recordsOf(result, kpi) < least) return words.trendRecords(number(least));
    return goal?.pacing === 'seasonal' ? words.trendSeasonal : '';
  }
  const p = trend.p < smallestP ? `< ${number(smallestP, 3)}` : `= ${number(trend.p, 3)}`;
  if (trend.direction === 'none')
    return (trend.p <= alpha ? words.trendChance : words.trendNone)(number(trend.n), p);
  return say.kpi.trendText(say.trend[trend.direction], number(trend.n), p);
}

function isTested({ complete, stage, value, n, nMissing }: StoredResult): boolean {
  return complete && stage !== 'preliminary' && value !== null && n + nMissing > 0;
}

function recordsOf({ unit, n, den }: StoredResult, { money }: Kpi): number {
  return unit === 'ratio' && money.length === 0 ? (den ?? 0) : n;
}

/** Why nothing is said of a change since the period before, and what it would take; empty where something is. */
export function comparisonText({ kpi, result }: Pick<Figure, 'kpi' | 'result'>, format: Format): string {
  const { movement, previous, value, complete, unit } = result;
  if (movement !== 'no_evidence' || previous === null || value === null || !complete) return '';
  const words = routineWords[format.language];
  const told = (amount: number) => format.value(amount, result);
  const [before, after] = [told(previous), told(value)];
  if (unit === 'money' || kpi.money.length > 0) return words.compareMoney;
  if (unit === 'hours' || unit === 'months')
    return result.n < fewest.durations
      ? words.compareFew(format.number(fewest.durations))
      : words.compareChance(before, after);
  if (unit === 'count') {
    if (kpi.kind === 'snapshot') return words.compareMoney;
    const needed = countToDetect(previous, value);
    return needed === null
      ? words.compareChance(before, after)
      : words.compareCounts(before, after, format.number(needed));
  }
  if (recordsOf(result, kpi) < fewest.records) return words.compareFew(format.number(fewest.records));
  const isShare = unit === 'ratio' && [previous, value].every((share) => share >= 0 && share <= 1);
  const needed = isShare ? recordsToDetect(previous, value) : null;
  return needed === null
    ? words.compareChance(before, after)
    : words.compareRecords(before, after, format.number(needed));
}
