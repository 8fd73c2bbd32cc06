import type { Batch, Membership } from '../model/connector.ts';
import { commonColumns, entityTables, type SqlValue, type TableName } from '../model/entities.ts';
import type { BatchTally, StreamKey, SyncStore } from '../model/store.ts';
import type { Zone } from '../model/zone.ts';
import type { Handle } from './database.ts';
import { withLocalDays } from './local-days.ts';

type Loose = Readonly<Record<string, SqlValue | undefined>>;

interface Stamp {
  readonly runId: number;
  readonly at: number;
}

type RecordStore = Pick<SyncStore, 'saveBatch'>;

/** Rows, deletions, memberships and cursor of a batch, in one transaction. */
export function createRecordStore(handle: Handle, zone: Zone): RecordStore {
  const upserts = new Map<string, UpsertRows>();

  function upsertFor(table: TableName, columns: readonly string[]): UpsertRows {
    const shape = `${table}:${columns.join()}`;
    let upsert = upserts.get(shape);
    if (!upsert) {
      upsert = prepareUpsert(handle, table, columns);
      upserts.set(shape, upsert);
    }
    return upsert;
  }

  function saveRows(key: StreamKey, batch: Batch, stamp: Stamp): { written: number; unchanged: number } {
    let written = 0;
    let unchanged = 0;
    for (const { table, rows } of batch.tables) {
      const first = rows[0];
      if (!first) continue;
      const columns = Object.keys(
        withLocalDays(table, { deleted_at: null, merged_into: null, ...first }, zone),
      );
      const upsert = upsertFor(
        table,
        columns.filter((column) => column !== 'id'),
      );
      for (const row of rows) {
        if (upsert(key, withLocalDays(table, { ...row }, zone), stamp.at)) written += 1;
        else unchanged += 1;
      }
    }
    return { written, unchanged };
  }

  return {
    saveBatch: (key, table, batch, stamp) =>
      handle
        .transaction((): BatchTally => {
          const tally = saveRows(key, batch, stamp);
          const deleted = saveDeletions(handle, { key, table, batch, at: stamp.at });
          for (const membership of batch.memberships ?? []) saveMembership(handle, key, membership, stamp.at);
          if (batch.cursor !== null) {
            handle
              .prepare('UPDATE stream SET cursor = ? WHERE source_id = ? AND name = ?')
              .run(batch.cursor, key.connection, key.stream);
          }
          return { ...tally, deleted };
        })
        .immediate(),
  };
}

/** Returns whether the row was new or differed. */
type UpsertRows = (key: StreamKey, row: Loose, at: number) => boolean;

function prepareUpsert(handle: Handle, table: TableName, columns: readonly string[]): UpsertRows {
  const known: Readonly<Record<string, unknown>> = { ...commonColumns, ...entityTables[table] };
  for (const column of columns) {
    if (!(column in known)) throw new Error(`${table} has no column ${column}`);
  }
  const all = ['source_id', 'id', 'stream', 'synced_at', ...columns];
  const compared = ['stream', ...columns];
  const statement = handle.prepare(
    `INSERT INTO ${table} (${all.join(', ')}) VALUES (${all.map(() => '?').join(', ')})
     ON CONFLICT (source_id, id) DO UPDATE SET ${['synced_at', ...compared].map((c) => `${c} = excluded.${c}`).join(', ')}
     WHERE (${compared.map((c) => `${table}.${c}`).join(', ')}) IS NOT (${compared.map((c) => `excluded.${c}`).join(', ')})`,
  );
  const touch = prepareTouch(handle, table);
  return (key, row, at) => {
    const values = columns.map((column) => row[column] ?? (column === 'is_test' ? 0 : null));
    const { changes } = statement.run(key.connection, row.id, key.stream, at, ...values);
    if (changes > 0) touch?.(key.connection, row);
    return changes > 0;
  };
}

