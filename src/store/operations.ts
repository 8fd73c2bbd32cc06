import type { OperationsStore, ScheduleState } from '../model/operations.ts';
import type { Handle } from './database.ts';

type Counters = Pick<OperationsStore, 'addApiCalls' | 'apiCallsSince' | 'runTallies' | 'crmFreshness'>;
type ScheduleStates = Pick<OperationsStore, 'scheduleStates' | 'saveScheduleState'>;

const hourMs = 3_600_000;
/** Longer than any limit's window. */
const keptMs = 45 * 24 * hourMs;

/** What operators ask for: calls by the hour, the schedule's memory, tallies. */
export function createOperations(handle: Handle): Counters & ScheduleStates {
  return { ...createCounters(handle), ...createScheduleStates(handle) };
}

function createCounters(handle: Handle): Counters {
  return {
    addApiCalls(connection, calls, at) {
      handle
        .prepare(
          `INSERT INTO api_call VALUES (?, ?, ?) ON CONFLICT (source_id, hour) DO UPDATE SET calls = calls + excluded.calls`,
        )
        .run(connection, Math.floor(at / hourMs) * hourMs, calls);
      handle.prepare('DELETE FROM api_call WHERE hour < ?').run(at - keptMs);
    },

    apiCallsSince: (connection, since) =>
      handle
        .prepare<unknown[], number | null>(
          'SELECT sum(calls) FROM api_call WHERE source_id = ? AND hour >= ?',
        )
        .pluck()
        .get(connection, Math.floor(since / hourMs) * hourMs) ?? 0,

    runTallies: () =>
      handle
        .prepare<unknown[], { job: string; outcome: string; runs: number }>(
          'SELECT job, outcome, count(*) AS runs FROM run WHERE outcome IS NOT NULL GROUP BY job, outcome ORDER BY job, outcome',
        )
        .all(),

    crmFreshness: () =>
      handle
        .prepare<unknown[], { connection: string; writtenAt: number }>(
          `SELECT source_id AS connection, written_at AS writtenAt FROM published WHERE key = '_status' ORDER BY source_id`,
        )
        .all(),
  };
}

function createScheduleStates(handle: Handle): ScheduleStates {
  return {
    scheduleStates: () =>
      handle
        .prepare<unknown[], ScheduleState>(
          `SELECT id, handled_at AS handledAt, started_at AS startedAt, finished_at AS finishedAt,
             exit_code AS exitCode, passed_over AS passedOver FROM schedule_job ORDER BY id`,
        )
        .all(),

    saveScheduleState: ({ id, handledAt, startedAt, finishedAt, exitCode, passedOver }) =>
      void handle
        .prepare('INSERT OR REPLACE INTO schedule_job VALUES (?, ?, ?, ?, ?, ?)')
        .run(id, handledAt, startedAt, finishedAt, exitCode, passedOver),
  };
}
