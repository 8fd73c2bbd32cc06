import type { Outcome, ResultSchema } from '../../src/model/connector.ts';
import type { ResultChange } from '../../src/model/result.ts';
import { isAnonymous, readOutcomes, refusalOf } from './batch-outcome.ts';
import { HubspotError } from './explain.ts';
import { notInstalled } from './ownership.ts';
import {
  displayName,
  keyProperty,
  nameProperty,
  ownerProperty,
  propertyName,
  toProperties,
} from './result-properties.ts';
import { isRefused, type Session } from './session.ts';
import { anyAnswer, batchAnswer, type SchemaRecord } from './shapes.ts';

const batchSize = 100;

interface Destination {
  readonly target: ResultSchema;
  readonly schema: SchemaRecord;
}

interface Place extends Destination {
  /** Who owns a record of this person; empty: nobody; null: records have no owner here. */
  readonly ownerFor: (person: string) => string | null;
}

/** Upserts by our key: repeating a run, or a lost answer, never makes a second record. */
export async function* publishToObject(
  session: Session,
  changes: readonly ResultChange[],
  destination: Destination,
): AsyncGenerator<Outcome> {
  requireProperties(session, destination);
  const place = { ...destination, ownerFor: await createOwnerChoice(session, destination) };
  const upserts = changes.filter(({ change }) => change !== 'delete');
  const deletions = changes.filter(({ change }) => change === 'delete');
  for (const chunk of chunks(upserts)) yield* await upsertChunk(session, chunk, place);
  for (const chunk of chunks(deletions)) yield* await deleteChunk(session, chunk, place);
}

/** Somebody who has left can own nothing: HubSpot would refuse the whole record. The person stays in `user`. */
async function createOwnerChoice(session: Session, { schema }: Destination): Promise<Place['ownerFor']> {
  const known = schema.properties.some(({ name }) => name === ownerProperty);
  if (!known) return () => null;
  try {
    const owners = await session.owners();
    return (person) => (owners.byId(person)?.archived === false ? person : '');
  } catch (error) {
    if (isRefused(error)) return (person) => person;
    throw error;
  }
}

/** An older installation lacks what was added since: that is for install to do. */
function requireProperties(session: Session, { target, schema }: Destination): void {
  if (schema.properties.length === 0) return;
  const known = new Set(schema.properties.map(({ name }) => name));
  const missing = target.fields.map(propertyName).filter((name) => !known.has(name));
  if (missing.length > 0) throw notInstalled(session, `the properties ${missing.join(', ')} of the results`);
}

type Input = {
  readonly id: string;
  readonly idProperty: string;
  readonly objectWriteTraceId: string;
  readonly properties: Record<string, string>;
};

function toInput(change: ResultChange, { target, ownerFor }: Place): Input {
  const { key, fields } = change;
  const properties: Record<string, string> = { ...toProperties(fields, target), [keyProperty]: key };
  const name = displayName(fields);
  if (name !== undefined) properties[nameProperty] = name;
  const owner = typeof fields.user === 'string' ? ownerFor(fields.user) : null;
  if (owner !== null) properties[ownerProperty] = owner;
  return { id: key, idProperty: keyProperty, objectWriteTraceId: key, properties };
}

/**
 * Every input has its trace id, so that one bad record does not refuse the others. A server that refuses the whole
 * batch all the same is asked again by halves, until the bad record stands alone.
 */
async function upsertChunk(
  session: Session,
  changes: readonly ResultChange[],
  place: Place,
): Promise<readonly Outcome[]> {
  const { api } = session;
  const inputs = changes.map((change) => toInput(change, place));
  try {
    const request = api.build.batch.upsert(place.schema.objectTypeId, { inputs });
    const call = { what: 'KPI results', request, shape: batchAnswer, repeatable: true };
    const answer = (await api.call(call)).value;
    const keys = changes.map(({ key }) => key);
    const found = isAnonymous(answer) ? await findIds(session, place.schema, keys) : undefined;
    return readOutcomes(changes, answer, found);
  } catch (error) {
    if (!(error instanceof HubspotError) || (error.status !== 400 && error.status !== 409)) throw error;
    const [only] = changes;
    if (changes.length === 1 && only) return [{ key: only.key, ok: false, reason: refusalOf(error.body) }];
    const middle = Math.ceil(changes.length / 2);
    return [
      ...(await upsertChunk(session, changes.slice(0, middle), place)),
      ...(await upsertChunk(session, changes.slice(middle), place)),
    ];
  }
}

/** Archived by id; a record that is not there is deleted already. */
async function deleteChunk(
  session: Session,
  changes: readonly ResultChange[],
  { schema }: Destination,
): Promise<readonly Outcome[]> {
  const { api } = session;
  const unknown = changes.filter(({ remoteId }) => remoteId === null).map(({ key }) => key);
  const found = unknown.length > 0 ? await findIds(session, schema, unknown) : new Map<string, string>();
  const ids = changes.flatMap(({ key, remoteId }) => remoteId ?? found.get(key) ?? []);
  if (ids.length > 0) {
    const request = api.build.batch.archive(schema.objectTypeId, { inputs: ids.map((id) => ({ id })) });
    await api.call({ what: 'KPI results', request, shape: anyAnswer, repeatable: true });
  }
  return changes.map(({ key }) => ({ key, ok: true }));
}

async function findIds(
  session: Session,
  schema: SchemaRecord,
  keys: readonly string[],
): Promise<Map<string, string>> {
  const { api } = session;
  const body = {
    idProperty: keyProperty,
    properties: [keyProperty],
    propertiesWithHistory: [],
    inputs: keys.map((id) => ({ id })),
  };
  const request = api.build.batch.read(schema.objectTypeId, body, false);
  const { value } = await api.call({ what: 'KPI results', request, shape: batchAnswer, repeatable: true });
  return new Map(value.results.map(({ id, properties }) => [properties[keyProperty] ?? '', id]));
}

function* chunks<T>(all: readonly T[]): Generator<readonly T[]> {
  for (let start = 0; start < all.length; start += batchSize) yield all.slice(start, start + batchSize);
}
