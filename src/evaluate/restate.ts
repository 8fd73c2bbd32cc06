import { hash } from 'node:crypto';
import type { Kpi } from '../model/kpi.ts';
import type { Period } from '../model/period.ts';
import type { Result, Stage } from '../model/result.ts';
import type { NewResult, StoredResult } from '../model/result-store.ts';

const dayMs = 86_400_000;
const grace = { usualMs: 10 * dayMs, emailMs: 3 * dayMs };

/** What makes rows one series. */
export function seriesKey(
  result: Pick<Result, 'kpi' | 'grain' | 'periodStart' | 'segment' | 'goal'>,
): string {
  const { kpi, grain, periodStart, segment, goal } = result;
  return [kpi, grain, periodStart, segment.kind, segment.source ?? '', segment.id ?? '', goal ?? ''].join(
    '\n',
  );
}

/** Late records are waited for, and members until they have been observed; then figures become official. */
function officialFrom(kpi: Kpi, period: Period): number {
  const usual = kpi.needs.includes('email_stat') ? grace.emailMs : grace.usualMs;
  return period.endAt + Math.max(usual, kpi.maturesMs ?? 0);
}

/** Figures of which a part is not there yet stay preliminary, however old they are. */
export function stageOf(kpi: Kpi, period: Period, at: { asOf: number; synced: boolean }): Stage {
  return at.synced && at.asOf >= officialFrom(kpi, period) ? 'official' : 'preliminary';
}

/**
 * The row to append for a series, or null where nothing changed. Official figures are never overwritten nor judged
 * again: when they differ later, a restated row carries the new figures beside the judgement as published.
 */
export function planRow(previous: StoredResult | null, candidate: Result): NewResult | null {
  if (previous === null) return complete(candidate, null);
  if (previous.stage === 'preliminary') {
    const row = complete(candidate, previous.id);
    return row.inputHash === previous.inputHash ? null : row;
  }
  if (!sameFigures(previous, candidate)) return complete(restated(previous, candidate), previous.id);
  const isNamedAlike =
    previous.periodLabel === candidate.periodLabel && previous.periodEnd === candidate.periodEnd;
  return isNamedAlike ? null : complete(renamed(previous, candidate), previous.id);
}

/** The same figures of the same days, under the name that another calendar gives them. */
function renamed(previous: StoredResult, { periodLabel, periodEnd, asOf }: Result): Result {
  const { id: _, inputHash: __, supersedes: ___, current: ____, ...result } = previous;
  return { ...result, periodLabel, periodEnd, asOf };
}

/** A series of which no record is left, as it would have come out. */
export function emptied(
  previous: StoredResult,
  { version, asOf }: { readonly version: string; readonly asOf: number },
): Result {
  const { id: _, inputHash: __, supersedes: ___, current: ____, restatement: _____, ...result } = previous;
  return {
    ...result,
    definitionVersion: version,
    num: 0,
    den: previous.den === null ? null : 0,
    value: previous.den === null ? 0 : null,
    n: 0,
    nMissing: 0,
    statistics: previous.statistics && { p50: null, p90: null, mean: null },
    flags: [],
    details: {},
    asOf,
  };
}

/** The last row of a series whose KPI, goal or segment is gone. */
export function withdraw(previous: StoredResult, asOf: number): NewResult {
  const { id, inputHash: _, supersedes: __, ...result } = previous;
  return {
    ...result,
    asOf,
    inputHash: hashOf({ ...result, current: false }),
    supersedes: id,
    current: false,
  };
}

function complete(result: Result, supersedes: number | null): NewResult {
  return { ...result, inputHash: hashOf(result), supersedes, current: true };
}

type Hashed = Omit<Result, 'asOf' | 'restatement'> & { readonly current?: boolean };

/** Everything in a result but when it was computed, and what is told of how it came about. */
const hashed = {
  attainment: true,
  baseline: true,
  complete: true,
  currency: true,
  current: true,
  definitionVersion: true,
  den: true,
  details: true,
  evidence: true,
  flags: true,
  forecast: true,
  gapClosed: true,
  goal: true,
  goalVersion: true,
  grain: true,
  kpi: true,
  movement: true,
  n: true,
  nMissing: true,
  num: true,
  periodEnd: true,
  periodLabel: true,
  periodStart: true,
  previous: true,
  segment: true,
  stage: true,
  statistic: true,
  statistics: true,
  status: true,
  target: true,
  trend: true,
  unit: true,
  value: true,
} satisfies Record<keyof Hashed, true>;
const hashedNames = Object.keys(hashed).sort() as (keyof Hashed)[];

function hashOf(result: Hashed): string {
  const fields: string[] = [];
  for (const name of hashedNames) {
    const value = result[name];
    if (value !== undefined) fields.push(`"${name}":${textOf(value)}`);
  }
  return hash('sha256', `{${fields.join()}}`).slice(0, 16);
}

/** JSON in which the order of keys decides nothing. */
function textOf(value: unknown): string {
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  if (Array.isArray(value)) return value.length === 0 ? '[]' : `[${value.map(textOf).join()}]`;
  const fields = Object.entries(value).filter(([, field]) => field !== undefined);
  fields.sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${fields.map(([name, field]) => `"${name}":${textOf(field)}`).join()}}`;
}

function sameFigures(a: Result, b: Result): boolean {
  return figuresOf(a) === figuresOf(b);
}

function figuresOf({ num, den, value, n, nMissing, statistics, currency }: Result): string {
  const { p50 = null, p90 = null, mean = null } = statistics ?? {};
  return JSON.stringify([num, den, value, n, nMissing, p50, p90, mean, currency]);
}

function restated(previous: StoredResult, candidate: Result): Result {
  const flags = new Set(candidate.flags);
  if (previous.definitionVersion !== candidate.definitionVersion) flags.add('definition_changed');
  return {
    ...candidate,
    stage: 'restated',
    flags: [...flags].sort(),
    goalVersion: previous.goalVersion,
    // What had no figures was judged by none.
    statistic: previous.statistic ?? candidate.statistic,
    status: previous.status,
    evidence: previous.evidence,
    movement: previous.movement,
    previous: previous.previous,
    target: previous.target,
    baseline: previous.baseline,
    attainment: previous.attainment,
    gapClosed: previous.gapClosed,
    forecast: previous.forecast,
    trend: previous.trend,
  };
}
