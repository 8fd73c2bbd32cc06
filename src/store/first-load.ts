import type { TableName } from '../model/entities.ts';
import type { Handle } from './database.ts';
import { isTouching, touchAll } from './touched.ts';

const setAside = 'indexes_set_aside';
const firstLoad = 'first_load:';

/**
 * Takes the secondary indexes off a table that is empty: made once at the end, they cost a fraction of what they cost row by
 * row in the order of other columns. Noted in the same transaction, so that they come back after a crash, too. Tells
 * whether a table is being filled for the first time: what follows from its rows is then noted once, for all of them.
 */
export function createFirstLoads(handle: Handle): (table: TableName) => boolean {
  const begun = new Set<TableName>();
  const isNoted = handle.prepare<[string]>('SELECT 1 FROM setting WHERE name = ?');
  const begin = prepareBegin(handle);
  return (table) => {
    if (!begun.has(table)) {
      begun.add(table);
      if (handle.prepare(`SELECT 1 FROM ${table} LIMIT 1`).get() === undefined) begin(table);
    }
    return isNoted.get(`${firstLoad}${table}`) !== undefined;
  };
}

function prepareBegin(handle: Handle): (table: TableName) => void {
  const indexes = handle.prepare<[string], { name: string; sql: string }>(
    "SELECT name, sql FROM sqlite_schema WHERE type = 'index' AND tbl_name = ? AND sql LIKE 'CREATE INDEX %'",
  );
  const note = handle.prepare(
    "INSERT INTO setting VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = value || ';' || excluded.value",
  );
  return (table) => {
    if (isTouching(table))
      handle.prepare("INSERT OR IGNORE INTO setting VALUES (?, '')").run(`${firstLoad}${table}`);
    for (const { name, sql } of indexes.all(table)) {
      handle.exec(`DROP INDEX ${name}`);
      note.run(setAside, sql.replace('CREATE INDEX', 'CREATE INDEX IF NOT EXISTS'));
    }
  };
}

/** SQLite sorts in as much memory as it may keep pages in; a few MB do as well (https://www.sqlite.org/pragma.html#pragma_cache_size). */
const sortingPages = -4_000;

/** Makes the indexes that first loads went without, and notes their records as touched. */
export function finishFirstLoads(handle: Handle): void {
  const isOpen = handle.prepare(
    `SELECT 1 FROM setting WHERE name = '${setAside}' OR name LIKE '${firstLoad}%'`,
  );
  if (isOpen.get() === undefined) return;
  const usual = handle.pragma('cache_size', { simple: true });
  handle.pragma(`cache_size = ${sortingPages}`);
  try {
    finish(handle);
  } finally {
    handle.pragma(`cache_size = ${usual}`);
  }
}

function finish(handle: Handle): void {
  const noted = handle.prepare<[string], string>('SELECT value FROM setting WHERE name = ?').pluck();
  handle
    .transaction(() => {
      // Another process may have done it while this one waited for the lock.
      handle.exec(noted.get(setAside) ?? '');
      for (const table of listFirstLoads(handle)) touchAll(handle, table);
      handle.exec(`DELETE FROM setting WHERE name = '${setAside}' OR name LIKE '${firstLoad}%'`);
    })
    .immediate();
}

function listFirstLoads(handle: Handle): readonly TableName[] {
  return handle
    .prepare<[number], TableName>(`SELECT substr(name, ?) FROM setting WHERE name LIKE '${firstLoad}%'`)
    .pluck()
    .all(firstLoad.length + 1);
}
