import type { Batch, Deletion, Log, Membership } from '../../src/model/connector.ts';
import { RunError } from '../../src/model/errors.ts';
import type { Zone } from '../../src/model/zone.ts';
import type { Api } from './api.ts';
import { type Pass, type Position, readCursor, writeCursor } from './cursor.ts';
import { readDeletions } from './deletions.ts';
import { groupRows, idOf, type MapContext, type TableRow } from './mapped.ts';
import { BrokenPages, queryPages } from './pages.ts';
import type { ReadPlan } from './plan.ts';
import { changedRecordsSoql, leftRecordsSoql, matchingRecordsSoql } from './soql.ts';
import { type SalesforceRecord, toInstant, toText } from './values.ts';

/** Transactions commit after their stamp is taken: rows appear some minutes behind what has been read. */
const overlapMs = 10 * 60_000;
/** Times that one query is begun again without having come further. */
const restartLimit = 3;

export interface ReadEnv {
  readonly api: Api;
  readonly plan: ReadPlan;
  readonly currency: string;
  readonly zone: Zone;
  /** First instant of the settings' `since`. */
  readonly since: number | null;
  /** Server time now, epoch ms. */
  readonly now: number;
  readonly log: Log;
  readonly signal: AbortSignal;
}

export function readStream(env: ReadEnv, cursor: string | null): AsyncGenerator<Batch> {
  if (env.plan.whole) return readWhole(env);
  return readChanges(env, readCursor(cursor, `${env.api.connection} ${env.plan.object}`));
}

/** A small object, all of it: what is not there any more has been deleted. */
async function* readWhole(env: ReadEnv): AsyncGenerator<Batch> {
  const { plan } = env;
  const soql = changedRecordsSoql({ ...plan, cursorField: null }, { from: null, after: null, since: null });
  const ids: string[] = [];
  for await (const records of pagesOf(env, soql, 'living')) {
    const batch = batchOf(env, records, false);
    for (const { table, rows } of batch.tables) {
      if (table === plan.table) ids.push(...rows.map((row) => row.id));
    }
    yield { ...batch, cursor: null };
  }
  const cursor = writeCursor({ upto: env.now, deletedUpto: null, pass: null });
  yield { tables: [], deleted: [], complete: ids, cursor };
}

async function* readChanges(env: ReadEnv, position: Position): AsyncGenerator<Batch> {
  const upper = position.pass?.upper ?? env.now;
  const known = position.upto !== null || position.pass !== null;
  yield* readInOrder(env, { ...position, upper, known });
  const done: Position = { upto: upper, deletedUpto: position.deletedUpto, pass: null };
  if (position.upto === null) {
    yield { tables: [], deleted: [], cursor: writeCursor({ ...done, deletedUpto: upper }) };
    return;
  }
  yield* readUnstamped(env, position.upto, upper);
  const from = position.deletedUpto ?? position.upto;
  const log = await readGone(env, from - overlapMs, upper);
  yield {
    tables: [],
    deleted: log.deleted,
    cursor: writeCursor({ ...done, deletedUpto: log.upto ?? position.deletedUpto }),
  };
}

interface OrderedPass extends Position {
  readonly upper: number;
  /** Some records have been delivered before: exclusions must be told as deletions. */
  readonly known: boolean;
}

/** By stamp and id, each batch with the position to go on from; begun again there if the query is lost. */
async function* readInOrder(env: ReadEnv, ordered: OrderedPass): AsyncGenerator<Batch> {
  const { plan } = env;
  const from = ordered.upto === null ? null : ordered.upto - overlapMs;
  let after: Pass | null = ordered.pass;
  let stuck = 0;
  for (;;) {
    const begun = after;
    try {
      for await (const batch of readFrom(env, ordered, { from, after })) {
        after = batch.reached;
        yield { ...batch.content, cursor: cursorOf(ordered, batch.reached) };
      }
      return;
    } catch (error) {
      if (!(error instanceof BrokenPages)) throw error;
      stuck = error.resumable && after?.id !== begun?.id ? 0 : stuck + 1;
      if (stuck > restartLimit) throw incomplete(env, error);
      env.log.warn({ connection: env.api.connection, object: plan.object }, 'query begun again');
      // Where rows are missing nobody knows which: the pass is read again from where it was entered.
      if (!error.resumable) after = ordered.pass;
    }
  }
}

