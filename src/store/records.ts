import type { Batch } from '../model/connector.ts';
import type { TableName } from '../model/entities.ts';
import type { BatchTally, StreamKey, SyncStore } from '../model/store.ts';
import type { Zone } from '../model/zone.ts';
import type { Handle } from './database.ts';
import { createFirstLoads } from './first-load.ts';
import { forgetInBatch, readForgetter } from './forgotten.ts';
import { withLocalDays } from './local-days.ts';
import { createMembershipWriter } from './memberships.ts';
import { createNamesakes } from './namesakes.ts';
import { ownTaskIds } from './own-tasks.ts';
import { saveRemovals } from './removals.ts';
import { purgeArrived } from './retention.ts';
import { createTouch } from './touched.ts';
import { createGroupUpserts, createUpserts, type UpsertRow, type UpsertRows } from './upserts.ts';

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
  const groupFor = createGroupUpserts(handle);
  const saveMembership = createMembershipWriter(handle);
  const saveCursor = handle.prepare('UPDATE stream SET cursor = ? WHERE source_id = ? AND name = ?');
  const isFirstLoad = createFirstLoads(handle);
  const tellApart = createNamesakes(handle);
  const save = handle.transaction((task: BatchTask): BatchTally => {
    const { key, batch, at } = task;
    const ownTasks = batch.tables.some(({ table }) => table === 'activity')
      ? ownTaskIds(handle, key.connection)
      : none;
    const tally = saveRows(task, { zone, upsertFor, groupFor, isFirstLoad, ownTasks });
    const dropped = purgeArrived(handle, key, batch.tables);
    const deleted = saveRemovals(handle, touch, task);
    for (const membership of batch.memberships ?? []) saveMembership(key, membership, at);
    if (batch.cursor !== null) saveCursor.run(batch.cursor, key.connection, key.stream);
    return { ...tally, written: Math.max(0, tally.written - dropped), deleted };
  });
  return {
    saveBatch: (key, table, batch, stamp) => {
      const forgetter = readForgetter(handle);
      const known = forgetter ? forgetInBatch(batch, forgetter, { source: key.connection, table }) : batch;
      return save.immediate({ key, table, batch: tellApart(key, table, known), at: stamp.at });
    },
  };
}

const none: ReadonlySet<string> = new Set();

interface Writing {
  readonly zone: Zone;
  readonly upsertFor: (table: TableName, columns: readonly string[]) => UpsertRow;
  readonly groupFor: (table: TableName, columns: readonly string[]) => UpsertRows;
  readonly isFirstLoad: (table: TableName) => boolean;
  readonly ownTasks: ReadonlySet<string>;
}

function saveRows(
  { key, batch, at }: BatchTask,
  { zone, upsertFor, groupFor, isFirstLoad, ownTasks }: Writing,
): { written: number; unchanged: number } {
  let written = 0;
  let unchanged = 0;
  for (const { table, rows } of batch.tables) {
    const first = rows[0];
    if (!first) continue;
    // A record that is delivered lives, unless its row says otherwise.
    const columns = new Set(['deleted_at', 'merged_into', ...Object.keys(withLocalDays(table, first, zone))]);
    columns.delete('id');
    if (isFirstLoad(table)) {
      const local = rows.map((row) => withLocalDays(table, row, zone));
      const count = groupFor(table, [...columns])(key, local, at);
      written += count;
      unchanged += rows.length - count;
      continue;
    }
    const upsert = upsertFor(table, [...columns]);
    const upsertOwn = ownTasks.size > 0 ? upsertFor(table, [...columns.add('is_test')]) : upsert;
    for (const row of rows) {
      const local = withLocalDays(table, row, zone);
      const isOwn = table === 'activity' && (local.kind ?? 'task') === 'task' && ownTasks.has(row.id);
      if (isOwn ? upsertOwn(key, { ...local, is_test: 1 }, at) : upsert(key, local, at)) written += 1;
      else unchanged += 1;
    }
  }
  return { written, unchanged };
}
