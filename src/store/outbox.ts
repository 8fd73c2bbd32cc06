import type { PublishedRecord, PublishStore } from '../model/result-store.ts';
import type { Handle } from './database.ts';

/** What stands in each CRM as far as we know, and what it refused. */
export function createOutbox(handle: Handle): PublishStore {
  return {
    published: (connection) => readPublished(handle, connection),
    savePublished: (connection, records) => savePublished(handle, connection, records),
    removePublished: (connection, keys) =>
      forget(handle, { connection, keys, tables: ['published', 'refused'] }),
    saveRefused: (connection, refused, at) => saveRefused(handle, { connection, refused, at }),
    forgetRefused: (connection, keys) => forget(handle, { connection, keys, tables: ['refused'] }),
    refused: () =>
      handle
        .prepare<unknown[], { connection: string; key: string; reason: string }>(
          'SELECT source_id AS connection, key, reason FROM refused ORDER BY source_id, key',
        )
        .all(),
  };
}

function readPublished(handle: Handle, connection: string): ReadonlyMap<string, PublishedRecord> {
  const rows = handle
    .prepare<unknown[], Omit<PublishedRecord, 'current'> & { current: number }>(
      `SELECT key, hash, remote_id AS remoteId, current, written_at AS writtenAt FROM published
       WHERE source_id = ? ORDER BY key`,
    )
    .all(connection);
  return new Map(rows.map((row) => [row.key, { ...row, current: row.current === 1 }]));
}

function savePublished(handle: Handle, connection: string, records: readonly PublishedRecord[]): void {
  const save = handle.prepare(
    `INSERT INTO published VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (source_id, key) DO UPDATE SET hash = excluded.hash,
       remote_id = coalesce(excluded.remote_id, remote_id), current = excluded.current, written_at = excluded.written_at`,
  );
  const accept = handle.prepare('DELETE FROM refused WHERE source_id = ? AND key = ?');
  handle
    .transaction(() => {
      for (const { key, hash, remoteId, current, writtenAt } of records) {
        save.run(connection, key, hash, remoteId, current ? 1 : 0, writtenAt);
        accept.run(connection, key);
      }
    })
    .immediate();
}

function forget(
  handle: Handle,
  what: {
    readonly connection: string;
    readonly keys: readonly string[];
    readonly tables: readonly ('published' | 'refused')[];
  },
): void {
  handle
    .transaction(() => {
      for (const table of what.tables) {
        const remove = handle.prepare(`DELETE FROM ${table} WHERE source_id = ? AND key = ?`);
        for (const key of what.keys) remove.run(what.connection, key);
      }
    })
    .immediate();
}

type Refused = Parameters<PublishStore['saveRefused']>[1];

function saveRefused(
  handle: Handle,
  { connection, refused, at }: { connection: string; refused: Refused; at: number },
): void {
  const save = handle.prepare(
    `INSERT INTO refused VALUES (?, ?, ?, ?, ?) ON CONFLICT (source_id, key) DO UPDATE SET reason = excluded.reason,
       payload = excluded.payload, at = excluded.at`,
  );
  handle
    .transaction(() => {
      for (const { key, reason, payload } of refused)
        save.run(connection, key, reason, JSON.stringify(payload), at);
    })
    .immediate();
}
