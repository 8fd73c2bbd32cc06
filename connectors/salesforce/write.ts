import { setTimeout as pause } from 'node:timers/promises';
import type { Outcome, ResultField, ResultSchema } from '../../src/model/connector.ts';
import { RunError } from '../../src/model/errors.ts';
import type { ResultChange } from '../../src/model/result.ts';
import type { Api } from './api.ts';
import { explainingAll } from './explain.ts';
import { findField, type Schema } from './schema.ts';
import { toText } from './values.ts';
import { deleteRecords } from './write-delete.ts';
import { type RowResult, readRowResult, refusalOf, rowAdvice } from './write-result.ts';

/** sObject Collections take 200 records (REST API Developer Guide: Upsert Records Using sObject Collections). */
const recordsPerCall = 200;
const attemptLimit = 5;

export interface WriteEnv {
  readonly api: Api;
  readonly schema: Schema;
  readonly objectName: string;
  readonly signal: AbortSignal;
}

export async function* writeResults(
  env: WriteEnv,
  changes: readonly ResultChange[],
  target: ResultSchema,
): AsyncGenerator<Outcome> {
  if (changes.length === 0) return;
  const key = target.fields.find((field) => field.kind === 'key');
  if (!key) throw new TypeError('the result schema has no key');
  const place = { connection: env.api.connection, object: env.objectName };
  yield* explainingAll(place, writeChanges(env, changes, { target, key }));
}

async function* writeChanges(
  env: WriteEnv,
  changes: readonly ResultChange[],
  shape: Shape,
): AsyncGenerator<Outcome> {
  await requireTarget(env, changes, shape.target);
  const upserts = changes.filter((change) => change.change !== 'delete');
  for (const chunk of splitByKey(upserts)) yield* upsertChunk(env, chunk, shape);
  const deletions = changes.filter((change) => change.change === 'delete');
  yield* deleteRecords(env, deletions, shape.key.apiName);
}

/** One message beats a refusal per record. */
async function requireTarget(
  env: WriteEnv,
  changes: readonly ResultChange[],
  target: ResultSchema,
): Promise<void> {
  const object = await env.schema.refresh(env.objectName);
  if (!object) throw targetProblem(env, `${env.objectName} is not there, or not visible to this user`);
  const used = new Set(changes.flatMap((change) => Object.keys(change.fields)));
  const hidden = target.fields.filter((field) => {
    if (field.kind !== 'key' && !used.has(field.name)) return false;
    return findField(object, field.apiName)?.updateable !== true;
  });
  if (hidden.length === 0) return;
  const names = hidden.map((field) => field.apiName).join(', ');
  throw targetProblem(env, `this user may not write ${names} of ${env.objectName}`);
}

function targetProblem(env: WriteEnv, message: string): RunError {
  return new RunError('config', {
    where: `${env.api.connection} ${env.objectName}`,
    message,
    fix: `Run \`crm-kpi install ${env.api.connection}\`.`,
  });
}

/** A key twice in one request fails every row that has it, and upper and lower case count as the same there. */
export function splitByKey(changes: readonly ResultChange[]): ResultChange[][] {
  const chunks: { keys: Set<string>; rows: ResultChange[] }[] = [];
  for (const change of changes) {
    const key = change.key.toLowerCase();
    const after = chunks.findLastIndex((chunk) => chunk.keys.has(key));
    let chunk = chunks.find((one, index) => index > after && one.rows.length < recordsPerCall);
    if (!chunk) {
      chunk = { keys: new Set(), rows: [] };
      chunks.push(chunk);
    }
    chunk.keys.add(key);
    chunk.rows.push(change);
  }
  return chunks.map((chunk) => chunk.rows);
}

interface Shape {
  readonly target: ResultSchema;
  readonly key: ResultField;
}

interface Pending {
  readonly change: ResultChange;
  readonly withOwner: boolean;
}

