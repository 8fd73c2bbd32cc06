import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import Database from 'better-sqlite3';
import { RunError } from '../model/errors.ts';
import { explainStoreError } from './explain-error.ts';

export interface RunLock {
  release(): void;
}

/**
 * One job at a time per store. The lock is a transaction held open on a file of its own, so the operating system
 * lets go of it however the process ends. Throws RunError `stopped`, naming the holder, when another job has it.
 */
export function acquireRunLock(
  storePath: string,
  holder: { readonly job: string; readonly at: number; readonly pid: number },
): RunLock {
  const lockPath = `${storePath}.lock`;
  const holderPath = `${storePath}.lock.json`;
  try {
    mkdirSync(dirname(storePath), { recursive: true });
    const handle = new Database(lockPath, { timeout: 0 });
    try {
      handle.exec('BEGIN EXCLUSIVE');
      writeFileSync(holderPath, JSON.stringify({ ...holder, at: new Date(holder.at).toISOString() }));
    } catch (error) {
      handle.close();
      throw error;
    }
    return { release: () => handle.close() };
  } catch (error) {
    if (error instanceof Database.SqliteError && error.code.startsWith('SQLITE_BUSY')) {
      throw new RunError('stopped', {
        where: storePath,
        message: `Another crm-kpi job holds the store: ${describeHolder(holderPath)}.`,
        fix: 'Wait until it has ended, or stop it; this job changed nothing.',
      });
    }
    throw explainStoreError(error, storePath);
  }
}

function describeHolder(path: string): string {
  try {
    const holder: unknown = JSON.parse(readFileSync(path, 'utf8'));
    if (typeof holder === 'object' && holder !== null && 'job' in holder && 'pid' in holder && 'at' in holder)
      return `\`${holder.job}\`, process ${holder.pid}, since ${holder.at}`;
  } catch {
    // The holder may be between taking the lock and naming itself.
  }
  return 'an unnamed one';
}

/** Who runs a job on this store now; null: nobody. */
export function findRunHolder(storePath: string): string | null {
  try {
    acquireProbe(storePath);
    return null;
  } catch (error) {
    if (error instanceof Database.SqliteError && error.code.startsWith('SQLITE_BUSY'))
      return describeHolder(`${storePath}.lock.json`);
    throw explainStoreError(error, storePath);
  }
}

function acquireProbe(storePath: string): void {
  mkdirSync(dirname(storePath), { recursive: true });
  const handle = new Database(`${storePath}.lock`, { timeout: 0 });
  try {
    handle.exec('BEGIN EXCLUSIVE');
  } finally {
    handle.close();
  }
}
