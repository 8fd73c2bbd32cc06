import type { Awaitable } from './store.ts';

/** A task in a CRM for results that turned off target. */
export interface ResultTask {
  /** `kpi|segment|goal`: what the task is about, whatever the period. */
  readonly series: string;
  /** The task's own key: the series and the period in which it turned. */
  readonly key: string;
  readonly remoteId: string | null;
  /** Of what it says. */
  readonly hash: string;
  /** Local date; null: no day was set. */
  readonly dueOn: string | null;
  readonly writtenAt: number;
}

export interface ResultTaskStore {
  /** By series. */
  resultTasks(connection: string): Awaitable<ReadonlyMap<string, ResultTask>>;
  saveResultTasks(connection: string, tasks: readonly ResultTask[]): Awaitable<void>;
  removeResultTasks(connection: string, series: readonly string[]): Awaitable<void>;
}
