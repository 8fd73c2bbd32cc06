import type { Outcome, TaskChange, TaskState } from '../../src/model/connector.ts';
import { RunError } from '../../src/model/errors.ts';
import { explaining } from './explain.ts';
import { findField } from './schema.ts';
import { idCondition, idsPerQuestion } from './soql.ts';
import { readUserId } from './target.ts';
import { type SalesforceRecord, soqlText, toBool, toInstant, toText } from './values.ts';
import { type TaskEnv, type TaskWrite, writeTasks } from './write-tasks.ts';

/** Last line of a task's description: how it is known again. Tasks have no external id (Object Reference: Task). */
const mark = 'crm-kpi task ';

/** One task for each key: those made before are found by their id, or by the mark where its answer was lost. */
export async function* saveTasks(env: TaskEnv, tasks: readonly TaskChange[]): AsyncGenerator<Outcome> {
  if (tasks.length === 0) return;
  const place = { connection: env.api.connection, object: 'Task' };
  await explaining(place, () => requireTasks(env));
  const known = await explaining(place, () => findKnown(env, tasks));
  const writes: TaskWrite[] = [];
  for (const task of tasks) {
    const found = known.get(task.key);
    // What a person has done or thrown away is not brought back.
    if (found && found.state !== 'open') yield { key: task.key, ok: true, remoteId: found.remoteId };
    else writes.push({ key: task.key, remoteId: found?.remoteId ?? null, fields: fieldsOf(task) });
  }
  try {
    yield* writeTasks(env, writes);
  } catch (error) {
    if (!(error instanceof RunError) || error.kind !== 'remote') throw error;
    yield* recoverTasks(env, tasks, error);
  }
}

/** A lost answer: what got through bears its mark by now. */
async function* recoverTasks(
  env: TaskEnv,
  tasks: readonly TaskChange[],
  error: RunError,
): AsyncGenerator<Outcome> {
  const known = await findKnown(env, tasks);
  for (const { key } of tasks) {
    const found = known.get(key);
    if (found) yield { key, ok: true, remoteId: found.remoteId };
    else yield { key, ok: false, reason: error.message };
  }
}

export async function readTaskStates(env: TaskEnv, ids: readonly string[]): Promise<readonly TaskState[]> {
  const place = { connection: env.api.connection, object: 'Task' };
  const found = await explaining(place, () => findByIds(env, ids));
  return ids.map((id) => found.get(id) ?? { remoteId: id, state: 'gone', doneAt: null });
}

/** Ids of all tasks that bear the mark and were made by this user. */
export async function findOwnTasks(env: TaskEnv): Promise<readonly string[]> {
  const object = await env.schema.object('Task');
  if (!object || !findField(object, 'Description')) return [];
  const ids: string[] = [];
  for await (const record of ownRecords(env)) {
    if (keyOf(record) !== null && stateOf(record).state !== 'gone') ids.push(String(record.Id));
  }
  return ids;
}

function fieldsOf(task: TaskChange): TaskWrite['fields'] {
  return {
    Subject: task.subject.slice(0, 255),
    Description: `${task.body.slice(0, 31_000)}\n\n${mark}${task.key}`,
    ActivityDate: task.dueOn,
    ...(task.ownerId?.startsWith('005') ? { OwnerId: task.ownerId } : {}),
  };
}

async function requireTasks({ api, schema }: TaskEnv): Promise<void> {
  const object = await schema.object('Task');
  if (object?.createable && findField(object, 'Description')?.updateable) return;
  throw new RunError('config', {
    where: `${api.connection} Task`,
    message: 'this user may not create tasks, or not write their Description',
    fix: 'Give the integration user "Edit Tasks" and Edit on the fields of Task in a permission set, or switch the tasks off.',
  });
}

async function findKnown(
  env: TaskEnv,
  tasks: readonly TaskChange[],
): Promise<ReadonlyMap<string, TaskState>> {
  const known = new Map<string, TaskState>();
  const byId = await findByIds(
    env,
    tasks.flatMap(({ remoteId }) => remoteId ?? []),
  );
  for (const { key, remoteId } of tasks) {
    if (remoteId === null) continue;
    known.set(key, byId.get(remoteId) ?? { remoteId, state: 'gone', doneAt: null });
  }
  const wanted = new Set(tasks.flatMap(({ key, remoteId }) => (remoteId === null ? [key] : [])));
  if (wanted.size === 0) return known;
  for await (const record of ownRecords(env)) {
    const key = keyOf(record);
    if (key !== null && wanted.has(key)) known.set(key, stateOf(record));
  }
  return known;
}

function keyOf(record: SalesforceRecord): string | null {
  const line = (toText(record.Description) ?? '').trimEnd().split('\n').at(-1) ?? '';
  return line.startsWith(mark) ? line.slice(mark.length) : null;
}

function stateOf(record: SalesforceRecord): TaskState {
  const remoteId = String(record.Id);
  if (toBool(record.IsDeleted) === 1) return { remoteId, state: 'gone', doneAt: null };
  if (toBool(record.IsClosed) !== 1) return { remoteId, state: 'open', doneAt: null };
  const doneAt = toInstant(record.CompletedDateTime) ?? toInstant(record.LastModifiedDate);
  return { remoteId, state: 'done', doneAt };
}

async function findByIds(env: TaskEnv, ids: readonly string[]): Promise<ReadonlyMap<string, TaskState>> {
  const found = new Map<string, TaskState>();
  for (let index = 0; index < ids.length; index += idsPerQuestion) {
    const some = ids.slice(index, index + idsPerQuestion);
    for await (const record of ask(env, idCondition('Id', some))) {
      const state = stateOf(record);
      // Ids come back with 18 characters, however they were asked for.
      const id = some.find((one) => state.remoteId.startsWith(one)) ?? state.remoteId;
      found.set(id, { ...state, remoteId: id });
    }
  }
  return found;
}

/** Descriptions cannot be asked for by their content, so all tasks of this user are looked through. */
async function* ownRecords(env: TaskEnv): AsyncGenerator<SalesforceRecord> {
  yield* ask(env, `CreatedById = ${soqlText(await readUserId(env.api))}`);
}

/** Deleted ones too, so that they are not made again. */
async function* ask({ api, schema, signal }: TaskEnv, condition: string): AsyncGenerator<SalesforceRecord> {
  const object = await schema.object('Task');
  const wanted = ['IsClosed', 'IsDeleted', 'CompletedDateTime', 'LastModifiedDate', 'Description'];
  const fields = wanted.flatMap((name) => (object && findField(object, name)?.name) ?? []);
  const soql = `SELECT ${['Id', ...fields].join(', ')} FROM Task WHERE ${condition}`;
  let page = await api.query(soql, 'all');
  yield* page.records;
  while (!page.done && page.nextUrl !== null) {
    signal.throwIfAborted();
    page = await api.nextPage(page.nextUrl);
    yield* page.records;
  }
}
