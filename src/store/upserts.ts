import { commonColumns, entityTables, type SqlValue, type TableName } from '../model/entities.ts';
import type { StreamKey } from '../model/store.ts';
import type { Handle } from './database.ts';
import type { Touch } from './touched.ts';

type Loose = Readonly<Record<string, SqlValue | undefined>>;

/** Writes one row unless it is equal to what is stored; returns whether it was new or differed. */
export type UpsertRow = (key: StreamKey, row: Loose, at: number) => boolean;

/** One statement for each table and set of columns, prepared when it is first needed. */
export function createUpserts(
  handle: Handle,
  touch: Touch,
): (table: TableName, columns: readonly string[]) => UpsertRow {
  const prepared = new Map<string, UpsertRow>();
  return (table, columns) => {
    const shape = `${table}:${columns.join()}`;
    let upsert = prepared.get(shape);
    if (!upsert) {
      upsert = prepareUpsert(handle, { table, columns, touch });
      prepared.set(shape, upsert);
    }
    return upsert;
  };
}

interface Shape {
  readonly table: TableName;
  readonly columns: readonly string[];
  readonly touch: Touch;
}

function prepareUpsert(handle: Handle, shape: Shape): UpsertRow {
  const { table, columns, touch } = shape;
  refuseUnknown(table, columns);
  const write = prepareWrite(handle, shape);
  if (table === 'stage') return watchStages(handle, write, touch);
  const refresh = columns.includes('fetched_at') ? prepareRefresh(handle, table) : null;
  return (key, row, at) => {
    const changed = write(key, row, at);
    if (changed) touch.written(table, key.connection, row);
    else refresh?.(key.connection, row);
    return changed;
  };
}

function refuseUnknown(table: TableName, columns: readonly string[]): void {
  const known: Readonly<Record<string, unknown>> = { ...commonColumns, ...entityTables[table] };
  for (const column of columns) {
    if (!Object.hasOwn(known, column)) throw new Error(`${table} has no column ${column}`);
  }
}

function prepareWrite(handle: Handle, { table, columns }: Shape): UpsertRow {
  const all = ['source_id', 'id', 'stream', 'synced_at', ...columns];
  // When counters were read says nothing about the record.
  const compared = ['stream', ...columns].filter((column) => column !== 'fetched_at');
  const assigned = ['synced_at', 'stream', ...columns];
  const statement = handle.prepare(
    `INSERT INTO ${table} (${all.join(', ')}) VALUES (${all.map(() => '?').join(', ')})
     ON CONFLICT (source_id, id) DO UPDATE SET ${assigned.map((c) => `${c} = excluded.${c}`).join(', ')}
     WHERE (${compared.map((c) => `${table}.${c}`).join(', ')}) IS NOT (${compared.map((c) => `excluded.${c}`).join(', ')})`,
  );
  return (key, row, at) => {
    const values = columns.map((column) => row[column] ?? (column === 'is_test' ? 0 : null));
    return statement.run(key.connection, row.id, key.stream, at, ...values).changes > 0;
  };
}

/** Equal counters, read again: only the time of reading moves. */
function prepareRefresh(handle: Handle, table: TableName): (connection: string, row: Loose) => void {
  const statement = handle.prepare(
    `UPDATE ${table} SET fetched_at = ? WHERE source_id = ? AND id = ? AND fetched_at IS NOT ?`,
  );
  return (connection, row) => {
    const fetchedAt = row.fetched_at ?? null;
    if (fetchedAt !== null) statement.run(fetchedAt, connection, row.id, fetchedAt);
  };
}

/** All records of an object are derived anew when a stage begins to mean something else; a new label is no reason. */
function watchStages(handle: Handle, write: UpsertRow, touch: Touch): UpsertRow {
  const meaning = handle
    .prepare<[string, unknown], unknown[]>(
      'SELECT object, pipeline, key, is_closed, is_won, position FROM stage WHERE source_id = ? AND id = ?',
    )
    .raw();
  return (key, row, at) => {
    const before = meaning.get(key.connection, row.id);
    const changed = write(key, row, at);
    const after = changed ? meaning.get(key.connection, row.id) : before;
    if (JSON.stringify(before) === JSON.stringify(after)) return changed;
    for (const object of new Set([before?.[0], after?.[0]])) touch.stages(key.connection, object);
    return changed;
  };
}
