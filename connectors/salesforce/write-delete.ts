import type { Outcome } from '../../src/model/connector.ts';
import type { ResultChange } from '../../src/model/result.ts';
import { soqlText, toText } from './values.ts';
import type { WriteEnv } from './write.ts';
import { readRowResult, rowAdvice } from './write-result.ts';

const recordsPerCall = 200;
/** Keys have up to 255 characters, three times that in a URL, which ends at 16,384 bytes. */
const keysPerQuery = 20;

export async function* deleteRecords(
  env: WriteEnv,
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

async function findIds(
  env: WriteEnv,
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
  env: WriteEnv,
  chunk: readonly ResultChange[],
  ids: ReadonlyMap<string, string>,
): AsyncGenerator<Outcome> {
  env.signal.throwIfAborted();
  const list = chunk.map((change) => ids.get(change.key) ?? '').join(',');
  const answer: unknown = await env.api.client.request({
    method: 'DELETE',
    url: `/composite/sobjects?ids=${encodeURIComponent(list)}&allOrNone=false`,
  });
  const results = Array.isArray(answer) ? answer : [];
  for (const [index, { key }] of chunk.entries()) {
    const result = readRowResult(results[index]);
    const gone = /ENTITY_IS_DELETED|NOT_FOUND|INVALID_CROSS_REFERENCE_KEY/.test(result?.problem?.code ?? '');
    if (result?.success || gone) yield { key, ok: true, remoteId: toText(ids.get(key)) ?? '' };
    else if (result?.problem)
      yield { key, ok: false, reason: `${result.problem.code}: ${rowAdvice(result.problem)}` };
    else yield { key, ok: false, reason: 'Salesforce did not say what became of it' };
  }
}
