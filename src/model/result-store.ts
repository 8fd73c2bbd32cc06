import type { Goal } from './goal.ts';
import type { Kpi } from './kpi.ts';
import type { Result, ResultRecord } from './result.ts';
import type { Awaitable } from './store.ts';

/** A result as stored, with its place in the append-only series. */
export interface StoredResult extends Result {
  readonly id: number;
  /** Hash of everything in the result but asOf. */
  readonly inputHash: string;
  readonly supersedes: number | null;
  /** False: the last row of a series whose KPI, goal or segment is gone. */
  readonly current: boolean;
}

export interface ResultStore {
  /** Opens an evaluation; rows appended to it become visible when it is finished. */
  beginEvaluation(asOf: number, at: number): Awaitable<number>;
  appendResults(evaluationId: number, results: readonly NewResult[]): Awaitable<void>;
  /** `kept`: the states that hold as of this evaluation; without it those of an earlier one stay. */
  finishEvaluation(evaluationId: number, at: number, kept?: readonly string[] | null): Awaitable<void>;
  /** Chance of each trend that was tested, of every series' newest complete period; as of an instant, if told. */
  trendTests(asOf?: number | null): Awaitable<readonly number[]>;
  /** Trends less certain than this are read as none. */
  saveTrendLimit(evaluationId: number, limit: number): Awaitable<void>;
  /** The as_of of the latest finished evaluation that is not after the given instant; null when there is none. */
  latestEvaluation(asOf: number): Awaitable<number | null>;
  /** For each series (kpi, grain, period, segment, goal) its newest row with as_of not after the given instant. */
  latestResults(asOf: number, filter?: ResultFilter): AsyncIterable<readonly StoredResult[]>;
  /** Notes how well the records are filled in today, for the days to come. */
  captureFill(capture: FillCapture): Awaitable<void>;
  /** The KPIs of which there are results, whether they stand or were withdrawn. */
  resultKpis(): Awaitable<readonly string[]>;
  /** The newest row of each of these, as of the latest evaluation. */
  newestResults(kpi: string, places: readonly SeriesPlace[]): Awaitable<readonly StoredResult[]>;
  /** The official row of a series, where there is one. */
  officialResult(id: number): Awaitable<StoredResult | null>;
  saveKpis(kpis: readonly Kpi[], at: number): Awaitable<void>;
  /** Goal versions, oldest first; writes a new one where the configured goal differs from the newest. */
  saveGoals(
    goals: readonly Goal[],
    at: { readonly asOf: number; readonly periodStart: (goal: Goal) => string },
  ): Awaitable<readonly GoalVersion[]>;
  baseline(goalVersionId: number, segmentKey: string): Awaitable<FrozenBaseline | null>;
  saveBaseline(goalVersionId: number, segmentKey: string, baseline: FrozenBaseline): Awaitable<void>;
}

export type NewResult = Result & {
  readonly inputHash: string;
  readonly supersedes: number | null;
  readonly current: boolean;
};

export interface FillCapture {
  /** Local date under which it is noted. */
  readonly day: string;
  readonly asOf: number;
  /** One as of the same instant stands: only what was written since differs. */
  readonly again?: boolean;
}

/** One period of one segment. */
export interface SeriesPlace {
  readonly grain: string;
  readonly kind: string;
  readonly source: string | null;
  readonly id: string | null;
  readonly periodStart: string;
}

export interface ResultFilter {
  readonly kpi?: string;
  readonly grain?: string;
  readonly period?: string;
  readonly segmentKind?: string;
  readonly segmentId?: string;
  readonly status?: string;
  /** Local dates: periods that end after `from`. */
  readonly from?: string;
  /** Periods that start on this local date or later. */
  readonly since?: string;
  /** As they were written: trends that may be chance among many are not left out. */
  readonly asStored?: boolean;
}

export interface GoalVersion {
  readonly id: number;
  /** 1, 2, ... within the goal. */
  readonly version: number;
  readonly goal: Goal;
  /** Local date from which it holds; null: since ever. `validTo` is exclusive. */
  readonly validFrom: string | null;
  readonly validTo: string | null;
}

export interface FrozenBaseline {
  readonly num: number | null;
  readonly den: number | null;
  readonly value: number | null;
  readonly n: number;
  readonly periods: number;
  readonly from: string;
  readonly definitionVersion: string;
}

export interface PublishStore {
  /** What we know to stand in the CRM, by key. */
  published(connection: string): Awaitable<ReadonlyMap<string, PublishedRecord>>;
  savePublished(connection: string, records: readonly PublishedRecord[]): Awaitable<void>;
  removePublished(connection: string, keys: readonly string[]): Awaitable<void>;
  saveRefused(
    connection: string,
    refused: readonly { readonly key: string; readonly reason: string; readonly payload: ResultRecord }[],
    at: number,
  ): Awaitable<void>;
  /** Drops what was refused and is no longer to be written. */
  forgetRefused(connection: string, keys: readonly string[]): Awaitable<void>;
  refused(): Awaitable<
    readonly { readonly connection: string; readonly key: string; readonly reason: string }[]
  >;
}

export interface PublishedRecord {
  readonly key: string;
  /** Of the figures that decide what is written. */
  readonly hash: string;
  readonly remoteId: string | null;
  /** Whether it stands there as current. */
  readonly current: boolean;
  readonly writtenAt: number;
}
