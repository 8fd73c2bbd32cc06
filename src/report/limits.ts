import type { Kpi } from '../model/kpi.ts';
import type { StoredResult } from '../model/result-store.ts';
import { type BehaviourChart, sinceLastChange, xmr } from '../statistics/behaviour-chart.ts';
import { newcombe, type Range, wilson } from '../statistics/intervals.ts';

/** Of a history: what is routine, and what the newest official figure says against it; or why nothing is said. */
export type Limits =
  | { readonly kind: 'common'; readonly chart: BehaviourChart; readonly newest: StoredResult }
  /** Of states, each of which rests on the one before: limits of their changes. */
  | {
      readonly kind: 'steps';
      readonly chart: BehaviourChart;
      readonly newest: StoredResult;
      /** The state before. */
      readonly before: number;
    }
  | { readonly kind: 'few'; readonly have: number; readonly needed: number }
  /** Numbers of records that differ too much for common limits: the newest share less that of all before it. */
  | {
      readonly kind: 'uneven';
      readonly newest: StoredResult;
      readonly against: (Range & { readonly d: number; readonly share: number }) | null;
    };

/** Shares of fewer records than this are left off the chart. */
export const smallestDen = 10;
const widestSpread = 2;
/** A baseline of fewer periods tells nothing. */
export const fewestPeriods = 6;
/** Two shares of fewer records than this are not compared. */
const comparableDen = 20;

/**
 * Limits of routine variation from the complete official periods since the KPI's first record and the last day on which
 * it changed (an action, another definition); the newest of them is judged, not counted.
 */
export function limitsOf(
  history: readonly StoredResult[],
  kpi: Kpi,
  changedOn: readonly string[] = [],
): Limits {
  const proportion = isProportion(kpi);
  const known = sinceFirstRecord(history).filter(
    ({ complete, stage, value, den }) =>
      complete && stage !== 'preliminary' && value !== null && (!proportion || (den ?? 0) >= smallestDen),
  );
  const points = sinceLastChange(known, ({ periodStart }) => periodStart, changedOn);
  const baseline = points.slice(0, -1);
  const newest = points.at(-1);
  const isState = kpi.kind === 'snapshot';
  const needed = fewestPeriods + (isState ? 1 : 0);
  if (!newest || baseline.length < needed) return { kind: 'few', have: baseline.length, needed };
  const dens = points.map(({ den }) => den ?? 0);
  if (proportion && !isState && Math.max(...dens) > widestSpread * Math.min(...dens))
    return { kind: 'uneven', newest, against: compareWithPool(baseline, newest) };
  const values = points.map(({ value }) => value ?? 0);
  const judged = isState ? values.slice(1).map((value, place) => value - (values[place] ?? value)) : values;
  const chart = xmr({
    baseline: judged.slice(0, -1),
    point: judged.at(-1) ?? 0,
    ...(!isState && { possible: possibleRange(kpi, points) }),
  });
  if (!chart) return { kind: 'few', have: baseline.length, needed };
  return isState
    ? { kind: 'steps', chart, newest, before: values.at(-2) ?? 0 }
    : { kind: 'common', chart, newest };
}

/** The newest share against that of all records before it (Newcombe). */
function compareWithPool(
  baseline: readonly StoredResult[],
  newest: StoredResult,
): (Range & { readonly d: number; readonly share: number }) | null {
  const total = (name: 'num' | 'den') => baseline.reduce((sum, row) => sum + (row[name] ?? 0), 0);
  const [num, den] = [total('num'), total('den')];
  const [newNum, newDen] = [newest.num ?? 0, newest.den ?? 0];
  if (Math.min(den, newDen) < comparableDen || num > den || newNum > newDen) return null;
  return { ...newcombe(num / den, den, newNum / newDen, newDen), share: num / den };
}

/** What lies before the first record is no zero. */
function sinceFirstRecord(history: readonly StoredResult[]): readonly StoredResult[] {
  const first = history.findIndex(({ n, nMissing }) => n + nMissing > 0);
  return first < 0 ? [] : history.slice(first);
}

/** Records counted among records: not a ratio of amounts. */
export function isProportion({ unit, money }: Kpi): boolean {
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
