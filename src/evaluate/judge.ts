import type { Evidence, Goal, Status, TargetValue } from '../model/goal.ts';
import type { Unit } from '../model/kpi.ts';
import type { Range } from '../statistics/intervals.ts';

/** Shares are compared with slack: (0.20 - 0.18) / 0.20 is 0.10000000000000009. Boundaries go to the better status. */
const slack = 1e-9;
/** A running sum is not judged before this share of its period. */
const earliestShare = 0.1;

/** cumulative: counts and sums, which grow through the period. rate: ratios, durations. snapshot: state at one instant. */
export type Mode = 'cumulative' | 'rate' | 'snapshot';

export interface JudgeInput {
  readonly shape: Goal['shape'];
  /** The promise for the whole period. */
  readonly target: TargetValue;
  readonly value: number | null;
  readonly den: number | null;
  readonly n: number;
  readonly unit: Unit;
  readonly mode: Mode;
  readonly minN: number;
  readonly warnTolerance: number;
  readonly exceedTolerance: number;
  /** Complete days of the period, 0 to 1. */
  readonly elapsedShare: number;
  /** Share of the target due by now (pace.ts), for cumulative goals in an open period; else null. */
  readonly expectedShare: number | null;
  readonly notStarted: boolean;
  /** Data of the period is missing: never judged. */
  readonly incomplete: boolean;
  /** 95 % interval of the value, where its unit has one. */
  readonly interval: Range | null;
}

export interface Judgement {
  readonly status: Status;
  readonly evidence: Evidence;
  /** Shortfall relative to the target, positive is bad; null without a value. */
  readonly deviation: number | null;
  readonly attainment: number | null;
  /** The target that was due by now; null where the whole target applies, and for a range. */
  readonly expected: number | null;
  /** Judged against the promise for the whole period, not against the part due by now. */
  readonly final: boolean;
}

export function judge(input: JudgeInput): Judgement {
  const pacing = input.mode === 'cumulative' && input.expectedShare !== null;
  const target = pacing ? scaleTarget(input.target, input.expectedShare ?? 1) : input.target;
  const paced = { expected: pacing && typeof target === 'number' ? target : null, final: !pacing };
  const nothing = { evidence: 'unknown', deviation: null, attainment: null } as const;
  if (input.notStarted) return { status: 'not_started', ...nothing, ...paced };
  if (input.value === null) return { status: 'no_data', ...nothing, ...paced };

  const deviation = deviationOf(input.shape, input.value, target);
  const attainment = attainmentOf(input.shape, input.value, target);
  const figures = { deviation, attainment, ...paced };
  if (isInsufficient(input)) return { status: 'insufficient', evidence: 'unknown', ...figures };
  return {
    status: statusOf(input, deviation, target),
    evidence: evidenceOf(input.interval, target),
    ...figures,
  };
}

function scaleTarget(target: TargetValue, share: number): TargetValue {
  if (typeof target === 'number') return target * share;
  return { lo: target.lo * share, hi: target.hi * share };
}

function isInsufficient(input: JudgeInput): boolean {
  if (input.incomplete) return true;
  if (input.mode === 'rate') {
    const isDuration = input.unit === 'hours' || input.unit === 'months';
    return (isDuration ? input.n : (input.den ?? 0)) < input.minN;
  }
  return input.mode === 'cumulative' && input.elapsedShare < earliestShare - slack;
}

function statusOf(input: JudgeInput, deviation: number, target: TargetValue): Status {
  const canExceed = typeof target === 'number' && target !== 0;
  if (canExceed && deviation <= -input.exceedTolerance + slack) return 'exceeded';
  if (deviation <= slack) return 'on_target';
  return deviation <= input.warnTolerance + slack ? 'at_risk' : 'off_target';
}

/** Shortfall relative to the target: 0 on it, above 0 is bad. */
export function deviationOf(shape: Goal['shape'], value: number, target: TargetValue): number {
  if (typeof target !== 'number') return outsideShare(value, target);
  const shortfall = shape === 'at_most' ? value - target : target - value;
  if (target === 0) return shortfall <= slack ? 0 : 1;
  return shortfall / Math.abs(target);
}

/** Distance outside a range relative to its width, or to its size where it has no width. */
function outsideShare(value: number, { lo, hi }: { readonly lo: number; readonly hi: number }): number {
  const distance = Math.max(lo - value, value - hi, 0);
  if (distance === 0) return 0;
  return distance / (hi - lo || Math.abs(lo) || 1);
}

/** Null where a share of the target means nothing: at least zero or less, at most less than zero. */
function attainmentOf(shape: Goal['shape'], value: number, target: TargetValue): number | null {
  if (typeof target !== 'number') return Math.max(0, 1 - outsideShare(value, target));
  if (shape === 'at_least') return target <= 0 ? null : Math.max(0, value / target);
  if (target < 0) return null;
  // Nothing at all of what is to stay low: fully attained, where target / value has no figure.
  return value <= 0 ? 1 : target / value;
}

/** A target on the very end of the interval is still possible. */
function evidenceOf(interval: Range | null, target: TargetValue): Evidence {
  if (interval === null) return 'unknown';
  const edges = typeof target === 'number' ? [target] : [target.lo, target.hi];
  const possible = edges.some((edge) => edge >= interval.low - slack && edge <= interval.high + slack);
  return possible ? 'within_noise' : 'clear';
}

/**
 * How much of the way from the baseline to the target has been gone: below 0 is backwards, above 1 is past it. For a
 * range the way leads to its nearer end. Null where there was no way to go.
 */
export function gapClosed(
  value: number | null,
  baseline: number | null,
  target: TargetValue | null,
): number | null {
  if (value === null || baseline === null || target === null) return null;
  const goal = typeof target === 'number' ? target : Math.min(Math.max(baseline, target.lo), target.hi);
  return goal === baseline ? null : (value - baseline) / (goal - baseline);
}
