import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import Database from 'better-sqlite3';
import { RunError } from '../model/errors.ts';
import { explainStoreError } from './explain-error.ts';

export interface HoldOptions {
  /** How long to wait for another process that holds it. */
  readonly patienceMs: number;
  readonly signal: AbortSignal;
  /** For the message when patience ends: `the sign-in of sales`. */
  readonly what: string;
}

/**
 * Runs `work` while holding `path` alone, among all processes of this machine. The hold is a transaction kept open on
 * that file, so the operating system lets go of it however the process ends.
 */
export async function holdFile<T>(path: string, options: HoldOptions, work: () => Promise<T>): Promise<T> {
  const handle = openHandle(path);
  try {
    await takeHold(handle, path, options);
    return await work();
  } finally {
    handle.close();
  }
}

function openHandle(path: string): Database.Database {
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    return new Database(path, { timeout: 0 });
  } catch (error) {
    throw explainStoreError(error, path);
  }
}

const waitMs = 50;

async function takeHold(handle: Database.Database, path: string, options: HoldOptions): Promise<void> {
  for (let waitedMs = 0; !tryHold(handle, path); waitedMs += waitMs) {
    if (waitedMs >= options.patienceMs) throw stillHeld(path, options.what);
    await waitFor(waitMs, options.signal);
  }
}

async function waitFor(ms: number, signal: AbortSignal): Promise<void> {
  try {
    await pause(ms, undefined, { signal });
  } catch (error) {
    // The timer's own error hides why the run was stopped.
    signal.throwIfAborted();
    throw error;
  }
}

function tryHold(handle: Database.Database, path: string): boolean {
  try {
    handle.exec('BEGIN EXCLUSIVE');
    return true;
  } catch (error) {
    if (error instanceof Database.SqliteError && error.code.startsWith('SQLITE_BUSY')) return false;
    throw explainStoreError(error, path);
  }
}

function stillHeld(path: string, what: string): RunError {
  return new RunError('stopped', {
    where: path,
    message: `Another crm-kpi process is busy with ${what} and does not end.`,
    fix: 'Wait until it has ended, or stop it; then run this again.',
  });
}
