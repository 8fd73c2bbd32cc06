import type { Batch, Clock, Connection, Log, Stream, WantedColumns } from '../model/connector.ts';
import { RunError } from '../model/errors.ts';
import type { StreamKey, SyncStore } from '../model/store.ts';
import { type Completeness, compareCounts, isProven, tellIncomplete } from './completeness.ts';
import { keepWanted, widenStream } from './wanted.ts';

export interface SyncOptions {
  readonly store: SyncStore;
  readonly connections: readonly SyncTarget[];
  readonly runId: number;
  readonly clock: Clock;
  readonly log: Log;
  readonly signal: AbortSignal;
  /** Reads everything again, cursors forgotten. */
  readonly full: boolean;
  /** Reads at least everything changed since this instant, epoch ms; null: the cursors decide. */
  readonly changedSince: number | null;
  readonly onProgress: (progress: StreamProgress) => void;
  /** Rows of a stream from before this instant are not kept; null, or absent: all are. */
  readonly keepFrom?: (stream: Stream) => number | null;
}

export interface SyncTarget {
  readonly name: string;
  readonly connector: string;
  /** Opened when its turn comes; a failure to open is this connection's alone. */
  readonly open: () => Promise<Connection>;
  /** Columns to be filled; absent: all. */
  readonly wanted?: WantedColumns | undefined;
}

export interface StreamProgress {
  readonly connection: string;
  readonly stream: string;
  readonly rows: number;
  readonly written: number;
  readonly done: boolean;
}

export interface StreamReport {
  readonly connection: string;
  readonly object: string;
  /** Rows that came, and those among them that were new or changed. */
  readonly rows: number;
  readonly written: number;
  readonly deleted: number;
  readonly unavailable: string | null;
  readonly error: string | null;
  /** Living records here and there; null where the CRM cannot be asked. */
  readonly complete: Completeness | null;
}

export interface SyncReport {
  readonly streams: readonly StreamReport[];
  /** What failed; the rest is done. */
  readonly errors: readonly unknown[];
}

/** Pulls every stream of every connection into the store. One failing never stops the others. */
export async function sync(options: SyncOptions): Promise<SyncReport> {
  const streams: StreamReport[] = [];
  const errors: unknown[] = [];
  await options.store.localize();
  for (const target of options.connections) {
    options.signal.throwIfAborted();
    try {
      await using connection = await target.open();
      for await (const { report, error } of syncConnection(target, connection, options)) {
        streams.push(report);
        if (error !== null) errors.push(error);
      }
    } catch (error) {
      failUnlessExpected(error, options.signal);
      options.log.error(
        { connection: target.name, kind: error.kind, message: error.message },
        'connection.failed',
      );
      errors.push(error);
    }
  }
  await options.store.derive(options.signal);
  return { streams, errors };
}

/** Bugs and aborts fly on; a RunError is this connection's or stream's outcome. */
function failUnlessExpected(error: unknown, signal: AbortSignal): asserts error is RunError {
  signal.throwIfAborted();
  if (!(error instanceof RunError) || error.kind === 'store') throw error;
}

interface StreamEnd {
  readonly report: StreamReport;
  readonly error: RunError | null;
}

async function* syncConnection(
  target: SyncTarget,
  connection: Connection,
  options: SyncOptions,
): AsyncGenerator<StreamEnd> {
  const { store } = options;
  await store.saveSource(target.name, target.connector, await connection.account());
  const streams = await connection.streams();
  for (const stream of streams) {
    await store.saveStream(target.name, stream);
    await store.keepFrom(
      { connection: target.name, stream: stream.name },
      options.keepFrom?.(stream) ?? null,
    );
  }
  if (options.full) await store.forgetCursors(target.name);
  for (const stream of streams) {
    if (stream.unavailable) {
      options.log.warn(
        { connection: target.name, object: stream.name, problem: stream.unavailable.problem },
        'stream.unavailable',
      );
      yield {
        report: { ...emptyReport(target.name, stream), unavailable: stream.unavailable.problem },
        error: null,
      };
      continue;
    }
    const end = await syncStream({ target, connection, stream }, options);
    yield end;
    if (end.error?.kind === 'auth' || end.error?.kind === 'stopped') return;
  }
  requireSome(target.name, streams);
}

