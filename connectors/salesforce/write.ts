import type { Outcome, ResultSchema } from '../../src/model/connector.ts';
import type { ResultChange } from '../../src/model/result.ts';
import { explainingAll } from './explain.ts';
import { linkField } from './metadata-records.ts';
import { type LinkOf, readLinks } from './record-links.ts';
import { findField, type ObjectInfo } from './schema.ts';
import { bulkUpsert } from './write-bulk.ts';
import { deleteRecords } from './write-delete.ts';
import { type Shape, splitByKey, targetProblem, type WriteEnv } from './write-env.ts';
import { retireRecords } from './write-retire.ts';
import { recordsPerCall, type Tally, upsertChunk } from './write-rows.ts';
import { requireStorage } from './write-storage.ts';

/** Above this Salesforce advises the Bulk API (Bulk API 2.0 Developer Guide: when to use it). */
const bulkThreshold = 2_000;

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
  const object = await requireTarget(env, changes, shape.target);
  // Deletions first: they make room, and a refused record must not keep them from being done.
  const deletions = changes.filter((change) => change.change === 'delete');
  yield* deleteRecords(env, deletions, shape.key.apiName);
  const retired = changes.filter(({ change }) => change === 'retire');
  if (retired.length > 0) yield* retireRecords(env, retired, shape);
  const linkTo = await readLinks(env.api, object, linkName(shape.target));
  const upserts = changes
    .filter(({ change }) => change === 'create' || change === 'update')
    .map((change) => (linkTo ? withRecords(change, linkTo) : change));
  await requireStorage(env, upserts, shape);
  const tally: Tally = { written: 0, ownersRefused: 0 };
  yield* upsertAll({ env, shape, tally }, upserts);
  if (tally.ownersRefused === 0) return;
  env.log.warn({ connection: env.api.connection, records: tally.ownersRefused }, 'publish.owner_refused');
}

function linkName({ fields }: ResultSchema): string {
  return fields.find(({ name }) => name === linkField.name)?.apiName ?? linkField.apiName;
}

function withRecords(change: ResultChange, linkTo: LinkOf): ResultChange {
  return { ...change, fields: { ...change.fields, [linkField.name]: linkTo(change) } };
}

/** Large sets go by jobs; what these leave open, and small sets, by calls of 200. */
async function* upsertAll(
  batch: { readonly env: WriteEnv; readonly shape: Shape; readonly tally: Tally },
  upserts: readonly ResultChange[],
): AsyncGenerator<Outcome> {
  let left = upserts;
  if (upserts.length > bulkThreshold) {
    const open: ResultChange[] = [];
    for await (const item of bulkUpsert(batch, upserts)) {
      if ('outcome' in item) yield item.outcome;
      else open.push(item.open);
    }
    left = open;
  }
  for (const chunk of splitByKey(left, recordsPerCall)) yield* upsertChunk(batch, chunk);
}

/** One message beats a refusal per record. */
async function requireTarget(
  env: WriteEnv,
  changes: readonly ResultChange[],
  target: ResultSchema,
): Promise<ObjectInfo> {
  const object = await env.schema.refresh(env.objectName);
  if (!object) throw targetProblem(env, `${env.objectName} is not there, or not visible to this user`);
  if (!object.createable) {
    throw targetProblem(env, `this user may not create records of ${env.objectName}`);
  }
  const used = new Set(changes.flatMap((change) => Object.keys(change.fields)));
  const hidden = target.fields.filter((field) => {
    if (field.kind !== 'key' && !used.has(field.name)) return false;
    return findField(object, field.apiName)?.updateable !== true;
  });
  if (hidden.length === 0) return object;
  const names = hidden.map((field) => field.apiName).join(', ');
  throw targetProblem(env, `this user may not write ${names} of ${env.objectName}`);
}
