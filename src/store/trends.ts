import type { StoredResult } from '../model/result-store.ts';
import type { Handle } from './database.ts';

/** Chance of each trend that was tested, of every series' newest complete period; `asOf`: by rows of no later instant. */
export function readTrendTests(handle: Handle, asOf: number | null): readonly number[] {
  const within = asOf === null ? '' : `AND as_of <= ${Math.trunc(asOf)}`;
  return handle
    .prepare<unknown[], number>(
      `WITH newest AS (
         SELECT kpi, grain, max(period_start) AS period_start FROM result
         WHERE trend IS NOT NULL AND complete = 1 ${within} GROUP BY kpi, grain
       ), tested AS (
         SELECT r.trend, r.state, max(r.id) FROM newest n
         JOIN result r ON r.kpi = n.kpi AND r.grain = n.grain AND r.period_start = n.period_start
         WHERE r.trend IS NOT NULL AND r.complete = 1 ${within}
           AND r.evaluation_id NOT IN (SELECT id FROM evaluation WHERE finished_at IS NULL)
         GROUP BY r.kpi, r.grain, r.segment_kind, r.segment_source, r.segment_id, r.goal
       )
       SELECT json_extract(trend, '$.p') FROM tested WHERE state = 'current'`,
    )
    .pluck()
    .all();
}

export function saveTrendLimit(handle: Handle, evaluationId: number, limit: number): void {
  handle.prepare('UPDATE evaluation SET trend_limit = ? WHERE id = ?').run(limit, evaluationId);
}

/** Trends less certain than this are taken for chance, given how many were tested; null: all are told. */
export function readTrendLimit(handle: Handle, asOf: number): number | null {
  return (
    handle
      .prepare<unknown[], number | null>(
        'SELECT trend_limit FROM evaluation WHERE finished_at IS NOT NULL AND as_of <= ? ORDER BY as_of DESC, id DESC LIMIT 1',
      )
      .pluck()
      .get(asOf) ?? null
  );
}

export function withinTrendLimit(result: StoredResult, limit: number | null): StoredResult {
  const { trend } = result;
  if (limit === null || trend === null || trend.direction === 'none' || trend.p <= limit) return result;
  return { ...result, trend: { ...trend, direction: 'none' } };
}
