import type { Batch } from '../../src/model/connector.ts';
import { RunError } from '../../src/model/errors.ts';
import { readByIds } from './batch.ts';
import { countLiving } from './count.ts';
import { idOf } from './mapped.ts';
import { BrokenPages, givenUp, queryAgain, queryPages, restartLimit, untilAborted } from './pages.ts';
import { placeOf, type ReadEnv } from './read-env.ts';
import { idsPerQuestion, livingIdsSoql } from './soql.ts';

type Held = NonNullable<ReadEnv['options']['held']>;

const goneAtOnce = 1000;
/** Below this many records nothing is concluded from their sudden absence. */
const fewRecords = 100;

/** Records held that Salesforce does not have, and the other way round. */
export interface Difference {
  readonly gone: number;
  readonly missing: number;
}

/**
 * Compares all ids here with all ids there, both in ascending order, so that only a page of each is in memory. What is
 * missing here is read, what is gone there is told as deleted, in the end: only then did none of it come later.
 */
export async function* sweepIds(env: ReadEnv, held: Held): AsyncGenerator<Batch, Difference> {
  const { plan, log, now } = env;
  let gone: string[] = [];
  let missing = 0;
  try {
    missing = yield* compareInOrder(env, held, gone);
  } catch (error) {
    if (!(error instanceof OutOfOrder)) throw error;
    gone = [];
    missing = yield* compareAsSets(env, held, gone);
  }
  for (let at = 0; at < gone.length; at += goneAtOnce) yield goneBatch(gone.slice(at, at + goneAtOnce), now);
  const records = new Set(gone.map(recordOf)).size;
  log.info({ ...placeOf(env), table: plan.table, gone: records, missing }, 'ids.compared');
  return { gone: records, missing };
}

/** Ids came in another order than was asked for, as letters sort in some languages. */
class OutOfOrder extends Error {}

/** Puts rows of records that are gone into `gone`; returns how many records were missing here. */
async function* compareInOrder(env: ReadEnv, held: Held, gone: string[]): AsyncGenerator<Batch, number> {
  const rows = new Map<string, readonly string[]>();
  const missing: string[] = [];
  let count = 0;
  for await (const { side, id } of compareIds(ascendingIds(env), recordIds(held(), rows))) {
    if (side === 'ours') {
      gone.push(...(rows.get(id) ?? []));
      continue;
    }
    count += 1;
    missing.push(id);
    if (missing.length >= idsPerQuestion) yield* readByIds(env, missing.splice(0));
  }
  if (missing.length > 0) yield* readByIds(env, missing);
  return count;
}

/** The same with all ids in memory. */
async function* compareAsSets(env: ReadEnv, held: Held, gone: string[]): AsyncGenerator<Batch, number> {
  const { api, plan, since, signal } = env;
  const missing = new Set<string>();
  const soql = livingIdsSoql(plan, null, since);
  for await (const records of queryAgain({ api, object: plan.object, soql, scope: 'all', signal })) {
    for (const record of records) missing.add(idOf(record.Id));
  }
  const rows = new Map<string, readonly string[]>();
  for await (const id of recordIds(held(), rows)) {
    if (!missing.delete(id)) gone.push(...(rows.get(id) ?? []));
  }
  yield* readByIds(env, [...missing]);
  return missing.size;
}

function goneBatch(ids: readonly string[], at: number): Batch {
  return { tables: [], deleted: ids.map((id) => ({ id, at })), cursor: null };
}

/** How many records are held, and how many Salesforce shows. */
export async function compareCounts(env: ReadEnv, held: Held): Promise<{ ours: number; theirs: number }> {
  let ours = 0;
  for await (const _ of recordIds(held(), new Map())) ours += 1;
  return { ours, theirs: await untilAborted(countLiving(env), env.signal) };
}

/**
 * A permission that was taken away looks like a deletion of nearly everything: records that this user may no longer see
 * are not there for it. Marking them deleted would empty every report.
 */
export function refuseMassDeletion(env: ReadEnv, counts: { ours: number; theirs: number }): void {
  const { ours, theirs } = counts;
  if (ours < fewRecords || theirs >= ours / 2) return;
  const { connection, object } = placeOf(env);
  throw new RunError('config', {
    where: `${connection} ${object}`,
    message: `Salesforce now shows ${theirs} of ${ours} records of ${object}, and says of none of the others that it was deleted`,
    fix: `Give the integration user View All Records on ${object} again. If they were deleted for good, run \`crm-kpi sync ${connection} --full\`.`,
  });
}

interface OneSided {
  readonly side: 'ours' | 'theirs';
  readonly id: string;
}

/** Ids that only one of two ascending sequences has. */
export async function* compareIds(
  theirs: AsyncIterable<string>,
  ours: AsyncIterable<string>,
): AsyncGenerator<OneSided, void> {
  const right = ours[Symbol.asyncIterator]();
  try {
    let mine = await right.next();
    for await (const id of theirs) {
      while (!mine.done && mine.value < id) {
        yield { side: 'ours', id: mine.value };
        mine = await right.next();
      }
      if (!mine.done && mine.value === id) mine = await right.next();
      else yield { side: 'theirs', id };
    }
    for (; !mine.done; mine = await right.next()) yield { side: 'ours', id: mine.value };
  } finally {
    await right.return?.();
  }
}

/**
 * Ids of the records from which rows were made, ascending. The rows of those that the reader has not passed yet are
 * noted.
 */
async function* recordIds(
  chunks: AsyncIterable<readonly string[]>,
  rows: Map<string, readonly string[]>,
): AsyncGenerator<string, void> {
  let id = '';
  let own: string[] = [];
  for await (const ids of chunks) {
    for (const row of ids) {
      const next = recordOf(row);
      if (next !== id) {
        yield* told();
        id = next;
        own = [];
      }
      own.push(row);
    }
  }
  yield* told();

  function* told(): Generator<string, void> {
    if (own.length === 0) return;
    rows.set(id, own);
    yield id;
    rows.delete(id);
  }
}

/** One record may give several rows, `RECORD:COLUMN`. */
function recordOf(row: string): string {
  return row.split(':')[0] ?? row;
}

/** Living ids in ascending order, begun again behind the last one when the query is lost. */
async function* ascendingIds(env: ReadEnv): AsyncGenerator<string, void> {
  const { api, plan, since, signal } = env;
  let last: string | null = null;
  let stuck = 0;
  for (;;) {
    const begun = last;
    try {
      const soql = livingIdsSoql(plan, last, since);
      for await (const records of queryPages({ api, object: plan.object, soql, scope: 'all', signal })) {
        for (const record of records) {
          const id = idOf(record.Id);
          if (last !== null && id <= last) throw new OutOfOrder();
          last = id;
          yield id;
        }
      }
      return;
    } catch (error) {
      if (!(error instanceof BrokenPages)) throw error;
      stuck = error.kind === 'lost' && last !== begun ? 0 : stuck + 1;
      // Where rows are missing nobody knows which, and those before cannot be taken back.
      if (error.kind !== 'lost' || stuck > restartLimit) throw givenUp({ api, object: plan.object }, error);
    }
  }
}
