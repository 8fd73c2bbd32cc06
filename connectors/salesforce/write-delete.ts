import type { Outcome } from '../../src/model/connector.ts';
import type { ResultChange } from '../../src/model/result.ts';
import { soqlText } from './values.ts';
import type { WriteEnv } from './write-env.ts';
import { type RowResult, readRowResult, toOutcome } from './write-result.ts';

const recordsPerCall = 200;
/** Keys have up to 255 characters, three times that in a URL, which ends at 16,384 bytes. */
const keysPerQuery = 20;

type DeleteEnv = Pick<WriteEnv, 'api' | 'objectName' | 'signal'>;

export async function* deleteRecords(
  env: DeleteEnv,
  changes: readonly ResultChange[],
  keyField: string,
): AsyncGenerator<Outcome> {
  const ids = await findIds(env, changes, keyField);
  // What is not there any more is as good as deleted.
  for (const { key } of changes.filter((change) => !ids.has(change.key))) yield { key, ok: true };
  const found = changes.filter((change) => ids.has(change.key));
  for (let index = 0; index < found.length; index += recordsPerCall) {
    yield* deleteChunk(env, found.slice(index, index + recordsPerCall), ids);
  }
}

/** Of the records in the org, by key: as told before, else asked for. */
export async function findIds(
  env: DeleteEnv,
  changes: readonly ResultChange[],
  keyField: string,
): Promise<ReadonlyMap<string, string>> {
  const ids = new Map<string, string>();
  const unknown: string[] = [];
  for (const { key, remoteId } of changes) {
    if (remoteId === null) unknown.push(key);
    else ids.set(key, remoteId);
  }
  for (let index = 0; index < unknown.length; index += keysPerQuery) {
    const keys = unknown.slice(index, index + keysPerQuery).map(soqlText);
    const soql = `SELECT Id, ${keyField} FROM ${env.objectName} WHERE ${keyField} IN (${keys.join(', ')})`;
    for (const record of (await env.api.query(soql)).records) {
      ids.set(String(record[keyField]), String(record.Id));
    }
  }
  return ids;
}

async function* deleteChunk(
  env: DeleteEnv,
  chunk: readonly ResultChange[],
  ids: ReadonlyMap<string, string>,
): AsyncGenerator<Outcome> {
  const list = chunk.map((change) => ids.get(change.key) ?? '');
  const results = await deleteByIds(env, list);
  for (const [index, { key }] of chunk.entries()) {
    const result = results[index] ?? null;
    if (isGone(result)) yield { key, ok: true, remoteId: ids.get(key) ?? '' };
    else yield toOutcome(key, result);
  }
}

/** At most 200; the results are in the order of the ids. */
export async function deleteByIds(
  env: DeleteEnv,
  ids: readonly string[],
): Promise<readonly (RowResult | null)[]> {
  env.signal.throwIfAborted();
  const answer: unknown = await env.api.client.request({
    method: 'DELETE',
    url: `/composite/sobjects?ids=${encodeURIComponent(ids.join(','))}&allOrNone=false`,
  });
  const results = Array.isArray(answer) ? answer : [];
  return ids.map((_, index) => readRowResult(results[index]));
}

/** What somebody else deleted before is deleted too. */
export function isGone(result: RowResult | null): boolean {
  if (result?.success) return true;
  return /ENTITY_IS_DELETED|NOT_FOUND|INVALID_CROSS_REFERENCE_KEY/.test(result?.problem?.code ?? '');
}
