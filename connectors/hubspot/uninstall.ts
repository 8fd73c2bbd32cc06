import type { InstallPlan, InstallStep } from '../../src/model/connector.ts';
import { readNotesOf } from './board.ts';
import { boardName, findBoardId } from './board-company.ts';
import { HubspotError } from './explain.ts';
import { ownsProperty, ownsSchema } from './ownership.ts';
import type { VendorRequest } from './requests.ts';
import { groupName, keyProperty, objectName } from './result-properties.ts';
import { countMatches } from './search-request.ts';
import type { Session } from './session.ts';
import { anyAnswer, recordPage, type SchemaRecord } from './shapes.ts';
import { fetchSchemas, withProperties } from './target.ts';
import { findOwnTasks } from './task-list.ts';

const batchSize = 100;

interface Removal {
  readonly step: InstallStep;
  carryOut(): Promise<void>;
}

/** Everything that this program wrote or installed, and nothing else: both forms, where an account has had both. */
export async function planUninstall(session: Session): Promise<InstallPlan> {
  const removals = [
    ...(await taskRemovals(session)),
    ...(await objectRemovals(session)),
    ...(await boardRemovals(session)),
  ];
  async function* apply(): AsyncGenerator<InstallStep> {
    for (const { step, carryOut } of removals) {
      await carryOut();
      yield step;
    }
  }
  return { steps: removals.map(({ step }) => step), apply };
}

async function taskRemovals(session: Session): Promise<readonly Removal[]> {
  const ids = await findOwnTasks(session);
  if (ids.length === 0) return [];
  return [removal('tasks', () => archiveAll(session, 'tasks', ids), `${ids.length}`)];
}

async function objectRemovals(session: Session): Promise<readonly Removal[]> {
  const schemas = await fetchSchemas(session);
  const listed = schemas?.find(({ name }) => name === objectName);
  const schema = listed ? await withProperties(session, listed) : null;
  if (!schema || !ownsSchema(schema)) return [];
  const search = { api: session.api, object: schema.objectTypeId, signal: session.context.signal };
  const rows = await countMatches(search, []);
  const records = `records of ${objectName}`;
  return [
    removal(
      records,
      () => deleteRecords(session, schema.objectTypeId),
      rows === null ? 'all' : `about ${rows}`,
    ),
    removal(`custom object ${objectName}`, () => deleteSchema(session, schema), 'with its properties'),
  ];
}

function removal(what: string, carryOut: () => Promise<void>, note?: string): Removal {
  return { step: { change: 'delete', what, ...(note === undefined ? {} : { note }) }, carryOut };
}

/** By the list, which is not behind: page after page from its start, as those before are gone. */
async function deleteRecords({ api, context }: Session, object: string): Promise<void> {
  for (;;) {
    context.signal.throwIfAborted();
    const request = api.build.objects.getPage(object, batchSize, undefined, [keyProperty]);
    const { results } = (await api.call({ what: 'KPI results', request, shape: recordPage })).value;
    const ids = results.filter(({ archived }) => archived !== true).map(({ id }) => ({ id }));
    if (ids.length === 0) return;
    const archive = api.build.batch.archive(object, { inputs: ids });
    await api.call({ what: 'KPI results', request: archive, shape: anyAnswer, repeatable: true });
  }
}

/** The second call frees the name; an account that refuses it only keeps the name for a while. */
async function deleteSchema(session: Session, schema: SchemaRecord): Promise<void> {
  const { api } = session;
  const what = `custom object ${objectName}`;
  await removeTolerantly(() =>
    api.call({ what, request: api.build.schemas.archive(schema.objectTypeId), shape: anyAnswer }),
  );
  try {
    await api.call({ what, request: api.build.schemas.archive(schema.objectTypeId, true), shape: anyAnswer });
  } catch (error) {
    if (!(error instanceof HubspotError) || error.status >= 429 || error.status === 401) throw error;
    session.log.warn({ connection: session.name, problem: error.message }, 'schema.name_kept');
  }
}

async function boardRemovals(session: Session): Promise<readonly Removal[]> {
  const { api } = session;
  const known = [...((await session.properties('companies')) ?? new Map()).values()];
  const own = known.filter((one) => one.name.startsWith('crmkpi_') && ownsProperty(one));
  const boardId = own.some(({ name }) => name === keyProperty) ? await findBoardId(api) : null;
  const removals: Removal[] = [];
  if (boardId !== null) {
    const notes = (await readNotesOf(session, boardId)).flatMap(({ id }) => id ?? []);
    const archive = () => archiveAll(session, 'notes', notes);
    if (notes.length > 0) removals.push(removal('notes of the board', archive, `${notes.length}`));
    const request = () => api.build.objects.archive('companies', boardId);
    removals.push(removal(`company ${boardName}`, () => archiveOne(session, boardName, request)));
  }
  for (const { name } of own) {
    const request = () => api.build.properties.archive('companies', name);
    removals.push(removal(`property companies.${name}`, () => archiveOne(session, name, request)));
  }
  if (own.length > 0) {
    const request = () => api.build.propertyGroups.archive('companies', groupName);
    const what = `property group companies.${groupName}`;
    removals.push(removal(what, () => archiveOne(session, what, request)));
  }
  return removals;
}

async function archiveAll({ api }: Session, object: string, ids: readonly string[]): Promise<void> {
  for (let start = 0; start < ids.length; start += batchSize) {
    const inputs = ids.slice(start, start + batchSize).map((id) => ({ id }));
    const request = api.build.batch.archive(object, { inputs });
    await api.call({ what: object, request, shape: anyAnswer, repeatable: true });
  }
}

async function archiveOne(
  session: Session,
  what: string,
  request: () => Promise<VendorRequest>,
): Promise<void> {
  session.forgetProperties('companies');
  await removeTolerantly(() => session.api.call({ what, request: request(), shape: anyAnswer }));
}

/** What is gone already is removed. */
async function removeTolerantly(call: () => Promise<unknown>): Promise<void> {
  try {
    await call();
  } catch (error) {
    if (!(error instanceof HubspotError) || error.status !== 404) throw error;
  }
}
