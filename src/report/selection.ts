import type { Status } from '../model/goal.ts';
import type { Language } from '../model/kpi.ts';
import type { Grain } from '../model/period.ts';

/** What of the results is shown. */
export interface Selection {
  readonly language: Language;
  /** Empty: all. */
  readonly kpis: readonly string[];
  /** Null: each goal's own, by month where there is none. */
  readonly grain: Grain | null;
  /** Label of a period; null: the latest complete one. */
  readonly period: string | null;
  readonly segment: SegmentChoice;
  readonly status: Status | null;
}

/** No id: the company, or all of a kind. */
export interface SegmentChoice {
  readonly kind: string;
  readonly id: string | null;
}

export const company: SegmentChoice = { kind: 'company', id: null };

/** `company`, `team`, `owner:0055e000001`; an id may itself hold colons. */
export function parseSegmentChoice(text: string): SegmentChoice {
  const colon = text.indexOf(':');
  return colon === -1 ? { kind: text, id: null } : { kind: text.slice(0, colon), id: text.slice(colon + 1) };
}

export function segmentText({ kind, id }: SegmentChoice): string {
  return id === null ? kind : `${kind}:${id}`;
}
