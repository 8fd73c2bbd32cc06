import { entityTables } from '../model/entities.ts';
import type { ChangeStore, EvaluationState } from '../model/fact-store.ts';
import type { Crossing } from '../model/store.ts';
import type { Handle } from './database.ts';
import { testsOf } from './members.ts';
import { createReaderPool } from './reader-pool.ts';
import { watchedTables } from './record-groups.ts';
import { createScout } from './scout.ts';
import { columnsOf, countWritten } from './watch.ts';

interface StateRow {
  readonly asOf: number;
  readonly fingerprint: string;
  readonly body: Uint8Array;
}

/** What the last evaluation kept, and what was written since. */
export function createChangeStore(handle: Handle, path: string): ChangeStore {
  return {
    written: () => countWritten(handle),

    statesAsOf: () =>
      handle
        .prepare<unknown[], number | null>(
          `SELECT max(as_of) FROM evaluation_state
           WHERE evaluation_id IN (SELECT id FROM evaluation WHERE finished_at IS NOT NULL)`,
        )
        .pluck()
        .get() ?? null,

    evaluationState: (key) =>
      handle
        .prepare<unknown[], StateRow>(
          `SELECT as_of AS asOf, fingerprint, body FROM evaluation_state
           WHERE key = ? AND evaluation_id IN (SELECT id FROM evaluation WHERE finished_at IS NOT NULL)`,
        )
        .get(key) ?? null,

    saveEvaluationState: (evaluationId, key, { asOf, fingerprint, body }: EvaluationState) =>
      void handle
        .prepare('INSERT OR REPLACE INTO evaluation_state VALUES (?, ?, ?, ?, ?)')
        .run(key, evaluationId, asOf, fingerprint, body),

    hasMoved: (table, columns) => hasMoved(handle, table, columns),

    ratesMovedFrom: () => ratesMovedFrom(handle),

    hasCrossed: (crossing) => crossing.tables.some((table) => hasCrossed(handle, table, crossing)),

    causes: (table) => {
      if (!(table in entityTables)) return [];
      return handle
        .prepare<unknown[], { source: string; id: string; cause: 'late' | 'edits' | 'deletions' }>(
          `SELECT w.source_id AS source, w.id, CASE WHEN w.existed = 0 THEN 'late'
             WHEN t.id IS NULL OR t.deleted_at IS NOT NULL OR t.merged_into IS NOT NULL OR t.is_test = 1
               OR w.deleted_at IS NOT NULL OR w.merged_into IS NOT NULL OR w.is_test = 1 THEN 'deletions'
             ELSE 'edits' END AS cause
           FROM was_${table} w LEFT JOIN main.${table} t ON t.source_id = w.source_id AND t.id = w.id`,
        )
        .all();
    },

    scout: (requests) => createScout(createReaderPool(path), requests),
  };
}

function hasCrossed(handle: Handle, table: string, crossing: Crossing): boolean {
  const tests = testsOf(columnsOf(handle, table), crossing);
  if (tests.length === 0) return false;
  return (
    handle.prepare(`SELECT 1 FROM main.${table} t WHERE ${tests.join(' OR ')} LIMIT 1`).get() !== undefined
  );
}

/** A rate counts from its day to that of the next one: what is converted earlier stays as it is. */
function ratesMovedFrom(handle: Handle): string | null {
  const columns = ['currency', 'day', 'rate_to_base'];
  if (!hasMoved(handle, 'fx_rate', new Set(columns))) return null;
  return handle
    .prepare<unknown[], string>(
      `SELECT coalesce(min(coalesce(day, '')), '') FROM (
         SELECT day FROM was_fx_rate WHERE existed = 1
         UNION ALL SELECT t.day FROM was_fx_rate w JOIN main.fx_rate t ON t.source_id = w.source_id AND t.id = w.id)`,
    )
    .pluck()
    .get() as string;
}

/** Columns that decide whether there is a record at all. */
const lifeColumns = ['deleted_at', 'merged_into', 'is_test'];

function hasMoved(handle: Handle, table: string, columns: ReadonlySet<string>): boolean {
  const keys = watchedTables[table] ?? [];
  const read = columnsOf(handle, table).filter(
    (name) => (columns.has(name) || lifeColumns.includes(name)) && !keys.includes(name),
  );
  const differs = read.map((name) => `w.${name} IS NOT t.${name}`);
  const same = keys.map((name) => `t.${name} = w.${name}`).join(' AND ');
  return (
    handle
      .prepare(
        `SELECT 1 FROM was_${table} w LEFT JOIN main.${table} t ON ${same}
         WHERE ${['w.existed = 0', `t.${keys[0]} IS NULL`, ...differs].join(' OR ')} LIMIT 1`,
      )
      .get() !== undefined
  );
}
