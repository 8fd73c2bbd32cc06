import { setTimeout as pause } from 'node:timers/promises';
import type { Batch } from '../../src/model/connector.ts';
import { RunError } from '../../src/model/errors.ts';
import type { Api } from './api.ts';
import { batchOf } from './batch.ts';
import { closeJob, createJob, type Job, JobFailure, pollJob } from './bulk-job.ts';
import { readSets } from './bulk-sets.ts';
import { countRecords } from './count.ts';
import { type JobMark, writeCursor } from './cursor.ts';
import { SalesforceFailure } from './failure.ts';
import type { OrderedPass } from './ordered.ts';
import { untilAborted } from './pages.ts';
import { placeOf, type ReadEnv } from './read-env.ts';
import { countChangedSoql, unorderedSoql } from './soql.ts';

/**
 * Reads all of a large object by a job of the Bulk API. Returns false when it is not large, or when Salesforce refuses or
 * fails the job: REST can still read it.
 */
export async function* readByJob(
  env: ReadEnv,
  pass: OrderedPass,
  mark: JobMark | null,
): AsyncGenerator<Batch, boolean> {
  let current = mark;
  try {
    current ??= await startJob(env);
    if (current === null) return false;
    if (mark === null) yield { tables: [], deleted: [], cursor: cursorOf(pass, current) };
    const job = await awaitJob(env, current.id);
    for await (const part of readSets(env, job, current)) {
      yield 'mark' in part
        ? { tables: [], deleted: [], cursor: cursorOf(pass, part.mark) }
        : { ...(await batchOf(env, part.records, pass.known)), cursor: null };
    }
    await closeJob(env.api, current.id);
    return true;
  } catch (error) {
    if (!(error instanceof JobFailure)) throw error;
    env.log.warn({ ...placeOf(env), reason: error.message }, 'bulk.failed');
    if (current) await closeJob(env.api, current.id);
    return false;
  }
}

/** null: not large enough to wait for a job. */
async function startJob(env: ReadEnv): Promise<JobMark | null> {
  const { api, plan, since, log, bulk, signal } = env;
  const soql = countChangedSoql(plan, null, since);
  const records = await untilAborted(countForApi(api, plan.object, soql), signal);
  const large = records >= bulk.fromRecords;
  log.info({ ...placeOf(env), records, api: large ? 'bulk' : 'rest' }, 'read.planned');
  if (!large) return null;
  const id = await untilAborted(createJob(api, unorderedSoql(plan, since)), signal);
  return { id, locator: null, received: 0 };
}

/** What cannot even be counted in the time that Salesforce gives a query is large. */
async function countForApi(api: Api, object: string, soql: string): Promise<number> {
  try {
    return await countRecords(api, object, soql);
  } catch (error) {
    if (!(error instanceof RunError) || !isTimeout(error.cause)) throw error;
    return Number.POSITIVE_INFINITY;
  }
}

function isTimeout(error: unknown): boolean {
  return error instanceof SalesforceFailure && error.code === 'QUERY_TIMEOUT';
}

/** Asks less and less often: each question is an API call. */
async function awaitJob(env: ReadEnv, id: string): Promise<Job> {
  let waitMs = env.bulk.pollMs;
  for (;;) {
    const job = await untilAborted(pollJob(env.api, id), env.signal);
    if (job.state === 'JobComplete') return job;
    await pause(waitMs, undefined, { signal: env.signal }).catch(() => env.signal.throwIfAborted());
    waitMs = Math.min(env.bulk.longestPollMs, waitMs * 1.5);
  }
}

function cursorOf({ position, upper, whole }: OrderedPass, job: JobMark): string {
  return writeCursor({ ...position, pass: { upper, whole, mark: null, job } });
}
