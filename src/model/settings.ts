import type { Goal } from './goal.ts';
import type { Language } from './kpi.ts';
import type { CalendarRules, Grain } from './period.ts';

/** crm-kpi.yaml as understood: defaults filled in, references replaced, paths absolute, goals complete. */
export interface Settings {
  /** Absolute path of the file, and its folder. */
  readonly file: string;
  readonly folder: string;
  readonly calendar: CalendarRules;
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
  readonly schedule: readonly { readonly run: string; readonly cron: string; readonly timeZone: string }[];
  readonly alerts: readonly Readonly<Record<string, unknown>>[];
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
}

export interface PublishSettings {
  /** The current period and this many less one before it are kept up to date. */
  readonly periods: number;
  readonly segments: readonly string[];
  /** `goals`: KPIs with goals, at the goal's grain; `all`; or a list of KPI ids. */
  readonly kpis: 'goals' | 'all' | readonly string[];
}
