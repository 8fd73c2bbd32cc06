import type { Store } from '../model/store.ts';
import type { Zone } from '../model/zone.ts';
import { explainStoreError, type Handle, openHandle, openReadOnly, withStoreErrors } from './database.ts';
import { createDefinitionStore } from './definitions.ts';
import { deriveTouched } from './derive.ts';
import { createFactStore } from './facts.ts';
import { relocalize } from './local-days.ts';
import { createOutbox } from './outbox.ts';
import { createRecordStore } from './records.ts';
import { createResultTable } from './results.ts';
import { createRunLog } from './runs.ts';
import { createStreamStore } from './streams.ts';

/**
 * Opens the store, creating and upgrading the file as needed. `zone` is the business time zone, for local days.
 * Throws RunError `store`.
 */
export function openStore(path: string, zone: Zone): Store {
  const handle = openHandle(path);
  const reader = openReadOnly(path);
  const store = {
    ...createStreamStore(handle),
    ...createRecordStore(handle, zone),
    ...createFactStore(reader, path),
    ...createResultTable(handle, reader, path),
    ...createDefinitionStore(handle),
    ...createOutbox(handle),
    ...createRunLog(handle),
    localize: () => relocalize(handle, zone),
    derive: (signal: AbortSignal) => deriveTouched(handle, zone, signal),
  };
  return { ...explained(store, path), [Symbol.asyncDispose]: async () => closeHandles(handle, reader) };
}

function closeHandles(...handles: readonly Handle[]): void {
  for (const handle of handles.toReversed()) handle.close();
}

/** The same methods; SQLite's errors become RunErrors, whether thrown or rejected. */
function explained<T extends Record<string, unknown>>(methods: T, path: string): T {
  const wrapped = Object.entries(methods).map(([name, method]) => {
    if (typeof method !== 'function') return [name, method];
    const call = (...args: unknown[]) => {
      const answer: unknown = withStoreErrors(path, () => method(...args));
      return answer instanceof Promise
        ? answer.catch((error: unknown) => Promise.reject(explainStoreError(error, path)))
        : answer;
    };
    return [name, call];
  });
  return Object.fromEntries(wrapped) as T;
}
