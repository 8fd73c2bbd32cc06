import type { Clock, Connection, Log, TaskState } from '../model/connector.ts';
import { RunError } from '../model/errors.ts';
import type { Kpi } from '../model/kpi.ts';
import type { PublishStore, ResultStore } from '../model/result-store.ts';
import type { ResultTask, ResultTaskStore } from '../model/result-task.ts';
import type { Settings } from '../model/settings.ts';
import { createZone } from '../model/zone.ts';
import { readStandings } from './off-target.ts';
import { type PlannedTask, planTasks, type TaskPlan } from './task-plan.ts';

interface TaskOptions {
  readonly store: PublishStore & ResultStore & ResultTaskStore;
  readonly settings: Settings;
  readonly catalog: readonly Kpi[];
  readonly clock: Clock;
  readonly log: Log;
  readonly signal: AbortSignal;
  readonly hash: (text: string) => string;
}

export interface TaskTarget {
  readonly name: string;
  readonly connection: Connection;
  readonly evaluatedAt: number;
}

export interface TaskTally {
  readonly planned: readonly PlannedTask[];
  readonly written: number;
  readonly refused: number;
}

export const noTasks: TaskTally = { planned: [], written: 0, refused: 0 };

const daysToAct = 7;
const dayMs = 86_400_000;

/** What is to be done about results that are off target, where the settings ask for tasks and the CRM takes them. */
export async function planResultTasks(target: TaskTarget, options: TaskOptions): Promise<TaskPlan> {
  const { name, connection, evaluatedAt } = target;
  const { store, settings, catalog, clock, hash } = options;
  const { tasks } = settings.publish;
  if (!tasks || !connection.saveTasks) return { tasks: [], over: [] };
  const made = await store.resultTasks(name);
  const zone = createZone(settings.calendar.timeZone);
  return planTasks({
    standings: await readStandings({ store, settings, catalog, connection: name, asOf: evaluatedAt }),
    made,
    states: await readStates(connection, [...made.values()]),
    max: tasks.max,
    dueOn: zone.dateOf(clock.now() + daysToAct * dayMs),
    hash,
  });
}

async function readStates(
  connection: Connection,
  made: readonly ResultTask[],
): Promise<ReadonlyMap<string, TaskState['state']>> {
  const ids = made.flatMap(({ remoteId }) => remoteId ?? []);
  if (ids.length === 0 || !connection.taskStates) return new Map();
  const states = await connection.taskStates(ids);
  return new Map(states.map(({ remoteId, state }) => [remoteId, state]));
}

/** Each new one is taken down before it is sent: where its answer is lost, the next run finds it by the same key. */
export async function writeResultTasks(
  { name, connection }: TaskTarget,
  plan: TaskPlan,
  options: TaskOptions,
): Promise<TaskTally> {
  const { store, clock, log, signal } = options;
  if (plan.over.length > 0) await store.removeResultTasks(name, plan.over);
  if (plan.tasks.length === 0 || !connection.saveTasks) return { ...noTasks, planned: plan.tasks };
  const planned = new Map(plan.tasks.map((one) => [one.task.key, one]));
  const fresh = plan.tasks.filter(({ change }) => change === 'create');
  await store.saveResultTasks(
    name,
    fresh.map((one) => toRow(one, null, clock.now())),
  );
  const tally = { written: 0, refused: 0 };
  for await (const outcome of connection.saveTasks(plan.tasks.map(({ task }) => task))) {
    signal.throwIfAborted();
    const one = planned.get(outcome.key);
    if (!one) continue;
    tally[outcome.ok ? 'written' : 'refused'] += 1;
    if (outcome.ok) await store.saveResultTasks(name, [toRow(one, outcome.remoteId ?? null, clock.now())]);
    else await keepRefused(name, { one, reason: outcome.reason ?? 'no reason given' }, options);
  }
  log.info({ connection: name, ...tally }, 'publish.tasks');
  return { planned: plan.tasks, ...tally };
}

function toRow({ task, series, hash }: PlannedTask, remoteId: string | null, writtenAt: number): ResultTask {
  return { series, key: task.key, remoteId: remoteId ?? task.remoteId, hash, dueOn: task.dueOn, writtenAt };
}

async function keepRefused(
  connection: string,
  { one, reason }: { readonly one: PlannedTask; readonly reason: string },
  { store, clock }: TaskOptions,
): Promise<void> {
  const { key, subject, dueOn } = one.task;
  if (one.change === 'create') await store.removeResultTasks(connection, [one.series]);
  await store.saveRefused(
    connection,
    [{ key, reason, payload: { key, subject, due_on: dueOn } }],
    clock.now(),
  );
}

export function refusedTasks(connection: string, refused: number): RunError {
  return new RunError('remote', {
    where: connection,
    message: `${refused} ${refused === 1 ? 'task was' : 'tasks were'} refused; the others are there.`,
    fix: 'Run `crm-kpi status`: it lists each one with the reason. They are tried again with the next run.',
  });
}
