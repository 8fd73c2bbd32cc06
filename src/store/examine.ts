import { readFileSync, statfsSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import Database from 'better-sqlite3';
import { findDamage } from './backup.ts';
import { type Handle, openReadOnly } from './database.ts';
import { withStoreErrors } from './explain-error.ts';
import { migrationFiles, migrations, refuseForeign, versionOf } from './schema-version.ts';

/** What an examination of the store's file found; nothing is changed by it. */
export interface StoreExamination {
  /** SQLite's first complaint; null: every page and index is well. */
  readonly damage: string | null;
  /** Version of the tables, and the one that this program would bring them to. */
  readonly version: number;
  readonly newestVersion: number;
  readonly bytes: number;
  /** Of the write-ahead log beside it. */
  readonly logBytes: number;
  /** Pages that hold nothing. */
  readonly unusedBytes: number;
  /** Room left on the disk. */
  readonly freeBytes: number;
  /** The largest first, indexes counted with their table. */
  readonly tables: readonly TableSize[];
  /** Indexes that this version makes and the file lacks. */
  readonly missingIndexes: readonly string[];
  /** Rows whose record is gone, by table. */
  readonly orphans: readonly { readonly table: string; readonly rows: number }[];
  /** Connections that rows name. */
  readonly connections: readonly string[];
}

export interface TableSize {
  readonly table: string;
  readonly rows: number;
  readonly bytes: number;
}

/** Throws RunError `store` where the file cannot be opened at all. */
export function examineStore(storePath: string): StoreExamination {
  const handle = openReadOnly(storePath);
  try {
    return withStoreErrors(storePath, () => examine(handle, storePath));
  } finally {
    handle.close();
  }
}

function examine(handle: Handle, path: string): StoreExamination {
  refuseForeign(handle, path);
  const damage = findDamage(handle);
  const { bavail, bsize } = statfsSync(dirname(path));
  const number = (pragma: string) => Number(handle.pragma(pragma, { simple: true }));
  const version = versionOf(handle);
  const newestVersion = migrationFiles().length;
  return {
    damage,
    version,
    newestVersion,
    bytes: statSync(path).size,
    logBytes: statSync(`${path}-wal`, { throwIfNoEntry: false })?.size ?? 0,
    unusedBytes: number('freelist_count') * number('page_size'),
    freeBytes: bavail * bsize,
    tables: measureTables(handle),
    missingIndexes: version === newestVersion ? findMissingIndexes(handle) : [],
    orphans: version === newestVersion ? countOrphans(handle) : [],
    connections: handle.prepare<unknown[], string>('SELECT id FROM source ORDER BY id').pluck().all(),
  };
}

function measureTables(handle: Handle): readonly TableSize[] {
  const sizes = handle
    .prepare<unknown[], { table: string; bytes: number }>(
      `SELECT coalesce(s.tbl_name, d.name) AS "table", sum(d.pgsize) AS bytes
       FROM dbstat d LEFT JOIN sqlite_schema s ON s.name = d.name GROUP BY 1 ORDER BY 2 DESC`,
    )
    .all()
    .filter(({ table }) => !table.startsWith('sqlite_'));
  return sizes.map(({ table, bytes }) => ({
    table,
    bytes,
    rows: Number(handle.prepare(`SELECT count(*) FROM "${table}"`).pluck().get()),
  }));
}

function findMissingIndexes(handle: Handle): readonly string[] {
  const model = new Database(':memory:');
  try {
    for (const file of migrationFiles()) model.exec(readFileSync(new URL(file, migrations), 'utf8'));
    const list = "SELECT name FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL";
    const held = new Set(handle.prepare<unknown[], string>(list).pluck().all());
    return model
      .prepare<unknown[], string>(list)
      .pluck()
      .all()
      .filter((name) => !held.has(name));
  } finally {
    model.close();
  }
}

/** Derived rows and the records from which they are made. */
const parents = {
  deal_state: 'deal',
  purchase: 'deal',
  ticket_state: 'ticket',
  actor_state: 'actor',
} as const;

function countOrphans(handle: Handle): StoreExamination['orphans'] {
  // What waits to be derived anew may lag behind its record.
  if (handle.prepare('SELECT 1 FROM touched LIMIT 1').get() !== undefined) return [];
  return Object.entries(parents).flatMap(([table, parent]) => {
    const rows = Number(
      handle
        .prepare(
          `SELECT count(*) FROM ${table} c
           WHERE NOT EXISTS (SELECT 1 FROM ${parent} p WHERE p.source_id = c.source_id AND p.id = c.id)
             AND NOT EXISTS (SELECT 1 FROM purged g WHERE g.source_id = c.source_id AND g."table" = '${parent}' AND g.id = c.id)`,
        )
        .pluck()
        .get(),
    );
    return rows > 0 ? [{ table, rows }] : [];
  });
}
