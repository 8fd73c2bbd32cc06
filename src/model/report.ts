import type { Language } from './kpi.ts';
import type { MessageTarget } from './operations.ts';
import type { Grain } from './period.ts';

/** A selection of figures, saved in the settings or made on the page. */
export interface ReportRequest {
  readonly title: string | null;
  /** Empty: those with goals; where there are no goals, all. */
  readonly kpis: readonly string[];
  /** Null: each goal's own, else month. */
  readonly grain: Grain | null;
  /** Label; null: the latest complete one. */
  readonly period: string | null;
  /** Periods shown up to that one. */
  readonly periods: number;
  /** `company`, a kind (`team`: all of them compared), or one segment (`owner:0055e000001`). */
  readonly segments: readonly string[];
  readonly language: Language;
}

export interface SavedReport extends ReportRequest {
  readonly name: string;
  /** To whom it is sent; null: to nobody. */
  readonly send: ReportSending | null;
}

export interface ReportSending {
  /** For mails: `html` is the body, the others are attached. */
  readonly formats: readonly ReportFormat[];
  readonly targets: readonly MessageTarget[];
}

export const reportFormats = ['html', 'pdf', 'xlsx', 'csv'] as const;
export type ReportFormat = (typeof reportFormats)[number];