interface OrderedBatch {
  readonly content: Omit<Batch, 'cursor'>;
  /** null: no position is safe. */
  readonly reached: Pass | null;
}

async function* readFrom(
  env: ReadEnv,
  ordered: OrderedPass,
  start: { from: number | null; after: Pass | null },
): AsyncGenerator<OrderedBatch> {
  const { plan, since } = env;
  const soql = changedRecordsSoql(plan, { ...start, since });
  let { after } = start;
  let kept = plan.cursorField !== null;
  for await (const records of pagesOf(env, soql, 'all')) {
    if (records.length === 0) continue;
    kept &&= isOrdered(plan.cursorField ?? '', records, after);
    after = kept ? passAt(plan.cursorField ?? '', records, ordered.upper) : null;
    yield { content: batchOf(env, records, ordered.known), reached: after };
  }
}

function cursorOf({ upto, deletedUpto }: Position, pass: Pass | null): string | null {
  return pass === null ? null : writeCursor({ upto, deletedUpto, pass });
}

function passAt(field: string, records: readonly SalesforceRecord[], upper: number): Pass | null {
  const last = records.at(-1);
  const at = toInstant(last?.[field]);
  return last && at !== null ? { upper, at, id: idOf(last.Id) } : null;
}

/** No position is safe in an order that the answer does not keep. */
function isOrdered(field: string, records: readonly SalesforceRecord[], after: Pass | null): boolean {
  let previous = after?.at ?? Number.NEGATIVE_INFINITY;
  for (const record of records) {
    const at = toInstant(record[field]);
    if (at === null || at < previous) return false;
    previous = at;
  }
  return true;
}

/** What has changed in meaning without being stamped, and what no longer meets the settings' condition. */
async function* readUnstamped(env: ReadEnv, from: number, upper: number): AsyncGenerator<Batch> {
  const { plan } = env;
  if (plan.revisit) {
    const soql = matchingRecordsSoql(plan, plan.revisit(from, upper), env.since);
    for await (const records of pagesOf(env, soql, 'living')) {
      if (records.length > 0) yield { ...batchOf(env, records, true), cursor: null };
    }
  }
  const left = leftRecordsSoql(plan, from - overlapMs);
  if (left === null) return;
  for await (const records of pagesOf(env, left, 'living')) {
    const deleted = records.map((record) => ({ id: idOf(record.Id), at: env.now }));
    if (deleted.length > 0) yield { tables: [], deleted, cursor: null };
  }
}

async function readGone(env: ReadEnv, from: number, to: number) {
  const { plan } = env;
  if (!plan.replicateable) return { deleted: [], upto: null };
  return readDeletions(env.api, { object: plan.object, from, to }, env.log);
}

function pagesOf(env: ReadEnv, soql: string, scope: 'living' | 'all') {
  return queryPages({ api: env.api, object: env.plan.object, soql, scope, signal: env.signal });
}

function incomplete(env: ReadEnv, cause: Error): RunError {
  return new RunError(
    'remote',
    {
      where: `${env.api.connection} ${env.plan.object}`,
      message: `${cause.message}, again and again`,
      fix: 'Nothing is lost: run again at a quieter hour. If it stays, ask Salesforce Support.',
    },
    { cause },
  );
}

/** Records that do not count are left out, and told as deleted where they may have been delivered earlier. */
function batchOf(env: ReadEnv, records: readonly SalesforceRecord[], known: boolean): Omit<Batch, 'cursor'> {
  const { plan, currency, zone, now } = env;
  const context: MapContext = { currency, zone, now, recordTypes: plan.recordTypes };
  const rows: TableRow[] = [];
  const deleted: Deletion[] = [];
  const merged: { id: string; into: string }[] = [];
  const memberships: Membership[] = [];
  for (const record of records) {
    const id = idOf(record.Id);
    if (plan.excluded(record)) {
      if (known) deleted.push({ id, at: toInstant(record.SystemModstamp) ?? now });
      continue;
    }
    const mapped = plan.map(record, context);
    rows.push(...mapped.rows);
    if (mapped.membership) memberships.push(mapped.membership);
    const into = toText(record.MasterRecordId);
    if (into !== null) merged.push({ id, into });
  }
  return {
    tables: groupRows(rows),
    deleted,
    ...(merged.length > 0 ? { merged } : {}),
    ...(memberships.length > 0 ? { memberships } : {}),
  };
}
