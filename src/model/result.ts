import type { Evidence, Movement, Statistic, Status } from './goal.ts';
import type { Unit } from './kpi.ts';
import type { Grain } from './period.ts';

/** Segment of a result; the company has neither id nor source. */
export interface Segment {
  readonly kind: string;
  /** The CRM's own id (owner, team, category value ...); `(none)` for records without one; null for the company. */
  readonly id: string | null;
  readonly name: string | null;
  /** Connection that the id belongs to; null where the segment spans connections. */
  readonly source: string | null;
}

export type Stage = 'preliminary' | 'official' | 'restated';

export interface Interval {
  readonly value: number;
  readonly low: number | null;
  readonly high: number | null;
}

export interface Trend {
  readonly direction: 'rising' | 'falling' | 'none';
  readonly p: number;
  readonly slope: number;
  readonly n: number;
}

export interface ResultDetails {
  /** Of a duration without a value, because too much goes on: it is more than this. */
  readonly beyond?: number;
  /**
   * Of a promised sum, for each kind of segments with targets of their own: the company's target less theirs. Above 0:
   * nobody was given it; below 0: more was given out than promised.
   */
  readonly unallocated?: Readonly<Record<string, number>>;
  /** A ratio's or duration's own target is not given: it follows from those of the segments of this kind. */
  readonly targetFrom?: string;
}

/** late: records that arrived later. deletions: deleted or merged away. fx: exchange rates. */
export type RestatementCause = 'late' | 'edits' | 'deletions' | 'fx' | 'definition';

export interface Figures {
  readonly num: number;
  readonly den: number;
}

export interface Restatement {
  readonly official: {
    readonly num: number | null;
    readonly den: number | null;
    readonly value: number | null;
    /** Where the reporting currency was another one then. */
    readonly currency?: string;
  };
  /** What each cause added or took off; together they lead from the official figure to the present one. */
  readonly causes: readonly (Figures & { readonly cause: RestatementCause })[];
}

/** One computed figure, as judged. Money in minor units of `currency`, durations in hours, ratios 0 to 1. */
export interface Result {
  readonly kpi: string;
  readonly definitionVersion: string;
  readonly grain: Grain;
  readonly periodStart: string;
  readonly periodEnd: string;
  readonly periodLabel: string;
  /** The whole period lies before as_of. */
  readonly complete: boolean;
  readonly segment: Segment;
  readonly goal: string | null;
  readonly goalVersion: number | null;
  readonly unit: Unit;
  readonly currency: string | null;
  readonly num: number | null;
  readonly den: number | null;
  readonly value: number | null;
  /** Records that count, and those left out for a null input. */
  readonly n: number;
  readonly nMissing: number;
  readonly statistic: Statistic | null;
  readonly statistics: {
    readonly p50: number | null;
    readonly p90: number | null;
    readonly mean: number | null;
  } | null;
  readonly status: Status | null;
  readonly evidence: Evidence | null;
  readonly movement: Movement | null;
  readonly previous: number | null;
  readonly target: number | { readonly lo: number; readonly hi: number } | null;
  readonly baseline: number | null;
  readonly attainment: number | null;
  readonly gapClosed: number | null;
  readonly forecast: Interval | null;
  readonly trend: Trend | null;
  readonly stage: Stage;
  readonly flags: readonly string[];
  /** What is told beside the figures; absent: nothing. */
  readonly details?: ResultDetails;
  /** Of a restated figure what moved it since it was official. */
  readonly restatement?: Restatement | null;
  /** epoch ms */
  readonly asOf: number;
}

/** `kpi|period label|segment kind:id|goal id`, `company` and `-` where there is none. */
export function resultKey(result: Pick<Result, 'kpi' | 'periodLabel' | 'segment' | 'goal'>): string {
  const { kind, id } = result.segment;
  return `${result.kpi}|${result.periodLabel}|${kind === 'company' ? kind : `${kind}:${id}`}|${result.goal ?? '-'}`;
}

/** A result record's fields in the CRM by canonical name; instants epoch ms, dates text, money in major units. */
export type ResultRecord = Readonly<Record<string, string | number | boolean | null>>;

/**
 * What one record in the CRM needs. `create` and `update` are the same upsert by key; `retire` sets only the fields
 * given (`current` false); `delete` removes the record.
 */
export interface ResultChange {
  readonly key: string;
  readonly change: 'create' | 'update' | 'retire' | 'delete';
  readonly fields: ResultRecord;
  /** Of the CRM's record, where known from an earlier outcome. */
  readonly remoteId: string | null;
}
