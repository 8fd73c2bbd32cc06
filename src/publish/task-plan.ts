import type { TaskChange, TaskState } from '../model/connector.ts';
import type { ResultTask } from '../model/result-task.ts';
import type { Standing } from './off-target.ts';

export interface TaskPlanInput {
  readonly standings: ReadonlyMap<string, Standing>;
  /** What was made before, by series. */
  readonly made: ReadonlyMap<string, ResultTask>;
  /** By the CRM's id; one that is not told of counts as open. */
  readonly states: ReadonlyMap<string, TaskState['state']>;
  /** So many may be open at a time. */
  readonly max: number;
  /** Local date by which a new one is due. */
  readonly dueOn: string;
  readonly hash: (text: string) => string;
}

export interface PlannedTask {
  readonly change: 'create' | 'update';
  readonly task: TaskChange;
  /** As the store is to remember it, but for the CRM's id. */
  readonly series: string;
  readonly hash: string;
}

export interface TaskPlan {
  readonly tasks: readonly PlannedTask[];
  /** Series whose task is over: they have recovered, and a later miss is a new one. */
  readonly over: readonly string[];
}

/**
 * One open task for each series: it is changed while it stays open, and not made again while the same miss lasts,
 * however it was closed. Pure; printed before it is carried out.
 */
export function planTasks(input: TaskPlanInput): TaskPlan {
  const { standings, made } = input;
  const updates: PlannedTask[] = [];
  const over: string[] = [];
  let open = 0;
  for (const task of made.values()) {
    const standing = standings.get(task.series);
    if (isOpen(task, input)) {
      open += 1;
      const update = standing && planUpdate(task, standing, input);
      if (update) updates.push(update);
    } else if (!standing?.isOff) over.push(task.series);
  }
  const fresh = [...standings.values()].filter(({ series, isOff }) => isOff && !made.has(series));
  const room = Math.max(0, input.max - open);
  const creations = fresh.sort(byRank).slice(0, room);
  return { tasks: [...updates, ...creations.map((standing) => planCreation(standing, input))], over };
}

function isOpen({ remoteId }: ResultTask, { states }: TaskPlanInput): boolean {
  return remoteId === null || (states.get(remoteId) ?? 'open') === 'open';
}

function planUpdate(task: ResultTask, standing: Standing, { hash }: TaskPlanInput): PlannedTask | null {
  const print = hashOf(standing, hash);
  if (print === task.hash && task.remoteId !== null) return null;
  const { subject, body, ownerId } = standing;
  const { key, dueOn, remoteId } = task;
  const sent = remoteId === null ? { mayExist: true } : {};
  const change = { key, subject, body, ownerId, dueOn, remoteId, ...sent };
  return { change: 'update', task: change, series: task.series, hash: print };
}

function planCreation(standing: Standing, { hash, dueOn }: TaskPlanInput): PlannedTask {
  const { series, periodLabel, subject, body, ownerId } = standing;
  const task = { key: `task|${series}|${periodLabel}`, subject, body, ownerId, dueOn, remoteId: null };
  return { change: 'create', task, series, hash: hashOf(standing, hash) };
}

function hashOf({ subject, body, ownerId }: Standing, hash: TaskPlanInput['hash']): string {
  return hash(JSON.stringify([subject, body, ownerId]));
}

function byRank(one: Standing, other: Standing): number {
  for (const [index, rank] of one.rank.entries()) {
    const difference = rank - (other.rank[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return one.series < other.series ? -1 : 1;
}
