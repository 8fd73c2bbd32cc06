import type { TableName } from './entities.ts';
import type { Labels } from './kpi.ts';
import type { Segment } from './result.ts';

/** inefficiency: work that takes longer or is done twice; underuse: what the CRM offers and nobody uses. */
export type FindingKind = 'inefficiency' | 'underuse';
export type Effort = 'S' | 'M' | 'L';
/** Impact and urgency against 50 each. */
export type Quadrant = 'do_now' | 'plan' | 'quick_fix' | 'watch';
export type ActionType = 'training' | 'configuration' | 'automation' | 'content' | 'staffing';

/** A record that shows the problem, the worst first. */
export interface FindingRecord {
  readonly source: string;
  readonly table: TableName;
  readonly id: string;
  /** What makes it bad, in the unit that the detector names: hours, days, moves, minor units ... */
  readonly measure: number | null;
}

/** A team's share of the problem. Named only where its interval excludes the rest's rate. */
export interface FindingTeam {
  readonly source: string;
  readonly id: string;
  readonly name: string | null;
  readonly num: number;
  readonly den: number;
  /** 95 % interval of num / den. */
  readonly low: number;
  readonly high: number;
  readonly named: boolean;
}

/** One improvement area, as a detector found it at one instant. */
export interface Finding {
  /** The same problem has the same id in every run: `detector|segment kind:id|subject`. */
  readonly id: string;
  readonly detector: string;
  readonly kind: FindingKind;
  readonly segment: Segment;
  /** What within the segment: a stage, a category, a field, a weekday ...; null: the segment as a whole. */
  readonly subject: string | null;
  /** One sentence with the figures. */
  readonly title: Labels;
  /** The rule in words, with its thresholds. */
  readonly rule: Labels;
  /** Figures behind it by name: counts, shares, intervals, p; numbers in the unit that the name says. */
  readonly evidence: Readonly<Record<string, number | string | null>>;
  /** At most 20. */
  readonly records: readonly FindingRecord[];
  readonly teams: readonly FindingTeam[];
  readonly kpi: string | null;
  readonly goal: string | null;
  /** Share of the KPI's population that passes through the problem, 0 to 1. */
  readonly reach: number;
  readonly effort: Effort;
  /** 0 to 100 each; priority = impact x urgency / 100. */
  readonly impact: number;
  readonly urgency: number;
  readonly priority: number;
  readonly quadrant: Quadrant;
}

/** A finding as stored: when it was first and last found; closed once a run no longer finds it. */
export interface StoredFinding extends Finding {
  /** Epoch ms, as_of of evaluations. */
  readonly firstSeenAt: number;
  readonly lastSeenAt: number;
  readonly closedAt: number | null;
}

/** What a detector could not look at, and why: a CRM that cannot tell, too few records. */
export interface DetectorSilence {
  readonly detector: string;
  readonly reason: Labels;
}
