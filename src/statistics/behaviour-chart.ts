const limitFactor = 2.66;
const rangeFactor = 3.268;
const slack = 1e-9;

export type ChartSignal = 'outside' | 'run' | 'near_limit';

/** Process behaviour chart (XmR, Wheeler) of a baseline, and what one new point says against it. */
export interface BehaviourChart {
  readonly n: number;
  readonly mean: number;
  /** Mean moving range of the baseline. */
  readonly movingRange: number;
  readonly low: number;
  readonly high: number;
  readonly rangeLimit: number;
  /** Under twelve points the limits are provisional and only `outside` is looked for. */
  readonly provisional: boolean;
  readonly signals: readonly ChartSignal[];
}

export interface ChartInput {
  /** Complete official periods since the last registered change, oldest first; the new point is not among them. */
  readonly baseline: readonly number[];
  readonly point: number;
  /** What the figure can possibly be; limits are clamped to it. */
  readonly possible?: { readonly min?: number; readonly max?: number };
}

/**
 * The points since the last change that somebody registered up to the newest one: what was usual before it no longer
 * tells what is usual. Days and starts are local dates; a period in which a change fell is mixed, and left out.
 */
export function sinceLastChange<T>(
  points: readonly T[],
  startOf: (point: T) => string,
  changedOn: readonly string[],
): readonly T[] {
  const newest = points.at(-1);
  if (newest === undefined) return points;
  let last = '';
  for (const day of changedOn) if (day > last && day <= startOf(newest)) last = day;
  return points.filter((point) => startOf(point) >= last);
}

/** Null below six points: silent. */
export function xmr({ baseline, point, possible }: ChartInput): BehaviourChart | null {
  const n = baseline.length;
  if (n < 6) return null;
  const mean = sum(baseline) / n;
  const movingRange = sum(baseline.slice(1).map((x, i) => Math.abs(x - (baseline[i] ?? x)))) / (n - 1);
  const reach = limitFactor * movingRange;
  const limits = { low: mean - reach, high: mean + reach };
  const provisional = n < 12;
  return {
    n,
    mean,
    movingRange,
    low: Math.max(limits.low, possible?.min ?? Number.NEGATIVE_INFINITY),
    high: Math.min(limits.high, possible?.max ?? Number.POSITIVE_INFINITY),
    rangeLimit: rangeFactor * movingRange,
    provisional,
    signals: provisional ? outside(point, limits) : allSignals([...baseline, point], { mean, reach }),
  };
}

function sum(xs: readonly number[]): number {
  let total = 0;
  for (const x of xs) total += x;
  return total;
}

function outside(point: number, { low, high }: { low: number; high: number }): ChartSignal[] {
  const room = slack * Math.max(1, Math.abs(point));
  return point < low - room || point > high + room ? ['outside'] : [];
}

function allSignals(xs: readonly number[], { mean, reach }: { mean: number; reach: number }): ChartSignal[] {
  const point = xs.at(-1) ?? mean;
  const side = Math.sign(point - mean);
  const found: ChartSignal[] = outside(point, { low: mean - reach, high: mean + reach });
  if (side === 0) return found;
  if (xs.slice(-8).every((x) => Math.sign(x - mean) === side)) found.push('run');
  const nearLimit = (x: number) => reach > 0 && (x - mean) * side > reach / 2;
  if (nearLimit(point) && xs.slice(-4).filter(nearLimit).length >= 3) found.push('near_limit');
  return found;
}
