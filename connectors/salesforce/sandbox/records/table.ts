import { salesforceId } from '../ids.ts';
import type { Row, SObject, Value } from '../schema/object.ts';

interface KeyIndex {
  readonly rows: Map<string, Row>;
  fold(value: string): string;
}

/** All rows of one object. Rows are changed in place: locators and indexes hold them. */
export interface Table {
  readonly rows: Row[];
  /** null until a row is looked for: most rows of large tables never are. */
  byId: Map<string, Row> | null;
  /** Deletions that getDeleted tells, oldest first; `at` in seconds. */
  readonly deletions: { readonly id: string; readonly at: number }[];
  /** Of unique fields, by field. Built on first use. */
  readonly keys: Map<string, KeyIndex>;
  /** Rows by stamp and id; null after a change. */
  byStamp: readonly Row[] | null;
  lastNumber: number;
}

export const createTable = (): Table => ({
  rows: [],
  byId: null,
  deletions: [],
  keys: new Map(),
  byStamp: null,
  lastNumber: 0,
});

export function rowById(table: Table, id: string): Row | undefined {
  table.byId ??= new Map(table.rows.map((row) => [row.Id, row]));
  return table.byId.get(id);
}

export function newId(object: SObject, table: Table): string {
  let id: string;
  do id = salesforceId(object.prefix, ++table.lastNumber);
  while (rowById(table, id));
  return id;
}

export function addRow(table: Table, row: Row): void {
  table.rows.push(row);
  table.byId?.set(row.Id, row);
  table.byStamp = null;
  for (const [field, index] of table.keys) indexRow(index, row, row[field]);
}

/** Changes a row in place, and what is indexed by it. */
export function changeRow(table: Table, row: Row, changes: Readonly<Record<string, Value>>): void {
  for (const [field, index] of table.keys) {
    if (!(field in changes) && changes.IsDeleted === undefined) continue;
    index.rows.delete(index.fold(String(row[field] ?? '')));
    if (changes.IsDeleted !== true) indexRow(index, row, changes[field] ?? row[field]);
  }
  Object.assign(row, changes);
  table.byStamp = null;
}

export function purgeRows(table: Table, doomed: (row: Row) => boolean): void {
  let kept = 0;
  for (const row of table.rows) {
    if (doomed(row)) table.byId?.delete(row.Id);
    else table.rows[kept++] = row;
  }
  if (kept === table.rows.length) return;
  table.rows.length = kept;
  table.byStamp = null;
  table.keys.clear();
}

/** The living row that has this value in a unique field. */
export function findByKey(
  table: Table,
  field: { name: string; caseSensitive: boolean },
  value: string,
): Row | undefined {
  let index = table.keys.get(field.name);
  if (!index) {
    index = { rows: new Map(), fold: (text) => (field.caseSensitive ? text : text.toLowerCase()) };
    for (const row of table.rows) {
      if (row.IsDeleted !== true) indexRow(index, row, row[field.name]);
    }
    table.keys.set(field.name, index);
  }
  return index.rows.get(index.fold(value));
}

function indexRow(index: KeyIndex, row: Row, value: Value | undefined): void {
  if (value !== null && value !== undefined) index.rows.set(index.fold(String(value)), row);
}

export function rowsByStamp(table: Table): readonly Row[] {
  table.byStamp ??= [...table.rows].sort(
    (a, b) => Number(a.SystemModstamp ?? 0) - Number(b.SystemModstamp ?? 0) || (a.Id < b.Id ? -1 : 1),
  );
  return table.byStamp;
}

/**
 * The rows in an order that is neither that of ids nor of time: without ORDER BY the platform promises none. The same
 * rows always come in the same order.
 */
export function* rowsUnordered(table: Table): Generator<Row> {
  const { rows } = table;
  const count = rows.length;
  let stride = Math.max(1, Math.floor(count * 0.618));
  while (gcd(stride, count) > 1) stride++;
  for (let index = 0, at = Math.floor(count / 3); index < count; index++) {
    const row = rows[at];
    if (row) yield row;
    at = (at + stride) % count;
  }
}

function gcd(a: number, b: number): number {
  return b === 0 ? a : gcd(b, a % b);
}
