import type { Batch, Stream, StreamCount, WantedColumns } from '../model/connector.ts';
import { commonColumns, type EntityRow, type TableName, type TableRows } from '../model/entities.ts';
import type { StreamKey, SyncStore } from '../model/store.ts';

const everything = '*';

/** Once more columns are wanted than a stream was read with, it is read again as a whole. */
export async function widenStream(
  store: SyncStore,
  key: StreamKey,
  { stream, wanted }: { readonly stream: Stream; readonly wanted: WantedColumns | undefined },
): Promise<void> {
  const columns = textOf(wanted, stream.table);
  const before = await store.columnsRead(key);
  if (before === columns) return;
  await store.noteColumns(key, columns, !covers(before ?? everything, columns));
}

function textOf(wanted: WantedColumns | undefined, table: TableName): string {
  if (!wanted) return everything;
  // Of a history, those of all tables are kept or not.
  if (table === 'change')
    return Object.entries(wanted)
      .flatMap(([name, columns]) => [...columns].map((column) => `${name}.${column}`))
      .sort()
      .join(' ');
  const own = wanted[table];
  return own ? [...own].sort().join(' ') : everything;
}

function covers(before: string, columns: string): boolean {
  if (before === everything) return true;
  if (columns === everything) return false;
  const known = new Set(before.split(' '));
  return columns.split(' ').every((column) => column === '' || known.has(column));
}

/** What nobody needs is not kept, whatever a connector delivers. */
export function keepWanted(batch: Batch, wanted: WantedColumns | undefined): Batch {
  if (!wanted) return batch;
  return { ...batch, tables: batch.tables.map((group) => keepColumns(group, wanted)) };
}

function keepColumns(group: TableRows, wanted: WantedColumns): TableRows {
  const { table } = group;
  if (table === 'change') return { table, rows: group.rows.map((row) => keepChange(row, wanted)) };
  const columns = wanted[table];
  if (!columns) return group;
  return { table, rows: group.rows.map((row) => keepRow(row, columns)) } as TableRows;
}

function keepRow<T extends EntityRow>(row: T, columns: ReadonlySet<string>): T {
  const kept = Object.entries(row).map(([name, value]) => [
    name,
    name === 'id' || name in commonColumns || columns.has(name) ? value : null,
  ]);
  return Object.fromEntries(kept) as T;
}

/** That something changed stays; what it was and became goes. */
function keepChange(row: EntityRow<'change'>, wanted: WantedColumns): EntityRow<'change'> {
  const columns = wanted[row.object as TableName];
  if (!columns || !row.field || columns.has(row.field)) return row;
  return { ...row, from_value: null, to_value: null };
}

/** Amounts that are not kept cannot be compared. */
export function countsOf(count: StreamCount, wanted: WantedColumns | undefined): StreamCount {
  return wanted?.deal && !wanted.deal.has('amount_minor') ? { rows: count.rows } : count;
}
