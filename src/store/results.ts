import type { SqlValue } from '../model/entities.ts';
import type { FrozenBaseline, ResultFilter, ResultStore } from '../model/store.ts';
import { type Handle, withStoreErrors } from './database.ts';
import { fromResultRow, toResultRow } from './result-rows.ts';

const rowsPerChunk = 500;

type ResultTable = Omit<ResultStore, 'saveGoals' | 'saveKpis'>;

/** The append-only results. Rows of an evaluation that did not finish are never seen. */
export function createResultTable(handle: Handle, reader: Handle, path: string): ResultTable {
  async function* latestResults(asOf: number, filter: ResultFilter = {}) {
    const { where, params } = toConditions(filter);
    const statement = withStoreErrors(path, () =>
      reader.prepare<unknown[], Record<string, SqlValue>>(newestOfSeries(where)),
    );
    let chunk = [];
    for (const row of statement.iterate(asOf, ...params)) {
      chunk.push(fromResultRow(row));
      if (chunk.length < rowsPerChunk) continue;
      yield chunk;
      chunk = [];
    }
    if (chunk.length > 0) yield chunk;
  }

  return {
    beginEvaluation: (asOf, at) => {
      // What an evaluation that was killed has left behind counts for nothing and only takes space.
      handle.exec(
        `DELETE FROM result WHERE evaluation_id IN (SELECT id FROM evaluation WHERE finished_at IS NULL);
         DELETE FROM evaluation WHERE finished_at IS NULL`,
      );
      return Number(
        handle.prepare('INSERT INTO evaluation (as_of, started_at) VALUES (?, ?)').run(asOf, at)
          .lastInsertRowid,
      );
    },

    appendResults: (evaluationId, results) => {
      const first = results[0];
      if (!first) return;
      const columns = Object.keys(toResultRow(first));
      const insert = handle.prepare(
        `INSERT INTO result (evaluation_id, ${columns.join(', ')}) VALUES (?, ${columns.map(() => '?').join(', ')})`,
      );
      handle.transaction(() => {
        for (const result of results) {
          const row = toResultRow(result);
          insert.run(evaluationId, ...columns.map((column) => row[column]));
        }
      })();
    },

    finishEvaluation: (evaluationId, at) =>
      void handle.prepare('UPDATE evaluation SET finished_at = ? WHERE id = ?').run(at, evaluationId),

    latestEvaluation: (asOf) =>
      (handle
        .prepare('SELECT max(as_of) FROM evaluation WHERE finished_at IS NOT NULL AND as_of <= ?')
        .pluck()
        .get(asOf) as number | null) ?? null,

    latestResults,

    officialResult: (id) => {
      const row = handle
        .prepare<unknown[], Record<string, SqlValue>>(
          `SELECT o.* FROM result r JOIN result o USING (kpi, grain, period_start, segment_kind, segment_source, segment_id, goal)
           WHERE r.id = ? AND o.id <= r.id AND o.stage = 'official' AND o.state = 'current' ORDER BY o.id DESC LIMIT 1`,
        )
        .get(id);
      return row ? fromResultRow(row) : null;
    },

    baseline: (goalVersionId, segmentKey) =>
      handle
        .prepare<unknown[], FrozenBaseline>(
          `SELECT num, den, value, n, periods, from_on AS "from", definition_version AS definitionVersion
           FROM baseline WHERE goal_version_id = ? AND segment = ?`,
        )
        .get(goalVersionId, segmentKey) ?? null,

    saveBaseline: (goalVersionId, segmentKey, frozen) =>
      void handle
        .prepare('INSERT OR IGNORE INTO baseline VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)')
        .run(
          goalVersionId,
          segmentKey,
          frozen.num,
          frozen.den,
          frozen.value,
          frozen.n,
          frozen.periods,
          frozen.from,
          frozen.definitionVersion,
        ),
  };
}

function newestOfSeries(where: string): string {
  return `SELECT * FROM (
      SELECT r.*, row_number() OVER (
        PARTITION BY kpi, grain, period_start, segment_kind, segment_source, segment_id, goal
        ORDER BY r.as_of DESC, r.id DESC) AS age
      FROM result r JOIN evaluation e ON e.id = r.evaluation_id
      WHERE e.finished_at IS NOT NULL AND r.as_of <= ? ${where}
    ) WHERE age = 1 AND state = 'current'
    ORDER BY kpi, grain, period_start, segment_kind, segment_source, segment_id, goal`;
}

/** Conditions on what makes a series only: a status must be asked of its newest row. */
function toConditions(filter: ResultFilter): { where: string; params: SqlValue[] } {
  const conditions: [string, SqlValue | undefined][] = [
    ['r.kpi = ?', filter.kpi],
    ['r.grain = ?', filter.grain],
    ['r.period_label = ?', filter.period],
    ['r.segment_kind = ?', filter.segmentKind],
    ['r.segment_id = ?', filter.segmentId],
    ['r.period_end > ?', filter.from],
  ];
  const used = conditions.filter((condition): condition is [string, SqlValue] => condition[1] !== undefined);
  return { where: used.map(([sql]) => `AND ${sql}`).join(' '), params: used.map(([, value]) => value) };
}
