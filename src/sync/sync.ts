import type { Batch, Clock, Connection, Log, Stream, StreamCount } from '../model/connector.ts';
import { RunError } from '../model/errors.ts';
import type { StreamKey, SyncStore } from '../model/store.ts';

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
}

export interface SyncTarget {
  readonly name: string;
  readonly connector: string;
  /** Opened when its turn comes; a failure to open is this connection's alone. */
  readonly open: () => Promise<Connection>;
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
  readonly complete: {
    readonly ours: number;
    readonly theirs: number;
    /** Sums of amounts in minor units; null where the CRM cannot add them up. */
    readonly amounts:
      | readonly { readonly currency: string; readonly ours: number; readonly theirs: number }[]
      | null;
  } | null;
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
  for (const stream of streams) await store.saveStream(target.name, stream);
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
    let complete = await compare(task, key, options);
    if (complete && !isEqual(complete)) {
      log.warn({ ...key, ...complete }, 'stream.incomplete');
      await readStream(task, options, { tally, reconcile: true });
      complete = await compare(task, key, options);
    }
    if (complete && !isEqual(complete)) throw incomplete(key, complete);
    const theirs = complete?.theirs ?? null;
    await store.finishStream(key, { at: startedAt, error: null, fix: null, theirs });
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
  const { store, clock, signal, runId, changedSince } = options;
  const key: StreamKey = { connection: target.name, stream: stream.name };
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
    const saved = await store.saveBatch(key, stream.table, batch, stamp);
    tally.rows += countRows(batch);
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

type Completeness = NonNullable<StreamReport['complete']>;

function isEqual({ ours, theirs, amounts }: Completeness): boolean {
  return ours === theirs && (amounts === null || amounts.every((sum) => sum.ours === sum.theirs));
}

function incomplete(key: StreamKey, { ours, theirs }: Completeness): RunError {
  return new RunError('remote', {
    where: `${key.connection} ${key.stream}`,
    message:
      ours === theirs
        ? `The sum of the amounts of ${key.stream} differs from the CRM's, also after comparing all records.`
        : `The CRM counts ${theirs} records of ${key.stream}, the store holds ${ours}, also after comparing all of them.`,
    fix: `Run \`crm-kpi sync ${key.connection} --full\`; if the difference stays, run \`crm-kpi check ${key.connection}\`.`,
  });
}

/** The proof of completeness: what lives here against what lives there. A CRM that cannot count now costs no data. */
async function compare(
  { connection, stream }: StreamTask,
  key: StreamKey,
  { store, log, signal }: SyncOptions,
): Promise<StreamReport['complete']> {
  if (!stream.comparable || !connection.count) return null;
  try {
    const theirs = await connection.count(stream);
    const ours = await store.countLiving(key);
    return { ours: ours.rows, theirs: theirs.rows, amounts: compareAmounts(ours, theirs) };
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof RunError) || error.kind !== 'remote') throw error;
    log.warn({ ...key, message: error.message }, 'count.failed');
    return null;
  }
}

function compareAmounts(ours: StreamCount, theirs: StreamCount): Completeness['amounts'] {
  if (!theirs.amounts) return null;
  const currencies = new Set([...Object.keys(ours.amounts ?? {}), ...Object.keys(theirs.amounts)]);
  return [...currencies].sort().map((currency) => ({
    currency,
    ours: ours.amounts?.[currency] ?? 0,
    theirs: theirs.amounts?.[currency] ?? 0,
  }));
}
