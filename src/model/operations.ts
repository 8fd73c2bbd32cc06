import type { Awaitable } from './store.ts';

/** What an alert can be about; `recovery` is the end of any other. */
export const alertEvents = ['failure', 'needs_person', 'freshness', 'off_target', 'recovery'] as const;
export type AlertEvent = (typeof alertEvents)[number];

/** One job of the schedule, defaults filled in. */
export interface ScheduledJob {
  /** Made of what it does and when: its state in the store is kept under it. */
  readonly id: string;
  readonly run: 'all' | 'sync' | 'evaluate' | 'publish' | 'report';
  /** Name of the report that is sent. */
  readonly report?: string;
  /** Only these are synced and written to; empty: all. */
  readonly connections: readonly string[];
  readonly cron: string;
  readonly timeZone: string;
  /** A start is put off by up to so much. */
  readonly jitterMs: number;
  /** A start that was missed is made up for when no more than this has passed; null: always, once. */
  readonly catchUpMs: number | null;
  /** What becomes of a start while the one before still runs. */
  readonly overlap: 'skip' | 'queue';
  readonly deadlineMs: number | null;
}

/** Minutes after midnight; they may run over midnight. */
export interface QuietHours {
  readonly fromMinute: number;
  readonly toMinute: number;
}

export type AlertChannel =
  | { readonly kind: 'slack'; readonly url: string }
  | {
      readonly kind: 'webhook';
      readonly url: string;
      readonly headers: Readonly<Record<string, string>>;
    }
  | {
      readonly kind: 'email';
      readonly host: string;
      readonly port: number;
      /** TLS from the first byte; else STARTTLS, which only loopback may lack. */
      readonly secure: boolean;
      readonly user: string | null;
      readonly password: string | null;
      readonly from: string;
      readonly to: readonly string[];
    };

/** Where messages go. */
export interface MessageTarget {
  readonly name: string;
  readonly channel: AlertChannel;
}

/** Who is told of what, and when. */
export interface AlertTarget extends MessageTarget {
  readonly on: readonly AlertEvent[];
  readonly timeZone: string;
  readonly quietHours: QuietHours | null;
  /** Minute of the day at which everything is sent in one message; null: at once. */
  readonly digestMinute: number | null;
}

/** How old data may be before somebody is told, ms. */
export interface FreshnessLimits {
  /** Since an object was last read. */
  readonly storeMs: number;
  /** Since the CRM's own record of freshness was last written. */
  readonly crmMs: number;
}

export interface MetricsSettings {
  /** Absolute path of a file for a textfile collector; null: none is written. */
  readonly textfile: string | null;
  /** Port on loopback on which `schedule` serves them; null: none. */
  readonly port: number | null;
}

export interface ScheduleState {
  readonly id: string;
  /** The latest due instant that was run or passed over; at first the instant at which the job was first seen. */
  readonly handledAt: number;
  readonly startedAt: number | null;
  readonly finishedAt: number | null;
  readonly exitCode: number | null;
  /** Why the latest due instant was passed over; null where it was run. */
  readonly passedOver: string | null;
}

/** What a message says of one problem; no customer data. */
export interface Notice {
  readonly events: readonly AlertEvent[];
  /** `report`: no problem, the place of a report that is to be sent. */
  readonly state: 'problem' | 'recovered' | 'test' | 'report';
  readonly title: string;
  readonly message: string;
  /** What to do; null where nobody has to do anything. */
  readonly fix: string | null;
  /** epoch ms: since when the problem has been there. */
  readonly since: number;
}

export interface OpenAlert {
  readonly key: string;
  readonly notice: Notice;
}

export interface AlertMessage {
  readonly id: number;
  readonly target: string;
  readonly key: string;
  readonly notice: Notice;
  /** epoch ms */
  readonly notBefore: number;
  readonly attempts: number;
  readonly triedAt: number | null;
  /** Why it could not be delivered. */
  readonly problem: string | null;
}

export type NewAlertMessage = Pick<AlertMessage, 'target' | 'key' | 'notice' | 'notBefore'>;

export interface OperationsStore {
  addApiCalls(connection: string, calls: number, at: number): Awaitable<void>;
  /** Calls of ours in the hours that began at this instant or later. */
  apiCallsSince(connection: string, since: number): Awaitable<number>;
  scheduleStates(): Awaitable<readonly ScheduleState[]>;
  saveScheduleState(state: ScheduleState): Awaitable<void>;
  openAlerts(): Awaitable<readonly OpenAlert[]>;
  /** Opens and closes alerts and files their messages, all in one transaction. */
  turnAlerts(turn: {
    readonly opened: readonly OpenAlert[];
    readonly closed: readonly string[];
    readonly messages: readonly NewAlertMessage[];
  }): Awaitable<void>;
  /** Undelivered ones, oldest first. */
  alertMessages(): Awaitable<readonly AlertMessage[]>;
  removeAlertMessages(ids: readonly number[]): Awaitable<void>;
  noteFailedDelivery(ids: readonly number[], problem: string, at: number): Awaitable<void>;
  /** Ended runs by job and outcome, since ever. */
  runTallies(): Awaitable<
    readonly { readonly job: string; readonly outcome: string; readonly runs: number }[]
  >;
  /** When the CRM's own record of freshness was last written, by connection, epoch ms. */
  crmFreshness(): Awaitable<readonly { readonly connection: string; readonly writtenAt: number }[]>;
}
