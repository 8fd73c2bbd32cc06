import type { ActionStore } from './action.ts';
import type { Account, Batch, Cursor, Stream, StreamCount } from './connector.ts';
import type { TableName } from './entities.ts';
import type { EntryStore } from './entry.ts';
import type { ChangeStore, FactStore, Narrowed, NarrowRequest, TimeSpan } from './fact-store.ts';
import type { DetectorSilence, Finding, StoredFinding } from './finding.ts';
import type { OperationsStore } from './operations.ts';
import type { PublishStore, ResultStore } from './result-store.ts';
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

/** Dates by which time touches a record: those of these columns that lie in one of the spans. */
export interface Crossing {
  readonly tables: readonly string[];
  /** `*`: all. */
  readonly columns: readonly string[];
  readonly spans: readonly TimeSpan[];
}

/** Goes through each table once for all that will be asked. */
export interface Scout extends Disposable {
  /** Null: too many to be worth it. */
  narrow(request: NarrowRequest): Awaitable<Narrowed | null>;
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
