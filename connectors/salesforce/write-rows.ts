import { setTimeout as pause } from 'node:timers/promises';
import type { Outcome } from '../../src/model/connector.ts';
import { RunError } from '../../src/model/errors.ts';
import type { ResultChange } from '../../src/model/result.ts';
import { SalesforceFailure } from './failure.ts';
import { type Shape, storageProblem, targetProblem, type WriteEnv } from './write-env.ts';
import { ownerOf, toFields } from './write-record.ts';
import { type RowResult, readRowResult, refusalOf, toOutcome } from './write-result.ts';

/** sObject Collections take 200 records (REST API Developer Guide: Upsert Records Using sObject Collections). */
export const recordsPerCall = 200;
const attemptLimit = 5;

/** What one publishing has come to so far. */
export interface Tally {
  written: number;
  /** Records left with the integration user, because the org did not take the person as their owner. */
  ownersRefused: number;
}

interface Pending {
  readonly change: ResultChange;
  readonly withOwner: boolean;
}

interface Batch {
  readonly env: WriteEnv;
  readonly shape: Shape;
  readonly tally: Tally;
}

/** One chunk, tried until each record has its outcome; no two calls at a time, since they would lock each other out. */
export async function* upsertChunk(batch: Batch, chunk: readonly ResultChange[]): AsyncGenerator<Outcome> {
  let pending: Pending[] = chunk.map((change) => ({ change, withOwner: true }));
  let size = recordsPerCall;
  for (let attempt = 1; pending.length > 0; attempt += 1) {
    const again: Pending[] = [];
    let locked = false;
    for (let index = 0; index < pending.length; index += size) {
      const rows = pending.slice(index, index + size);
      const results = await sendRows(batch, rows);
      refuseSetUpErrors(batch, results);
      for (const [at, row] of rows.entries()) {
        const result = results[at] ?? null;
        const next = nextTry(row, { result, attempt, batch });
        if (next) again.push(next);
        else yield takeDown(batch, row, result);
        locked ||= refusalOf(result) === 'transient';
      }
    }
    pending = again;
    // Without its owner a record can be sent at once; a lock takes a while to go, and fewer records lock fewer others.
    if (!locked || pending.length === 0) continue;
    size = Math.max(1, Math.floor(size / 4));
    await pause(200 * 2 ** attempt, undefined, { signal: batch.env.signal });
  }
}

function nextTry(
  row: Pending,
  { result, attempt, batch }: { result: RowResult | null; attempt: number; batch: Batch },
): Pending | null {
  const refusal = refusalOf(result);
  const hasOwner = row.withOwner && ownerOf(row.change, batch.shape.target) !== null;
  if (refusal === 'owner' && hasOwner) return { change: row.change, withOwner: false };
  return refusal === 'transient' && attempt < attemptLimit ? row : null;
}

function takeDown({ tally }: Batch, { change, withOwner }: Pending, result: RowResult | null): Outcome {
  if (result?.success) {
    tally.written += 1;
    if (!withOwner) tally.ownersRefused += 1;
  }
  return toOutcome(change.key, result);
}

async function sendRows(batch: Batch, rows: readonly Pending[]): Promise<readonly (RowResult | null)[]> {
  const { env, shape } = batch;
  env.signal.throwIfAborted();
  const records = rows.map(({ change, withOwner }) => ({
    attributes: { type: env.objectName },
    ...toFields(change, shape, { withOwner }),
  }));
  try {
    const answer: unknown = await env.api.client.upsert(env.objectName, records, shape.key.apiName);
    const list = Array.isArray(answer) ? answer : [];
    return rows.map((_, index) => readRowResult(list[index]));
  } catch (error) {
    if (isFieldUnknown(error)) throw refusedByAll(env, error.code, error.detail);
    if (!isUnreadable(error)) throw error;
    if (rows.length === 1) return [{ success: false, id: null, problem: error.problems[0] ?? null }];
    const half = Math.ceil(rows.length / 2);
    const first = await sendRows(batch, rows.slice(0, half));
    return [...first, ...(await sendRows(batch, rows.slice(half)))];
  }
}

/** Without the permission set its fields are not there: the request is refused as a whole. */
function isFieldUnknown(error: unknown): error is SalesforceFailure {
  return error instanceof SalesforceFailure && error.status === 400 && error.code === 'INVALID_FIELD';
}

/** One value that does not parse spoils the whole request: halves find it. */
function isUnreadable(error: unknown): error is SalesforceFailure {
  return error instanceof SalesforceFailure && error.status === 400 && error.code === 'JSON_PARSER_ERROR';
}

/** Wrong for every row at once: missing permissions, fields or triggers are for an admin, not for each record. */
export function refuseSetUpErrors(
  { env, tally }: Pick<Batch, 'env' | 'tally'>,
  results: readonly (RowResult | null)[],
): void {
  const codes = results.map((result) => result?.problem?.code);
  if (codes.includes('REQUEST_LIMIT_EXCEEDED')) throw quotaSpent(env);
  const first = results[0];
  if (!first || !results.every((result) => refusalOf(result) === 'setup')) return;
  const { code, message } = first.problem ?? { code: 'refused', message: '' };
  if (code === 'STORAGE_LIMIT_EXCEEDED') throw storageProblem(env, 'the org has no data storage left');
  // Where other records pass, it is this record's own affair.
  if (tally.written > 0) return;
  throw refusedByAll(env, code, message);
}

function refusedByAll(env: WriteEnv, code: string, message: string): RunError {
  const line = message.split('\n').find((one) => one.trim() !== '') ?? '';
  const text = `Salesforce refused every record of ${env.objectName}: ${code} ${line.slice(0, 200)}`.trim();
  return targetProblem(env, text);
}

function quotaSpent(env: WriteEnv): RunError {
  return new RunError('stopped', {
    where: `${env.api.connection} ${env.objectName}`,
    message: 'the org is at its limit of API calls',
    fix: 'Nothing is lost: the next run writes the rest.',
  });
}
