import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import Database from 'better-sqlite3';
import { RunError } from '../model/errors.ts';

export type Handle = Database.Database;

const migrations = new URL('./migrations/', import.meta.url);
const busyTimeoutMs = 10_000;

/** Opens the file for writing, creating and upgrading it as needed. */
export function openHandle(path: string): Handle {
  return withStoreErrors(path, () => {
    if (path !== ':memory:') mkdirSync(dirname(path), { recursive: true });
    const handle = new Database(path, { timeout: busyTimeoutMs });
    handle.pragma('journal_mode = WAL');
    handle.pragma('synchronous = NORMAL');
    handle.pragma('foreign_keys = ON');
    migrate(handle, path);
    return handle;
  });
}

/** A second handle that cannot write, for queries that people and KPI files supply. */
export function openReadOnly(path: string): Handle {
  return withStoreErrors(path, () => new Database(path, { readonly: true, timeout: busyTimeoutMs }));
}

/** Numbered SQL files, each applied once; the number of the last one is the file's user_version. */
function migrate(handle: Handle, path: string): void {
  const files = readdirSync(migrations)
    .filter((name) => name.endsWith('.sql'))
    .sort();
  const stored = Number(handle.pragma('user_version', { simple: true }));
  if (stored > files.length) {
    throw new RunError('store', {
      where: path,
      message: `The store was written by a newer crm-kpi (its version is ${stored}, this program knows ${files.length}).`,
      fix: 'Upgrade crm-kpi on this machine, or name another file under `store` in crm-kpi.yaml. Nothing was changed.',
    });
  }
  for (const [index, file] of files.entries()) {
    if (index < stored) continue;
    const sql = readFileSync(new URL(file, migrations), 'utf8');
    handle
      .transaction(() => {
        handle.exec(sql);
        handle.pragma(`user_version = ${index + 1}`);
      })
      .exclusive();
  }
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
    'Another process is writing to the store and did not finish within ten seconds.',
    'Close the program that holds it open for writing (a SQL shell, a copy job), then run again. Nothing was lost.',
  ],
  [
    /^SQLITE_FULL/,
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
  [/^ENOSPC$/, 'The disk that holds the store is full.', 'Free some space, then run again.'],
];

export function explainStoreError(error: unknown, path: string): unknown {
  if (!(error instanceof Error) || !('code' in error)) return error;
  const code = String(error.code);
  const known = explanations.find(([pattern]) => pattern.test(code));
  if (!known) return error;
  return new RunError('store', { where: path, message: known[1], fix: known[2] }, { cause: error });
}
