import { setTimeout as pause } from 'node:timers/promises';
import { RunError } from '../../src/model/errors.ts';
import { readJson } from './api.ts';
import { SalesforceFailure } from './failure.ts';
import { isRecord, type SalesforceRecord, toText } from './values.ts';
import type { WriteEnv } from './write-env.ts';

const firstPauseMs = 250;
/** Each poll is a call of the org's daily limit. */
const longestPauseMs = 30_000;
const patienceMs = 2 * 3_600_000;

export interface IngestEnd {
  /** `JobComplete`, `Failed` or `Aborted`. */
  readonly state: string;
  readonly reason: string | null;
  /** CSV of what became of the rows. */
  readonly succeeded: string;
  readonly failed: string;
}

/**
 * One upsert job from its creation to its end (Bulk API 2.0 Developer Guide: Bulk API 2.0 Ingest). The upload is ours:
 * the client's own one sends an empty body when it repeats. null: this org does not take the job.
 */
export async function runIngestJob(
  env: WriteEnv,
  job: { readonly keyField: string; readonly csv: string },
): Promise<IngestEnd | null> {
  const path = await createJob(env, job.keyField);
  if (path === null) return null;
  try {
    await upload(env, path, job.csv);
    const last = await waitForEnd(env, path);
    const state = toText(last.state) ?? 'Failed';
    const [succeeded, failed] = [
      await readResults(env, `${path}/successfulResults`),
      await readResults(env, `${path}/failedResults`),
    ];
    return { state, reason: toText(last.errorMessage), succeeded, failed };
  } finally {
    await removeJob(env, path);
  }
}

async function createJob(env: WriteEnv, keyField: string): Promise<string | null> {
  const body = {
    object: env.objectName,
    operation: 'upsert',
    externalIdFieldName: keyField,
    contentType: 'CSV',
    columnDelimiter: 'COMMA',
    lineEnding: 'LF',
  };
  const base = '/jobs/ingest';
  try {
    const created = await sendJson(env, 'POST', base, body);
    const id = toText(created.id);
    return id === null ? null : `${base}/${id}`;
  } catch (error) {
    if (!(error instanceof SalesforceFailure) || error.status === 401 || error.status >= 500) throw error;
    env.log.warn({ connection: env.api.connection, code: error.code }, 'publish.bulk_refused');
    return null;
  }
}

/** An upload whose answer was lost has been taken; a second one is refused and does no harm. */
async function upload(env: WriteEnv, path: string, csv: string): Promise<void> {
  try {
    await env.api.send({
      method: 'PUT',
      path: `${path}/batches`,
      headers: { 'content-type': 'text/csv' },
      body: Buffer.from(csv, 'utf8'),
    });
  } catch (error) {
    if (!isStateProblem(error)) throw error;
  }
  await closeUpload(env, path);
}

async function closeUpload(env: WriteEnv, path: string): Promise<void> {
  try {
    await sendJson(env, 'PATCH', path, { state: 'UploadComplete' });
  } catch (error) {
    if (!isStateProblem(error)) throw error;
  }
}

function isStateProblem(error: unknown): boolean {
  return error instanceof SalesforceFailure && error.status === 400;
}

async function waitForEnd(env: WriteEnv, path: string): Promise<SalesforceRecord> {
  let waited = 0;
  for (let pauseMs = firstPauseMs; waited < patienceMs; pauseMs = Math.min(pauseMs * 1.5, longestPauseMs)) {
    await pause(pauseMs, undefined, { signal: env.signal });
    waited += pauseMs;
    const job = await sendJson(env, 'GET', path);
    if (/^(JobComplete|Failed|Aborted)$/.test(toText(job.state) ?? '')) return job;
  }
  throw new RunError('remote', {
    where: `${env.api.connection} ${env.objectName}`,
    message: 'Salesforce has not worked through the results within two hours',
    fix: 'Look at Setup > Bulk Data Load Jobs; the next run writes what is missing.',
  });
}

/** Empty where they cannot be had: rows of which nothing is known are then sent call by call. */
async function readResults(env: WriteEnv, path: string): Promise<string> {
  env.signal.throwIfAborted();
  try {
    return (await env.api.send({ method: 'GET', path, headers: { accept: 'text/csv' } })).text;
  } catch (error) {
    if (error instanceof SalesforceFailure && (error.status === 400 || error.status === 404)) return '';
    throw error;
  }
}

/** Salesforce forgets jobs after a week by itself: a failing removal is no failure. */
async function removeJob(env: WriteEnv, path: string): Promise<void> {
  try {
    await env.api.send({ method: 'DELETE', path });
  } catch (error) {
    env.signal.throwIfAborted();
    env.log.debug({ connection: env.api.connection, error: String(error) }, 'publish.job_not_removed');
  }
}

/** A second job, if the answer to the first is lost, stays open and empty, and does nothing. */
async function sendJson(
  env: WriteEnv,
  method: 'GET' | 'POST' | 'PATCH',
  path: string,
  body?: object,
): Promise<SalesforceRecord> {
  env.signal.throwIfAborted();
  const content = body ? { body: JSON.stringify(body) } : {};
  const reply = await env.api.send({ method, path, ...content, repeatable: true });
  const answer = reply.text.trim() === '' ? {} : readJson(reply, env.api.connection);
  return isRecord(answer) ? answer : {};
}
