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
  if (sameFigures(previous, candidate)) return null;
  return complete(restated(previous, candidate), previous.id);
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

/** Of everything in a result but when it was computed, and what is told of how it came about. */
function hashOf(result: Result & { current?: boolean }): string {
  const { asOf: _, restatement: __, ...rest } = result;
  return hash('sha256', textOf(rest)).slice(0, 16);
}

/** JSON in which the order of keys decides nothing. */
function textOf(value: unknown): string {
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(textOf).join()}]`;
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
    statistic: previous.statistic,
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
