import type { Action, ToldEffect } from '../model/action.ts';
import type { DetectorSilence, StoredFinding } from '../model/finding.ts';
import type { Goal } from '../model/goal.ts';
import type { Kpi, Labels, Language } from '../model/kpi.ts';
import type { Translate } from '../model/phrases.ts';
import type { Result } from '../model/result.ts';
import type { StoredResult } from '../model/result-store.ts';
import type { Settings } from '../model/settings.ts';
import type { Awaitable, RunInfo } from '../model/store.ts';
import type { Range } from '../statistics/intervals.ts';
import type { Reader } from '../store/reader.ts';

/** What pages and reports are made from. Everything in it only reads. */
export interface Desk {
  readonly reader: Reader;
  readonly settings: Settings;
  readonly catalog: readonly Kpi[];
  /** Facts after it are not shown: --as-of, else now. */
  readonly asOf: number;
  readonly now: number;
  readonly score: (results: readonly StoredResult[], goals: readonly Goal[]) => readonly PeriodScore[];
  readonly explain: (result: StoredResult, limit: number) => Promise<RecordsBehind>;
  /** 95 % intervals of the medians of a duration in the result's period, by kind and id of the segment. */
  readonly medianIntervals: (
    result: StoredResult,
    kinds: readonly string[],
  ) => Promise<ReadonlyMap<string, ReadonlyMap<string, Range>>>;
  readonly status: () => Promise<NightStatus>;
  /** Technical sentences of `status` in Spanish. */
  readonly spanish: () => Awaitable<Translate>;
  readonly findings: () => Awaitable<FindingsView>;
  /** What came of the finished actions, as far as it was measured. */
  readonly effects: () => Awaitable<readonly ToldEffect[]>;
  /** A review meeting's page as it was kept; no number: the newest. Null where there is none. */
  readonly review: (id: number | null) => Awaitable<ReviewView | null>;
}

export interface PeriodScore {
  readonly period: string;
  /** 0 to 100; null where too little of the weight has data. */
  readonly score: number | null;
  readonly coverage: number;
  readonly goals: readonly string[];
}

/** As `explain --json` tells it: money in major units, instants ISO. */
export interface RecordsBehind extends Pick<Result, 'num' | 'den'> {
  readonly facts: readonly {
    readonly source: string;
    readonly object: string;
    readonly id: string;
    /** Where the store has one. */
    readonly name?: string | null;
    readonly url: string | null;
    readonly at: string;
    readonly num: number | null;
    readonly den: number | null;
    readonly value: number | null;
  }[];
  readonly factsTotal: number;
  /** So many records were too many to say what does not count; null: it is said. */
  readonly tooMany?: number | null;
  /** Records that one might look for and that do not count, with the reason. */
  readonly exclusions: readonly { readonly reason: Labels; readonly n: number }[];
  readonly inputs: readonly {
    readonly kpi: string;
    readonly num: number | null;
    readonly den: number | null;
  }[];
}

export interface NightStatus {
  readonly connections: readonly {
    readonly name: string;
    readonly connector: string;
    readonly account: string | null;
    readonly api: {
      readonly used: number | null;
      readonly limit: number | null;
      readonly resetsAt: number | null;
      readonly calls: number;
    };
    readonly objects: readonly {
      readonly object: string;
      readonly lastSuccessAt: number | null;
      readonly problem: string | null;
      readonly ours: number | null;
      readonly theirs: number | null;
    }[];
  }[];
  readonly runs: readonly RunInfo[];
  readonly refused: readonly { readonly connection: string; readonly key: string; readonly reason: string }[];
  readonly needsPerson: readonly Trouble[];
  /** Older than the settings allow. */
  readonly stale: readonly Trouble[];
  /** What the schedule asked for, against what has run; instants ISO. */
  readonly schedule: readonly {
    readonly run: string;
    readonly connections: readonly string[];
    readonly cron: string;
    readonly timeZone: string;
    readonly lastStartedAt: string | null;
    readonly nextAt: string | null;
    readonly isMissing: boolean;
  }[];
  /** Who runs a job now; null: nobody. */
  readonly running: string | null;
  readonly alerts: {
    readonly open: readonly {
      readonly key: string;
      readonly title: string;
      readonly since: string | null;
    }[];
    /** For the end of quiet hours, or a digest. */
    readonly waiting: number;
    readonly undelivered: readonly {
      readonly target: string;
      readonly title: string;
      readonly attempts: number;
      readonly problem: string | null;
    }[];
  };
  /** KPIs without a figure, since what they count is not there. */
  readonly silent: readonly {
    readonly kpi: string;
    readonly connection: string | null;
    readonly reason: Labels;
  }[];
}

export interface Trouble {
  readonly where: string;
  readonly problem: string;
  readonly fix: string;
}

export interface PlannedAction {
  readonly action: Action;
  /** Null: none was measured yet. */
  readonly effect: ToldEffect | null;
}

/** A part of a review's page; `fill` is what the meeting writes itself. */
export type ReviewBlock =
  | { readonly kind: 'title' | 'heading' | 'text' | 'fill'; readonly text: string }
  | { readonly kind: 'list'; readonly items: readonly string[] }
  | {
      readonly kind: 'table';
      readonly head: readonly string[];
      readonly rows: readonly (readonly string[])[];
    }
  | { readonly kind: 'effects'; readonly effects: readonly ToldEffect[] };

export interface ReviewView {
  readonly id: number;
  readonly blocks: Readonly<Record<Language, readonly ReviewBlock[]>>;
  /** Newest first. */
  readonly all: readonly { readonly id: number; readonly on: string; readonly isClosed: boolean }[];
}

export interface FindingsView {
  readonly findings: readonly StoredFinding[];
  readonly silences: readonly DetectorSilence[];
  /** The plan, with what came of each action as far as it can be told. */
  readonly actions: readonly PlannedAction[];
  /** Pages of records in the CRM by `source table id`. */
  readonly links: ReadonlyMap<string, string>;
  /** Their names, where they have one. */
  readonly names: ReadonlyMap<string, string>;
}
