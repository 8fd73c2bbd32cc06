import type { Batch } from '../model/connector.ts';
import type { TableName } from '../model/entities.ts';
import type { StreamKey } from '../model/store.ts';
import type { Handle } from './database.ts';
import type { Touch } from './touched.ts';

export interface Removal {
  readonly key: StreamKey;
  readonly table: TableName;
  readonly batch: Batch;
  /** The sync instant, for those of which the CRM does not say when. */
  readonly at: number;
}

/** Marks deleted and merged records; returns how many there were. */
export function saveRemovals(handle: Handle, touch: Touch, removal: Removal): number {
  const { batch } = removal;
  let removed = 0;
  if (batch.deleted.length > 0) removed += markDeleted(handle, touch, { ...removal, ids: batch.deleted });
  if (batch.merged && batch.merged.length > 0) removed += markMerged(handle, touch, removal);
  if (batch.complete) removed += markOthers(handle, touch, removal);
  return removed;
}

function markDeleted(
  handle: Handle,
  touch: Touch,
  { key, table, at, ids }: Removal & { readonly ids: Batch['deleted'] },
): number {
  const mark = handle.prepare(
    `UPDATE ${table} SET deleted_at = ?, synced_at = ? WHERE source_id = ? AND id = ? AND deleted_at IS NULL`,
  );
  const isPurged = prepareUnpurge(handle, { key, table });
  let removed = 0;
  for (const { id, at: deletedAt } of ids) {
    if (mark.run(deletedAt, at, key.connection, id).changes === 0 && !isPurged(id)) continue;
    touch.removed(table, key.connection, id);
    removed += 1;
  }
  return removed;
}

function markMerged(handle: Handle, touch: Touch, { key, table, batch, at }: Removal): number {
  const mark = handle.prepare(
    `UPDATE ${table} SET merged_into = ?, deleted_at = coalesce(deleted_at, ?), synced_at = ?
     WHERE source_id = ? AND id = ? AND merged_into IS NOT ?`,
  );
  const isPurged = prepareUnpurge(handle, { key, table });
  let removed = 0;
  for (const { id, into } of batch.merged ?? []) {
    if (mark.run(into, at, at, key.connection, id, into).changes === 0 && !isPurged(id)) continue;
    touch.removed(table, key.connection, id);
    removed += 1;
  }
  return removed;
}

/** Every living record of the stream that is not in the whole set. */
function markOthers(handle: Handle, touch: Touch, removal: Removal): number {
  const { key, table, batch, at } = removal;
  const gone = handle
    .prepare<unknown[], string>(
      `SELECT id FROM ${table} WHERE source_id = @connection AND stream = @stream AND deleted_at IS NULL
         AND id NOT IN (SELECT value FROM json_each(@living))
       UNION ALL
       SELECT id FROM purged WHERE source_id = @connection AND "table" = '${table}' AND stream = @stream
         AND id NOT IN (SELECT value FROM json_each(@living))`,
    )
    .pluck()
    .all({ connection: key.connection, stream: key.stream, living: JSON.stringify(batch.complete) });
  return markDeleted(handle, touch, { ...removal, ids: gone.map((id) => ({ id, at })) });
}

/** A record that was let go here is now gone there as well. */
function prepareUnpurge(
  handle: Handle,
  { key, table }: Pick<Removal, 'key' | 'table'>,
): (id: string) => boolean {
  const remove = handle.prepare('DELETE FROM purged WHERE source_id = ? AND "table" = ? AND id = ?');
  return (id) => remove.run(key.connection, table, id).changes > 0;
}
