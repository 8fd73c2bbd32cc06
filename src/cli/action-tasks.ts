import { directionOf, planEffect } from '../improve/effect-plan.ts';
import type { Action } from '../model/action.ts';
import type { Connection, TaskChange, TaskState } from '../model/connector.ts';
import { RunError } from '../model/errors.ts';
import type { Language } from '../model/kpi.ts';
import type { CommandContext } from './context.ts';
import { lazyMeasure } from './improve-parts.ts';
import type { Workspace, WorkspaceConnection } from './wire.ts';

type Job = Pick<CommandContext, 'clock' | 'signal'> & { readonly workspace: Workspace };

export interface TaskRound {
  /** Tasks written, or actions found done. */
  readonly count: number;
  readonly errors: readonly unknown[];
}

/** Creates the tasks that accepted actions asked for and that do not stand in the CRM yet. */
export function writeActionTasks(job: Job): Promise<TaskRound> {
  const isWanted = ({ state, task }: Action) =>
    task !== null && task.remoteId === null && (state === 'accepted' || state === 'started');
  return eachConnection(job, isWanted, async (connection, actions) => {
    if (!connection.saveTasks) throw noTasks(actions);
    return saveTasks(job, connection.saveTasks.bind(connection), actions);
  });
}

/** Reads how the tasks stand: one that was completed in the CRM finishes its action. */
export function readActionTasks(job: Job, names: readonly string[]): Promise<TaskRound> {
  const isOpen = ({ state, task }: Action) =>
    task?.remoteId != null &&
    (state === 'accepted' || state === 'started') &&
    (names.length === 0 || names.includes(task.source));
  return eachConnection(job, isOpen, async (connection, actions) => {
    if (!connection.taskStates) return 0;
    const states = await connection.taskStates(actions.map(({ task }) => task?.remoteId ?? ''));
    let done = 0;
    for (const action of actions) {
      const state = states.find(({ remoteId }) => remoteId === action.task?.remoteId);
      if (state && (await follow(job, action, state))) done++;
    }
    return done;
  });
}

/** The connections concerned, each opened once; one that fails stops no other. */
async function eachConnection(
  { workspace, signal }: Job,
  isConcerned: (action: Action) => boolean,
  work: (connection: Connection, actions: readonly Action[]) => Promise<number>,
): Promise<TaskRound> {
  const concerned = (await workspace.store.actions()).filter(isConcerned);
  const errors: unknown[] = [];
  let count = 0;
  for (const [source, actions] of Map.groupBy(concerned, ({ task }) => task?.source ?? '')) {
    const target = workspace.connections.find(({ settings }) => settings.name === source);
    if (!target?.settings.publish) continue;
    try {
      count += await withOpen(target, (connection) => work(connection, actions));
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof RunError) || error.kind === 'store') throw error;
      errors.push(error);
    }
  }
  return { count, errors };
}

async function withOpen<T>(
  { open }: WorkspaceConnection,
  work: (connection: Connection) => Promise<T>,
): Promise<T> {
  await using connection = await open();
  return work(connection);
}

function noTasks(actions: readonly Action[]): RunError {
  return new RunError('config', {
    where: `actions ${actions.map(({ id }) => id).join(', ')}`,
    message: `${actions[0]?.task?.source ?? 'The connection'} cannot make tasks.`,
    fix: 'Give these actions to a person of a CRM that can, or finish them here: crm-kpi actions finish ID.',
  });
}

async function saveTasks(
  { workspace }: Job,
  save: NonNullable<Connection['saveTasks']>,
  actions: readonly Action[],
): Promise<number> {
  const byKey = new Map(actions.map((action) => [action.task?.key ?? '', action]));
  let written = 0;
  let refused = 0;
  for await (const outcome of save(actions.map((action) => taskOf(action, workspace.settings.language)))) {
    const action = byKey.get(outcome.key);
    if (!action?.task) continue;
    const problem = outcome.ok ? null : (outcome.reason ?? 'refused');
    const task = { ...action.task, remoteId: outcome.remoteId ?? action.task.remoteId, problem };
    await workspace.store.changeAction(action.id, { task });
    if (outcome.ok) written++;
    else refused++;
  }
  if (refused > 0) throw refusedTasks(actions[0]?.task?.source ?? '', refused);
  return written;
}

function refusedTasks(where: string, count: number): RunError {
  return new RunError('remote', {
    where,
    message: `${count} ${count === 1 ? 'task was' : 'tasks were'} refused by the CRM.`,
    fix: 'See the reason with crm-kpi actions show ID; the next run tries again.',
  });
}

function taskOf({ task, title, hypothesis, reason, owner, dueOn }: Action, language: Language): TaskChange {
  return {
    key: task?.key ?? '',
    subject: title[language],
    body: `${hypothesis[language]}\n${reason[language]}`,
    ownerId: owner?.id ?? null,
    dueOn,
    remoteId: task?.remoteId ?? null,
    // Whether an earlier run sent it is written down nowhere.
    mayExist: task?.remoteId == null,
  };
}

/** True: the action is done by it. */
async function follow(
  { workspace, clock }: Job,
  action: Action,
  { state, doneAt }: TaskState,
): Promise<boolean> {
  const { store, zone } = workspace;
  const { task } = action;
  if (task === null || state === 'open') return false;
  if (state === 'gone') {
    const problem = 'The task was deleted in the CRM.';
    if (task.problem !== problem) await store.changeAction(action.id, { task: { ...task, problem } });
    return false;
  }
  const finishedOn = zone.dateOf(doneAt ?? clock.now());
  const started = action.startedOn === null ? await startLate({ workspace, clock }, action, finishedOn) : {};
  const at = clock.now();
  const event = { at, author: task.source, note: 'task completed in the CRM' };
  if (action.startedOn === null) await store.changeAction(action.id, { state: 'started', ...started }, event);
  await store.changeAction(action.id, { state: 'done', finishedOn }, event);
  return true;
}

/** Done without having been started here: it counts from its acceptance on, and only as exploratory. */
async function startLate(
  { workspace, clock }: Pick<Job, 'workspace' | 'clock'>,
  action: Action,
  finishedOn: string,
) {
  const { store, zone, catalog, settings } = workspace;
  const accepted = (await store.actionHistory(action.id)).findLast(({ state }) => state === 'accepted');
  const acceptedOn = zone.dateOf(accepted?.at ?? clock.now());
  const startedOn = acceptedOn < finishedOn ? acceptedOn : finishedOn;
  const kpi = catalog.find(({ id }) => id === action.kpi);
  const goal = settings.goals.find(({ id }) => id === action.goal) ?? null;
  const better = kpi ? directionOf(kpi, goal) : null;
  if (!kpi || better === null) return { startedOn };
  const plan = await planEffect({
    action,
    kpi,
    goal,
    better,
    measure: lazyMeasure({ ...workspace, asOf: zone.startOf(startedOn) }),
    choices: { windowDays: null, washOutDays: null, minEffect: null, control: null },
    startOn: startedOn,
    now: clock.now(),
    today: zone.dateOf(clock.now()),
  });
  return { startedOn, plan: { ...plan, exploratory: true } };
}
