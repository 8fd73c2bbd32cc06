import type { SqlValue, TableName } from './entities.ts';
import type { Awaitable, Crossing, RetentionStore, Scout } from './store.ts';
import type { Zone } from './zone.ts';

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
  /** The records as they stood just before an instant; null: the store holds nothing later, and they stand as they did. */
  pastView(asOf: number, zone: Zone): Awaitable<PastView | null>;
}

/** Of records that were deleted or merged away since, nothing is seen. */
export interface PastView extends Pick<FactStore, 'rows' | 'checkQuery' | 'actors'>, Disposable {}

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

export interface NarrowRequest {
  /** Kind of the records: deal, ticket, account, ... */
  readonly group: string;
  readonly tables: readonly string[];
  /** Records that were not written belong to it, too, where time touched them. */
  readonly crossing: Crossing;
  /** Those of people who changed teams since an instant belong to it, too. */
  readonly owners?: OwnerRequest;
}

export interface OwnerRequest {
  /** Of the group's tables: they tell whose a record is or was. */
  readonly columns: readonly string[];
  readonly since: number;
}

/** The records that were written since the last evaluation, and no others: as they are, and as they were. */
export interface Narrowed extends Disposable {
  readonly records: number;
  readonly before: Pick<FactStore, 'rows' | 'memberships'>;
  readonly now: Pick<FactStore, 'rows' | 'memberships'>;
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
