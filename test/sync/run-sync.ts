import { RunError, type RunErrorKind } from '../../src/model/errors.ts';
import { type SyncOptions, type SyncTarget, sync } from '../../src/sync/sync.ts';
import type { TempStore } from '../store/temp-store.ts';

const quiet = { debug() {}, info() {}, warn() {}, error() {} };

export function failure(kind: RunErrorKind): RunError {
  return new RunError(kind, { where: 'crm', message: `It failed: ${kind}.`, fix: 'Do something.' });
}

export async function* failWith(error: unknown): AsyncGenerator<never> {
  yield await Promise.reject(error);
}

/** A clock that moves on by a second whenever it is read. */
function tickingClock() {
  let now = 1_000_000;
  return { now: () => (now += 1000) };
}

export const runSync = (
  { store }: TempStore,
  connections: readonly SyncTarget[],
  changed: Partial<SyncOptions> = {},
) =>
  sync({
    store,
    connections,
    runId: 1,
    clock: tickingClock(),
    log: quiet,
    signal: new AbortController().signal,
    full: false,
    changedSince: null,
    onProgress: () => {},
    ...changed,
  });

/** Living accounts. */
export const ids = ({ sql }: TempStore): readonly string[] =>
  sql<{ id: string }>('SELECT id FROM account WHERE deleted_at IS NULL ORDER BY id').map(({ id }) => id);
