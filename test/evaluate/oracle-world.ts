/** A company as plain lists, with what became of each record; the rows that a CRM would give of it are made elsewhere. */

/** Half past noon in Madrid, in an open month: nothing is drawn from after it. */
export const lastInstant = Date.parse('2026-04-20T10:30:00Z');

/** What held from an instant on. */
export interface Step<T> {
  readonly at: number;
  readonly value: T;
}

export interface Living {
  readonly id: string;
  readonly gone: 'deleted' | 'merged' | 'test' | null;
}

export interface Deal extends Living {
  readonly createdAt: number;
  readonly stages: readonly Step<string>[];
  readonly owners: readonly Step<string | null>[];
  readonly amounts: readonly Step<number | null>[];
  readonly dues: readonly Step<string>[];
  readonly currency: string;
  readonly cost: number | null;
  /** As the CRM has it; null while open. */
  readonly closedOn: string | null;
  readonly account: string | null;
  readonly type: string | null;
  readonly source: string | null;
  readonly campaign: string | null;
  readonly nextStep: string | null;
}

export interface Ticket extends Living {
  readonly createdAt: number;
  /** open, waiting or closed */
  readonly statuses: readonly Step<string>[];
  readonly owners: readonly Step<string | null>[];
  readonly priority: string | null;
  readonly category: string | null;
  readonly channel: string | null;
  readonly account: string | null;
  readonly dueAt: number | null;
  readonly repliedAt: number | null;
  readonly replies: number | null;
  readonly articles: number | null;
}

export interface Lead extends Living {
  readonly createdAt: number;
  readonly owner: string | null;
  readonly source: string | null;
  readonly campaign: string | null;
  readonly convertedOn: string | null;
  readonly closedAt: number | null;
}

export interface Activity extends Living {
  readonly createdAt: number;
  readonly kind: string;
  readonly owner: string | null;
  readonly deal: string | null;
  readonly person: string | null;
  readonly startsAt: number | null;
  readonly dueOn: string | null;
  readonly doneAt: number | null;
  readonly status: string;
  readonly direction: string | null;
  readonly automated: 0 | 1;
}

export interface Send extends Living {
  readonly sentAt: number;
  readonly owner: string;
  readonly campaign: string | null;
  readonly sent: number;
  readonly delivered: number | null;
  readonly opens: number | null;
  readonly unreliable: number | null;
  readonly clickers: number;
  readonly bounced: number;
  readonly unsubscribed: number;
}

export interface Answer extends Living {
  readonly audience: 'customer' | 'user';
  readonly kind: 'csat' | 'nps';
  readonly ticket: string | null;
  readonly account: string | null;
  readonly owner: string | null;
  readonly channel: string | null;
  readonly sentAt: number | null;
  readonly answeredAt: number | null;
  readonly score: number | null;
  readonly scale: readonly [number, number];
}

export interface Campaign extends Living {
  readonly startsOn: string;
  readonly endsOn: string;
  readonly cost: number | null;
  readonly currency: string;
  readonly owner: string;
}

export interface Entry extends Living {
  readonly kind: 'cost' | 'quota' | 'training';
  readonly fromOn: string;
  readonly toOn: string;
  readonly amount: number | null;
  readonly purpose: string | null;
  readonly actor: string | null;
}

export interface World {
  /** The first instant that no longer counts. */
  readonly asOf: number;
  readonly deals: readonly Deal[];
  readonly tickets: readonly Ticket[];
  readonly leads: readonly Lead[];
  readonly activities: readonly Activity[];
  readonly sends: readonly Send[];
  readonly answers: readonly Answer[];
  readonly campaigns: readonly Campaign[];
  readonly entries: readonly Entry[];
}

export const people = ['U1', 'U2', 'U3', 'U4'] as const;
/** U2 changes teams in November, U4 has none. T2 lies below T1. */
export const memberships: Readonly<Record<string, readonly Step<string>[]>> = {
  U1: [{ at: 0, value: 'T1' }],
  U2: [
    { at: 0, value: 'T2' },
    { at: Date.parse('2025-11-12T09:00:00Z'), value: 'T3' },
  ],
  U3: [{ at: 0, value: 'T2' }],
};
export const parents: Readonly<Record<string, string | null>> = { T1: null, T2: 'T1', T3: null };
export const accounts: Readonly<Record<string, string | null>> = {
  A0: 'gold',
  A1: 'gold',
  A2: 'silver',
  A3: null,
  A4: 'silver',
  A5: 'gold',
  A6: 'bronze',
  A7: 'bronze',
};
/** First day, last day (null: open-ended). Who has contracts is a customer while they run. */
export const contracts = [
  { account: 'A6', from: '2024-03-01', to: '2025-05-31' },
  { account: 'A6', from: '2025-06-20', to: '2025-12-31' },
  { account: 'A7', from: '2025-02-10', to: null },
] as const;
export const rates = [
  { currency: 'USD', day: '2020-01-01', rate: 0.9173 },
  { currency: 'USD', day: '2025-10-01', rate: 0.8842 },
  { currency: 'USD', day: '2026-03-10', rate: 0.9011 },
  { currency: 'JPY', day: '2020-01-01', rate: 0.00613 },
] as const;
export const openStages: readonly string[] = ['s1', 's2', 's3'];
export const probabilities: Readonly<Record<string, number>> = { s1: 0.1, s2: 0.4, s3: 0.7, won: 1, lost: 0 };
