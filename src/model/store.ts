import type { ActionStore } from './action.ts';
import type { Account, Batch, Cursor, Stream, StreamCount } from './connector.ts';
import type { SqlValue, TableName } from './entities.ts';
import type { EntryStore } from './entry.ts';
import type { DetectorSilence, Finding, StoredFinding } from './finding.ts';
import type { Goal } from './goal.ts';
import type { Kpi } from './kpi.ts';
import type { OperationsStore } from './operations.ts';
import type { Result, ResultRecord } from './result.ts';
import type { ResultTaskStore } from './result-task.ts';
import type { ReviewStore } from './review.ts';

/** The store may answer at once (SQLite) or later (a database over the network). */
export type Awaitable<T> = T | Promise<T>;

/** Everything the stages need of the store. */
export interface Store
  extends SyncStore,
    FactStore,
    ChangeStore,
    ResultStore,
    PublishStore,
    RunStore,
    FindingStore,
    ActionStore,
    ReviewStore,
    EntryStore,
    OperationsStore,
    ResultTaskStore,
    RetentionStore,
    AsyncDisposable {}

export interface StreamKey {
  readonly connection: string;
  readonly stream: string;
}

/** Old records that are let go; results that rested on them stay. */
export interface RetentionStore {
  /** Rows of a stream whose last date lies before this instant are not kept; null: all are. */
  keepFrom(key: StreamKey, from: number | null): Awaitable<void>;
  /** Lets go of rows that are too old. Returns how many. After an evaluation: none is to miss them. */
  purgeOld(signal: AbortSignal): Promise<number>;
  /** By table: rows from before this instant are no longer all there. */
  purgedBefore(): Awaitable<ReadonlyMap<TableName, number>>;
}

export interface SyncStore extends Pick<RetentionStore, 'keepFrom'> {
  /** Registers a connection's account and streams before the first batch. */
  saveSource(connection: string, connector: string, account: Account): Awaitable<void>;
  saveStream(connection: string, stream: Stream): Awaitable<void>;
  cursor(key: StreamKey): Awaitable<Cursor | null>;
  /** Rows, deletions, memberships and cursor in one transaction. Rows equal to what is stored are left alone. */
  saveBatch(
    key: StreamKey,
    table: TableName,
    batch: Batch,
    stamp: { readonly runId: number; readonly at: number },
  ): Awaitable<BatchTally>;
  /** Records how a stream's pass ended: null error is a success. */
  finishStream(
    key: StreamKey,
    end: {
      readonly at: number;
      readonly error: string | null;
      readonly fix: string | null;
      /** Living records that the CRM counts; null: it was not asked. */
      readonly theirs: number | null;
      /** Those of the store, where they have just been counted. */
      readonly ours?: number;
    },
  ): Awaitable<void>;
  /** Forgets cursors, so that the next read is a full one. */
  forgetCursors(connection: string): Awaitable<void>;
  /** The columns that a stream's pass was asked to fill, `*` for all; null: nothing was ever noted. */
  columnsRead(key: StreamKey): Awaitable<string | null>;
  /** Notes them; `again`: what is stored lacks some, and the next read is a full one. */
  noteColumns(key: StreamKey, columns: string, again: boolean): Awaitable<void>;
  /** Living records of a stream as stored, and the sums of their amounts by currency (table deal). */
  countLiving(key: StreamKey): Awaitable<LivingCount>;
  /** Their ids, ascending, in chunks. */
  livingIds(key: StreamKey): AsyncIterable<readonly string[]>;
  /** Derives the local days of instants anew (created_on, closed_on, expected_close_on) where the business zone changed. */
  localize(): Awaitable<void>;
  /** Brings deal_state, ticket_state up to date for every record touched since the last time. Returns how many. */
  derive(signal: AbortSignal): Promise<number>;
}

export interface LivingCount extends StreamCount {
  /** Of the rows those of forgotten people, whose deletion in the CRM can no longer be told. */
  readonly forgotten?: number;
}

export interface BatchTally {
  /** Rows new or changed, and rows equal to what was stored. */
  readonly written: number;
  readonly unchanged: number;
  readonly deleted: number;
}

