import {
  binomialProbability,
  inversionShares,
  lowerTail,
  normalTwoSided,
  upperTail,
  z95,
} from './distributions.ts';

/** Above these sizes the normal approximation is as good and far quicker. */
const exactSize = 20;
const minimumSize = 8;

/** How far `b` lies from `a`: negative is shorter. */
export interface Shift {
  readonly shift: number;
  readonly low: number;
  readonly high: number;
  readonly p: number;
}

/**
 * Median of all pairwise differences with the Mann-Whitney 95 % interval (Hodges and Lehmann 1963); null unless both
 * samples have eight values.
 */
export function hodgesLehmann(a: ArrayLike<number>, b: ArrayLike<number>): Shift | null {
  if (a.length < minimumSize || b.length < minimumSize) return null;
  const before = Float64Array.from(a).sort();
  const after = Float64Array.from(b).sort();
  const pairs = before.length * after.length;
  const test = testRanks(before, after);
  const median = [Math.floor((pairs + 1) / 2), Math.floor(pairs / 2) + 1].map((rank) =>
    nthDifference(before, after, rank),
  );
  return {
    shift: ((median[0] ?? 0) + (median[1] ?? 0)) / 2,
    low: nthDifference(before, after, test.rank),
    high: nthDifference(before, after, pairs + 1 - test.rank),
    p: test.p,
  };
}

interface RankTest {
  readonly p: number;
  /** The interval runs from this difference from below to the same from above. */
  readonly rank: number;
}

function testRanks(before: Float64Array, after: Float64Array): RankTest {
  const { u, ties } = countWins(before, after);
  const exact = ties === 0 && before.length <= exactSize && after.length <= exactSize;
  return exact ? testExactly(before, after, u) : testNormally(before, after, { u, ties });
}

function testExactly(before: Float64Array, after: Float64Array, u: number): RankTest {
  const shares = inversionShares(before.length, after.length);
  const pairs = before.length * after.length;
  const extreme = Math.min(u, pairs - u);
  let below = 0;
  let p = 0;
  let rank = 0;
  for (const [wins, share] of shares.entries()) {
    below += share;
    if (wins <= extreme) p = Math.min(1, 2 * below);
    if (below <= 0.025) rank = wins + 1;
  }
  return { p, rank: Math.max(1, rank) };
}

function testNormally(
  before: Float64Array,
  after: Float64Array,
  { u, ties }: { readonly u: number; readonly ties: number },
): RankTest {
  const pairs = before.length * after.length;
  const all = before.length + after.length;
  const variance = (pairs / 12) * (all + 1 - ties / (all * (all - 1)));
  if (variance <= 0) return { p: 1, rank: 1 };
  const deviation = Math.sqrt(variance);
  const distance = Math.max(0, Math.abs(u - pairs / 2) - 0.5);
  const rank = Math.max(1, Math.floor(pairs / 2 - z95 * deviation + 0.5));
  return { p: normalTwoSided(distance / deviation), rank };
}

/** U of `after` (pairs in which it is larger, half for equal ones) and the sum of t^3 - t over groups of ties. */
function countWins(before: Float64Array, after: Float64Array): { u: number; ties: number } {
  let u = 0;
  let below = 0;
  let notAbove = 0;
  for (const value of after) {
    while (below < before.length && (before[below] ?? 0) < value) below++;
    while (notAbove < before.length && (before[notAbove] ?? 0) <= value) notAbove++;
    u += (below + notAbove) / 2;
  }
  const merged = Float64Array.from([...before, ...after]).sort();
  return { u, ties: sumTies(merged) };
}

function sumTies(sorted: Float64Array): number {
  let sum = 0;
  for (let start = 0, end = 0; start < sorted.length; start = end) {
    while (end < sorted.length && sorted[end] === sorted[start]) end++;
    const size = end - start;
    sum += size ** 3 - size;
  }
  return sum;
}

/** The n-th smallest of all differences after - before, found by halving, as there may be 10^10 of them. */
function nthDifference(before: Float64Array, after: Float64Array, rank: number): number {
  let low = (after[0] ?? 0) - (before.at(-1) ?? 0);
  let high = (after.at(-1) ?? 0) - (before[0] ?? 0);
  if (splitDifferences(before, after, low).count >= rank) return low;
  // Up to `low` there are fewer than `rank` differences, up to `high` at least as many, and `high` is one itself.
  while (true) {
    const middle = low + (high - low) / 2;
    if (middle <= low || middle >= high) return high;
    const { count, largest, next } = splitDifferences(before, after, middle);
    if (count >= rank) high = largest;
    else if (next >= high) return high;
    else low = middle;
  }
}

interface Split {
  /** How many differences are at most the limit, the largest of them, and the smallest beyond. */
  readonly count: number;
  readonly largest: number;
  readonly next: number;
}

function splitDifferences(before: Float64Array, after: Float64Array, limit: number): Split {
  let count = 0;
  let largest = Number.NEGATIVE_INFINITY;
  let next = Number.POSITIVE_INFINITY;
  let first = 0;
  for (const value of after) {
    while (first < before.length && value - (before[first] ?? 0) > limit) first++;
    if (first > 0) next = Math.min(next, value - (before[first - 1] ?? 0));
    if (first === before.length) break;
    count += before.length - first;
    largest = Math.max(largest, value - (before[first] ?? 0));
  }
  return { count, largest, next };
}

/**
 * Exact two-sided p that two counts differ: given both together, the second is Binomial with its share of the exposure.
 * Outcomes no likelier than the one seen are summed, as SciPy's binomtest does.
 */
export function countsDiffer(n1: number, n2: number, share = 0.5): number {
  const n = n1 + n2;
  if (n === 0) return 1;
  const trial = { n, p: share };
  const seen = binomialProbability(trial, n2) * (1 + 1e-7);
  const mean = n * share;
  if (n2 === mean) return 1;
  if (n2 > mean) {
    const low = lastUnlikely(trial, { from: 0, to: Math.floor(mean), seen });
    return Math.min(1, upperTail(trial, n2) + (low < 0 ? 0 : lowerTail(trial, low)));
  }
  const high = n - lastUnlikely({ n, p: 1 - share }, { from: 0, to: Math.floor(n - mean), seen });
  return Math.min(1, lowerTail(trial, n2) + (high > n ? 0 : upperTail(trial, high)));
}

/** The largest k on the rising side whose probability is at most `seen`; -1 when there is none. */
function lastUnlikely(
  trial: { readonly n: number; readonly p: number },
  { from, to, seen }: { readonly from: number; readonly to: number; readonly seen: number },
): number {
  let low = from - 1;
  let high = to + 1;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (binomialProbability(trial, middle) <= seen) low = middle;
    else high = middle;
  }
  return low;
}
