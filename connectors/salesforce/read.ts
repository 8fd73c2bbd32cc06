import type { Batch } from '../../src/model/connector.ts';
import { batchOf, readByIds } from './batch.ts';
import { readByJob } from './bulk.ts';
import { readTouchedIds } from './companions.ts';
import { type Position, readCursor, writeCursor } from './cursor.ts';
import { readDeletions } from './deletions.ts';
import { compareSources, needsWholeRead, reportDrift, sourcesOf } from './drift.ts';
import { isRefusal } from './explain.ts';
import { idOf } from './mapped.ts';
import { type OrderedPass, readInOrder } from './ordered.ts';
import { queryAgain, untilAborted } from './pages.ts';
import { overlapMs, placeOf, type ReadEnv } from './read-env.ts';
import { changedRecordsSoql, leftRecordsSoql, matchingRecordsSoql } from './soql.ts';
import { compareCounts, refuseMassDeletion, sweepIds } from './sweep.ts';

const dayMs = 86_400_000;
/** Permanent deletions that the log did not tell are found this often. */
const sweepEveryMs = 7 * dayMs;
/** All records of an object with mapped formulas or fields of other records are read again this often. */
const rereadEveryMs = 7 * dayMs;

export function readStream(env: ReadEnv, cursor: string | null): AsyncGenerator<Batch> {
  const position = readCursor(cursor, `${env.api.connection} ${env.plan.object}`);
  const batches = env.plan.whole ? readWhole(env) : readChanges(env, position);
  return env.plan.mayBeRefused ? unlessRefused(env, batches) : batches;
}

/** What was read before stays; `check` tells what is missing and how to get it. */
async function* unlessRefused(env: ReadEnv, batches: AsyncIterable<Batch>): AsyncGenerator<Batch> {
  try {
    yield* batches;
  } catch (error) {
    if (!isRefusal(error)) throw error;
    env.log.warn({ ...placeOf(env), message: error.message, fix: error.fix }, 'stream.refused');
  }
}

/** A small object, all of it: what is not there any more has been deleted. */
async function* readWhole(env: ReadEnv): AsyncGenerator<Batch> {
  const { plan, now, since } = env;
  const all = { from: null, after: null, until: null };
  const ids: string[] = [];
  for await (const records of pagesOf(env, changedRecordsSoql({ ...plan, cursorField: null }, all, since))) {
    const batch = await batchOf(env, records, false);
    for (const { table, rows } of batch.tables) {
      if (table === plan.table) ids.push(...rows.map((row) => row.id));
    }
    yield { ...batch, cursor: null };
  }
  const done = { upto: now, deletedUpto: null, sweptAt: now, wholeAt: now, sources: null, pass: null };
  yield { tables: [], deleted: [], complete: [...new Set(ids)], cursor: writeCursor(done) };
}

async function* readChanges(env: ReadEnv, saved: Position): AsyncGenerator<Batch> {
  const sources = sourcesOf(env.plan, env.since);
  const drift = compareSources(saved.sources, sources);
  reportDrift(drift, placeOf(env), env.log);
  const restart = needsWholeRead(drift) || isStale(env, saved);
  const pass = planPass(env, { ...saved, sources }, restart);
  yield* readPass(env, pass);
  const first = saved.upto === null;
  const done: Position = {
    ...pass.position,
    upto: pass.upper,
    deletedUpto: first ? pass.upper : saved.deletedUpto,
    wholeAt: pass.whole ? pass.upper : saved.wholeAt,
    sweptAt: first ? pass.upper : saved.sweptAt,
    pass: null,
  };
  if (saved.upto === null) {
    yield { tables: [], deleted: [], cursor: writeCursor(done) };
    return;
  }
  yield* readUnstamped(env, { from: saved.upto, upper: pass.upper, whole: pass.whole });
  yield* readGone(env, { saved, done, remapped: drift.remapped });
}

/** Formulas and fields of other records change without a stamp. */
function isStale({ plan, now }: ReadEnv, { upto, wholeAt, pass }: Position): boolean {
  return plan.unstamped && upto !== null && pass === null && now - (wholeAt ?? upto) >= rereadEveryMs;
}

interface PlannedPass extends OrderedPass {
  readonly job: NonNullable<Position['pass']>['job'];
}

