import type { ZodType } from 'zod';
import type { TableName, TableRows } from './entities.ts';
import type { Http, RemotePolicy } from './http.ts';
import type { OrganisationFact } from './organisation.ts';
import type { Phrase } from './phrases.ts';
import type { ResultChange } from './result.ts';

/** One kind of CRM: its settings, limits, and how a connection to it is opened. */
export interface Connector<S = unknown> {
  readonly id: string;
  /** Name for people: `Salesforce`. */
  readonly title: string;
  /** The connector's own part of a connection's settings (auth, loginUrl, ...); strict. */
  readonly settings: ZodType<S>;
  /** Names that `objects` in the settings may list. */
  readonly objects: readonly string[];
  /** What its own set-up tells where the settings are silent; absent: nothing. */
  readonly tells?: readonly OrganisationFact[];
  /** null where nothing goes over the network. */
  readonly policy: RemotePolicy | null;
  open(context: OpenContext<S>): Promise<Connection>;
  /** Its sentences in Spanish, for those who read the pages in it; absent: they stay as they are. */
  spanish?(): Promise<readonly Phrase[]>;
  /**
   * Begins the sign-in of a person in a browser, for `connect`; absent: this kind of CRM has none. Throws RunError
   * `config` where the settings name a flow that needs no browser.
   */
  signIn?(request: SignInRequest<S>): SignIn;
}

export interface SignInRequest<S = unknown> {
  /** The connection's name in the settings. */
  readonly name: string;
  readonly settings: S;
  readonly objects: readonly string[];
  /** Whether results are to be written back. */
  readonly publish: boolean;
  /** Where the CRM sends the browser with its answer; to be registered there exactly so. */
  readonly redirectUri: string;
  /** Random; the answer must bring it back. */
  readonly state: string;
  /** Random, 43 to 128 characters: the secret of this sign-in (RFC 7636), never part of a URL. */
  readonly verifier: string;
}

export interface SignIn {
  /** For the person's browser; holds no secret. */
  readonly url: string;
  /** Takes the query of the redirect, its state already checked; gives what the token store is to keep. */
  finish(answer: URLSearchParams, tools: { readonly http: Http; readonly now: number }): Promise<SignedIn>;
}

export interface SignedIn {
  /** For the token store. */
  readonly keep: string;
  /** Who signed in, as the CRM names them; null where it does not tell. */
  readonly user: string | null;
}

export interface OpenContext<S = unknown> {
  /** The connection's name in the settings. */
  readonly name: string;
  readonly settings: S;
  /** Folder against which the settings' paths resolve. */
  readonly folder: string;
  /** Wanted object groups, a subset of the connector's `objects`. */
  readonly objects: readonly string[];
  /** `fields`: canonical column or dimension -> the CRM's field, as `deal.region: Region__c`. */
  readonly fields: Readonly<Record<string, string>>;
  /** `entities`: canonical table -> organisation-specific source. */
  readonly entities: Readonly<Record<string, Readonly<Record<string, string | number>>>>;
  /** Columns to be filled; all others stay null, and what they alone need is not asked of the CRM. Absent: all. */
  readonly wanted?: WantedColumns;
  /** Older records are ignored: first day, or null. */
  readonly since: string | null;
  /** Reporting currency and business time zone, where the CRM does not say. */
  readonly currency: string;
  readonly timeZone: string;
  readonly language: 'en' | 'es';
  readonly http: Http;
  readonly tokens: TokenStore;
  readonly clock: Clock;
  readonly log: Log;
  readonly signal: AbortSignal;
}

/** By table; of a table that is not named all columns are wanted. `id` and the common columns always are. */
export type WantedColumns = Readonly<Partial<Record<TableName, ReadonlySet<string>>>>;

/** Where a connection keeps what a sign-in gave it (a refresh token), encrypted, apart from the settings. */
export interface TokenStore {
  /** null: nobody has signed in yet. */
  read(): Promise<string | null>;
  /** Durable when it resolves: a rotated token must be kept before it is used. */
  write(token: string): Promise<void>;
  /** One at a time across processes: two refreshing a rotating token would kill each other's. */
  exclusively<T>(work: () => Promise<T>): Promise<T>;
}

export interface Clock {
  /** epoch ms */
  now(): number;
}

