import { setTimeout as pause } from 'node:timers/promises';
import type { Outcome } from '../../src/model/connector.ts';
import type { ResultChange } from '../../src/model/result.ts';
import { readJson } from './api.ts';
import { findIds, isGone } from './write-delete.ts';
import type { Shape, WriteEnv } from './write-env.ts';
import { toFields } from './write-record.ts';
import { type RowResult, readRowResult, refusalOf, toOutcome } from './write-result.ts';
import { recordsPerCall } from './write-rows.ts';

const attemptLimit = 5;

/**
 * By id: an upsert by key would bring a record that somebody deleted in the org back as a stub with next to no fields.
 * What is not there any more needs no retiring.
 */
export async function* retireRecords(
  env: WriteEnv,
  changes: readonly ResultChange[],
  shape: Shape,
): AsyncGenerator<Outcome> {
  const ids = await findIds(env, changes, shape.key.apiName);
  for (const { key } of changes) if (!ids.has(key)) yield { key, ok: true };
  let pending = changes.filter(({ key }) => ids.has(key));
  for (let attempt = 1; pending.length > 0; attempt += 1) {
    const again: ResultChange[] = [];
    for (let index = 0; index < pending.length; index += recordsPerCall) {
      const chunk = pending.slice(index, index + recordsPerCall);
      const results = await send({ env, shape, ids }, chunk);
      for (const [at, change] of chunk.entries()) {
        const result = results[at] ?? null;
        if (isGone(result)) yield { key: change.key, ok: true, remoteId: ids.get(change.key) ?? '' };
        else if (refusalOf(result) === 'transient' && attempt < attemptLimit) again.push(change);
        else yield toOutcome(change.key, result);
      }
    }
    pending = again;
    if (pending.length > 0) await pause(200 * 2 ** attempt, undefined, { signal: env.signal });
  }
}

async function send(
  {
    env,
    shape,
    ids,
  }: { readonly env: WriteEnv; readonly shape: Shape; readonly ids: ReadonlyMap<string, string> },
  changes: readonly ResultChange[],
): Promise<readonly (RowResult | null)[]> {
  env.signal.throwIfAborted();
  const records = changes.map((change) => {
    const { [shape.key.apiName]: _, ...fields } = toFields(change, shape, { withOwner: false });
    return { attributes: { type: env.objectName }, id: ids.get(change.key), ...fields };
  });
  const reply = await env.api.send({
    method: 'PATCH',
    path: '/composite/sobjects',
    body: JSON.stringify({ allOrNone: false, records }),
    repeatable: true,
  });
  const answer = readJson(reply, env.api.connection);
  const list = Array.isArray(answer) ? answer : [];
  return changes.map((_, index) => readRowResult(list[index]));
}
