import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import Database from 'better-sqlite3';
import { RunError } from '../model/errors.ts';

export type Handle = Database.Database;

export interface HandleOptions {
  /** How long to wait for another process that writes. */
  readonly busyTimeoutMs?: number;
}

const migrations = new URL('./migrations/', import.meta.url);
const defaultBusyTimeoutMs = 10_000;
/** "crmk": tells our files from other SQLite databases. */
const applicationId = 0x63726d6b;

/** Opens the file for writing, creating and upgrading it as needed. */
export function openHandle(path: string, options: HandleOptions = {}): Handle {
  return withStoreErrors(path, () => {
    if (path !== ':memory:') mkdirSync(dirname(path), { recursive: true });
    const handle = new Database(path, { timeout: options.busyTimeoutMs ?? defaultBusyTimeoutMs });
    try {
      refuseForeign(handle, path);
      if (handle.pragma('journal_mode', { simple: true }) !== 'wal') handle.pragma('journal_mode = WAL');
      handle.pragma('synchronous = NORMAL');
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

/** Before anything is written: another program's database and a newer store stay as they are. */
function refuseForeign(handle: Handle, path: string): void {
  const objects = handle.prepare('SELECT count(*) FROM sqlite_schema').pluck().get();
  if (objects !== 0 && handle.pragma('application_id', { simple: true }) !== applicationId) {
    throw new RunError('store', {
      where: path,
      message: 'The file is a database of another program, not a crm-kpi store. Nothing was changed.',
      fix: 'Name another file under `store` in crm-kpi.yaml.',
    });
  }
  const stored = versionOf(handle);
  const known = migrationFiles().length;
  if (stored <= known) return;
  throw new RunError('store', {
    where: path,
    message: `The store was written by a newer crm-kpi (its version is ${stored}, this program knows ${known}).`,
    fix: 'Upgrade crm-kpi on this machine, or name another file under `store` in crm-kpi.yaml. Nothing was changed.',
  });
}

function versionOf(handle: Handle): number {
  return Number(handle.pragma('user_version', { simple: true }));
}

function migrationFiles(): readonly string[] {
  return readdirSync(migrations)
    .filter((name) => name.endsWith('.sql'))
    .sort();
}

/** Numbered SQL files, each applied once; the number of the last one is the file's user_version. */
function migrate(handle: Handle, path: string): void {
  const files = migrationFiles();
  if (versionOf(handle) === files.length) return;
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

/** Runs an access to the store and turns SQLite's errors into sentences; others pass. */
export function withStoreErrors<T>(path: string, access: () => T): T {
  try {
    return access();
  } catch (error) {
    throw explainStoreError(error, path);
  }
}

/** SQLite result codes: https://www.sqlite.org/rescode.html */
const explanations: readonly [pattern: RegExp, message: string, fix: string][] = [
  [
    /^SQLITE_(BUSY|LOCKED)/,
    'Another process is writing to the store and did not finish in time.',
    'Close the program that holds it open for writing (a SQL shell, a copy job), then run again. Nothing was lost.',
  ],
  [
    /^(SQLITE_FULL|ENOSPC|EDQUOT)/,
    'The disk that holds the store is full.',
    'Free some space, then run again: it goes on where it stopped.',
  ],
  [
    /^SQLITE_(READONLY|PERM)/,
    'The store cannot be written.',
    'Give this user write permission on the file and its folder, then run again.',
  ],
  [
    /^SQLITE_CANTOPEN/,
    'The store cannot be opened.',
    'Check that the folder exists and that this user may write there, or change `store` in crm-kpi.yaml.',
  ],
  [
    /^SQLITE_(CORRUPT|NOTADB)/,
    'The file is damaged, or is no crm-kpi store.',
    'Move it away and restore a backup, or run again to build a new store from the CRM.',
  ],
  [
    /^SQLITE_IOERR/,
    'The disk reported an error while the store was used.',
    'Check the disk and its free space, then run again.',
  ],
  [
    /^(EACCES|EPERM|EROFS)$/,
    'The folder of the store cannot be written.',
    'Give this user write permission on it.',
  ],
  [
    /^(EEXIST|EISDIR|ELOOP|ENAMETOOLONG|ENOENT|ENOTDIR)$/,
    'The folder of the store cannot be made: a part of its path is no folder.',
    'Change `store` in crm-kpi.yaml to a file in a folder that exists or can be made.',
  ],
];

export function explainStoreError(error: unknown, path: string): unknown {
  if (!(error instanceof Error) || !('code' in error)) return error;
  const code = String(error.code);
  const known = explanations.find(([pattern]) => pattern.test(code));
  if (!known) return error;
  return new RunError('store', { where: path, message: known[1], fix: known[2] }, { cause: error });
}