export interface Log {
  debug(fields: object, event: string): void;
  info(fields: object, event: string): void;
  warn(fields: object, event: string): void;
  error(fields: object, event: string): void;
}

/** An open, signed-in connection. */
export interface Connection extends AsyncDisposable {
  account(): Promise<Account>;
  /** Account, permissions, objects, fields, limits; in the order in which an admin would fix them. */
  check(): AsyncIterable<Check>;
  /** In the order in which they are to be read; unavailable ones included, with the reason. */
  streams(): Promise<readonly Stream[]>;
  /** Everything changed since the cursor; everything there is when it is null. One page, one batch. */
  read(stream: Stream, since: Cursor | null, options: ReadOptions): AsyncIterable<Batch>;
  /** What the CRM counts as living records of a stream now; absent: cannot be asked. */
  count?(stream: Stream): Promise<StreamCount>;
  /** Rows and calls that the next pass would take; absent: cannot be told. */
  estimate?(stream: Stream, since: Cursor | null): Promise<PassEstimate>;
  /** Absent: nothing to install. */
  install?(target: ResultSchema, options?: InstallOptions): Promise<InstallPlan>;
  /**
   * Keys of the changes that this account has a place for; `check` tells what is left out, and why. Absent: all. Asked
   * before `publish`.
   */
  accepts?(changes: readonly ResultChange[]): Promise<ReadonlySet<string>>;
  /** Absent: read-only. One outcome per change; the order is free. */
  publish?(changes: readonly ResultChange[], target: ResultSchema): AsyncIterable<Outcome>;
  /**
   * Makes tasks for people, or changes those made before: one for each key, however often it is saved. A task that
   * somebody has completed or deleted stays as it is; its outcome is ok. One outcome per task. Absent: none can be made.
   */
  saveTasks?(tasks: readonly TaskChange[]): AsyncIterable<Outcome>;
  /** How tasks that `saveTasks` made stand now; one state for each id. */
  taskStates?(remoteIds: readonly string[]): Promise<readonly TaskState[]>;
  /** Removes everything that crm-kpi wrote or installed there, tasks too, and nothing else. Absent: nothing to remove. */
  uninstall?(): Promise<InstallPlan>;
}

/** Opaque to everyone but the connector that made it. */
export type Cursor = string;

export interface ReadOptions {
  readonly signal: AbortSignal;
  /** Ids of the stream's living records in the store, in ascending order, in chunks: for sweeps that find what vanished. */
  readonly held?: () => AsyncIterable<readonly string[]>;
  /**
   * True when the last pass left a count that differs from the CRM's: compare all ids now (a sweep), read what is
   * missing, report what is gone.
   */
  readonly reconcile?: boolean;
  /** Read at least everything changed since this instant (epoch ms), whatever the cursor says. */
  readonly changedSince?: number;
}

export interface Account {
  /** The CRM's id of the account (organisation id, portal id). */
  readonly id: string;
  readonly name: string;
  /** ISO 4217; null where the CRM does not say. */
  readonly currency: string | null;
  /** IANA; null where the CRM does not say. */
  readonly timeZone: string | null;
  /** The user as whom this connection works, where the CRM tells. */
  readonly userId?: string;
  /** First month of the fiscal year, 1 to 12, and whether a year is named after that in which it starts or ends. */
  readonly fiscalYearStart?: number | null;
  readonly fiscalYearName?: 'start' | 'end' | null;
}

export interface Stream {
  /** The CRM's own name of the object: `Opportunity`, `deals`. Unique within a connection. */
  readonly name: string;
  /** The table of its records; further tables may be fed beside it (changes, dimensions). */
  readonly table: TableName;
  /** The group in the settings' `objects`; null: always read (users, stages). */
  readonly object: string | null;
  /** Web page of a record, with `{id}`; null where there is none. */
  readonly link: string | null;
  /** Set when it cannot be read here: what is missing, and the fix. Never read then. */
  readonly unavailable?: { readonly problem: string; readonly fix: string };
  /** True: `deleted` and `merged` are delivered, and the living count can be compared. */
  readonly comparable: boolean;
}

