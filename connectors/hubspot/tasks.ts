import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { Outcome, TaskChange, TaskState } from '../../src/model/connector.ts';
import { refusalOf } from './batch-outcome.ts';
import { HubspotError } from './explain.ts';
import { chunks } from './fetch.ts';
import { asModel } from './requests.ts';
import { marker } from './result-properties.ts';
import { type SearchFilter, search } from './search-request.ts';
import { isRefused, type Session } from './session.ts';
import { anyAnswer, batchAnswer, type HubspotRecord } from './shapes.ts';
import { listTasks, wordOfAll } from './task-list.ts';
import { taskMark } from './task-mark.ts';
import { escapeHtml } from './text.ts';
import { parseInstant } from './values.ts';

const what = 'tasks';
const pageSize = 100;
const taskProperties = [
  'hs_task_subject',
  'hs_task_body',
  'hs_task_status',
  'hs_task_completion_date',
  'hs_timestamp',
  'hubspot_owner_id',
] as const;

/** Tasks have no unique property that a caller may set: a word in the text tells ours, and which. */
function wordOf(key: string): string {
  return `${wordOfAll}${createHash('sha256').update(key).digest('hex').slice(0, 20)}`;
}

export async function* saveTasks(session: Session, tasks: readonly TaskChange[]): AsyncGenerator<Outcome> {
  const known = await readTasks(
    session,
    tasks.flatMap(({ remoteId }) => remoteId ?? []),
  );
  for (const task of tasks) {
    if (task.remoteId === null) yield await settle(task, () => saveNew(session, task));
    else yield await settle(task, () => saveKnown(session, task, known.get(task.remoteId ?? '') ?? null));
  }
}

/** A refused task is its own: the others are saved. */
async function settle(task: TaskChange, save: () => Promise<string>): Promise<Outcome> {
  try {
    return { key: task.key, ok: true, remoteId: await save() };
  } catch (error) {
    if (!(error instanceof HubspotError) || (error.status !== 400 && error.status !== 409)) throw error;
    return { key: task.key, ok: false, reason: refusalOf(error.body) };
  }
}

/** Where the answer to an earlier creation was lost, the task is there already. */
async function saveNew(session: Session, task: TaskChange): Promise<string> {
  const found = await findTask(session, task);
  if (found) return saveKnown(session, { ...task, remoteId: found.id }, found);
  const { api } = session;
  const properties = {
    ...(await toProperties(session, task)),
    hs_task_status: 'NOT_STARTED',
    hs_task_type: 'TODO',
  };
  const request = api.build.objects.create('tasks', asModel({ properties, associations: [] }));
  return (await api.call({ what, request, shape: createdShape })).value.id;
}

const createdShape = z.object({ id: z.union([z.string(), z.number()]).transform(String) });

/** Done or deleted by somebody: it stays so. Equal: nothing is written, as each write would be shown as news. */
async function saveKnown(session: Session, task: TaskChange, stands: HubspotRecord | null): Promise<string> {
  const id = task.remoteId ?? '';
  if (stands === null || isDone(stands)) return id;
  const wanted = await toProperties(session, task);
  const changed = Object.entries(wanted).filter(([name, value]) => !isSame(session, stands, { name, value }));
  if (changed.length === 0) return id;
  const { api } = session;
  const request = api.build.objects.update('tasks', id, { properties: Object.fromEntries(changed) });
  await api.call({ what, request, shape: anyAnswer, repeatable: true });
  return id;
}

function isSame(
  { zone }: Session,
  { properties }: HubspotRecord,
  { name, value }: { readonly name: string; readonly value: string },
): boolean {
  const stands = properties[name] ?? '';
  // A time comes back in another form than it was written in.
  if (name === 'hs_timestamp') return parseInstant(stands, zone) === parseInstant(value, zone);
  return stands === value;
}

const noonMs = 12 * 3_600_000;

