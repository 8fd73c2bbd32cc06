import { forgetActorDays } from './actor-days.ts';
import type { Handle } from './database.ts';
import { watchedTables } from './record-groups.ts';

/**
 * From the end of an evaluation on, triggers keep each row as it was when it is written for the first time: `was_deal`
 * beside `deal`. The next evaluation reads what changed, and what stood there before. A first load pays nothing, since
 * nothing is watched before the first evaluation; who writes, and how, makes no difference.
 */
export function startWatching(handle: Handle): void {
  const columns = columnsNow(handle);
  const known = handle.prepare("SELECT value FROM setting WHERE name = 'watched'").pluck().get();
  for (const table of Object.keys(watchedTables)) {
    if (known === columns) handle.exec(`DELETE FROM was_${table}`);
    else watchTable(handle, table);
  }
  handle
    .prepare(
      "INSERT INTO setting VALUES ('watched', ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
    )
    .run(columns);
}

/** How many rows of each table were written since; null where nothing was watched. */
export function countWritten(handle: Handle): ReadonlyMap<string, number> | null {
  const known = handle.prepare("SELECT value FROM setting WHERE name = 'watched'").pluck().get();
  if (known !== columnsNow(handle)) return null;
  return new Map(
    Object.keys(watchedTables).map((table) => [
      table,
      Number(handle.prepare(`SELECT count(*) FROM was_${table}`).pluck().get()),
    ]),
  );
}

/** A newer version of the program may have added columns: what was kept without them says too little. */
function columnsNow(handle: Handle): string {
  return Object.keys(watchedTables)
    .map((table) => `${table}(${columnsOf(handle, table).join()})`)
    .join(' ');
}

export function columnsOf(handle: Handle, table: string): readonly string[] {
  return handle.prepare('SELECT name FROM pragma_table_info(?, ?)').pluck().all(table, 'main') as string[];
}

function watchTable(handle: Handle, table: string): void {
  const keys = watchedTables[table] ?? [];
  const columns = columnsOf(handle, table);
  const isKept = (row: string) => keys.map((key) => `w.${key} = ${row}.${key}`).join(' AND ');
  const keep = (row: string, existed: 0 | 1, names: readonly string[]) =>
    `INSERT INTO was_${table} (existed, ${names.join(', ')})
     SELECT ${existed}, ${names.map((name) => `${row}.${name}`).join(', ')}
     WHERE NOT EXISTS (SELECT 1 FROM was_${table} w WHERE ${isKept(row)});`;
  handle.exec(`
    DROP TABLE IF EXISTS was_${table};
    DROP TRIGGER IF EXISTS was_${table}_inserted;
    DROP TRIGGER IF EXISTS was_${table}_updated;
    DROP TRIGGER IF EXISTS was_${table}_deleted;
    CREATE TABLE was_${table} (existed INTEGER NOT NULL, ${columns.join(', ')}, PRIMARY KEY (${keys.join(', ')})) WITHOUT ROWID;
    CREATE TRIGGER was_${table}_inserted AFTER INSERT ON ${table} BEGIN ${keep('NEW', 0, keys)} END;
    CREATE TRIGGER was_${table}_updated AFTER UPDATE ON ${table} BEGIN ${keep('OLD', 1, columns)} END;
    CREATE TRIGGER was_${table}_deleted AFTER DELETE ON ${table} BEGIN ${keep('OLD', 1, columns)} END;
  `);
}

/** Forgets what the last evaluation kept, and what was written since: the next one computes everything anew. */
export function stopWatching(handle: Handle): void {
  const made = handle
    .prepare<unknown[], { name: string; type: string }>(
      "SELECT name, type FROM sqlite_schema WHERE name LIKE 'was\\_%' ESCAPE '\\' AND type IN ('table', 'trigger')",
    )
    .all();
  for (const { name, type } of made) handle.exec(`DROP ${type} IF EXISTS "${name}"`);
  handle.exec("DELETE FROM evaluation_state; DELETE FROM setting WHERE name = 'watched'");
  forgetActorDays(handle);
}