/** Notes which deals and tickets must be derived anew because of a row of this table; null where none must. */
function prepareTouch(handle: Handle, table: TableName): ((connection: string, row: Loose) => void) | null {
  const touch = handle.prepare('INSERT OR IGNORE INTO touched VALUES (?, ?, ?)');
  if (table === 'deal' || table === 'ticket')
    return (connection, row) => void touch.run(table, connection, row.id);
  if (table === 'change') {
    return (connection, row) => {
      if (row.object === 'deal' || row.object === 'ticket') touch.run(row.object, connection, row.record_id);
    };
  }
  if (table !== 'stage') return null;
  const deals = handle.prepare(
    "INSERT OR IGNORE INTO touched SELECT 'deal', source_id, id FROM deal WHERE source_id = ?",
  );
  const tickets = handle.prepare(
    "INSERT OR IGNORE INTO touched SELECT 'ticket', source_id, id FROM ticket WHERE source_id = ?",
  );
  return (connection, row) => void (row.object === 'deal' ? deals : tickets).run(connection);
}

function saveDeletions(
  handle: Handle,
  { key, table, batch, at }: { key: StreamKey; table: TableName; batch: Batch; at: number },
): number {
  const alive = `UPDATE ${table} SET deleted_at = ?, synced_at = ? WHERE source_id = ? AND deleted_at IS NULL`;
  const touch = prepareTouch(handle, table);
  let deleted = 0;
  const one = handle.prepare(`${alive} AND id = ?`);
  for (const { id, at: deletedAt } of batch.deleted) {
    const { changes } = one.run(deletedAt, at, key.connection, id);
    if (changes > 0) touch?.(key.connection, { id });
    deleted += changes;
  }
  const merge = handle.prepare(
    `UPDATE ${table} SET merged_into = ?, deleted_at = coalesce(deleted_at, ?), synced_at = ? WHERE source_id = ? AND id = ? AND merged_into IS NOT ?`,
  );
  for (const { id, into } of batch.merged ?? []) {
    const { changes } = merge.run(into, at, at, key.connection, id, into);
    if (changes > 0) touch?.(key.connection, { id });
    deleted += changes;
  }
  if (batch.complete) {
    const gone = handle.prepare(`${alive} AND stream = ? AND id NOT IN (SELECT value FROM json_each(?))`);
    deleted += gone.run(at, at, key.connection, key.stream, JSON.stringify(batch.complete)).changes;
  }
  return deleted;
}

/**
 * A membership that differs from the open one closes it. The CRM's modification time is taken only if it lies after
 * the last successful pass: before that pass the old membership was seen to hold.
 */
function saveMembership(handle: Handle, key: StreamKey, membership: Membership, at: number): void {
  const spans = handle
    .prepare<unknown[], { team_id: string; is_primary: number; valid_to: number | null }>(
      'SELECT team_id, is_primary, valid_to FROM team_member WHERE source_id = ? AND actor_id = ?',
    )
    .all(key.connection, membership.actorId);
  const open = spans.filter((span) => span.valid_to === null);
  const wanted = new Map(membership.teams.map((team) => [team.teamId, team.primary ? 1 : 0]));
  const ended = open.filter((span) => wanted.get(span.team_id) !== span.is_primary);
  const kept = new Set(open.filter((span) => !ended.includes(span)).map((span) => span.team_id));
  const begun = [...wanted].filter(([teamId]) => !kept.has(teamId));
  if (ended.length === 0 && begun.length === 0) return;
  const changedAt = spans.length === 0 ? 0 : instantOfChange(handle, key, membership.at, at);
  const end = handle.prepare(
    'UPDATE team_member SET valid_to = ? WHERE source_id = ? AND actor_id = ? AND team_id = ? AND valid_to IS NULL',
  );
  for (const span of ended) end.run(changedAt, key.connection, membership.actorId, span.team_id);
  const begin = handle.prepare('INSERT OR REPLACE INTO team_member VALUES (?, ?, ?, ?, NULL, ?)');
  for (const [teamId, primary] of begun)
    begin.run(key.connection, membership.actorId, teamId, changedAt, primary);
}

function instantOfChange(handle: Handle, key: StreamKey, claimed: number, at: number): number {
  const seen = handle
    .prepare('SELECT last_success_at FROM stream WHERE source_id = ? AND name = ?')
    .pluck()
    .get(key.connection, key.stream);
  return typeof seen === 'number' && claimed <= seen ? at : claimed;
}
