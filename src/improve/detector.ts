import type { TableName } from '../model/entities.ts';
import type { Effort, FindingKind, FindingRecord } from '../model/finding.ts';
import type { Labels } from '../model/kpi.ts';
import type { Segment } from '../model/result.ts';
import type { StoredResult } from '../model/result-store.ts';
import type { Bench } from './bench.ts';

/** One kind of problem, and how to find it. */
export interface Detector {
  readonly id: string;
  readonly kind: FindingKind;
  readonly effort: Effort;
  /** KPIs that suffer, the nearest first: the finding is linked to the first one that has a goal. */
  readonly kpis: readonly string[];
  /** In words, with its thresholds. */
  readonly rule: Labels;
  /** Of one population of records; rules over several of them look for themselves. */
  readonly reading?: Reading;
  find(bench: Bench): Promise<Found>;
}

/** What a rule rests on: without it, it would take what was not read for what nobody wrote. */
export interface Reading {
  /** The table of the records that are judged; rows of queries begin with their connection. */
  readonly of: TableName;
  /** Tables that must be read from the same connection. */
  readonly tables?: readonly TableName[];
  /** `table.column`, in tables that are read. */
  readonly columns?: readonly string[];
}

export interface Found {
  readonly drafts: readonly Draft[];
  /** What could not be looked at, and why. */
  readonly silences: readonly Labels[];
}

/** A finding before it is ranked and its teams are compared. */
export interface Draft {
  readonly segment: Segment;
  readonly subject: string | null;
  readonly title: Labels;
  readonly evidence: Readonly<Record<string, number | string | null>>;
  readonly records: readonly FindingRecord[];
  readonly teams: readonly TeamCount[];
  /** A team with fewer records is not compared. */
  readonly smallestTeam?: number;
  readonly reach: number;
  /** Of the goal's target, where the detector measures its own figures against it; the goal itself may be met. */
  readonly deviation?: number;
  /** The result that speaks for the goal, where it is not the company's latest. */
  readonly judgedBy?: StoredResult;
  /** Where the finding itself is about a KPI. */
  readonly goal?: GoalLink;
}

/** The KPI that suffers, and its goal where there is one. */
export interface GoalLink {
  readonly kpi: string | null;
  readonly goal: string | null;
}

export interface TeamCount {
  readonly source: string;
  readonly id: string;
  readonly name: string | null;
  readonly num: number;
  readonly den: number;
}

export const wholeCompany: Segment = { kind: 'company', id: null, name: null, source: null };

export function foundOne(draft: Draft): Found {
  return { drafts: [draft], silences: [] };
}

export function silent(...silences: readonly Labels[]): Found {
  return { drafts: [], silences };
}

/** Looked, and nothing is wrong. */
export const nothing: Found = { drafts: [], silences: [] };

export function joinFound(all: readonly Found[]): Found {
  return {
    drafts: all.flatMap(({ drafts }) => drafts),
    silences: all.flatMap(({ silences }) => silences),
  };
}

/** Too few to conclude anything from. */
export function tooFew(what: Labels, n: number, needed: number): Labels {
  return {
    en: `Only ${n} ${what.en}; at least ${needed} are needed.`,
    es: `Solo ${n} ${what.es}; hacen falta al menos ${needed}.`,
  };
}