/** A facts query as the engine completed it. */
export interface FactQuery {
  readonly sql: string;
  readonly params: Readonly<Record<string, SqlValue>>;
}

export interface FactStore extends Pick<RetentionStore, 'purgedBefore'> {
  /** Names and columns of a query's answer, or why it is refused (message of the database, or our rule). */
  checkQuery(sql: string): Awaitable<{ readonly columns: readonly string[] } | { readonly problem: string }>;
  /**
   * Rows in chunks, each row an array in column order. The query sees the canonical tables without deleted, merged
   * and test records, and may name no other schema's.
   */
  rows(query: FactQuery): AsyncIterable<readonly (readonly SqlValue[])[]>;
  /** Living records per table and connection; what has data. */
  rowCounts(): Awaitable<
    readonly { readonly connection: string; readonly table: TableName; readonly rows: number }[]
  >;
  /** The tables that have living records. */
  filledTables(): Awaitable<readonly TableName[]>;
  sources(): Awaitable<readonly SourceInfo[]>;
  actors(): Awaitable<readonly ActorInfo[]>;
  teams(): Awaitable<
    readonly {
      readonly source: string;
      readonly id: string;
      readonly name: string | null;
      readonly parentId: string | null;
    }[]
  >;
  memberships(): Awaitable<readonly MembershipSpan[]>;
  names(
    table: 'account' | 'campaign' | 'stage',
  ): Awaitable<readonly { readonly source: string; readonly id: string; readonly name: string | null }[]>;
  /** Web page of a record, `{id}` filled in by the caller: template by connection and canonical table or stream. */
  links(): Awaitable<
    readonly {
      readonly source: string;
      readonly stream: string;
      readonly table: TableName;
      readonly link: string;
    }[]
  >;
  /** The stream that a record came from. */
  streamOf(source: string, table: TableName, id: string): Awaitable<string | null>;
}

/** What an evaluation kept of a KPI's facts, as its own bytes. */
export interface EvaluationState {
  readonly asOf: number;
  /** Of all that the bytes rest on but the records. */
  readonly fingerprint: string;
  readonly body: Uint8Array;
}

/** `[fromAt, untilAt)` in epoch ms, and the local days that it touches. */
export interface TimeSpan {
  readonly fromAt: number;
  readonly untilAt: number;
  readonly fromOn: string;
  readonly throughOn: string;
}

/** Dates by which time touches a record: those of these columns that lie in one of the spans. */
export interface Crossing {
  readonly tables: readonly string[];
  /** `*`: all. */
  readonly columns: readonly string[];
  readonly spans: readonly TimeSpan[];
}

export interface NarrowRequest {
  /** Kind of the records: deal, ticket, account, ... */
  readonly group: string;
  readonly tables: readonly string[];
  /** Records that were not written belong to it, too, where time touched them. */
  readonly crossing: Crossing;
}

/** The records that were written since the last evaluation, and no others: as they are, and as they were. */
export interface Narrowed extends Disposable {
  readonly records: number;
  readonly before: Pick<FactStore, 'rows'>;
  readonly now: Pick<FactStore, 'rows'>;
}

/** Goes through each table once for all that will be asked. */
export interface Scout extends Disposable {
  /** Null: too many to be worth it. */
  narrow(request: NarrowRequest): Awaitable<Narrowed | null>;
}

/** From the end of an evaluation on, what is written is remembered with what stood there before. */
export interface ChangeStore {
  /** Rows written since the last evaluation, by table; null: not known, all must be read. */
  written(): Awaitable<ReadonlyMap<string, number> | null>;
  /** The as_of of the evaluation whose states are kept; null: of none. */
  statesAsOf(): Awaitable<number | null>;
  evaluationState(key: string): Awaitable<EvaluationState | null>;
  /** Holds once its evaluation is finished. */
  saveEvaluationState(evaluationId: number, key: string, state: EvaluationState): Awaitable<void>;
  /** Whether a row of a table came or went since the last evaluation, or has another value in one of the columns. */
  hasMoved(table: string, columns: ReadonlySet<string>): Awaitable<boolean>;
  /** Whether time touched some row of the tables. */
  hasCrossed(crossing: Crossing): Awaitable<boolean>;
  /** The earliest day of a rate that came, went or differs since the last evaluation; null: none did. */
  ratesMovedFrom(): Awaitable<string | null>;
  /** What became of the records of a table that were written since; of those not listed nothing. */
  causes(table: string): Awaitable<
    readonly {
      readonly source: string;
      readonly id: string;
      readonly cause: 'late' | 'edits' | 'deletions';
    }[]
  >;
  /** `requests`: all that it may be asked for. */
  scout(requests: readonly NarrowRequest[]): Awaitable<Scout>;
}

