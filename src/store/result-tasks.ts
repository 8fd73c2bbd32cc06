import type { ResultTask, ResultTaskStore } from '../model/result-task.ts';
import type { Handle } from './database.ts';
import { noteOwnTask } from './own-tasks.ts';

/** Which tasks were made for results that turned off target. */
export function createResultTaskStore(handle: Handle): ResultTaskStore {
  return {
    resultTasks: (connection) => {
      const rows = handle
        .prepare<unknown[], ResultTask>(
          `SELECT series, key, remote_id AS remoteId, hash, due_on AS dueOn, written_at AS writtenAt FROM result_task
           WHERE source_id = ? ORDER BY series`,
        )
        .all(connection);
      return new Map(rows.map((row) => [row.series, row]));
    },

    saveResultTasks: (connection, tasks) => {
      const save = handle.prepare(
        `INSERT INTO result_task VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (source_id, series) DO UPDATE SET
           key = excluded.key, remote_id = excluded.remote_id, hash = excluded.hash, due_on = excluded.due_on,
           written_at = excluded.written_at`,
      );
      handle
        .transaction(() => {
          for (const { series, key, remoteId, hash, dueOn, writtenAt } of tasks) {
            save.run(connection, series, key, remoteId, hash, dueOn, writtenAt);
            if (remoteId !== null) noteOwnTask(handle, { source: connection, id: remoteId });
          }
        })
        .immediate();
    },

    removeResultTasks: (connection, series) => {
      const remove = handle.prepare('DELETE FROM result_task WHERE source_id = ? AND series = ?');
      handle
        .transaction(() => {
          for (const one of series) remove.run(connection, one);
        })
        .immediate();
    },
  };
}
