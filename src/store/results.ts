import type { SqlValue } from '../model/entities.ts';
import type {
  NewResult,
  ResultFilter,
  ResultStore,
  SeriesPlace,
  StoredResult,
} from '../model/result-store.ts';
import type { Handle } from './database.ts';
import { fromResultRow, resultColumns, toResultRow } from './result-rows.ts';
import { readTrendLimit, readTrendTests, saveTrendLimit, withinTrendLimit } from './trends.ts';
import { startWatching } from './watch.ts';

const rowsPerChunk = 500;

const series = 'kpi, grain, period_start, segment_kind, segment_source, segment_id, goal';

type ResultTable = Omit<ResultStore, 'saveGoals' | 'saveKpis' | 'baseline' | 'saveBaseline' | 'captureFill'>;

/** The append-only results. Rows of an evaluation that did not finish are never seen. */
export function createResultTable(handle: Handle, reader: Handle): ResultTable {
  return {
    beginEvaluation: (asOf, at) => beginEvaluation(handle, asOf, at),
    appendResults: (evaluationId, results) => appendResults(handle, evaluationId, results),
    finishEvaluation: (evaluationId, at, kept = null) => finishEvaluation(handle, { evaluationId, at, kept }),
    latestEvaluation: (asOf) =>
      handle
        .prepare<unknown[], number | null>(
          'SELECT max(as_of) FROM evaluation WHERE finished_at IS NOT NULL AND as_of <= ?',
        )
        .pluck()
        .get(asOf) ?? null,
    latestResults: (asOf, filter = {}) => readLatest(reader, asOf, filter),
    resultKpis: () => listKpis(reader),
    newestResults: (kpi, places) => readNewest(reader, kpi, places),
    officialResult: (id) => readOfficial(handle, id),
    trendTests: (asOf = null) => readTrendTests(handle, asOf),
    saveTrendLimit: (evaluationId, limit) => saveTrendLimit(handle, evaluationId, limit),
  };
}

/** From one to the next in the key: hundreds of thousands of rows have a few dozen. */
function listKpis(reader: Handle): readonly string[] {
  const sql = `WITH RECURSIVE named (kpi) AS (
      SELECT min(kpi) FROM result_newest
      UNION ALL SELECT (SELECT min(kpi) FROM result_newest WHERE kpi > named.kpi) FROM named WHERE named.kpi IS NOT NULL
    ) SELECT kpi FROM named WHERE kpi IS NOT NULL`;
  return reader.prepare<unknown[], string>(sql).pluck().all();
}

function beginEvaluation(handle: Handle, asOf: number, at: number): number {
  const begin = handle.transaction((): number => {
    // What an evaluation that was killed has left behind counts for nothing and only takes space.
    const unfinished = handle.prepare('SELECT id FROM evaluation WHERE finished_at IS NULL').pluck().all();
    for (const id of unfinished) {
      handle.prepare('DELETE FROM result WHERE evaluation_id = ?').run(id);
      handle.prepare('DELETE FROM evaluation_state WHERE evaluation_id = ?').run(id);
      handle.prepare('DELETE FROM evaluation WHERE id = ?').run(id);
    }
    const insert = handle.prepare('INSERT INTO evaluation (as_of, started_at) VALUES (?, ?)');
    return Number(insert.run(asOf, at).lastInsertRowid);
  });
  return begin.immediate();
}

interface Ending {
  readonly evaluationId: number;
  readonly at: number;
  /** The states that hold as of this evaluation; null: it leaves those of an earlier one alone. */
  readonly kept: readonly string[] | null;
}

/** Its rows become the newest of their series, its states those from which the next evaluation sets out. */
function finishEvaluation(handle: Handle, { evaluationId, at, kept }: Ending): void {
  const finish = handle.transaction(() => {
    handle.prepare('UPDATE evaluation SET finished_at = ? WHERE id = ?').run(at, evaluationId);
    // Its rows are the last ones: those of many earlier years are not gone through.
    handle
      .prepare(
        `INSERT INTO result_newest SELECT kpi, grain, segment_kind, segment_source, segment_id, period_start, goal, id, as_of
         FROM result WHERE evaluation_id = @evaluationId
           AND id > coalesce((SELECT id FROM result WHERE evaluation_id <> @evaluationId ORDER BY id DESC LIMIT 1), 0)
         ON CONFLICT DO UPDATE SET id = excluded.id, as_of = excluded.as_of WHERE excluded.as_of >= as_of`,
      )
      .run({ evaluationId });
    if (kept === null) return;
    handle
      .prepare(
        `DELETE FROM evaluation_state WHERE key NOT IN (SELECT value FROM json_each(?))
           OR evaluation_id < (SELECT max(s.evaluation_id) FROM evaluation_state s WHERE s.key = evaluation_state.key)`,
      )
      .run(JSON.stringify(kept));
    // Those that were taken over unchanged hold now, too.
    handle
      .prepare('UPDATE evaluation_state SET as_of = (SELECT as_of FROM evaluation WHERE id = ?)')
      .run(evaluationId);
    startWatching(handle);
  });
  finish.immediate();
}