/** The due date is all that a task must have (developer documentation, "Tasks"). */
async function toProperties(session: Session, task: TaskChange): Promise<Readonly<Record<string, string>>> {
  const { zone } = session;
  const dueAt = task.dueOn === null ? null : zone.startOf(task.dueOn) + noonMs;
  const lines = [...task.body.split('\n'), `${marker} ${wordOfAll} ${wordOf(task.key)}`];
  const isNew = task.remoteId === null;
  return {
    hs_task_subject: `${task.subject} ${taskMark}`,
    hs_task_body: lines.map((line) => `<p>${escapeHtml(line)}</p>`).join(''),
    ...(dueAt === null && !isNew ? {} : { hs_timestamp: new Date(dueAt ?? session.now()).toISOString() }),
    ...(await ownerOf(session, task)),
  };
}

/** Somebody who has left cannot be given a task: it stays without an owner. */
async function ownerOf(session: Session, { ownerId }: TaskChange): Promise<{ hubspot_owner_id?: string }> {
  if (ownerId === null) return {};
  try {
    const owner = (await session.owners()).byId(ownerId);
    return owner && owner.archived !== true ? { hubspot_owner_id: ownerId } : {};
  } catch (error) {
    if (isRefused(error)) return { hubspot_owner_id: ownerId };
    throw error;
  }
}

function isDone({ properties }: HubspotRecord): boolean {
  return properties.hs_task_status?.toUpperCase() === 'COMPLETED';
}

/** By the word in its text; what the index says is read again, as it may be behind. */
async function findTask(session: Session, task: TaskChange): Promise<HubspotRecord | null> {
  const word = wordOf(task.key);
  const ids = await findIds(session, word, `${task.subject} ${taskMark}`);
  const found = [...(await readTasks(session, ids)).values()].find((record) => isAbout(record, word));
  return found ?? (task.mayExist ? await findListed(session, word) : null);
}

function isAbout({ properties }: HubspotRecord, word: string): boolean {
  return properties.hs_task_body?.includes(word) ?? false;
}

/** The index may be an hour behind, the list never is. */
async function findListed(session: Session, word: string): Promise<HubspotRecord | null> {
  for await (const page of listTasks(session, taskProperties)) {
    const found = page.find((record) => isAbout(record, word));
    if (found) return found;
  }
  return null;
}

/** Where texts cannot be searched, the subject is. */
async function findIds(session: Session, word: string, subject: string): Promise<readonly string[]> {
  const byWord: SearchFilter = { propertyName: 'hs_task_body', operator: 'CONTAINS_TOKEN', value: word };
  const bySubject: SearchFilter = { propertyName: 'hs_task_subject', operator: 'EQ', value: subject };
  try {
    return await searchIds(session, byWord);
  } catch (error) {
    if (!(error instanceof HubspotError) || error.status !== 400) throw error;
    return searchIds(session, bySubject);
  }
}

async function searchIds(session: Session, filter: SearchFilter): Promise<readonly string[]> {
  const context = { api: session.api, object: 'tasks', signal: session.context.signal };
  const { results } = await search(context, {
    filters: [filter],
    properties: ['hs_object_id'],
    limit: pageSize,
  });
  return results.map(({ id }) => id);
}

/** Living tasks by their ids. */
async function readTasks(
  session: Session,
  ids: readonly string[],
): Promise<ReadonlyMap<string, HubspotRecord>> {
  const { api } = session;
  const found = new Map<string, HubspotRecord>();
  for (const chunk of chunks([...new Set(ids)], pageSize)) {
    const inputs = chunk.map((id) => ({ id }));
    const body = { properties: [...taskProperties], propertiesWithHistory: [], inputs };
    const request = api.build.batch.read('tasks', body, false);
    const { value } = await api.call({ what, request, shape: batchAnswer, repeatable: true });
    for (const record of value.results) if (record.archived !== true) found.set(record.id, record);
  }
  return found;
}

export async function taskStates(
  session: Session,
  remoteIds: readonly string[],
): Promise<readonly TaskState[]> {
  const known = await readTasks(session, remoteIds);
  return remoteIds.map((remoteId) => {
    const task = known.get(remoteId);
    if (!task) return { remoteId, state: 'gone', doneAt: null };
    if (!isDone(task)) return { remoteId, state: 'open', doneAt: null };
    const { hs_task_completion_date: doneAt } = task.properties;
    return { remoteId, state: 'done', doneAt: parseInstant(doneAt, session.zone) };
  });
}
