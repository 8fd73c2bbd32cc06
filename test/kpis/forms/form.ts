import type { Connection } from '../../../src/model/connector.ts';
import { columnKind, type SqlValue, type TableName } from '../../../src/model/entities.ts';

export type CaseRow = Readonly<Record<string, SqlValue>>;
export type CaseTables = Readonly<Partial<Record<TableName, readonly CaseRow[]>>>;

/** What a case holds, as far as a form has to tell it. */
export interface FormCase {
  readonly rows: CaseTables;
  readonly deleted: Readonly<Partial<Record<TableName, readonly string[]>>>;
  /** From the record that was merged away to the one that survived. */
  readonly merged: Readonly<Partial<Record<TableName, Readonly<Record<string, string>>>>>;
  readonly memberships: readonly {
    readonly actorId: string;
    readonly teams: readonly { readonly teamId: string; readonly primary: boolean }[];
  }[];
  readonly timeZone: string;
  readonly currency: string;
  /** Until when everything was read. */
  readonly syncedAt: string;
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

/** The currency of the books, which no case changes. */
export const baseCurrency = 'EUR';

export type Places = Readonly<Partial<Record<TableName, readonly string[]>>>;
const common = ['id', 'created_at', 'updated_at'];

/** Columns with a value that a CRM has no field for: fields of the organisation's own, mapped in the settings. */
export function ownColumns(tables: CaseTables, table: TableName, places: Places): readonly string[] {
  const used = (tables[table] ?? []).flatMap((row) =>
    Object.entries(row).flatMap(([column, value]) => (value === null ? [] : [column])),
  );
  return [...new Set(used)].filter((column) => !common.includes(column) && !places[table]?.includes(column));
}

/** The tables of a case that a CRM has no object for: objects of the organisation's own. */
export function ownTables(tables: CaseTables, places: Places): readonly TableName[] {
  const used = Object.entries(tables).flatMap(([table, rows]) => (rows.length > 0 ? [table] : []));
  return (used as TableName[]).filter((table) => places[table] === undefined);
}

const targets: Readonly<Record<string, TableName>> = {
  owner_id: 'actor',
  created_by_id: 'actor',
  actor_id: 'actor',
  manager_id: 'actor',
  account_id: 'account',
  deal_id: 'deal',
  ticket_id: 'ticket',
  campaign_id: 'campaign',
  first_campaign_id: 'campaign',
  person_id: 'lead',
  contact_id: 'lead',
  team_id: 'team',
};

export type Link = (table: TableName, id: SqlValue | undefined) => string | null;

/** A value as a field of one's own would hold it. */
export function ownValue(
  cell: { readonly table: TableName; readonly column: string; readonly row: CaseRow },
  link: Link,
): string | number | boolean | null {
  const { table, column, row } = cell;
  const value = row[column];
  if (value === null || value === undefined) return null;
  const kind = columnKind(table, column);
  const target = kind === 'id' ? targets[column] : undefined;
  if (target) return link(target, value);
  if (kind === 'minor') return major(value, row.currency ?? baseCurrency);
  if (kind === 'instant') return instantText(value);
  return kind === 'bool' ? value === 1 : value;
}

export const noonOf = (day: SqlValue | undefined): string | null =>
  typeof day === 'string' ? `${day}T11:00:00.000Z` : null;

export function instantText(value: SqlValue | undefined): string | null {
  if (value === null || value === undefined) return null;
  return new Date(typeof value === 'number' ? value : Date.parse(String(value))).toISOString();
}

/** In the currency's own units: a yen has no hundredths, a dinar thousandths. */
export function major(
  minor: SqlValue | undefined,
  currency: SqlValue | undefined = baseCurrency,
): number | null {
  if (minor === null || minor === undefined) return null;
  const digits = { JPY: 0, KWD: 3 }[String(currency)] ?? 2;
  return Number((Number(minor) / 10 ** digits).toFixed(digits));
}

/** One file of newline-delimited JSON per object, as the sandboxes load it. */
export function toNdjson(rows: readonly object[]): string {
  return rows.map((row) => `${JSON.stringify(row)}\n`).join('');
}
