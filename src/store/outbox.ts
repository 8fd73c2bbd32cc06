import type { PublishedRecord, PublishStore } from '../model/store.ts';
import type { Handle } from './database.ts';

/** What stands in each CRM as far as we know, and what it refused. */
export function createOutbox(handle: Handle): PublishStore {
  return {
    published: (connection) => {
      const rows = handle
        .prepare<unknown[], Omit<PublishedRecord, 'current'> & { current: number }>(
          `SELECT key, hash, remote_id AS remoteId, current, written_at AS writtenAt FROM published
           WHERE source_id = ? ORDER BY key`,
        )
        .all(connection);
      return new Map(rows.map((row) => [row.key, { ...row, current: row.current === 1 }]));
    },

    savePublished: (connection, records) => {
      const save = handle.prepare(
        `INSERT INTO published VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (source_id, key) DO UPDATE SET hash = excluded.hash,
           remote_id = coalesce(excluded.remote_id, remote_id), current = excluded.current, written_at = excluded.written_at`,
      );
      const accept = handle.prepare('DELETE FROM refused WHERE source_id = ? AND key = ?');
      handle.transaction(() => {
        for (const { key, hash, remoteId, current, writtenAt } of records) {
          save.run(connection, key, hash, remoteId, current ? 1 : 0, writtenAt);
          accept.run(connection, key);
        }
      })();
    },

    removePublished: (connection, keys) => {
      handle.transaction(() => {
        for (const table of ['published', 'refused']) {
          const remove = handle.prepare(`DELETE FROM ${table} WHERE source_id = ? AND key = ?`);
          for (const key of keys) remove.run(connection, key);
        }
      })();
    },

    saveRefused: (connection, refused, at) => {
      const save = handle.prepare(
        `INSERT INTO refused VALUES (?, ?, ?, ?, ?) ON CONFLICT (source_id, key) DO UPDATE SET reason = excluded.reason,
           payload = excluded.payload, at = excluded.at`,
      );
      handle.transaction(() => {
        for (const { key, reason, payload } of refused)
          save.run(connection, key, reason, JSON.stringify(payload), at);
      })();
    },

    refused: () =>
      handle
        .prepare<unknown[], { connection: string; key: string; reason: string }>(
          'SELECT source_id AS connection, key, reason FROM refused ORDER BY source_id, key',
        )
        .all(),
  };
}