export interface Batch {
  readonly tables: readonly TableRows[];
  /** Ids of the stream's own table that the CRM no longer has. */
  readonly deleted: readonly Deletion[];
  readonly merged?: readonly { readonly id: string; readonly into: string }[];
  /** Present teams of actors; the store keeps the history of membership. */
  readonly memberships?: readonly Membership[];
  /**
   * The whole set of ids that live now: the store marks every other record of the stream deleted. Only for small
   * streams that are always read whole (stages, teams), with their last batch.
   */
  readonly complete?: readonly string[];
  /** Safe resume point, saved in the same transaction; null until the order makes one safe. */
  readonly cursor: Cursor | null;
}

export interface Deletion {
  readonly id: string;
  /** epoch ms as the CRM gives it */
  readonly at: number;
}

export interface Membership {
  readonly actorId: string;
  /** Since when the CRM says so (the user's modification); the first one seen holds for all earlier time. */
  readonly at: number;
  readonly teams: readonly { readonly teamId: string; readonly primary: boolean }[];
}

export interface StreamCount {
  readonly rows: number;
  /**
   * Sum of amounts of the same records, per ISO currency in minor units (table deal); absent: cannot be asked. A CRM
   * that cannot be asked per currency leaves it out.
   */
  readonly amounts?: Readonly<Record<string, number>>;
}

/** What a pass would cost, for `sync --dry-run`. */
export interface PassEstimate {
  readonly rows: number;
  readonly calls: number;
}

export interface Check {
  /** `account`, `permission deals`, `field Opportunity.Region__c`, `limit`, `target` ... */
  readonly check: string;
  readonly ok: boolean;
  readonly severity: 'error' | 'warning' | 'info';
  readonly message: string;
  /** null where there is nothing to do */
  readonly fix: string | null;
}

/** What `install` is to create: the result object with its fields, in the settings' language. */
export interface ResultSchema {
  readonly language: 'en' | 'es';
  readonly fields: readonly ResultField[];
}

export interface ResultField {
  /** Canonical name: `period_start`. Salesforce: `Period_Start__c` (see `apiName`); HubSpot: the same. */
  readonly name: string;
  readonly apiName: string;
  readonly label: string;
  readonly kind: 'key' | 'text' | 'longtext' | 'number' | 'date' | 'instant' | 'bool' | 'pick' | 'user';
  /** For `pick`: the values, with their labels. */
  readonly values?: readonly { readonly value: string; readonly label: string }[];
}

export interface InstallOptions {
  /** The user (`Account.userId` of another connection to the same account) who is to write: an admin installs for it. */
  readonly assignTo?: string;
}

export interface InstallPlan {
  readonly steps: readonly InstallStep[];
  /** Carries out what the steps say; yields each when it is done. */
  apply(): AsyncIterable<InstallStep>;
}

export interface InstallStep {
  readonly change: 'create' | 'update' | 'delete' | 'none';
  /** `object KPI_Result__c`, `field KPI_Result__c.Value__c`, `permission set KPI_Connector` */
  readonly what: string;
  readonly note?: string;
  /** Of a step taken: why it failed and what to do; the other steps hold. */
  readonly problem?: string;
}

export interface Outcome {
  readonly key: string;
  readonly ok: boolean;
  /** The CRM's id of the record, where it tells. */
  readonly remoteId?: string;
  /** Why it was refused, in the CRM's words, without customer data; and what to do. */
  readonly reason?: string;
}

/** A task for a person in the CRM, as `saveTasks` makes or changes it. */
export interface TaskChange {
  /** Ours, and stable: the same key is the same task. */
  readonly key: string;
  readonly subject: string;
  readonly body: string;
  /** The CRM's id of the person; null, or somebody who cannot own it: the integration user. */
  readonly ownerId: string | null;
  /** Local date; null: no day is set. */
  readonly dueOn: string | null;
  /** `Outcome.remoteId` of the task when it was saved before; null: never saved, or its answer was lost. */
  readonly remoteId: string | null;
  /** It was sent before, and nobody knows what came of it: worth a longer look whether it is there. */
  readonly mayExist?: boolean;
}

export interface TaskState {
  readonly remoteId: string;
  /** `gone`: deleted in the CRM. */
  readonly state: 'open' | 'done' | 'gone';
  /** epoch ms, where the CRM tells; null while it is open */
  readonly doneAt: number | null;
}
