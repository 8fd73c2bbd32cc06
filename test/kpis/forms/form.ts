import type { Connection } from '../../../src/model/connector.ts';
import type { SqlValue, TableName } from '../../../src/model/entities.ts';

export type CaseRow = Readonly<Record<string, SqlValue>>;
export type CaseTables = Readonly<Partial<Record<TableName, readonly CaseRow[]>>>;

/** What a case holds, as far as a form has to tell it. */
export interface FormCase {
  readonly rows: CaseTables;
  readonly deleted: Readonly<Partial<Record<TableName, readonly string[]>>>;
  readonly timeZone: string;
  readonly currency: string;
}

/** A case as a CRM holds it: how it is opened, and what its ids became there. */
export interface Told extends AsyncDisposable {
  open(): Promise<Connection>;
  readonly connector: string;
  idOf(table: TableName, id: string): string;
  /** Takes the deleted records away; called after the first sync. */
  remove(): Promise<void>;
}

/** Why a case cannot be told in this form: what the CRM has no place for. */
export class Untellable extends Error {}

/** The tables and columns that a form has a place for; the others must be empty. */
export function requireTellable(
  tables: CaseTables,
  known: Readonly<Partial<Record<TableName, readonly string[]>>>,
): void {
  const common = ['id', 'created_at', 'updated_at'];
  for (const [table, rows] of Object.entries(tables)) {
    if (rows.length === 0) continue;
    const columns = known[table as TableName];
    if (!columns) throw new Untellable(`no place for ${table}`);
    for (const row of rows)
      for (const [column, value] of Object.entries(row))
        if (value !== null && !columns.includes(column) && !common.includes(column))
          throw new Untellable(`no place for ${table}.${column}`);
  }
}

export const noonOf = (day: SqlValue | undefined): string | null =>
  typeof day === 'string' ? `${day}T11:00:00.000Z` : null;

export function instantText(value: SqlValue | undefined): string | null {
  if (value === null || value === undefined) return null;
  return new Date(typeof value === 'number' ? value : Date.parse(String(value))).toISOString();
}

export const major = (minor: SqlValue | undefined): number | null =>
  typeof minor === 'number' ? minor / 100 : null;

/** One file of newline-delimited JSON per object, as the sandboxes load it. */
export function toNdjson(rows: readonly object[]): string {
  return rows.map((row) => `${JSON.stringify(row)}\n`).join('');
}
