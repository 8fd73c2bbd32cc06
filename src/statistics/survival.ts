import { z95 } from './distributions.ts';

/** Survival after each distinct time at which something ended. */
export interface SurvivalStep {
  readonly time: number;
  readonly survival: number;
}

/** Kaplan-Meier estimate. `censored[i]`: the i-th is still open, its time is the age so far. */
export function kaplanMeierSteps(
  times: ArrayLike<number>,
  censored: ArrayLike<boolean | number>,
): SurvivalStep[] {
  const order = Array.from({ length: times.length }, (_, index) => index);
  order.sort((a, b) => (times[a] ?? 0) - (times[b] ?? 0));
  const steps: SurvivalStep[] = [];
  let survival = 1;
  for (let start = 0, end = 0; start < order.length; start = end) {
    const time = times[order[start] ?? 0] ?? 0;
    let ended = 0;
    for (; end < order.length && times[order[end] ?? 0] === time; end++) {
      if (!censored[order[end] ?? 0]) ended++;
    }
    if (ended === 0) continue;
    // Those still open at this very time count as at risk.
    survival *= 1 - ended / (order.length - start);
    steps.push({ time, survival });
  }
  return steps;
}

/** The first time by which half have ended, open ones kept as still running; null: not even half have. */
export function kaplanMeierMedian(
  times: ArrayLike<number>,
  censored: ArrayLike<boolean | number>,
): number | null {
  return survivalQuantile(kaplanMeierSteps(times, censored), 0.5);
}

/** The first time by which the share `q` has ended; null: not even that many have. */
export function survivalQuantile(steps: readonly SurvivalStep[], q: number): number | null {
  return steps.find(({ survival }) => survival <= 1 - q + 1e-12)?.time ?? null;
}

/**
 * The same for each share of `qs`, smallest first, of times that are in order already: a walk through both lists, for
 * millions of them.
 */
export function survivalQuantiles(
  ended: Float64Array,
  open: Float64Array,
  qs: readonly number[],
): (number | null)[] {
  const found: (number | null)[] = qs.map(() => null);
  const total = ended.length + open.length;
  let survival = 1;
  let reached = 0;
  for (let start = 0, end = 0, left = 0; start < ended.length && reached < qs.length; start = end) {
    const time = ended[start] ?? 0;
    while (end < ended.length && ended[end] === time) end++;
    // Those still open at this very time count as at risk.
    while (left < open.length && (open[left] ?? 0) < time) left++;
    survival *= 1 - (end - start) / (total - start - left);
    while (reached < qs.length && survival <= 1 - (qs[reached] ?? 1) + 1e-12) found[reached++] = time;
  }
  return found;
}

/** The median of times of which some go on, and its 95 % interval; no upper end where too few have ended to tell. */
export interface SurvivalMedian {
  readonly median: number;
  readonly low: number;
  readonly high: number | null;
}

/**
 * By Kaplan and Meier, the interval from where the limits of the curve (Greenwood, on the log-log scale) fall to one
 * half (Brookmeyer and Crowley 1982). Null where not even half have ended. Both lists are in order.
 */
export function survivalMedian(ended: Float64Array, open: Float64Array): SurvivalMedian | null {
  let [survival, greenwood] = [1, 0];
  let median: number | null = null;
  let low: number | null = null;
  let high: number | null = null;
  for (const { time, count, atRisk } of endings(ended, open)) {
    survival *= 1 - count / atRisk;
    greenwood += count / (atRisk * (atRisk - count));
    const limits = limitsOf(survival, greenwood);
    if (limits.low <= 0.5) low ??= time;
    if (survival <= 0.5 + 1e-12) median ??= time;
    if (limits.high <= 0.5) high ??= time;
  }
  return median === null ? null : { median, low: low ?? median, high };
}

/** A difference with its 95 % interval; an end that is null is not known. */
export interface MedianDifference {
  readonly effect: number;
  readonly low: number | null;
  readonly high: number | null;
}

/** Of two medians, the second less the first, their intervals combined by squares. */
export function medianDifference(first: SurvivalMedian, second: SurvivalMedian): MedianDifference {
  const effect = second.median - first.median;
  const reach = (a: number, b: number | null) => (b === null ? null : Math.hypot(a, b));
  const below = reach(second.median - second.low, first.high === null ? null : first.high - first.median);
  const above = reach(first.median - first.low, second.high === null ? null : second.high - second.median);
  return {
    effect,
    low: below === null ? null : effect - below,
    high: above === null ? null : effect + above,
  };
}

/** Each time at which some ended, and how many were still at risk. */
function* endings(ended: Float64Array, open: Float64Array) {
  const total = ended.length + open.length;
  for (let start = 0, end = 0, left = 0; start < ended.length; start = end) {
    const time = ended[start] ?? 0;
    while (end < ended.length && ended[end] === time) end++;
    // Those still open at this very time count as at risk.
    while (left < open.length && (open[left] ?? 0) < time) left++;
    yield { time, count: end - start, atRisk: total - start - left };
  }
}

/** Of the share that goes on; where all have ended nothing is known of the upper one. */
function limitsOf(survival: number, greenwood: number): { readonly low: number; readonly high: number } {
  if (survival <= 0) return { low: 0, high: 1 };
  const reach = (z95 * Math.sqrt(greenwood)) / Math.abs(Math.log(survival));
  return { low: survival ** Math.exp(reach), high: survival ** Math.exp(-reach) };
}
