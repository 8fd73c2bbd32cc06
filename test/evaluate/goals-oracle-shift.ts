/** Whether one group of times lies above another: the interval of the median difference by Hodges and Lehmann. */

const least = 8;

/** 1: the second group is longer; -1: shorter; 0: no evidence. */
export function shiftOf(before: readonly number[], after: readonly number[]): number {
  const [n, m] = [before.length, after.length];
  if (n < least || m < least) return 0;
  const differences = after
    .flatMap((later) => before.map((earlier) => later - earlier))
    .sort((a, b) => a - b);
  const cut = lowerCut(n, m);
  const [low = 0, high = 0] = [differences[cut], differences[n * m - 1 - cut]];
  if (low > 0) return 1;
  return high < 0 ? -1 : 0;
}

/** How many differences are left out at each end: exact for small groups, else by the normal approximation. */
function lowerCut(n: number, m: number): number {
  if (n * m > 2500)
    return Math.max(0, Math.round((n * m) / 2 - 1.959964 * Math.sqrt((n * m * (n + m + 1)) / 12)));
  const ways = rankWays(n, m);
  let total = 0;
  for (const way of ways) total += way;
  let below = 0;
  for (let u = 0; u < ways.length; u++) {
    below += ways[u] ?? 0;
    if (below / total > 0.025) return Math.max(0, u - 1);
  }
  return 0;
}

/** In how many ways two groups without ties can be ranked so that the sum is u: the Gaussian binomial. */
function rankWays(n: number, m: number): number[] {
  const ways: number[] = Array.from({ length: n * m + 1 }, (_, u) => (u === 0 ? 1 : 0));
  for (let i = 1; i <= m; i++) {
    for (let u = n * m; u >= n + i; u--) ways[u] = (ways[u] ?? 0) - (ways[u - n - i] ?? 0);
    for (let u = i; u <= n * m; u++) ways[u] = (ways[u] ?? 0) + (ways[u - i] ?? 0);
  }
  return ways;
}
