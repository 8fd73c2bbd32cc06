import type { TableName } from '../model/entities.ts';
import type { Handle } from './database.ts';

const setAside = 'indexes_set_aside';

/**
 * Takes the secondary indexes off a table that is empty: made once at the end, they cost a fraction of what they cost row by
 * row in the order of other columns. Noted in the same transaction, so that they come back after a crash, too.
 */
export function createIndexKeeper(handle: Handle): (table: TableName) => void {
  const begun = new Set<TableName>();
  const indexes = handle.prepare<[string], { name: string; sql: string }>(
    "SELECT name, sql FROM sqlite_schema WHERE type = 'index' AND tbl_name = ? AND sql LIKE 'CREATE INDEX %'",
  );
  const note = handle.prepare(
    "INSERT INTO setting VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = value || ';' || excluded.value",
  );
  return (table) => {
    if (begun.has(table)) return;
    begun.add(table);
    if (handle.prepare(`SELECT 1 FROM ${table} LIMIT 1`).get() !== undefined) return;
    for (const { name, sql } of indexes.all(table)) {
      handle.exec(`DROP INDEX ${name}`);
      note.run(setAside, sql.replace('CREATE INDEX', 'CREATE INDEX IF NOT EXISTS'));
    }
  };
}

/** Makes the indexes that a first load went without. */
export function restoreIndexes(handle: Handle): void {
  const noted = handle.prepare<[string], string>('SELECT value FROM setting WHERE name = ?').pluck();
  const forget = handle.prepare('DELETE FROM setting WHERE name = ?');
  if (noted.get(setAside) === undefined) return;
  handle
    .transaction(() => {
      // Another process may have made them while this one waited for the lock.
      handle.exec(noted.get(setAside) ?? '');
      forget.run(setAside);
    })
    .immediate();
}
