import type { Batch } from '../model/connector.ts';
import type { TableName, TableRows } from '../model/entities.ts';
import { apartFrom } from '../model/namesake.ts';
import type { StreamKey } from '../model/store.ts';
import type { Handle } from './database.ts';

/** Fed by several objects of a CRM, whose ids are unique within each of them only. */
const sharedTable = 'activity' satisfies TableName;

/** The batch with other ids for those records whose id belongs to a record of another object. */
export function createNamesakes(handle: Handle): (key: StreamKey, table: TableName, batch: Batch) => Batch {
  const taken = handle
    .prepare<unknown[], string>(
      `SELECT value FROM json_each(@ids) WHERE EXISTS (
         SELECT 1 FROM ${sharedTable} WHERE source_id = @connection AND id = value AND stream <> @stream
       ) OR EXISTS (SELECT 1 FROM ${sharedTable} WHERE source_id = @connection AND id = @stream || ':' || value)
       OR EXISTS (
         SELECT 1 FROM purged WHERE source_id = @connection AND "table" = '${sharedTable}'
           AND (id = value AND stream <> @stream OR id = @stream || ':' || value)
       )`,
    )
    .pluck();
  return ({ connection, stream }, table, batch) => {
    if (table !== sharedTable) return batch;
    const ids = idsOf(batch);
    if (ids.length === 0) return batch;
    const namesakes = new Set(taken.all({ connection, stream, ids: JSON.stringify(ids) }));
    return namesakes.size === 0
      ? batch
      : rename(batch, (id) => (namesakes.has(id) ? apartFrom(stream, id) : id));
  };
}

function idsOf({ tables, deleted, merged = [], complete = [] }: Batch): readonly string[] {
  const rows = tables.flatMap((part) => (part.table === sharedTable ? part.rows.map(({ id }) => id) : []));
  return [
    ...rows,
    ...deleted.map(({ id }) => id),
    ...merged.flatMap(({ id, into }) => [id, into]),
    ...complete,
  ];
}

function rename(batch: Batch, nameOf: (id: string) => string): Batch {
  const { deleted, merged, complete } = batch;
  return {
    ...batch,
    tables: batch.tables.map((part) => renameRows(part, nameOf)),
    deleted: deleted.map(({ id, at }) => ({ id: nameOf(id), at })),
    ...(merged && { merged: merged.map(({ id, into }) => ({ id: nameOf(id), into: nameOf(into) })) }),
    ...(complete && { complete: complete.map(nameOf) }),
  };
}

/** The records themselves, and what is said about them: changes and dimensions. */
function renameRows(part: TableRows, nameOf: (id: string) => string): TableRows {
  switch (part.table) {
    case sharedTable:
      return { table: part.table, rows: part.rows.map((row) => ({ ...row, id: nameOf(row.id) })) };
    case 'change':
      return { table: part.table, rows: part.rows.map((row) => renameAbout(row, nameOf)) };
    case 'dimension':
      return { table: part.table, rows: part.rows.map((row) => renameAbout(row, nameOf)) };
    default:
      return part;
  }
}

type About = { readonly id: string; readonly object?: string | null; readonly record_id?: string | null };

function renameAbout<T extends About>(row: T, nameOf: (id: string) => string): T {
  const own = row.record_id ?? '';
  const name = row.object === sharedTable ? nameOf(own) : own;
  return name === own ? row : { ...row, record_id: name, id: row.id.replace(`:${own}:`, () => `:${name}:`) };
}
