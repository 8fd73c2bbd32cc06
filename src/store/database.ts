import { mkdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import Database from 'better-sqlite3';
import { backUpBeforeUpgrade } from './backup.ts';
import { withStoreErrors } from './explain-error.ts';
import { applicationId, migrationFiles, migrations, refuseForeign, versionOf } from './schema-version.ts';

export type Handle = Database.Database;

export interface HandleOptions {
  /** How long to wait for another process that writes. */
  readonly busyTimeoutMs?: number;
}

const defaultBusyTimeoutMs = 10_000;
/** 32 MB of pages in memory and 64 MB of log: a load that goes back and forth in an index would else write each page over and over. */
const writing = { cache_size: -32_000, wal_autocheckpoint: 16_000 };

/** Opens the file for writing, creating and upgrading it as needed. */
export function openHandle(path: string, options: HandleOptions = {}): Handle {
  return withStoreErrors(path, () => {
    if (path !== ':memory:') mkdirSync(dirname(path), { recursive: true });
    const handle = new Database(path, { timeout: options.busyTimeoutMs ?? defaultBusyTimeoutMs });
    try {
      refuseForeign(handle, path);
      if (handle.pragma('journal_mode', { simple: true }) !== 'wal') handle.pragma('journal_mode = WAL');
      handle.pragma('synchronous = NORMAL');
      for (const [name, value] of Object.entries(writing)) handle.pragma(`${name} = ${value}`);
      migrate(handle, path);
    } catch (error) {
      handle.close();
      throw error;
    }
    return handle;
  });
}

/** A second handle that cannot write, for queries that people and KPI files supply. */
export function openReadOnly(path: string, options: HandleOptions = {}): Handle {
  const timeout = options.busyTimeoutMs ?? defaultBusyTimeoutMs;
  return withStoreErrors(path, () => new Database(path, { readonly: true, timeout }));
}

/** Numbered SQL files, each applied once; the number of the last one is the file's user_version. */
function migrate(handle: Handle, path: string): void {
  const files = migrationFiles();
  const before = versionOf(handle);
  if (before === files.length) return;
  if (before > 0) backUpBeforeUpgrade(path, before);
  handle
    .transaction(() => {
      // Another process may have upgraded it while this one waited for the lock.
      refuseForeign(handle, path);
      const stored = versionOf(handle);
      for (const file of files.slice(stored)) handle.exec(readFileSync(new URL(file, migrations), 'utf8'));
      handle.pragma(`application_id = ${applicationId}`);
      handle.pragma(`user_version = ${files.length}`);
    })
    .exclusive();
}
