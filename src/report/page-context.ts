import type { Format } from './format.ts';
import type { Selection } from './selection.ts';
import { segmentText } from './selection.ts';

export type Theme = 'light' | 'dark';

/** What every page knows of the request. */
export interface PageContext {
  readonly format: Format;
  readonly selection: Selection;
  readonly theme: Theme | null;
  /** Path of the page itself. */
  readonly path: string;
  /** Seconds after which a wall screen asks again; null: never. */
  readonly refreshS: number | null;
  /** The names of the CRM accounts that are read. */
  readonly accounts: readonly string[];
  /** Of the form that signs out; null where nobody has to sign in. */
  readonly csrf: string | null;
}

/** Parameters of an address; null takes one away. */
export type Changes = Readonly<Record<string, string | null>>;

/** An address that keeps language, appearance and filters. */
export function linkTo(context: PageContext, path: string, changes: Changes = {}): string {
  const { selection, theme, refreshS } = context;
  const params: Record<string, string | null> = {
    grain: selection.grain,
    period: selection.period,
    segment: selection.segment.kind === 'company' ? null : segmentText(selection.segment),
    status: selection.status,
    language: selection.language,
    theme,
    refresh: refreshS === null ? null : String(refreshS),
    ...changes,
  };
  const given = Object.entries(params).filter((param): param is [string, string] => param[1] !== null);
  return `${path}?${new URLSearchParams(given)}`;
}

export function kpiPath(kpi: string): string {
  return `/kpi/${encodeURIComponent(kpi)}`;
}
