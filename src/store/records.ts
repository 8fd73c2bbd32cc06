import type { Batch } from '../model/connector.ts';
import type { TableName } from '../model/entities.ts';
import type { BatchTally, StreamKey, SyncStore } from '../model/store.ts';
import type { Zone } from '../model/zone.ts';
import type { Handle } from './database.ts';
import { withLocalDays } from './local-days.ts';
import { createMembershipWriter } from './memberships.ts';
import { saveRemovals } from './removals.ts';
import { createTouch } from './touched.ts';
import { createUpserts, type UpsertRow } from './upserts.ts';

interface BatchTask {
  readonly key: StreamKey;
  readonly table: TableName;
  readonly batch: Batch;
  readonly at: number;
}

/** Rows, deletions, memberships and cursor of a batch, in one transaction. */
export function createRecordStore(handle: Handle, zone: Zone): Pick<SyncStore, 'saveBatch'> {
  const touch = createTouch(handle);
  const upsertFor = createUpserts(handle, touch);
  const saveMembership = createMembershipWriter(handle);
  const saveCursor = handle.prepare('UPDATE stream SET cursor = ? WHERE source_id = ? AND name = ?');
  const save = handle.transaction((task: BatchTask): BatchTally => {
    const { key, batch, at } = task;
    const tally = saveRows(task, zone, upsertFor);
    const deleted = saveRemovals(handle, touch, task);
    for (const membership of batch.memberships ?? []) saveMembership(key, membership, at);
    if (batch.cursor !== null) saveCursor.run(batch.cursor, key.connection, key.stream);
    return { ...tally, deleted };
  });
  return {
    saveBatch: (key, table, batch, stamp) => save.immediate({ key, table, batch, at: stamp.at }),
  };
}

function saveRows(
  { key, batch, at }: BatchTask,
  zone: Zone,
  upsertFor: (table: TableName, columns: readonly string[]) => UpsertRow,
): { written: number; unchanged: number } {
  let written = 0;
  let unchanged = 0;
  for (const { table, rows } of batch.tables) {
    const first = rows[0];
    if (!first) continue;
    // A record that is delivered lives, unless its row says otherwise.
    const columns = new Set(['deleted_at', 'merged_into', ...Object.keys(withLocalDays(table, first, zone))]);
    columns.delete('id');
    const upsert = upsertFor(table, [...columns]);
    for (const row of rows) {
      if (upsert(key, withLocalDays(table, row, zone), at)) written += 1;
      else unchanged += 1;
    }
  }
  return { written, unchanged };
}
