import { logFactorial } from './distributions.ts';

export interface Portion {
  readonly num: number;
  readonly den: number;
}

/**
 * Exact one-sided p that the first portion is the larger one by chance alone, both totals given (Fisher 1935): the sum
 * of all splits of the same hits that favour the first at least as much.
 */
export function fisherGreater(first: Portion, rest: Portion): number {
  const hits = first.num + rest.num;
  const all = first.den + rest.den;
  if (first.den <= 0 || rest.den <= 0 || hits <= 0) return 1;
  // Likelier than not to reach it: no evidence, and no long sum.
  if (first.num <= (first.den * hits) / all) return 1;
  const ways = (n: number, k: number) => logFactorial(n) - logFactorial(k) - logFactorial(n - k);
  const whole = ways(all, hits);
  const last = Math.min(first.den, hits);
  let p = 0;
  for (let k = first.num; k <= last; k++) {
    const term = Math.exp(ways(first.den, k) + ways(rest.den, hits - k) - whole);
    p += term;
    if (term <= p * 1e-15) break;
  }
  return Math.min(1, p);
}
