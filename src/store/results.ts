import type { SqlValue } from '../model/entities.ts';
import type { NewResult, ResultFilter, ResultStore, StoredResult } from '../model/store.ts';
import type { Handle } from './database.ts';
import { fromResultRow, toResultRow } from './result-rows.ts';

const rowsPerChunk = 500;

const series = 'kpi, grain, period_start, segment_kind, segment_source, segment_id, goal';

type ResultTable = Omit<ResultStore, 'saveGoals' | 'saveKpis' | 'baseline' | 'saveBaseline'>;

/** The append-only results. Rows of an evaluation that did not finish are never seen. */
export function createResultTable(handle: Handle, reader: Handle): ResultTable {
  return {
    beginEvaluation: (asOf, at) => beginEvaluation(handle, asOf, at),
    appendResults: (evaluationId, results) => appendResults(handle, evaluationId, results),
    finishEvaluation: (evaluationId, at) =>
      void handle.prepare('UPDATE evaluation SET finished_at = ? WHERE id = ?').run(at, evaluationId),
    latestEvaluation: (asOf) =>
      handle
        .prepare<unknown[], number | null>(
          'SELECT max(as_of) FROM evaluation WHERE finished_at IS NOT NULL AND as_of <= ?',
        )
        .pluck()
        .get(asOf) ?? null,
    latestResults: (asOf, filter = {}) => readLatest(reader, asOf, filter),
    officialResult: (id) => readOfficial(handle, id),
  };
}

function beginEvaluation(handle: Handle, asOf: number, at: number): number {
  const begin = handle.transaction((): number => {
    // What an evaluation that was killed has left behind counts for nothing and only takes space.
    const unfinished = handle.prepare('SELECT id FROM evaluation WHERE finished_at IS NULL').pluck().all();
    for (const id of unfinished) {
      handle.prepare('DELETE FROM result WHERE evaluation_id = ?').run(id);
      handle.prepare('DELETE FROM evaluation WHERE id = ?').run(id);
    }
    const insert = handle.prepare('INSERT INTO evaluation (as_of, started_at) VALUES (?, ?)');
    return Number(insert.run(asOf, at).lastInsertRowid);
  });
  return begin.immediate();
}

function appendResults(handle: Handle, evaluationId: number, results: readonly NewResult[]): void {
  const first = results[0];
  if (!first) return;
  const columns = Object.keys(toResultRow(first));
  const insert = handle.prepare(
    `INSERT INTO result (evaluation_id, ${columns.join(', ')}) VALUES (?, ${columns.map(() => '?').join(', ')})`,
  );
  handle
    .transaction(() => {
      for (const result of results) {
        const row = toResultRow(result);
        insert.run(evaluationId, ...columns.map((column) => row[column]));
      }
    })
    .immediate();
}

async function* readLatest(
  reader: Handle,
  asOf: number,
  filter: ResultFilter,
): AsyncGenerator<readonly StoredResult[]> {
  const { sql, params } = latestQuery(filter);
  const iterator = reader
    .prepare<unknown[], Record<string, SqlValue>>(sql)
    .iterate({ as_of: asOf, ...params });
  try {
    let chunk: StoredResult[] = [];
    for (const row of iterator) {
      chunk.push(fromResultRow(row));
      if (chunk.length < rowsPerChunk) continue;
      yield chunk;
      chunk = [];
    }
    if (chunk.length > 0) yield chunk;
  } finally {
    iterator.return?.();
  }
}

/** What makes a series narrows the search; all else is asked of its newest row only. */
function latestQuery(filter: ResultFilter) {
  const ofSeries = conditions([
    ['kpi = @kpi', filter.kpi],
    ['grain = @grain', filter.grain],
    ['segment_kind = @segmentKind', filter.segmentKind],
    ['segment_id = @segmentId', filter.segmentId],
  ]);
  const ofNewest = conditions([
    ['r.period_label = @period', filter.period],
    ['r.period_end > @from', filter.from],
    ['r.status = @status', filter.status],
  ]);
  // The newest is sought in the index alone, so that a long history of wide rows is not sorted; CROSS JOIN keeps SQLite
  // to that order (https://www.sqlite.org/optoverview.html, manual control of query plans using CROSS JOIN).
  const sql = `SELECT r.* FROM (
      SELECT id, row_number() OVER (PARTITION BY ${series} ORDER BY as_of DESC, id DESC) AS age
      FROM result WHERE as_of <= @as_of ${ofSeries}
        AND evaluation_id NOT IN (SELECT id FROM evaluation WHERE finished_at IS NULL)
    ) newest CROSS JOIN result r USING (id)
    WHERE age = 1 AND r.state = 'current' ${ofNewest}
    ORDER BY ${series}`;
  return { sql, params: { ...filter } };
}

function conditions(all: readonly (readonly [sql: string, value: string | undefined])[]): string {
  return all
    .filter(([, value]) => value !== undefined)
    .map(([sql]) => `AND ${sql}`)
    .join(' ');
}

/** The newest official row that a later row of the same series followed. */
function readOfficial(handle: Handle, id: number): StoredResult | null {
  const row = handle
    .prepare<unknown[], Record<string, SqlValue>>(
      `SELECT o.* FROM result r JOIN result o USING (${series})
       WHERE r.id = ? AND o.id <= r.id AND o.as_of <= r.as_of AND o.stage = 'official' AND o.state = 'current'
         AND o.evaluation_id NOT IN (SELECT id FROM evaluation WHERE finished_at IS NULL)
       ORDER BY o.as_of DESC, o.id DESC LIMIT 1`,
    )
    .get(id);
  return row ? fromResultRow(row) : null;
}
