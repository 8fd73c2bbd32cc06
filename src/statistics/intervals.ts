import { lowerTail, z95 } from './distributions.ts';

export interface Range {
  readonly low: number;
  readonly high: number;
}

/** 95 % score interval of a proportion (Wilson 1927). No trials: anything is possible. */
export function wilson(successes: number, n: number): Range {
  if (n <= 0) return { low: 0, high: 1 };
  const p = successes / n;
  const spread = (z95 * z95) / n;
  const centre = (p + spread / 2) / (1 + spread);
  const half = (z95 * Math.sqrt((p * (1 - p)) / n + spread / (4 * n))) / (1 + spread);
  return {
    low: successes <= 0 ? 0 : Math.max(0, centre - half),
    high: successes >= n ? 1 : Math.min(1, centre + half),
  };
}

/** Of values of which only the sums are kept. */
export interface Moments {
  readonly n: number;
  readonly mean: number;
  readonly variance: number;
}

/** 95 % interval of a mean by the normal distribution; null where the values show no spread to go by. */
export function meanInterval({ n, mean, variance }: Moments): Range | null {
  if (n < 2 || variance === 0) return null;
  const half = z95 * Math.sqrt(variance / n);
  return { low: mean - half, high: mean + half };
}

/** Difference of two means, later less earlier, with its 95 % interval (Welch, normal). */
export function meanDifference(before: Moments, after: Moments): Range {
  const d = after.mean - before.mean;
  const half = z95 * Math.sqrt(before.variance / before.n + after.variance / after.n);
  return { low: d - half, high: d + half };
}

/** Difference p2 - p1 of two proportions with its 95 % interval (Newcombe 1998, method 10). */
export function newcombe(p1: number, n1: number, p2: number, n2: number): Range & { readonly d: number } {
  const first = wilson(p1 * n1, n1);
  const second = wilson(p2 * n2, n2);
  const d = p2 - p1;
  return {
    d,
    low: d - Math.hypot(p2 - second.low, first.high - p1),
    high: d + Math.hypot(second.high - p2, p1 - first.low),
  };
}

/** Records per period that show a change from p1 to p2 with 80 % power at 5 %: said where a comparison stays silent. */
export function recordsToDetect(p1: number, p2: number): number | null {
  if (p1 === p2) return null;
  const z80 = 0.8416212335729143;
  const pooled = (p1 + p2) / 2;
  const byChance = z95 * Math.sqrt(2 * pooled * (1 - pooled));
  const byPower = z80 * Math.sqrt(p1 * (1 - p1) + p2 * (1 - p2));
  return Math.ceil(((byChance + byPower) / (p2 - p1)) ** 2);
}

/**
 * How large the first of two counts must be for the second, larger or smaller in the same proportion, to differ from it
 * with 80 % power at 5 %: by their square roots, whose variance is 1/4 whatever the count.
 */
export function countToDetect(first: number, second: number): number | null {
  if (first <= 0 || second < 0 || first === second) return null;
  const z80 = 0.8416212335729143;
  return Math.ceil(((z95 + z80) / (Math.sqrt(second / first) - 1)) ** 2 / 2);
}

/** Quantile by linear interpolation at position (n - 1) q of the sorted values (type 7 of Hyndman and Fan). */
export function quantile(sorted: ArrayLike<number>, q: number): number | null {
  if (sorted.length === 0) return null;
  const position = (sorted.length - 1) * Math.min(1, Math.max(0, q));
  const index = Math.floor(position);
  const low = sorted[index] ?? 0;
  const high = sorted[index + 1] ?? low;
  return low + (high - low) * (position - index);
}

/** Interval of the median from order statistics, at least 95 %; null below six values. */
export function medianInterval(sorted: ArrayLike<number>): Range | null {
  const n = sorted.length;
  if (n < 6) return null;
  const rank = medianRank(n);
  return { low: sorted[rank - 1] ?? 0, high: sorted[n - rank] ?? 0 };
}

/** The largest rank k with P(Binomial(n, 1/2) <= k - 1) at most 2.5 %. */
function medianRank(n: number): number {
  const fair = { n, p: 0.5 };
  let rank = Math.max(1, Math.floor(n / 2 - (z95 * Math.sqrt(n)) / 2));
  while (rank > 1 && lowerTail(fair, rank - 1) > 0.025) rank--;
  while (lowerTail(fair, rank) <= 0.025) rank++;
  return rank;
}