/** Goes on with the pass that was cut short, unless it has to begin again or further back. */
function planPass(env: ReadEnv, position: Position, restart: boolean): PlannedPass {
  const { pass: cut, ...rest } = position;
  const { changedSince = Number.POSITIVE_INFINITY } = env.options;
  const whole = restart || position.upto === null || cut?.whole === true;
  const isEarlier = !whole && Number.isFinite(changedSince);
  const resumed = restart || isEarlier ? null : cut;
  return {
    position: rest,
    upper: resumed?.upper ?? env.now,
    whole,
    from: whole ? null : Math.min((position.upto ?? 0) - overlapMs, changedSince),
    mark: resumed?.mark ?? null,
    job: resumed?.job ?? null,
    known: position.upto !== null || cut !== null,
  };
}

/** All of a large object comes by the Bulk API, anything else in order by REST. */
async function* readPass(env: ReadEnv, pass: PlannedPass): AsyncGenerator<Batch> {
  const done = pass.whole && pass.mark === null ? yield* readByJob(env, pass, pass.job) : false;
  if (!done) yield* readInOrder(env, pass);
}

/** What has changed in meaning without being stamped, and what no longer meets the settings' condition. */
async function* readUnstamped(
  env: ReadEnv,
  { from, upper, whole }: { from: number; upper: number; whole: boolean },
): AsyncGenerator<Batch> {
  const { plan, since, now } = env;
  if (plan.revisit && !whole) {
    const soql = matchingRecordsSoql(plan, plan.revisit(from, upper), since);
    for await (const records of pagesOf(env, soql)) {
      if (records.length > 0) yield { ...(await batchOf(env, records, true)), cursor: null };
    }
  }
  if (!whole) yield* readByIds(env, await readTouchedIds(env, from - overlapMs));
  const left = leftRecordsSoql(plan, from - overlapMs);
  if (left === null) return;
  for await (const records of pagesOf(env, left)) {
    const deleted = records.map((record) => ({ id: idOf(record.Id), at: now }));
    if (deleted.length > 0) yield { tables: [], deleted, cursor: null };
  }
}

interface End {
  readonly saved: Position;
  readonly done: Position;
  readonly remapped: boolean;
}

/** Permanent deletions: from the log of deleted ids, and by comparing all ids where that may not be enough. */
async function* readGone(env: ReadEnv, { saved, done, remapped }: End): AsyncGenerator<Batch> {
  const { plan, now, options } = env;
  const upto = saved.upto ?? now;
  const window = {
    object: plan.object,
    from: (saved.deletedUpto ?? upto) - overlapMs,
    to: done.upto ?? now,
    signal: env.signal,
  };
  const log = plan.replicateable
    ? await untilAborted(readDeletions(env.api, window, env.log), env.signal)
    : { deleted: [], upto: null, hasGap: false };
  yield { tables: [], deleted: log.deleted, cursor: null };
  const late = turnOf(plan.object, now) > turnOf(plan.object, saved.sweptAt ?? upto);
  const swept = yield* sweep(env, {
    done,
    due: late || remapped || log.hasGap,
    asked: options.reconcile === true,
  });
  const deletedUpto = log.upto ?? saved.deletedUpto;
  const cursor = writeCursor({ ...done, deletedUpto, sweptAt: swept ? now : done.sweptAt });
  yield { tables: [], deleted: [], cursor };
}

/** How many times an object's turn has come: each has a day of the week, so that no night compares the ids of all. */
function turnOf(object: string, at: number): number {
  let day = 0;
  for (const letter of object) day += letter.charCodeAt(0);
  return Math.floor((at - (day % 7) * dayMs) / sweepEveryMs);
}

/** Returns whether all ids have been compared. */
async function* sweep(
  env: ReadEnv,
  { done, due, asked }: { done: Position; due: boolean; asked: boolean },
): AsyncGenerator<Batch, boolean> {
  const { plan } = env;
  const { held } = env.options;
  if (!held || !(env.comparable || plan.sweepable) || !(due || asked)) return false;
  const counts = await compareCounts(env, held);
  // What the difference was about may have come with this very pass; amounts differ without the number doing so.
  if (!due && counts.ours === counts.theirs && plan.amount === null) return false;
  if (env.now - (done.wholeAt ?? 0) > dayMs) refuseMassDeletion(env, counts);
  const { gone, missing } = yield* sweepIds(env, held);
  if (!asked || gone + missing > 0) return true;
  // The same records and yet a difference: then it is in their values.
  yield* readPass(env, planPass(env, done, true));
  return true;
}

function pagesOf(env: ReadEnv, soql: string) {
  const { api, plan, signal } = env;
  return queryAgain({ api, object: plan.object, soql, scope: 'living', signal });
}
