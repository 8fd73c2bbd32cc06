import type { Goal } from './goal.ts';
import type { Language } from './kpi.ts';
import type { AlertTarget, FreshnessLimits, MetricsSettings, ScheduledJob } from './operations.ts';
import type { CalendarRules, Grain } from './period.ts';
import type { SavedReport } from './report.ts';

/** crm-kpi.yaml as understood: defaults filled in, references replaced, paths absolute, goals complete. */
export interface Settings {
  /** Absolute path of the file, and its folder. */
  readonly file: string;
  readonly folder: string;
  readonly calendar: CalendarRules;
  /** Working hours of the company and of single teams; empty: none are known. */
  readonly businessHours?: readonly WorkingHours[];
  /** Statuses of tickets in which the agent's clock stands still, beside those that a CRM marks as waiting. */
  readonly pausedStatuses?: readonly string[];
  /** Settings that the file leaves out and a connection tells, as read. */
  readonly told?: readonly { readonly key: string; readonly value: string; readonly connection: string }[];
  /** True: the file leaves out what a connection may tell with its next sync. */
  readonly listens?: boolean;
  /** Left out, and told by no connection yet: the value here only serves to ask them. */
  readonly provisional?: readonly ('timeZone' | 'currency')[];
  readonly language: Language;
  /** Reporting currency, ISO 4217. */
  readonly currency: string;
  /** Absolute path of the store. */
  readonly store: string;
  readonly connections: readonly ConnectionSettings[];
  /** null: every KPI that has data. */
  readonly kpis: readonly string[] | null;
  readonly grains: readonly Grain[];
  readonly segments: readonly string[];
  /** Months of results before the current one. */
  readonly history: number;
  readonly goals: readonly Goal[];
  readonly publish: PublishSettings;
  readonly schedule: readonly ScheduledJob[];
  readonly alerts: readonly AlertTarget[];
  readonly freshness?: FreshnessLimits;
  /** After so long any job stops on purpose; null: never. */
  readonly deadlineMs?: number | null;
  readonly metrics?: MetricsSettings;
  /** Months for which records are kept, by object or table; of those not named all are kept. */
  readonly retention?: Readonly<Record<string, number>>;
  readonly reports?: readonly SavedReport[];
  readonly serve?: ServeSettings;
}

/** Where the dashboard listens, and who may see it; null: not said. */
export interface ServeSettings {
  readonly host: string | null;
  readonly port: number | null;
  readonly passwordHash: string | null;
  readonly token: string | null;
  /** The address under which others see it. */
  readonly url: string | null;
}

/** Wall-clock hours of some weekdays. Several sets of the same teams add up. */
export interface WorkingHours {
  /** 0 Sunday to 6 Saturday. */
  readonly weekdays: readonly number[];
  /** Minutes after midnight, end exclusive. */
  readonly fromMinute: number;
  readonly toMinute: number;
  readonly timeZone: string;
  /** Local dates. */
  readonly holidays: readonly string[];
  /** Ids or names of the teams that it is for; null: everyone else. */
  readonly teams: readonly string[] | null;
  /** Local dates; null: since ever, for ever. `validTo` is exclusive. */
  readonly validFrom: string | null;
  readonly validTo: string | null;
}

export interface ConnectionSettings {
  readonly name: string;
  /** Connector id, a path or a package name. */
  readonly connector: string;
  /** The connector's own settings, as its schema made them. */
  readonly own: unknown;
  readonly objects: readonly string[];
  readonly since: string | null;
  /** Share of the daily limit, 0.2 = 20 %; null: no limit of ours. */
  readonly apiBudget: number | null;
  readonly fields: Readonly<Record<string, string>>;
  readonly entities: Readonly<Record<string, Readonly<Record<string, string | number>>>>;
  readonly publish: boolean;
  /** How the CRM's filter against software that opens mails stood from a local day on, oldest first; absent: on. */
  readonly emailBotFilter?: readonly { readonly since: string | null; readonly on: boolean }[];
}

export interface PublishSettings {
  /** The current period and this many less one before it are kept up to date. */
  readonly periods: number;
  readonly segments: readonly string[];
  /** `goals`: KPIs with goals, at the goal's grain; `all`; or a list of KPI ids. */
  readonly kpis: 'goals' | 'all' | readonly string[];
  /** Tasks for what turned off target, at most so many open at a time in one CRM; null or absent: none are made. */
  readonly tasks?: { readonly max: number } | null;
}
