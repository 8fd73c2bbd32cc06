import type { Grain } from './period.ts';

export type Shape =
  | { readonly kind: 'at_least' | 'at_most'; readonly target: number }
  | { readonly kind: 'between'; readonly lo: number; readonly hi: number };

export type Statistic = 'p50' | 'p90' | 'mean';
/** agent: working hours, where they are known, without the time spent in paused stages. */
export const durationClocks = ['calendar', 'business', 'agent'] as const;
export type DurationClock = (typeof durationClocks)[number];

export type Status =
  | 'not_started'
  | 'no_data'
  | 'insufficient'
  | 'exceeded'
  | 'on_target'
  | 'at_risk'
  | 'off_target';
export const statuses = [
  'not_started',
  'no_data',
  'insufficient',
  'exceeded',
  'on_target',
  'at_risk',
  'off_target',
] as const satisfies readonly Status[];

/** clear: the target lies outside the value's 95 % interval. unknown: the unit has no interval. */
export type Evidence = 'clear' | 'within_noise' | 'unknown';
export type Movement = 'improved' | 'worsened' | 'no_evidence';

/** A goal as configured. */
export interface Goal {
  /** Explicit, else kpi.every[.statistic.clock]. Part of the key of a published record. */
  readonly id: string;
  readonly kpi: string;
  readonly every: Grain;
  readonly shape: 'at_least' | 'at_most' | 'between';
  /** The promise for one period and segment; null where none was made. */
  readonly targets: GoalTargets;
  readonly weight: number;
  readonly segments: readonly string[];
  readonly baseline: GoalBaseline;
  /** Shares of the target, 0.10 = 10 %. */
  readonly warnTolerance: number;
  readonly exceedTolerance: number;
  readonly minN: number;
  readonly statistic: Statistic;
  readonly clock: DurationClock;
  /** Days, the second exclusive, over which the target is reached from the baseline; null: it holds at once. */
  readonly ramp?: { readonly from: string; readonly to: string } | null;
  /** Shares of the target asked of a person in the first, second ... month since they came; absent: all of it. */
  readonly newHires?: readonly number[];
  readonly pacing: 'linear' | 'business' | 'seasonal';
  readonly accountable: string | null;
  readonly reason: string | null;
}

export type TargetValue = number | { readonly lo: number; readonly hi: number };

export type GoalTargets =
  | { readonly kind: 'constant'; readonly value: TargetValue }
  | { readonly kind: 'by_period'; readonly values: Readonly<Record<string, TargetValue>> }
  | { readonly kind: 'yearly'; readonly year: number; readonly spread: 'even' | 'business_days' }
  /** As quotas and goals stand in the CRMs. */
  | { readonly kind: 'quotas' }
  | {
      readonly kind: 'list';
      readonly rows: readonly {
        readonly period: string;
        readonly segmentKind: string;
        readonly segmentId: string;
        readonly target: number;
      }[];
    };

export type GoalBaseline =
  | { readonly kind: 'auto'; readonly periods: number }
  | { readonly kind: 'fixed'; readonly value: number; readonly from: string };