export interface SourceInfo {
  readonly connection: string;
  readonly connector: string;
  readonly accountId: string;
  readonly accountName: string;
  readonly currency: string | null;
  readonly timeZone: string | null;
  /** For each table the oldest `lastSuccessAt` of the streams that feed it, epoch ms; null: one never succeeded. */
  readonly completeThrough: Readonly<Partial<Record<TableName, number | null>>>;
}

export interface ActorInfo {
  readonly source: string;
  readonly id: string;
  readonly name: string | null;
  readonly kind: string | null;
  readonly active: boolean;
  /** When the CRM made the account, epoch ms. */
  readonly createdAt?: number | null;
}

/** `[from, to)`, epoch ms; null: since ever, until now. */
export interface MembershipSpan {
  readonly source: string;
  readonly actorId: string;
  readonly teamId: string;
  readonly primary: boolean;
  readonly from: number | null;
  readonly to: number | null;
}

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
  /** Chance of each trend that was tested, of every series' newest complete period. */
  trendTests(): Awaitable<readonly number[]>;
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

export interface RunStore {
  beginRun(job: string, at: number): Awaitable<number>;
  finishRun(
    id: number,
    end: {
      readonly at: number;
      readonly outcome: string;
      readonly exitCode: number;
      readonly phases: object;
      readonly error: object | null;
      /** How long each phase took, ms. */
      readonly durations?: Readonly<Record<string, number>>;
    },
  ): Awaitable<void>;
  runs(limit: number): Awaitable<readonly RunInfo[]>;
  streamStates(): Awaitable<readonly StreamState[]>;
  saveApiUsage(
    connection: string,
    usage: {
      readonly used: number | null;
      readonly limit: number | null;
      readonly resetsAt: number | null;
      readonly calls: number;
    },
    at: number,
  ): Awaitable<void>;
  apiUsage(): Awaitable<
    readonly {
      readonly connection: string;
      readonly used: number | null;
      readonly limit: number | null;
      readonly resetsAt: number | null;
      readonly calls: number;
    }[]
  >;
}

export interface RunInfo {
  readonly id: number;
  readonly job: string;
  readonly startedAt: number;
  readonly finishedAt: number | null;
  readonly outcome: string | null;
  readonly exitCode: number | null;
  readonly phases: unknown;
  readonly error: unknown;
  /** How long each phase took, ms. */
  readonly durations: Readonly<Record<string, number>>;
}

export interface StreamState {
  readonly connection: string;
  readonly stream: string;
  readonly table: TableName;
  readonly rows: number;
  readonly deleted: number;
  readonly watermark: number | null;
  readonly lastSuccessAt: number | null;
  readonly lastError: string | null;
  readonly fix: string | null;
  readonly unavailable: string | null;
  readonly ours: number | null;
  readonly theirs: number | null;
}

/** What detectors found at each evaluation. */
export interface FindingStore {
  /** Everything found at one instant, in order of priority, in place of what an earlier run found at the same one. */
  saveFindings(asOf: number, found: Detection): Awaitable<void>;
  /** The as_of of the latest detection that is not after the given instant; null when there is none. */
  latestDetection(asOf: number): Awaitable<number | null>;
  /** As that detection found them, in order of priority; `all`: those closed since, too, after the open ones. */
  findings(asOf: number, which?: { readonly all?: boolean }): Awaitable<readonly StoredFinding[]>;
  /** What it could not look at. */
  silences(asOf: number): Awaitable<readonly DetectorSilence[]>;
}

export interface Detection {
  readonly findings: readonly Finding[];
  readonly silences: readonly DetectorSilence[];
}
