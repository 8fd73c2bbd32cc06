/** 97.5 % quantile of the normal distribution: two-sided 95 %. */
export const z95 = 1.959963984540054;

/** Two-sided p of a standard normal value. */
export function normalTwoSided(z: number): number {
  return Math.min(1, complementaryError(Math.abs(z) / Math.SQRT2));
}

/** erfc(x) for x >= 0: power series near 0, continued fraction beyond. */
function complementaryError(x: number): number {
  const scale = (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x);
  if (x < 2.5) {
    let term = x;
    let sum = x;
    for (let k = 1; term > sum * 1e-17; k++) {
      term *= (2 * x * x) / (2 * k + 1);
      sum += term;
    }
    return 1 - scale * sum;
  }
  let fraction = x;
  for (let k = 60; k >= 1; k--) fraction = x + k / 2 / fraction;
  return scale / 2 / fraction;
}

/** ln(n!) for whole n: products while they are exact, then Stirling's series. */
export function logFactorial(n: number): number {
  if (n < 16) {
    let product = 1;
    for (let k = 2; k <= n; k++) product *= k;
    return Math.log(product);
  }
  const inverse = 1 / n;
  const tail = inverse / 12 - inverse ** 3 / 360 + inverse ** 5 / 1260 - inverse ** 7 / 1680;
  return n * Math.log(n) - n + Math.log(2 * Math.PI * n) / 2 + tail;
}

export interface Binomial {
  readonly n: number;
  readonly p: number;
}

export function binomialProbability({ n, p }: Binomial, k: number): number {
  if (k < 0 || k > n) return 0;
  const ways = logFactorial(n) - logFactorial(k) - logFactorial(n - k);
  return Math.exp(ways + k * Math.log(p) + (n - k) * Math.log1p(-p));
}

/** P(X <= k); for k below the mean, as it sums outwards until nothing is added. */
export function lowerTail({ n, p }: Binomial, k: number): number {
  let term = binomialProbability({ n, p }, k);
  let sum = 0;
  for (let i = k; i >= 0 && term > sum * 1e-17; i--) {
    sum += term;
    term *= (i / (n - i + 1)) * ((1 - p) / p);
  }
  return Math.min(1, sum);
}

/** P(X >= k); for k above the mean. */
export function upperTail({ n, p }: Binomial, k: number): number {
  return lowerTail({ n, p: 1 - p }, n - k);
}

/**
 * In how many orders of m and n items each number of inversions occurs, as shares of all orders: the null distribution
 * of the Mann-Whitney U. Every term is a sum of positive ones, so nothing cancels.
 */
export function inversionShares(m: number, n: number): Float64Array {
  // shares[j]: distribution for i items of the first kind and j of the second.
  let shares: Float64Array[] = Array.from({ length: n + 1 }, () => Float64Array.of(1));
  for (let i = 1; i <= m; i++) {
    const next: Float64Array[] = [Float64Array.of(1)];
    for (let j = 1; j <= n; j++) {
      const row = new Float64Array(i * j + 1);
      // The last of i + j items is of the first kind, above all j others, or of the second.
      addScaled(row, shares[j], { offset: j, factor: i / (i + j) });
      addScaled(row, next[j - 1], { offset: 0, factor: j / (i + j) });
      next.push(row);
    }
    shares = next;
  }
  return shares[n] ?? Float64Array.of(1);
}

/** Distribution of the sum of two independent whole numbers. */
export function convolve(a: Float64Array, b: Float64Array): Float64Array {
  const sum = new Float64Array(a.length + b.length - 1);
  for (const [offset, factor] of a.entries()) addScaled(sum, b, { offset, factor });
  return sum;
}

function addScaled(
  into: Float64Array,
  from: Float64Array | undefined,
  { offset, factor }: { readonly offset: number; readonly factor: number },
): void {
  for (const [k, value] of (from ?? []).entries()) {
    into[k + offset] = (into[k + offset] ?? 0) + value * factor;
  }
}
