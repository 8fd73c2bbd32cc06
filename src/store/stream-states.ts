import type { TableName } from '../model/entities.ts';
import type { RunStore, StreamKey, StreamState } from '../model/store.ts';
import type { Handle } from './database.ts';

interface RecordCount {
  readonly rows: number;
  readonly deleted: number;
}

const none: RecordCount = { rows: 0, deleted: 0 };

/** Living and deleted records of one stream's own table. */
export function countRecords(handle: Handle, { connection, stream }: StreamKey): RecordCount {
  const table = handle
    .prepare<unknown[], TableName>('SELECT "table" FROM stream WHERE source_id = ? AND name = ?')
    .pluck()
    .get(connection, stream);
  if (!table) return none;
  const counted = handle
    .prepare<unknown[], RecordCount>(
      `SELECT count(*) FILTER (WHERE deleted_at IS NULL) AS rows, count(deleted_at) AS deleted
       FROM ${table} WHERE source_id = ? AND stream = ?`,
    )
    .get(connection, stream);
  return counted ?? none;
}

/** How far each stream was read and what is stored of it; the API use of each connection. */
export function createStreamStates(
  handle: Handle,
): Pick<RunStore, 'streamStates' | 'saveApiUsage' | 'apiUsage'> {
  return {
    streamStates: () => readStreamStates(handle),

    saveApiUsage: (connection, usage, at) =>
      void handle
        .prepare(
          `UPDATE source SET api_used = coalesce(?, api_used), api_limit = coalesce(?, api_limit), api_resets_at = ?,
             api_calls = ?, api_seen_at = ? WHERE id = ?`,
        )
        .run(usage.used, usage.limit, usage.resetsAt, usage.calls, at, connection),

    apiUsage: () =>
      handle
        .prepare<
          unknown[],
          {
            connection: string;
            used: number | null;
            limit: number | null;
            resetsAt: number | null;
            calls: number;
          }
        >(
          `SELECT id AS connection, api_used AS used, api_limit AS "limit", api_resets_at AS resetsAt,
             coalesce(api_calls, 0) AS calls FROM source ORDER BY id`,
        )
        .all(),
  };
}

function readStreamStates(handle: Handle): readonly StreamState[] {
  const streams = handle
    .prepare<unknown[], Omit<StreamState, 'rows' | 'deleted'>>(
      `SELECT source_id AS connection, name AS stream, "table", watermark, last_success_at AS lastSuccessAt,
         last_error AS lastError, fix, unavailable, ours, theirs FROM stream ORDER BY source_id, name`,
    )
    .all();
  const counts = new Map<string, RecordCount>();
  for (const table of new Set(streams.map((stream) => stream.table))) {
    for (const [key, count] of countTable(handle, table)) counts.set(key, count);
  }
  return streams.map((state) => ({
    ...state,
    ...(counts.get(`${state.table}\n${state.connection}\n${state.stream}`) ?? none),
  }));
}

/** One pass over a table for all the streams that feed it. */
function countTable(handle: Handle, table: TableName): ReadonlyMap<string, RecordCount> {
  const rows = handle
    .prepare<unknown[], RecordCount & { source_id: string; stream: string }>(
      `SELECT source_id, stream, count(*) FILTER (WHERE deleted_at IS NULL) AS rows, count(deleted_at) AS deleted
       FROM ${table} GROUP BY source_id, stream`,
    )
    .all();
  return new Map(
    rows.map(({ source_id, stream, rows: living, deleted }) => [
      `${table}\n${source_id}\n${stream}`,
      { rows: living, deleted },
    ]),
  );
}
