import type { Kpi } from '../model/kpi.ts';
import type { StoredResult } from '../model/result-store.ts';
import { type BehaviourChart, sinceLastChange, xmr } from '../statistics/behaviour-chart.ts';
import { type Range, wilson } from '../statistics/intervals.ts';

/** Of a history: common limits, or why there are none. */
export type Limits =
  | { readonly kind: 'common'; readonly chart: BehaviourChart }
  | { readonly kind: 'few' }
  | { readonly kind: 'uneven' };

const smallestDen = 10;
const widestSpread = 2;

/**
 * Limits of routine variation from the complete official periods since the KPI's first record and the last day on which
 * it changed (an action, another definition); the newest complete one is judged, not counted.
 */
export function limitsOf(
  history: readonly StoredResult[],
  kpi: Kpi,
  changedOn: readonly string[] = [],
): Limits {
  const proportion = isProportion(kpi);
  const known = sinceFirstRecord(history).filter(
    ({ complete, value, den }) => complete && value !== null && (!proportion || (den ?? 0) >= smallestDen),
  );
  const points = sinceLastChange(known, ({ periodStart }) => periodStart, changedOn);
  const newest = points.at(-1);
  if (!newest) return { kind: 'few' };
  const dens = points.map(({ den }) => den ?? 0);
  if (proportion && Math.max(...dens) > widestSpread * Math.min(...dens)) return { kind: 'uneven' };
  const baseline = points.filter((point) => point !== newest && point.stage !== 'preliminary');
  const chart = xmr({
    baseline: baseline.map(({ value }) => value ?? 0),
    point: newest.value ?? 0,
    possible: possibleRange(kpi, points),
  });
  return chart ? { kind: 'common', chart } : { kind: 'few' };
}

/** What lies before the first record is no zero. */
function sinceFirstRecord(history: readonly StoredResult[]): readonly StoredResult[] {
  const first = history.findIndex(({ n, nMissing }) => n + nMissing > 0);
  return first < 0 ? [] : history.slice(first);
}

/** Records counted among records: not a ratio of amounts. */
function isProportion({ unit, money }: Kpi): boolean {
  return unit === 'ratio' && money.length === 0;
}

function possibleRange(kpi: Kpi, points: readonly StoredResult[]): { min?: number; max?: number } {
  if (isProportion(kpi) && points.every(({ value }) => value !== null && value >= 0 && value <= 1))
    return { min: 0, max: 1 };
  return kpi.unit !== 'points' && points.every(({ value }) => (value ?? 0) >= 0) ? { min: 0 } : {};
}

/** 95 % interval of a proportion; null for all else, of which the store keeps no spread. */
export function intervalOf({ num, den }: Pick<StoredResult, 'num' | 'den'>, kpi: Kpi): Range | null {
  if (!isProportion(kpi) || num === null || den === null || den <= 0 || num < 0 || num > den) return null;
  return wilson(num, den);
}
