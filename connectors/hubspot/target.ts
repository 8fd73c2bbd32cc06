import { z } from 'zod';
import { boardFlag } from './catalog.ts';
import { rawPaths } from './paths.ts';
import { keyProperty, objectName } from './result-properties.ts';
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
  const schema = schemas?.find(({ name }) => name === objectName) ?? null;
  if (schema || wanted === 'custom_object') return { form: 'custom_object', schema };
  if (schemas === null)
    return findBoard(session, 'custom objects cannot be read here (Enterprise, crm.schemas.custom.read)');
  if (await hasNoRoom(session))
    return findBoard(session, 'this account may not define another custom object');
  return { form: 'custom_object', schema: null };
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
