import type { RunInfo, RunStore } from '../model/store.ts';
import type { Handle } from './database.ts';

type RunLog = Pick<RunStore, 'beginRun' | 'finishRun' | 'runs'>;

/** The log of jobs. A run without an end was killed. */
export function createRunLog(handle: Handle): RunLog {
  return {
    beginRun: (job, at) =>
      Number(handle.prepare('INSERT INTO run (job, started_at) VALUES (?, ?)').run(job, at).lastInsertRowid),

    finishRun: (id, end) =>
      void handle
        .prepare(
          'UPDATE run SET finished_at = ?, outcome = ?, exit_code = ?, phases = ?, error = ?, durations = ? WHERE id = ?',
        )
        .run(
          end.at,
          end.outcome,
          end.exitCode,
          JSON.stringify(end.phases),
          end.error === null ? null : JSON.stringify(end.error),
          end.durations ? JSON.stringify(end.durations) : null,
          id,
        ),

    runs: (limit) =>
      handle
        .prepare<
          unknown[],
          Omit<RunInfo, 'phases' | 'error' | 'durations'> &
            Record<'phases' | 'error' | 'durations', string | null>
        >(
          `SELECT id, job, started_at AS startedAt, finished_at AS finishedAt, outcome, exit_code AS exitCode, phases, error, durations
           FROM run ORDER BY id DESC LIMIT ?`,
        )
        .all(limit)
        .map((run) => ({
          ...run,
          phases: parse(run.phases),
          error: parse(run.error),
          durations: run.durations === null ? {} : JSON.parse(run.durations),
        })),
  };
}

function parse(json: string | null): unknown {
  return json === null ? null : JSON.parse(json);
}
