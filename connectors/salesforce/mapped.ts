import type { Membership } from '../../src/model/connector.ts';
import type { EntityRow, TableName, TableRows } from '../../src/model/entities.ts';
import type { Zone } from '../../src/model/zone.ts';
import { type SalesforceRecord, toBool, toInstant, toText } from './values.ts';

/** What mapping a record needs besides the record. */
export interface MapContext {
  /** Currency of amounts in an org with one currency. */
  readonly currency: string;
  /** Business time zone. */
  readonly zone: Zone;
  /** Server time at the start of the pass, epoch ms. */
  readonly now: number;
  /** Record types of the object, to give each its own pipeline of stages. */
  readonly recordTypes: readonly string[];
  /** Fields that were asked for; absent: those that the records have. */
  readonly select?: readonly string[];
}

/** One row for one table. */
export type TableRow = { [T in TableName]: { readonly table: T; readonly row: EntityRow<T> } }[TableName];

export interface MappedRecord {
  readonly rows: readonly TableRow[];
  readonly membership?: Membership;
}

export type MapRecord = (record: SalesforceRecord, context: MapContext) => MappedRecord;

export function idOf(value: unknown): string {
  return toText(value) ?? '';
}

/** Columns that every table has. A record in the recycle bin keeps its fields and says when it went there. */
export function commonColumnsOf(record: SalesforceRecord) {
  const updated = toInstant(record.SystemModstamp) ?? toInstant(record.LastModifiedDate);
  return {
    id: idOf(record.Id),
    created_at: toInstant(record.CreatedDate),
    updated_at: updated ?? toInstant(record.CreatedDate),
    deleted_at: toBool(record.IsDeleted) === 1 ? (updated ?? toInstant(record.CreatedDate)) : null,
  };
}

export function currencyOf(record: SalesforceRecord, context: MapContext): string {
  return toText(record.CurrencyIsoCode) ?? context.currency;
}

/** Rows by table, in the order in which tables appear first. */
export function groupRows(rows: readonly TableRow[]): TableRows[] {
  const groups = new Map<TableName, TableRow['row'][]>();
  for (const { table, row } of rows) {
    const group = groups.get(table);
    if (group) group.push(row);
    else groups.set(table, [row]);
  }
  // Table and rows belong together by construction, which the compiler cannot follow through the Map.
  return [...groups].map(([table, list]) => ({ table, rows: list }) as unknown as TableRows);
}
