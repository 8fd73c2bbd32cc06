import type { TableName } from '../model/entities.ts';
import type { RunStore, StreamState, SyncStore } from '../model/store.ts';
import type { Handle } from './database.ts';

type StreamStore = Pick<
  SyncStore,
  'saveSource' | 'saveStream' | 'cursor' | 'finishStream' | 'forgetCursors' | 'countLiving'
> &
  Pick<RunStore, 'streamStates' | 'saveApiUsage' | 'apiUsage'>;

/** What is known of each connection's account and streams, and how far each stream was read. */
export function createStreamStore(handle: Handle): StreamStore {
  const tableOf = handle.prepare<unknown[], { table: TableName }>(
    'SELECT "table" FROM stream WHERE source_id = ? AND name = ?',
  );

  function count(connection: string, stream: string, condition: string): number {
    const table = tableOf.get(connection, stream)?.table;
    if (!table) return 0;
    return Number(
      handle
        .prepare(`SELECT count(*) FROM ${table} WHERE source_id = ? AND stream = ? AND ${condition}`)
        .pluck()
        .get(connection, stream),
    );
  }

  return {
    saveSource: (connection, connector, account) =>
      void handle
        .prepare(
          `INSERT INTO source (id, kind, account_id, name, base_currency, time_zone) VALUES (?, ?, ?, ?, ?, ?)
           ON CONFLICT (id) DO UPDATE SET kind = excluded.kind, account_id = excluded.account_id, name = excluded.name,
             base_currency = excluded.base_currency, time_zone = excluded.time_zone`,
        )
        .run(connection, connector, account.id, account.name, account.currency, account.timeZone),

    saveStream: (connection, stream) =>
      void handle
        .prepare(
          `INSERT INTO stream (source_id, name, "table", link, unavailable, fix, comparable) VALUES (?, ?, ?, ?, ?, ?, ?)
           ON CONFLICT (source_id, name) DO UPDATE SET "table" = excluded."table", link = excluded.link,
             unavailable = excluded.unavailable, comparable = excluded.comparable,
             fix = CASE WHEN excluded.unavailable IS NULL AND last_error IS NULL THEN NULL ELSE coalesce(excluded.fix, fix) END`,
        )
        .run(
          connection,
          stream.name,
          stream.table,
          stream.link,
          stream.unavailable?.problem ?? null,
          stream.unavailable?.fix ?? null,
          stream.comparable ? 1 : 0,
        ),

    cursor: ({ connection, stream }) =>
      handle
        .prepare<unknown[], { cursor: string | null }>(
          'SELECT cursor FROM stream WHERE source_id = ? AND name = ?',
        )
        .get(connection, stream)?.cursor ?? null,

    finishStream: ({ connection, stream }, end) => {
      const ours = end.theirs === null ? null : count(connection, stream, 'deleted_at IS NULL');
      handle
        .prepare(
          `UPDATE stream SET last_success_at = coalesce(?, last_success_at), watermark = coalesce(?, watermark),
             last_error = ?, fix = ?, ours = ?, theirs = ? WHERE source_id = ? AND name = ?`,
        )
        .run(
          end.error === null ? end.at : null,
          end.error === null ? end.at : null,
          end.error,
          end.fix,
          ours,
          end.theirs,
          connection,
          stream,
        );
    },

    forgetCursors: (connection) =>
      void handle.prepare('UPDATE stream SET cursor = NULL WHERE source_id = ?').run(connection),

    countLiving: ({ connection, stream }) => count(connection, stream, 'deleted_at IS NULL'),

    streamStates: () =>
      handle
        .prepare<unknown[], Omit<StreamState, 'rows' | 'deleted'>>(
          `SELECT source_id AS connection, name AS stream, "table", watermark, last_success_at AS lastSuccessAt,
             last_error AS lastError, fix, unavailable, ours, theirs FROM stream ORDER BY source_id, name`,
        )
        .all()
        .map((state) => ({
          ...state,
          rows: count(state.connection, state.stream, 'deleted_at IS NULL'),
          deleted: count(state.connection, state.stream, 'deleted_at IS NOT NULL'),
        })),

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
