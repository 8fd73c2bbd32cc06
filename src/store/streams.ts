import type { SyncStore } from '../model/store.ts';
import type { Handle } from './database.ts';
import { countPurged } from './retention.ts';
import { countRecords } from './stream-states.ts';

type StreamRegistry = Pick<
  SyncStore,
  'saveSource' | 'saveStream' | 'cursor' | 'forgetCursors' | 'columnsRead' | 'noteColumns'
>;
type StreamEnds = Pick<SyncStore, 'finishStream'>;

/** What is known of each connection's account and streams, and how far each stream was read. */
export function createStreamStore(handle: Handle): StreamRegistry & StreamEnds {
  return { ...createRegistry(handle), ...createEnds(handle) };
}

function createRegistry(handle: Handle): StreamRegistry {
  return {
    saveSource: (connection, connector, account) =>
      void handle
        .prepare(
          `INSERT INTO source (id, kind, account_id, name, base_currency, time_zone, fiscal_year_start, fiscal_year_name)
           VALUES (?, ?, ?, ?, ?, ?, ?, ?)
           ON CONFLICT (id) DO UPDATE SET kind = excluded.kind, account_id = excluded.account_id, name = excluded.name,
             base_currency = excluded.base_currency, time_zone = excluded.time_zone,
             fiscal_year_start = excluded.fiscal_year_start, fiscal_year_name = excluded.fiscal_year_name`,
        )
        .run(
          connection,
          connector,
          account.id,
          account.name,
          account.currency,
          account.timeZone,
          account.fiscalYearStart ?? null,
          account.fiscalYearName ?? null,
        ),

    saveStream: (connection, stream) =>
      void handle
        .prepare(
          `INSERT INTO stream (source_id, name, "table", link, unavailable, fix, comparable, object)
           VALUES (?, ?, ?, ?, ?, ?, ?, ?)
           ON CONFLICT (source_id, name) DO UPDATE SET "table" = excluded."table", link = excluded.link,
             object = excluded.object, unavailable = excluded.unavailable, comparable = excluded.comparable,
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
          stream.object,
        ),

    cursor: ({ connection, stream }) =>
      handle
        .prepare<unknown[], { cursor: string | null }>(
          'SELECT cursor FROM stream WHERE source_id = ? AND name = ?',
        )
        .get(connection, stream)?.cursor ?? null,

    columnsRead: ({ connection, stream }) =>
      handle
        .prepare<unknown[], { columns: string | null }>(
          'SELECT columns FROM stream WHERE source_id = ? AND name = ?',
        )
        .get(connection, stream)?.columns ?? null,

    noteColumns: ({ connection, stream }, columns, again) =>
      void handle
        .prepare(
          `UPDATE stream SET columns = ?, cursor = CASE WHEN ? = 1 THEN NULL ELSE cursor END
           WHERE source_id = ? AND name = ?`,
        )
        .run(columns, again ? 1 : 0, connection, stream),

    forgetCursors: (connection) =>
      void handle.prepare('UPDATE stream SET cursor = NULL WHERE source_id = ?').run(connection),
  };
}

function createEnds(handle: Handle): StreamEnds {
  return {
    finishStream: (key, end) => {
      const count = () => countRecords(handle, key).rows + countPurged(handle, key).rows;
      const ours = end.theirs === null ? null : (end.ours ?? count());
      const succeededAt = end.error === null ? end.at : null;
      handle
        .prepare(
          `UPDATE stream SET last_success_at = coalesce(?, last_success_at), watermark = coalesce(?, watermark),
             last_error = ?, fix = ?, ours = ?, theirs = ? WHERE source_id = ? AND name = ?`,
        )
        .run(succeededAt, succeededAt, end.error, end.fix, ours, end.theirs, key.connection, key.stream);
    },
  };
}
