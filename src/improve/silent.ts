import type { EffectNote, EffectPlan, EffectReport } from '../model/action.ts';
import type { Span } from '../model/measure.ts';

/** An action and those that it cannot be told apart from, and the days that speak of them. */
export interface EffectCase {
  readonly plan: EffectPlan;
  readonly joint: readonly number[];
  readonly before: Span;
  readonly after: Span;
  /** As long again, for the re-check. */
  readonly second: Span;
  /** Earlier windows, oldest first, and all of them as one. */
  readonly earlier: readonly Span[];
  readonly notes: readonly EffectNote[];
}

/** Nothing can be said, and why. */
export function silent(
  plan: EffectPlan | null,
  notes: readonly EffectNote[],
  known: Partial<EffectReport> = {},
): EffectReport {
  return {
    verdict: 'insufficient',
    recheck: null,
    method: null,
    p: null,
    before: null,
    after: null,
    size: null,
    plain: null,
    control: null,
    mix: null,
    expected: null,
    detectable: null,
    recordsNeeded: null,
    minEffect: plan?.minEffect ?? null,
    readyOn: null,
    joint: [],
    notes,
    ...known,
  };
}
