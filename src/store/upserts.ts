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
  const statement = handle.prepare(upsertSql(table, columns, 1));
  return (key, row, at) => statement.run(valuesOf(columns, { key, row, at })).changes > 0;
}

/** `count` rows at a time; each is left alone where it is equal to what is stored. */
function upsertSql(table: TableName, columns: readonly string[], count: number): string {
  const all = ['source_id', 'id', 'stream', 'synced_at', ...columns];
  // When counters were read says nothing about the record.
  const compared = ['stream', ...columns].filter((column) => column !== 'fetched_at');
  const assigned = ['synced_at', 'stream', ...columns];
  const row = `(${all.map(() => '?').join(', ')})`;
  return `INSERT INTO ${table} (${all.join(', ')}) VALUES ${Array(count).fill(row).join(', ')}
     ON CONFLICT (source_id, id) DO UPDATE SET ${assigned.map((c) => `${c} = excluded.${c}`).join(', ')}
     WHERE (${compared.map((c) => `${table}.${c}`).join(', ')}) IS NOT (${compared.map((c) => `excluded.${c}`).join(', ')})`;
}

interface Stored {
  readonly key: StreamKey;
  readonly row: Loose;
  readonly at: number;
}

function valuesOf(columns: readonly string[], { key, row, at }: Stored, values: unknown[] = []): unknown[] {
  values.push(key.connection, row.id, key.stream, at);
  for (const column of columns) values.push(row[column] ?? (column === 'is_test' ? 0 : null));
  return values;
}

/** Writes rows of which none is noted by itself; returns how many were new or differed. */
export type UpsertRows = (key: StreamKey, rows: readonly Loose[], at: number) => number;

/** A statement for ten rows takes 0.7 of the time of ten statements; more rows gain nothing. */
const rowsAtOnce = 10;

/** As createUpserts, for rows from which nothing follows one by one. */
export function createGroupUpserts(
  handle: Handle,
): (table: TableName, columns: readonly string[]) => UpsertRows {
  const prepared = new Map<string, UpsertRows>();
  return (table, columns) => {
    const shape = `${table}:${columns.join()}`;
    let upsert = prepared.get(shape);
    if (!upsert) {
      refuseUnknown(table, columns);
      upsert = prepareGroupWrite(handle, table, columns);
      prepared.set(shape, upsert);
    }
    return upsert;
  };
}

function prepareGroupWrite(handle: Handle, table: TableName, columns: readonly string[]): UpsertRows {
  const group = handle.prepare(upsertSql(table, columns, rowsAtOnce));
  const one = handle.prepare(upsertSql(table, columns, 1));
  return (key, rows, at) => {
    const whole = rows.length - (rows.length % rowsAtOnce);
    let written = 0;
    let values: unknown[] = [];
    for (const [place, row] of rows.entries()) {
      valuesOf(columns, { key, row, at }, values);
      if (place < whole && place % rowsAtOnce !== rowsAtOnce - 1) continue;
      written += (place < whole ? group : one).run(values).changes;
      values = [];
    }
    return written;
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
