import Database from 'better-sqlite3';
import { entityTables } from '../../src/model/entities.ts';

/** Columns that tell when or by which run something was done, not what is so. */
const volatile = new Set(['synced_at', 'fetched_at', 'evaluation_id', 'written_at', 'first_used_at']);
const derived = [
  'deal_state',
  'ticket_state',
  'team_member',
  'goal',
  'goal_version',
  'baseline',
  'result',
  'published',
  'touched',
];

/** Every row of every table that says something about the world, as text, in a stable order. */
export function dumpStore(path: string): Readonly<Record<string, readonly string[]>> {
  const handle = new Database(path, { readonly: true });
  try {
    return Object.fromEntries(
      [...Object.keys(entityTables), ...derived].map((table) => {
        const rows = handle.prepare<unknown[], Record<string, unknown>>(`SELECT * FROM ${table}`).all();
        const kept = rows.map((row) =>
          JSON.stringify(Object.entries(row).filter(([column]) => !volatile.has(column))),
        );
        return [table, kept.sort()];
      }),
    );
  } finally {
    handle.close();
  }
}
