import type { FactStore } from '../model/fact-store.ts';
import type { Kpi } from '../model/kpi.ts';
import type { OperationsStore } from '../model/operations.ts';
import type { PublishStore, ResultStore, StoredResult } from '../model/result-store.ts';
import type { Settings } from '../model/settings.ts';
import type { RunInfo, RunStore, StreamState } from '../model/store.ts';
import {
  compareWithSchedule,
  describeAlerts,
  findRunning,
  findStale,
  type Problem,
  scheduleProblems,
} from './night.ts';
import { findSilences } from './silences.ts';

/** What `status` and the page of operations look at; a handle that only reads will do. */
export interface ProblemParts {
  readonly store: Pick<FactStore, 'sources' | 'rowCounts' | 'rows'> &
    Pick<RunStore, 'streamStates' | 'runs'> &
    Pick<ResultStore, 'latestResults'> &
    Pick<PublishStore, 'refused'> &
    Pick<OperationsStore, 'openAlerts' | 'alertMessages' | 'scheduleStates' | 'crmFreshness'>;
  readonly settings: Settings;
  readonly catalog: readonly Kpi[];
  readonly asOf: number;
}

export interface Seen {
  /** Of the connections that the settings name. */
  readonly streams: readonly Omit<StreamState, 'rows' | 'deleted'>[];
  /** Newest first. */
  readonly runs: readonly RunInfo[];
  readonly now: number;
}

/** Everything that is wrong, or that a person should know of last night. */
export async function collectProblems(parts: ProblemParts, { streams, runs, now }: Seen) {
  const schedule = await compareWithSchedule(parts, now);
  const running = findRunning(parts);
  return {
    refused: await parts.store.refused(),
    silent: await listSilent(parts),
    needsPerson: [...streamProblems(streams), ...runProblems(runs), ...scheduleProblems(schedule, running)],
    stale: await findStale(parts, streams, now),
    schedule,
    running,
    alerts: await describeAlerts(parts),
  };
}

/** KPIs without a figure, since what they count is not there: each with the reason. */
async function listSilent(parts: ProblemParts) {
  const { store, asOf } = parts;
  const newest: StoredResult[] = [];
  for await (const chunk of store.latestResults(asOf, { segmentKind: 'company', grain: 'month' }))
    newest.push(...chunk.filter(({ flags, complete }) => complete && flags.includes('no_input')));
  const { unserved, withoutInput } = await findSilences(parts, newest);
  return [...unserved, ...withoutInput];
}

function streamProblems(states: Seen['streams']): readonly Problem[] {
  return states
    .filter(({ unavailable, lastError }) => unavailable !== null || lastError !== null)
    .map(({ connection, stream, unavailable, lastError, fix }) => ({
      where: `${connection} ${stream}`,
      problem: unavailable ?? lastError ?? '',
      fix: fix ?? `Run \`crm-kpi check ${connection}\`.`,
    }));
}

/** What the newest run left for a person to do. */
function runProblems(runs: readonly RunInfo[]): readonly Problem[] {
  const [newest] = runs;
  if (!newest || !Array.isArray(newest.error)) return [];
  return newest.error
    .filter((failure) => ['config', 'auth', 'store', 'usage'].includes(failure.kind))
    .map(({ where, message, fix }) => ({ where, problem: message, fix }));
}
