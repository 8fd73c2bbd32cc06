import { statuses } from '../model/goal.ts';
import type { Language } from '../model/kpi.ts';
import { grains } from '../model/period.ts';
import type { ReportRequest } from '../model/report.ts';
import type { Theme } from '../report/page-context.ts';
import { company, parseSegmentChoice, type Selection } from '../report/selection.ts';

/** What an address asks for. Whatever it holds that we do not know is as if it were not there. */
export interface PageQuery {
  readonly selection: Selection;
  readonly theme: Theme | null;
  readonly goal: string | null;
  readonly limit: number;
  /** Of a review. */
  readonly id: number | null;
  readonly refreshS: number | null;
}

const defaultLimit = 200;
const largestLimit = 5000;
/** Wall screens ask again no more often than this. */
const shortestRefreshS = 30;
const longestText = 300;

export function readQuery(params: URLSearchParams, language: Language): PageQuery {
  const text = (name: string) => readText(params, name);
  const owner = text('owner');
  const segment = owner !== null ? { kind: 'owner', id: owner } : text('segment');
  return {
    selection: {
      language: oneOf(['en', 'es'] as const, text('language')) ?? language,
      kpis: [],
      grain: oneOf(grains, text('grain')),
      period: text('period'),
      segment: typeof segment === 'string' ? oneSegment(segment) : (segment ?? company),
      status: oneOf(statuses, text('status')),
    },
    theme: oneOf(['light', 'dark'] as const, text('theme')),
    goal: text('goal'),
    limit: wholeNumber(text('limit'), largestLimit) ?? defaultLimit,
    id: wholeNumber(text('id'), 9_999_999),
    refreshS: refreshOf(text('refresh')),
  };
}

/** A kind without an id names many segments: one page shows one. */
function oneSegment(text: string): Selection['segment'] {
  const choice = parseSegmentChoice(text);
  return choice.id === null ? company : choice;
}

export function readReportQuery(params: URLSearchParams, language: Language): ReportRequest {
  const text = (name: string) => readText(params, name);
  const many = (name: string) =>
    params.getAll(name).filter((value) => value !== '' && value.length <= longestText);
  const segments = many('segments');
  return {
    title: text('title'),
    kpis: many('kpi'),
    grain: oneOf(grains, text('grain')),
    period: text('period'),
    periods: Math.max(1, wholeNumber(text('periods'), 120) ?? 12),
    segments: segments.length > 0 ? segments : ['company'],
    language: oneOf(['en', 'es'] as const, text('in')) ?? language,
  };
}

function readText(params: URLSearchParams, name: string): string | null {
  const value = params.get(name);
  return value === null || value === '' || value.length > longestText ? null : value;
}

function oneOf<T extends string>(known: readonly T[], value: string | null): T | null {
  return known.find((each) => each === value) ?? null;
}

function wholeNumber(value: string | null, largest: number): number | null {
  return value !== null && /^\d{1,7}$/.test(value) ? Math.min(largest, Number(value)) : null;
}

function refreshOf(value: string | null): number | null {
  const seconds = wholeNumber(value, 86_400);
  return seconds === null ? null : Math.max(shortestRefreshS, seconds);
}
