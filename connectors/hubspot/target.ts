import { z } from 'zod';
import { boardFlag } from './catalog.ts';
import { rawPaths } from './paths.ts';
import { keyProperty, objectName, ownerProperty } from './result-properties.ts';
import { isRefused, type Session } from './session.ts';
import { type SchemaRecord, schemaList } from './shapes.ts';

/** Where this account can hold results. */
export type Target =
  | { readonly form: 'custom_object'; readonly schema: SchemaRecord | null }
  | { readonly form: 'board'; readonly installed: boolean; readonly reason: string };

/** No endpoint tells the subscription: what the account allows is found by asking. */
export async function findTarget(session: Session): Promise<Target> {
  const wanted = session.context.settings.resultsIn;
  if (wanted === 'board') return findBoard(session, 'the settings say so (resultsIn)');
  const schemas = await fetchSchemas(session);
  const listed = schemas?.find(({ name }) => name === objectName);
  const schema = listed ? await withProperties(session, listed) : null;
  if (schema || wanted === 'custom_object') return { form: 'custom_object', schema };
  if (schemas === null)
    return findBoard(session, 'custom objects cannot be read here (Enterprise, crm.schemas.custom.read)');
  if (await hasNoRoom(session))
    return findBoard(session, 'this account may not define another custom object');
  return { form: 'custom_object', schema: null };
}

/** The list of objects may leave out what they have; their owner, which HubSpot adds, stands among the properties only. */
export async function withProperties(session: Session, schema: SchemaRecord): Promise<SchemaRecord> {
  const has = (wanted: string) => schema.properties.some(({ name }) => name === wanted);
  if (has(keyProperty) && has(ownerProperty)) return schema;
  const known = await session.properties(schema.objectTypeId);
  const more = [...(known?.values() ?? [])].filter(({ name }) => !has(name));
  return { ...schema, properties: [...schema.properties, ...more] };
}

/** null: custom objects are not part of this account, or not visible to this token. */
export async function fetchSchemas(session: Session): Promise<readonly SchemaRecord[] | null> {
  const { api } = session;
  try {
    const request = api.build.schemas.getAll(false);
    return (await api.call({ what: 'custom object schemas', request, shape: schemaList })).value.results;
  } catch (error) {
    if (isRefused(error)) return null;
    throw error;
  }
}

/** The pages of the documentation differ in the names. */
const count = z.coerce.number().optional().catch(undefined);
const limitShape = z
  .object({ limit: count, usage: count, overallLimit: count, overallUsage: count })
  .nullable()
  .catch(null);

/** Unknown counts as room: the attempt itself will tell. */
async function hasNoRoom({ api }: Session): Promise<boolean> {
  try {
    const call = { what: 'limits', path: rawPaths.customObjectLimit, shape: limitShape };
    const { value } = await api.get(call);
    const limit = value?.limit ?? value?.overallLimit;
    return limit !== undefined && (value?.usage ?? value?.overallUsage ?? 0) >= limit;
  } catch (error) {
    if (isRefused(error)) return false;
    throw error;
  }
}

async function findBoard(session: Session, reason: string): Promise<Target> {
  const known = await session.properties('companies');
  const installed = Boolean(known?.has(keyProperty) && known.has(boardFlag));
  return { form: 'board', installed, reason };
}
