import type { Batch } from '../../src/model/connector.ts';
import { batchOf, type Content } from './batch.ts';
import { type Mark, type Position, writeCursor } from './cursor.ts';
import { idOf } from './mapped.ts';
import { BrokenPages, givenUp, queryAgain, queryPages, restartLimit } from './pages.ts';
import { placeOf, type ReadEnv } from './read-env.ts';
import { changedRecordsSoql, type Slice } from './soql.ts';
import { type SalesforceRecord, toInstant } from './values.ts';

const dayMs = 86_400_000;

/** One pass over the changed records, or over all of them. */
export interface OrderedPass {
  /** Saved with each batch, but for the pass itself. */
  readonly position: Omit<Position, 'pass'>;
  /** Server time at its start. */
  readonly upper: number;
  readonly whole: boolean;
  /** Lower bound of the stamps; null: none. */
  readonly from: number | null;
  /** Where an earlier run was cut. */
  readonly mark: Mark | null;
  /** Some records have been delivered before: exclusions must be told as deletions. */
  readonly known: boolean;
}

/**
 * By stamp and id, each batch with the position to go on from; begun again there if the query is lost. When Salesforce
 * gives up on a query for its length, half of the time is asked for, down to one day.
 */
export async function* readInOrder(env: ReadEnv, pass: OrderedPass): AsyncGenerator<Batch> {
  let slice: Slice = { from: pass.from, after: pass.mark, until: null };
  let widthMs: number | null = null;
  let stuck = 0;
  for (;;) {
    let after = slice.after;
    try {
      for await (const batch of readSlice(env, pass, slice)) {
        after = batch.reached;
        yield { ...batch.content, cursor: cursorOf(pass, batch.reached) };
      }
      if (slice.until === null) return;
      slice = sliceFrom(slice.until, widthMs, pass.upper);
      stuck = 0;
    } catch (error) {
      if (!(error instanceof BrokenPages)) throw error;
      const furtherOn = error.kind !== 'short' && after !== null && after.id !== slice.after?.id;
      if (error.kind === 'timeout') {
        widthMs = await narrow(env, { ...slice, after }, { upper: pass.upper, error });
        const start = after?.at ?? slice.from;
        slice = { ...slice, after, until: start === null ? null : start + widthMs };
        if (start === null) slice = sliceFrom(await earliest(env), widthMs, pass.upper);
        continue;
      }
      stuck = furtherOn ? 0 : stuck + 1;
      if (stuck > restartLimit) throw givenUp(placeFor(env), error);
      env.log.warn({ ...placeOf(env), kind: error.kind }, 'query.again');
      // Where rows are missing nobody knows which: the slice is read again from where it was entered.
      if (error.kind === 'lost') slice = { ...slice, after };
    }
  }
}

const placeFor = ({ api, plan }: ReadEnv) => ({ api, object: plan.object });

/** The part of the time behind `from`; the last one is open, for what changes meanwhile. */
function sliceFrom(from: number, widthMs: number | null, upper: number): Slice {
  const until = widthMs === null ? null : from + widthMs;
  return { from, after: null, until: until === null || until >= upper ? null : until };
}

/** Half of the time that was too long. */
async function narrow(
  env: ReadEnv,
  slice: Slice,
  { upper, error }: { upper: number; error: BrokenPages },
): Promise<number> {
  if (env.plan.cursorField === null) throw givenUp(placeFor(env), error);
  const start = slice.after?.at ?? slice.from ?? (await earliest(env));
  const spanMs = (slice.until ?? upper) - start;
  if (spanMs <= dayMs) throw givenUp(placeFor(env), error);
  const widthMs = Math.max(dayMs, Math.ceil(spanMs / 2 / 1000) * 1000);
  env.log.info({ ...placeOf(env), days: Math.ceil(widthMs / dayMs) }, 'query.sliced');
  return widthMs;
}

/** The first stamp there is; Salesforce has been storing records since 1999. */
async function earliest({ api, plan, signal }: ReadEnv): Promise<number> {
  const field = plan.cursorField ?? 'CreatedDate';
  const soql = `SELECT Id, ${field} FROM ${plan.object} WHERE ${field} != null ORDER BY ${field} LIMIT 1`;
  for await (const [first] of queryAgain({ api, object: plan.object, soql, scope: 'all', signal })) {
    const at = toInstant(first?.[field]);
    if (at !== null) return at;
  }
  return Date.UTC(1999, 0, 1);
}

interface SliceBatch {
  readonly content: Content;
  /** null: no position is safe. */
  readonly reached: Mark | null;
}

async function* readSlice(env: ReadEnv, pass: OrderedPass, slice: Slice): AsyncGenerator<SliceBatch> {
  const { api, plan, since, signal } = env;
  const soql = changedRecordsSoql(plan, slice, since);
  let { after } = slice;
  let kept = plan.cursorField !== null;
  for await (const records of queryPages({ api, object: plan.object, soql, scope: 'all', signal })) {
    if (records.length === 0) continue;
    kept &&= isOrdered(plan.cursorField ?? '', records, after);
    after = kept ? markOf(plan.cursorField ?? '', records) : null;
    yield { content: await batchOf(env, records, pass.known), reached: after };
  }
}

function cursorOf({ position, upper, whole }: OrderedPass, mark: Mark | null): string | null {
  return mark === null ? null : writeCursor({ ...position, pass: { upper, whole, mark, job: null } });
}

function markOf(field: string, records: readonly SalesforceRecord[]): Mark | null {
  const last = records.at(-1);
  const at = toInstant(last?.[field]);
  return last && at !== null ? { at, id: idOf(last.Id) } : null;
}

/** No position is safe in an order that the answer does not keep. */
function isOrdered(field: string, records: readonly SalesforceRecord[], after: Mark | null): boolean {
  let previous = after?.at ?? Number.NEGATIVE_INFINITY;
  for (const record of records) {
    const at = toInstant(record[field]);
    if (at === null || at < previous) return false;
    previous = at;
  }
  return true;
}