function appendResults(handle: Handle, evaluationId: number, results: readonly NewResult[]): void {
  if (results.length === 0) return;
  const insert = handle.prepare(
    `INSERT INTO result (evaluation_id, ${resultColumns.join(', ')}) VALUES (?, ${resultColumns.map(() => '?').join(', ')})`,
  );
  handle
    .transaction(() => {
      for (const result of results) insert.run(evaluationId, ...toResultRow(result));
    })
    .immediate();
}

async function* readLatest(
  reader: Handle,
  asOf: number,
  filter: ResultFilter,
): AsyncGenerator<readonly StoredResult[]> {
  const later = reader.prepare(
    'SELECT 1 FROM evaluation WHERE finished_at IS NOT NULL AND as_of > ? LIMIT 1',
  );
  const { sql, params } = later.get(asOf) ? pastQuery(filter) : newestQuery(filter);
  const limit = filter.asStored ? null : readTrendLimit(reader, asOf);
  const iterator = reader
    .prepare<unknown[], Record<string, SqlValue>>(sql)
    .iterate({ as_of: asOf, ...params });
  try {
    let chunk: StoredResult[] = [];
    for (const row of iterator) {
      chunk.push(withinTrendLimit(fromResultRow(row), limit));
      if (chunk.length < rowsPerChunk) continue;
      yield chunk;
      chunk = [];
    }
    if (chunk.length > 0) yield chunk;
  } finally {
    iterator.return?.();
  }
}

/** In one go: there are tens of thousands of places. */
function readNewest(reader: Handle, kpi: string, places: readonly SeriesPlace[]): readonly StoredResult[] {
  const wanted = places.map(({ grain, kind, source, id, periodStart }) => [
    grain,
    kind,
    source ?? '',
    id ?? '',
    periodStart,
  ]);
  const at = (place: number) => `json_extract(p.value, '$[${place}]')`;
  return reader
    .prepare<unknown[], Record<string, SqlValue>>(
      `SELECT r.* FROM json_each(@wanted) p CROSS JOIN result_newest s
         ON s.kpi = @kpi AND s.grain = ${at(0)} AND s.segment_kind = ${at(1)} AND s.segment_source = ${at(2)}
         AND s.segment_id = ${at(3)} AND s.period_start = ${at(4)}
       CROSS JOIN result r ON r.id = s.id WHERE r.state = 'current'`,
    )
    .all({ kpi, wanted: JSON.stringify(wanted) })
    .map(fromResultRow);
}

/** After the last evaluation the newest row of each series is known. */
function newestQuery(filter: ResultFilter) {
  const where = conditions([
    ['s.kpi = @kpi', filter.kpi],
    ['s.grain = @grain', filter.grain],
    ['s.segment_kind = @segmentKind', filter.segmentKind],
    ['s.segment_id = @segmentId', filter.segmentId],
    ['s.period_start >= @since', filter.since],
    ['r.period_label = @period', filter.period],
    ['r.period_end > @from', filter.from],
    ['r.status = @status', filter.status],
  ]);
  const sql = `SELECT r.* FROM result_newest s CROSS JOIN result r USING (id)
    WHERE r.as_of <= @as_of AND r.state = 'current' ${where}
    ORDER BY s.kpi, s.grain, s.period_start, s.segment_kind, s.segment_source, s.segment_id, s.goal`;
  return { sql, params: paramsOf(filter) };
}

/** What makes a series narrows the search; all else is asked of its newest row only. */
function pastQuery(filter: ResultFilter) {
  const ofSeries = conditions([
    ['kpi = @kpi', filter.kpi],
    ['grain = @grain', filter.grain],
    ['segment_kind = @segmentKind', filter.segmentKind],
    ['segment_id = @segmentId', filter.segmentId],
    ['period_start >= @since', filter.since],
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
  return { sql, params: paramsOf(filter) };
}

function paramsOf({ asStored: _, ...params }: ResultFilter): Readonly<Record<string, string>> {
  return params;
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
