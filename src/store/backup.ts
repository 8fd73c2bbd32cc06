import { chmodSync, copyFileSync, existsSync, mkdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import Database from 'better-sqlite3';
import { RunError } from '../model/errors.ts';
import { explainStoreError, withStoreErrors } from './explain-error.ts';
import { refuseForeign } from './schema-version.ts';

export interface StoreCopy {
  readonly path: string;
  readonly bytes: number;
}

/** Files that SQLite keeps beside a database in WAL mode. */
const companions = ['-wal', '-shm'];

/**
 * Writes a consistent copy of the store to a file, while others read and write it: VACUUM INTO copies one snapshot
 * (https://www.sqlite.org/lang_vacuum.html). The copy takes its name only once it is whole and tested.
 * Throws RunError `store`.
 */
export function backUpStore(storePath: string, target: string): StoreCopy {
  requireFile(storePath, 'There is no store yet: nothing was backed up.', 'Run `crm-kpi run` first.');
  refuseReplacing(storePath, target);
  const source = openExisting(storePath);
  const partial = `${target}.${process.pid}.partial`;
  try {
    withStoreErrors(target, () => {
      mkdirSync(dirname(target), { recursive: true });
      removeWithCompanions(partial);
      source.prepare('VACUUM INTO ?').run(partial);
      // It holds customers' records: nobody else's to read.
      chmodSync(partial, 0o600);
      testCopy(partial);
      renameSync(partial, target);
    });
  } catch (error) {
    removeWithCompanions(partial);
    throw error;
  } finally {
    source.close();
  }
  return { path: target, bytes: statSync(target).size };
}

/**
 * Puts a backup in the store's place. The backup is tested first; what was there is kept under the name that is
 * returned (null: there was nothing). The caller holds the run lock. Throws RunError `store`.
 */
export function restoreStore(storePath: string, backup: string, at: number): string | null {
  requireFile(backup, 'There is no such file.', 'Name the file that `crm-kpi backup` wrote.');
  const incoming = `${storePath}.incoming`;
  return withStoreErrors(storePath, () => {
    mkdirSync(dirname(storePath), { recursive: true });
    try {
      copyBackup(backup, incoming);
      // Whoever could read the store, such as a BI tool, still can.
      if (existsSync(storePath)) chmodSync(incoming, statSync(storePath).mode & 0o777);
      const kept = setAside(storePath, at);
      renameSync(incoming, storePath);
      return kept;
    } finally {
      removeWithCompanions(incoming);
    }
  });
}

/** A backup beside the store before its tables are upgraded; null: an earlier attempt has left one already. */
export function backUpBeforeUpgrade(storePath: string, version: number): StoreCopy | null {
  const target = `${storePath}.version-${version}.bak`;
  return existsSync(target) ? null : backUpStore(storePath, target);
}

/** SQLite's own test of every page and index; null: all is well. */
export function findDamage(handle: Database.Database): string | null {
  const rows = handle.prepare<[], string>('PRAGMA integrity_check(1)').pluck().all();
  const [first] = rows;
  return first === undefined || first === 'ok' ? null : first;
}

function openExisting(path: string): Database.Database {
  return withStoreErrors(path, () => {
    const handle = new Database(path, { readonly: true, fileMustExist: true });
    try {
      refuseForeign(handle, path);
    } catch (error) {
      handle.close();
      throw error;
    }
    return handle;
  });
}

function requireFile(path: string, message: string, fix: string): void {
  if (!existsSync(path)) throw new RunError('store', { where: path, message, fix });
}

/** A file that is no backup of ours stays as it is. */
function refuseReplacing(storePath: string, target: string): void {
  if (!existsSync(target)) return;
  const same = statSync(target).ino === statSync(storePath).ino;
  if (!same && isStore(target)) return;
  throw new RunError('usage', {
    where: target,
    message: same ? 'That is the store itself.' : 'There is another file of that name, which is no backup.',
    fix: 'Name another file. An earlier backup is replaced, nothing else is.',
  });
}

function isStore(path: string): boolean {
  try {
    openExisting(path).close();
    return true;
  } catch {
    return false;
  }
}

function testCopy(path: string): void {
  const copy = new Database(path, { readonly: true });
  try {
    refuseForeign(copy, path);
    const damage = findDamage(copy);
    if (damage !== null) throw damaged(path, damage);
  } finally {
    copy.close();
  }
}

function damaged(path: string, damage: string): RunError {
  return new RunError('store', {
    where: path,
    message: `The file is damaged (${damage.slice(0, 120)}). Nothing was changed.`,
    fix: 'Take an older backup, or run again to build a new store from the CRM.',
  });
}

function copyBackup(backup: string, incoming: string): void {
  removeWithCompanions(incoming);
  try {
    copyFileSync(backup, incoming);
    // A copy made by other means may have left its newest pages in the log beside it.
    if (existsSync(`${backup}-wal`)) copyFileSync(`${backup}-wal`, `${incoming}-wal`);
    chmodSync(incoming, 0o600);
    foldLog(incoming);
    testCopy(incoming);
  } catch (error) {
    const told = explainStoreError(error, backup);
    throw told instanceof RunError && told.where === incoming ? renamed(told, backup) : told;
  }
}

function renamed({ kind, message, fix }: RunError, where: string): RunError {
  return new RunError(kind, { where, message, fix });
}

function foldLog(path: string): void {
  const handle = new Database(path);
  try {
    handle.pragma('wal_checkpoint(TRUNCATE)');
    handle.pragma('journal_mode = DELETE');
  } finally {
    handle.close();
  }
}

/** A damaged store keeps its log: somebody may still want to save what can be saved. */
function setAside(storePath: string, at: number): string | null {
  if (!existsSync(storePath)) {
    removeWithCompanions(storePath);
    return null;
  }
  const stamp = new Date(at).toISOString().slice(0, 19).replaceAll(':', '');
  const kept = `${storePath}.before-restore-${stamp}`;
  renameSync(storePath, kept);
  for (const companion of companions) {
    if (existsSync(storePath + companion)) renameSync(storePath + companion, kept + companion);
  }
  return kept;
}

function removeWithCompanions(path: string): void {
  for (const suffix of ['', ...companions]) rmSync(path + suffix, { force: true });
}
