import type { Zone } from '../model/zone.ts';
import type { Handle } from './database.ts';
import { countWritten } from './watch.ts';

/** The moment as of which the store is looked at. */
export interface Instant {
  /** First instant that lies beyond it. epoch ms */
  readonly asOf: number;
  readonly zone: Zone;
  /** The last local day that counts. */
  readonly today: string;
  /** Only records in `temp.written` can hold anything later. */
  readonly isNarrow: boolean;
}

/** Tables whose rows are records that come and change at an instant, and what tells of it where `updated_at` is empty. */
const datedTables: Readonly<Record<string, (instant: Instant) => readonly string[]>> = {
  deal: ({ asOf, today }) => [`t.closed_at >= ${asOf}`, `t.closed_on > '${today}'`],
  ticket: ({ asOf }) => [`t.last_closed_at >= ${asOf}`, `t.first_reply_at >= ${asOf}`],
  lead: ({ asOf, today }) => [`t.closed_at >= ${asOf}`, `t.converted_on > '${today}'`],
  activity: ({ asOf }) => [`t.done_at >= ${asOf}`],
  survey_answer: ({ asOf }) => [`t.answered_at >= ${asOf}`],
  contract: () => [],
};
const stateTables = { deal_state: 'deal', ticket_state: 'ticket' } as const;

/** Whether the CRMs told of anything from the instant on. */
export function isAnythingLater(handle: Handle, instant: Instant): boolean {
  const holds = (from: string, where: string) =>
    handle.prepare(`SELECT 1 FROM ${from} WHERE ${where} LIMIT 1`).get() !== undefined;
  for (const [table, dates] of Object.entries(datedTables)) {
    const { asOf } = instant;
    const undated = dates(instant).map((test) => `(t.updated_at IS NULL AND ${test})`);
    const tests = [`t.created_at >= ${asOf}`, `t.updated_at >= ${asOf}`, ...undated];
    if (holds(rowsOf(table, table, instant), `t.deleted_at IS NULL AND (${tests.join(' OR ')})`)) return true;
  }
  return Object.entries(stateTables).some(([table, object]) =>
    holds(rowsOf(table, object, instant), `t.inferred = 0 AND t.from_at >= ${instant.asOf}`),
  );
}

/** Rows `t` of a table that may hold something later. */
export function rowsOf(table: string, object: string, { isNarrow }: Pick<Instant, 'isNarrow'>): string {
  if (!isNarrow) return `main.${table} t`;
  // The few come first, whatever the planner believes.
  return `temp.written w CROSS JOIN main.${table} t ON w.object = '${object}' AND t.source_id = w.source_id AND t.id = w.id`;
}

/** Whether nothing was written since an evaluation of the present at that instant or before. */
export function isUnwritten(handle: Handle, asOf: number): boolean {
  const last = lastPresent(handle);
  if (last === null || last > asOf) return false;
  return [...Object.keys(datedTables), ...Object.keys(stateTables)].every(
    (table) => handle.prepare(`SELECT 1 FROM main.was_${table} LIMIT 1`).get() === undefined,
  );
}

/**
 * What the last evaluation of the present found in the store was there by its own instant. So at that one or later only
 * what was written since can be new: those records are listed. False: nothing is known of the others.
 */
export function noteWritten(handle: Handle, asOf: number): boolean {
  const last = lastPresent(handle);
  if (last === null || last > asOf || countWritten(handle) === null) return false;
  const own = Object.keys(datedTables).map((table) => listWritten(table, table));
  const states = Object.entries(stateTables).map(([table, object]) => listWritten(table, object));
  handle.exec(
    `CREATE TEMP TABLE written (object TEXT, source_id TEXT, id TEXT, PRIMARY KEY (object, source_id, id)) WITHOUT ROWID;
     INSERT INTO temp.written ${[...own, ...states].join(' UNION ')}`,
  );
  return true;
}

/** As_of of the evaluation from which on is noted what is written; null: of none. */
function lastPresent(handle: Handle): number | null {
  const last = handle
    .prepare(
      `SELECT max(as_of) FROM evaluation_state
       WHERE evaluation_id IN (SELECT id FROM evaluation WHERE finished_at IS NOT NULL)`,
    )
    .pluck()
    .get();
  return typeof last === 'number' ? last : null;
}

const listWritten = (table: string, object: string) =>
  `SELECT '${object}', source_id, id FROM main.was_${table}`;