async function* upsertChunk(
  env: WriteEnv,
  chunk: readonly ResultChange[],
  shape: Shape,
): AsyncGenerator<Outcome> {
  let pending: Pending[] = chunk.map((change) => ({ change, withOwner: true }));
  for (let attempt = 1; pending.length > 0; attempt += 1) {
    const results = await sendChunk(env, pending, shape);
    refuseSetUpErrors(env, results);
    const again: Pending[] = [];
    let locked = false;
    for (const [index, row] of pending.entries()) {
      const result = results[index] ?? null;
      const refusal = refusalOf(result);
      if (refusal === 'owner' && row.withOwner && ownerOf(row.change, shape.target) !== null) {
        again.push({ change: row.change, withOwner: false });
      } else if (refusal === 'transient' && attempt < attemptLimit) {
        again.push(row);
        locked = true;
      } else yield toOutcome(row.change, result);
    }
    pending = again;
    // Without its owner a record can be sent at once; a lock takes a while to go.
    if (locked) await pause(200 * 2 ** attempt, undefined, { signal: env.signal });
  }
}

async function sendChunk(
  env: WriteEnv,
  rows: readonly Pending[],
  shape: Shape,
): Promise<readonly (RowResult | null)[]> {
  env.signal.throwIfAborted();
  const records = rows.map((row) => toRecord(env, row, shape));
  const answer: unknown = await env.api.client.upsert(env.objectName, records, shape.key.apiName);
  const list = Array.isArray(answer) ? answer : [];
  return rows.map((_, index) => readRowResult(list[index]));
}

function toRecord(env: WriteEnv, { change, withOwner }: Pending, shape: Shape): Record<string, unknown> {
  const record: Record<string, unknown> = {
    attributes: { type: env.objectName },
    [shape.key.apiName]: change.key,
  };
  for (const field of shape.target.fields) {
    const value = change.fields[field.name];
    if (field.kind !== 'key' && value !== undefined) record[field.apiName] = toFieldValue(field, value);
  }
  const ownerId = withOwner ? ownerOf(change, shape.target) : null;
  return ownerId === null ? record : { ...record, OwnerId: ownerId };
}

function toFieldValue(field: ResultField, value: string | number | boolean | null): unknown {
  if (value === null) return field.kind === 'bool' ? false : null;
  if (field.kind === 'instant' && typeof value === 'number') return new Date(value).toISOString();
  if (field.kind === 'text') return String(value).slice(0, 255);
  if (field.kind === 'longtext') return String(value).slice(0, 32_768);
  return value;
}

/** A person's result belongs to that person: the private sharing model then shows it to them and their managers. */
function ownerOf(change: ResultChange, target: ResultSchema): string | null {
  const field = target.fields.find((one) => one.kind === 'user');
  const id = field ? toText(change.fields[field.name]) : null;
  return id?.startsWith('005') ? id : null;
}

/** Wrong for every row at once: missing permissions, fields or triggers are for an admin, not for each record. */
function refuseSetUpErrors(env: WriteEnv, results: readonly (RowResult | null)[]): void {
  const first = results[0];
  if (!first || !results.every((result) => refusalOf(result) === 'setup')) return;
  const { code, message } = first.problem ?? { code: 'refused', message: '' };
  const text = `Salesforce refused every record of ${env.objectName}: ${code} ${message}`.trim();
  if (code === 'STORAGE_LIMIT_EXCEEDED') {
    throw new RunError('config', {
      where: `${env.api.connection} ${env.objectName}`,
      message: 'the org has no data storage left',
      fix: 'Free storage (Setup > Storage Usage), or publish fewer KPIs, segments and periods.',
    });
  }
  throw targetProblem(env, text);
}

function toOutcome(change: ResultChange, result: RowResult | null): Outcome {
  const { key } = change;
  if (result?.success) return { key, ok: true, ...(result.id === null ? {} : { remoteId: result.id }) };
  if (!result?.problem) return { key, ok: false, reason: 'Salesforce did not say what became of it' };
  return { key, ok: false, reason: `${result.problem.code}: ${rowAdvice(result.problem)}` };
}