/** Where each object is refused, a night without any record would look like a quiet one. */
function requireSome(connection: string, streams: readonly Stream[]): void {
  const chosen = streams.filter(({ object }) => object !== null);
  const [first] = chosen.flatMap(({ unavailable }) => unavailable ?? []);
  if (!first || chosen.some(({ unavailable }) => !unavailable)) return;
  throw new RunError('config', {
    where: connection,
    message: `Nothing can be read here. ${first.problem}`,
    fix: first.fix,
  });
}

function emptyReport(connection: string, stream: Stream): StreamReport {
  return {
    connection,
    object: stream.name,
    rows: 0,
    written: 0,
    deleted: 0,
    unavailable: null,
    error: null,
    complete: null,
  };
}

interface StreamTask {
  readonly target: SyncTarget;
  readonly connection: Connection;
  readonly stream: Stream;
}

async function syncStream(task: StreamTask, options: SyncOptions): Promise<StreamEnd> {
  const { store, clock, log, signal } = options;
  const key: StreamKey = { connection: task.target.name, stream: task.stream.name };
  const startedAt = clock.now();
  const tally = { rows: 0, written: 0, deleted: 0 };
  try {
    await readStream(task, options, { tally, reconcile: false });
    let complete = await compareCounts({ ...task, wanted: task.target.wanted }, key, options);
    if (complete && !isProven(complete)) {
      log.warn({ ...key, ...complete }, 'stream.incomplete');
      await readStream(task, options, { tally, reconcile: true });
      complete = await compareCounts({ ...task, wanted: task.target.wanted }, key, options);
    }
    if (complete && !isProven(complete)) throw tellIncomplete(key, complete);
    const counted = complete ? { ours: complete.ours, theirs: complete.theirs } : { theirs: null };
    await store.finishStream(key, { at: startedAt, error: null, fix: null, ...counted });
    log.info({ ...key, ...tally, ms: clock.now() - startedAt }, 'stream.synced');
    return { report: { ...emptyReport(key.connection, task.stream), ...tally, complete }, error: null };
  } catch (error) {
    failUnlessExpected(error, signal);
    await store.finishStream(key, { at: startedAt, error: error.message, fix: error.fix, theirs: null });
    log.error({ ...key, ...tally, kind: error.kind, message: error.message }, 'stream.failed');
    return { report: { ...emptyReport(key.connection, task.stream), ...tally, error: error.message }, error };
  }
}

interface Pass {
  readonly tally: { rows: number; written: number; deleted: number };
  /** Compare all ids, because the counts differ. */
  readonly reconcile: boolean;
}

async function readStream(
  { target, connection, stream }: StreamTask,
  options: SyncOptions,
  { tally, reconcile }: Pass,
): Promise<void> {
  const { store, clock, log, signal, runId, changedSince } = options;
  const key: StreamKey = { connection: target.name, stream: stream.name };
  await widenStream(store, key, { stream, wanted: target.wanted });
  const since = await store.cursor(key);
  const stamp = { runId, at: clock.now() };
  const read = {
    signal,
    held: () => store.livingIds(key),
    reconcile,
    ...(changedSince !== null && { changedSince }),
  };
  for await (const batch of connection.read(stream, since, read)) {
    signal.throwIfAborted();
    const saved = await store.saveBatch(key, stream.table, keepWanted(batch, target.wanted), stamp);
    const rows = countRows(batch);
    // A batch may bring the cursor alone.
    if (rows + saved.deleted > 0)
      log.info({ ...key, rows, written: saved.written, deleted: saved.deleted }, 'batch.saved');
    tally.rows += rows;
    tally.written += saved.written;
    tally.deleted += saved.deleted;
    options.onProgress({ ...key, rows: tally.rows, written: tally.written, done: false });
  }
  options.onProgress({ ...key, rows: tally.rows, written: tally.written, done: true });
}

function countRows(batch: Batch): number {
  let rows = 0;
  for (const group of batch.tables) rows += group.rows.length;
  return rows;
}
