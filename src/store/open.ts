import type { Store } from '../model/store.ts';
import type { Zone } from '../model/zone.ts';
import { createActionStore } from './actions.ts';
import { createAlertStore } from './alerts.ts';
import { createBaselineStore } from './baselines.ts';
import { type Handle, type HandleOptions, openHandle, openReadOnly } from './database.ts';
import { createDefinitionStore } from './definitions.ts';
import { deriveTouched } from './derive.ts';
import { createDirectory } from './directory.ts';
import { createEntryStore } from './entries.ts';
import { createChangeStore } from './evaluation-states.ts';
import { explainStoreError, withStoreErrors } from './explain-error.ts';
import { createFactStore } from './facts.ts';
import { createFillCapture } from './field-fill.ts';
import { createFindingStore } from './findings.ts';
import { finishFirstLoads } from './first-load.ts';
import { createLivingStore } from './living.ts';
import { relocalize } from './local-days.ts';
import { createOperations } from './operations.ts';
import { createOutbox } from './outbox.ts';
import { createPastViews } from './past-view.ts';
import { createRecordStore } from './records.ts';
import { createResultTaskStore } from './result-tasks.ts';
import { createResultTable } from './results.ts';
import { createRetentionStore } from './retention.ts';
import { createReviewStore } from './reviews.ts';
import { createRunLog } from './runs.ts';
import { createStreamStates } from './stream-states.ts';
import { createStreamStore } from './streams.ts';

/**
 * Opens the store, creating and upgrading the file as needed. `zone` is the business time zone, for local days.
 * Throws RunError `store`.
 */
export function openStore(path: string, zone: Zone, options: HandleOptions = {}): Store {
  const handle = openHandle(path, options);
  const handles = [handle];
  try {
    const reader = openReadOnly(path, options);
    handles.unshift(reader);
    const store = withStoreErrors(path, () => createMethods({ handle, reader, zone, path }));
    return { ...explained(store, path), [Symbol.asyncDispose]: async () => closeHandles(handles) };
  } catch (error) {
    closeHandles(handles);
    throw error;
  }
}

interface StoreParts {
  readonly handle: Handle;
  readonly reader: Handle;
  readonly zone: Zone;
  readonly path: string;
}

function createMethods({ handle, reader, zone, path }: StoreParts) {
  return {
    ...createStreamStore(handle),
    ...createLivingStore(handle),
    ...createStreamStates(handle),
    ...createRecordStore(handle, zone),
    ...createRetentionStore(handle),
    ...createFactStore(reader),
    ...createPastViews(reader),
    ...createChangeStore(handle, path),
    ...createFillCapture(handle),
    ...createDirectory(reader),
    ...createResultTable(handle, reader),
    ...createBaselineStore(handle),
    ...createDefinitionStore(handle),
    ...createOutbox(handle),
    ...createResultTaskStore(handle),
    ...createRunLog(handle),
    ...createAlertStore(handle),
    ...createOperations(handle),
    ...createActionStore(handle),
    ...createReviewStore(handle),
    ...createEntryStore(handle),
    ...createFindingStore(handle),
    localize: () => relocalize(handle, zone),
    derive: async (signal: AbortSignal) => {
      finishFirstLoads(handle);
      const derived = await deriveTouched(handle, zone, signal);
      if (derived > 0) refreshStatistics(handle);
      return derived;
    },
  };
}

/**
 * Without statistics SQLite may prefer the first column of a primary key to an index that fits whole
 * (https://www.sqlite.org/lang_analyze.html: a limited analysis is enough).
 */
function refreshStatistics(handle: Handle): void {
  handle.pragma('analysis_limit = 1000');
  handle.pragma('optimize = 0x10002');
}

/** The writing handle last: closing it folds the write-ahead log into the file. */
function closeHandles(handles: readonly Handle[]): void {
  for (const handle of handles) handle.close();
}

/** The same methods; SQLite's errors become RunErrors, whether thrown, rejected or met while iterating. */
function explained<T extends Record<string, unknown>>(methods: T, path: string): T {
  const wrapped = Object.entries(methods).map(([name, method]) => {
    if (typeof method !== 'function') return [name, method];
    const call = (...args: unknown[]) => {
      const answer: unknown = withStoreErrors(path, () => method(...args));
      if (answer instanceof Promise)
        return answer.catch((error: unknown) => Promise.reject(explainStoreError(error, path)));
      return isAsyncIterable(answer) ? explainedRows(answer, path) : answer;
    };
    return [name, call];
  });
  return Object.fromEntries(wrapped) as T;
}

function isAsyncIterable(answer: unknown): answer is AsyncIterable<unknown> {
  return typeof answer === 'object' && answer !== null && Symbol.asyncIterator in answer;
}

async function* explainedRows(rows: AsyncIterable<unknown>, path: string): AsyncGenerator<unknown> {
  try {
    for await (const chunk of rows) {
      yield chunk;
      // Without a pause, work that only reads the store would hear neither a signal nor its deadline.
      await new Promise(setImmediate);
    }
  } catch (error) {
    throw explainStoreError(error, path);
  }
}
