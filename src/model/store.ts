import type { Account, Batch, Cursor, Stream, StreamCount } from './connector.ts';
import type { SqlValue, TableName } from './entities.ts';
import type { Goal } from './goal.ts';
import type { Kpi } from './kpi.ts';
import type { Result, ResultRecord } from './result.ts';

/** The store may answer at once (SQLite) or later (a database over the network). */
export type Awaitable<T> = T | Promise<T>;

/** Everything the stages need of the store. */
export interface Store extends SyncStore, FactStore, ResultStore, PublishStore, RunStore, AsyncDisposable {}

export interface StreamKey {
  readonly connection: string;
  readonly stream: string;
}

export interface SyncStore {
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
      readonly theirs: number | null;
    },
  ): Awaitable<void>;
  /** Forgets cursors, so that the next read is a full one. */
  forgetCursors(connection: string): Awaitable<void>;
  /** Living records of a stream as stored, and the sums of their amounts by currency (table deal). */
  countLiving(key: StreamKey): Awaitable<StreamCount>;
  /** Their ids, ascending, in chunks. */
  livingIds(key: StreamKey): AsyncIterable<readonly string[]>;
  /** Derives the local days of instants anew (created_on, closed_on, expected_close_on) where the business zone changed. */
  localize(): Awaitable<void>;
  /** Brings deal_state, ticket_state up to date for every record touched since the last time. Returns how many. */
  derive(signal: AbortSignal): Promise<number>;
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

export interface FactStore {
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
  finishEvaluation(evaluationId: number, at: number): Awaitable<void>;
  /** The as_of of the latest finished evaluation that is not after the given instant; null when there is none. */
  latestEvaluation(asOf: number): Awaitable<number | null>;
  /** For each series (kpi, grain, period, segment, goal) its newest row with as_of not after the given instant. */
  latestResults(asOf: number, filter?: ResultFilter): AsyncIterable<readonly StoredResult[]>;
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

export interface ResultFilter {
  readonly kpi?: string;
  readonly grain?: string;
  readonly period?: string;
  readonly segmentKind?: string;
  readonly segmentId?: string;
  readonly status?: string;
  /** Local dates: periods that end after `from`. */
  readonly from?: string;
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
