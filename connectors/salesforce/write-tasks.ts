import { setTimeout as pause } from 'node:timers/promises';
import type { Outcome } from '../../src/model/connector.ts';
import { readJson } from './api.ts';
import { explaining } from './explain.ts';
import type { WriteEnv } from './write-env.ts';
import { type RowResult, readRowResult, refusalOf, toOutcome } from './write-result.ts';
import { recordsPerCall } from './write-rows.ts';

export type TaskEnv = Pick<WriteEnv, 'api' | 'schema' | 'signal'>;

/** A task to be made (no id yet) or changed. */
export interface TaskWrite {
  readonly key: string;
  readonly remoteId: string | null;
  readonly fields: Readonly<Record<string, string | null>>;
}

const attemptLimit = 5;

/** Each gets its outcome: locked ones are tried again, those whose person cannot own them fall to this user. */
export async function* writeTasks(env: TaskEnv, writes: readonly TaskWrite[]): AsyncGenerator<Outcome> {
  let pending = writes;
  for (let attempt = 1; pending.length > 0; attempt += 1) {
    const again: TaskWrite[] = [];
    let locked = false;
    for (const chunk of chunksOf(pending)) {
      const results = await send(env, chunk);
      for (const [index, write] of chunk.entries()) {
        const result = results[index] ?? null;
        const refusal = refusalOf(result);
        if (refusal === 'owner' && write.fields.OwnerId !== undefined) again.push(withoutOwner(write));
        else if (refusal === 'transient' && attempt < attemptLimit) {
          again.push(write);
          locked = true;
        } else yield toOutcome(write.key, result);
      }
    }
    pending = again;
    if (locked) await pause(200 * 2 ** attempt, undefined, { signal: env.signal });
  }
}

/** New ones and known ones go by different calls. */
function chunksOf(writes: readonly TaskWrite[]): TaskWrite[][] {
  const kinds = [
    writes.filter((one) => one.remoteId === null),
    writes.filter((one) => one.remoteId !== null),
  ];
  return kinds.flatMap((kind) => {
    const chunks: TaskWrite[][] = [];
    for (let index = 0; index < kind.length; index += recordsPerCall)
      chunks.push(kind.slice(index, index + recordsPerCall));
    return chunks;
  });
}

function withoutOwner({ fields, ...write }: TaskWrite): TaskWrite {
  const { OwnerId: _, ...rest } = fields;
  return { ...write, fields: rest };
}

/** A creation is sent once: sent again after a lost answer it would make a second task. */
async function send(env: TaskEnv, writes: readonly TaskWrite[]): Promise<readonly (RowResult | null)[]> {
  const { api, signal } = env;
  signal.throwIfAborted();
  const isNew = writes[0]?.remoteId === null;
  const records = writes.map(({ remoteId, fields }) => ({
    attributes: { type: 'Task' },
    ...(remoteId === null ? {} : { id: remoteId }),
    ...fields,
  }));
  const reply = await explaining({ connection: api.connection, object: 'Task' }, () =>
    api.send({
      method: isNew ? 'POST' : 'PATCH',
      path: '/composite/sobjects',
      body: JSON.stringify({ allOrNone: false, records }),
      repeatable: !isNew,
    }),
  );
  const answer = readJson(reply, api.connection);
  const list = Array.isArray(answer) ? answer : [];
  return writes.map((_, index) => readRowResult(list[index]));
}
