import type { EffectSize } from '../model/action.ts';
import { lowerTail, upperTail } from '../statistics/distributions.ts';
import type { Comparison, NoComparison, Sides } from './compare.ts';

/** With fewer events no split between two windows would be evidence. */
const fewestEvents = 6;

/** Of the events of both windows, how many fell into the later one: binomial with its share of the time. */
export function compareCounts({ before, after, exposure }: Sides): Comparison | NoComparison {
  const [first, second] = [before.num, after.num];
  if (first === null || second === null) return { note: 'no_data' };
  const n = first + second;
  if (n < fewestEvents) return { note: 'too_few' };
  const share = exposure / (1 + exposure);
  const limits = shareLimits(second, n);
  const expected = first * exposure;
  // Odds of falling into the later window over those that time alone gives: the ratio of the rates.
  const ratio = (s: number) => (s >= 1 ? Number.POSITIVE_INFINITY : s / (1 - s) / exposure);
  const low = limits.low <= 0 ? -expected : expected * (ratio(limits.low) - 1);
  const high = expected > 0 ? expected * (ratio(limits.high) - 1) : Number.POSITIVE_INFINITY;
  const p = twoSided(second, { n, p: share });
  return {
    method: 'binomial',
    size: {
      effect: second - expected,
      low: expected > 0 ? low : null,
      high: Number.isFinite(high) ? high : null,
    },
    p,
    evident: p < 0.05,
    detectable: detectableEvents(first, exposure),
    recordsNeeded: null,
  };
}

/** Exact two-sided p of k events of n: twice the smaller tail. */
export function twoSided(k: number, binomial: { readonly n: number; readonly p: number }): number {
  return Math.min(1, 2 * Math.min(lowerTail(binomial, k), upperTail(binomial, k)));
}

/** 95 % limits of a share by the exact tails (Clopper and Pearson 1934). */
export function shareLimits(k: number, n: number): { readonly low: number; readonly high: number } {
  const low = k <= 0 ? 0 : solve((p) => upperTail({ n, p }, k) < 0.025);
  const high = k >= n ? 1 : solve((p) => lowerTail({ n, p }, k) > 0.025);
  return { low, high };
}

/** Where a condition that holds for small p stops to hold. */
function solve(holds: (p: number) => boolean): number {
  let [low, high] = [0, 1];
  for (let i = 0; i < 50; i++) {
    const middle = (low + high) / 2;
    if (holds(middle)) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** How many fewer (or, from few, more) events than expected would have been evidence. */
function detectableEvents(first: number, exposure: number): number | null {
  const share = exposure / (1 + exposure);
  const expected = first * exposure;
  const isEvident = (second: number) => twoSided(second, { n: first + second, p: share }) < 0.05;
  for (let step = 1; step <= expected; step++) {
    if (isEvident(Math.max(0, Math.floor(expected) - step)))
      return expected - Math.max(0, Math.floor(expected) - step);
    if (step > 2000) break;
  }
  for (let step = 1; step <= 2000; step++) {
    if (isEvident(Math.ceil(expected) + step)) return Math.ceil(expected) + step - expected;
  }
  return null;
}

export interface CountPair {
  readonly first: number;
  readonly second: number;
}

/**
 * Events beyond those that the control's change would have brought: the ratios of both, compared on the log scale, their
 * intervals combined by squares. Null where a side had none.
 */
export function countsLessControl(treated: CountPair, control: CountPair): EffectSize | null {
  const [one, other] = [logRatio(treated), logRatio(control)];
  if (one === null || other === null) return null;
  const change = one.value - other.value;
  const low = change - Math.hypot(one.value - one.low, other.high - other.value);
  const high = change + Math.hypot(one.high - one.value, other.value - other.low);
  const expected = (treated.first * control.second) / control.first;
  const beyond = (log: number) => expected * Math.expm1(log);
  return { effect: treated.second - expected, low: beyond(low), high: beyond(high) };
}

function logRatio({ first, second }: CountPair) {
  if (first <= 0 || second <= 0) return null;
  const limits = shareLimits(second, first + second);
  const log = (share: number) => Math.log(share / (1 - share));
  return { value: Math.log(second / first), low: log(limits.low), high: log(limits.high) };
}
