import { columnKind, entityTables, type SqlValue, type TableName } from '../../src/model/entities.ts';
import { RunError } from '../../src/model/errors.ts';
import { convertMapped, isTable } from './fields.ts';
import { commonColumnsOf, currencyOf, type MapContext, type MapRecord, type TableRow } from './mapped.ts';
import type { SourceField } from './plan-parts.ts';
import { findField, type ObjectInfo, resolvePath, type Schema } from './schema.ts';
import { suggestName } from './suggest.ts';
import type { SalesforceRecord } from './values.ts';

/** One line of `entities` in the settings: a table fed from an object of this organisation. */
export interface EntitySource {
  readonly table: TableName;
  readonly object: string;
  readonly where: string | null;
  readonly columns: Readonly<Record<string, string | number>>;
}

export function readEntitySources(
  connection: string,
  entities: Readonly<Record<string, Readonly<Record<string, string | number>>>>,
): EntitySource[] {
  return Object.entries(entities).map(([table, { object, where, ...columns }]) => {
    const place = `connections.${connection}.entities.${table}`;
    if (!isTable(table)) {
      throw problemAt(place, `there is no table ${table}.${suggestName(table, Object.keys(entityTables))}`);
    }
    if (typeof object !== 'string' || !/^\w+$/.test(object)) {
      throw problemAt(`${place}.object`, 'must be the API name of an object, as Case or Survey__c');
    }
    for (const column of Object.keys(columns)) {
      if (columnKind(table, column)) continue;
      const names = Object.keys(entityTables[table]);
      throw problemAt(`${place}.${column}`, `${table} has no such column.${suggestName(column, names)}`);
    }
    return { table, object, where: where === undefined ? null : String(where), columns };
  });
}

function problemAt(where: string, message: string): RunError {
  return new RunError('config', { where, message, fix: 'Correct the name in the settings.' });
}

/** What a column comes from when the settings do not say; the first field that the object has. */
const byThemselves: Readonly<Record<string, readonly string[]>> = {
  name: ['Name', 'Subject', 'CaseNumber'],
  owner_id: ['OwnerId'],
  created_by_id: ['CreatedById'],
  account_id: ['AccountId'],
  ticket_id: ['CaseId'],
  campaign_id: ['CampaignId'],
  deal_id: ['OpportunityId'],
  person_id: ['ContactId', 'LeadId'],
};

/** Records of these objects are themselves what the column refers to. */
const itself: Readonly<Record<string, string>> = {
  Case: 'ticket_id',
  Campaign: 'campaign_id',
  Opportunity: 'deal_id',
  Account: 'account_id',
};

/** Words that stand for themselves: without them every organisation would need a formula field for a constant. */
const words: Readonly<Record<string, readonly string[]>> = {
  'survey_answer.kind': ['csat', 'nps', 'ces'],
  'survey_answer.audience': ['customer', 'user'],
  'activity.kind': ['task', 'call', 'meeting', 'email'],
  'entry.kind': ['cost', 'benefit', 'training', 'quota', 'benchmark'],
};

type ColumnSource =
  | { readonly constant: SqlValue }
  | { readonly path: string; readonly type: string }
  | { readonly at: 'now' | 'currency' };

export type EntityResult =
  | { readonly ok: true; readonly fields: readonly SourceField[]; readonly map: MapRecord }
  | { readonly ok: false; readonly problems: readonly string[] };

export async function resolveEntity(
  schema: Schema,
  object: ObjectInfo,
  source: EntitySource,
): Promise<EntityResult> {
  const columns = new Map<string, ColumnSource>(defaultColumns(object, source.table));
  const problems: string[] = [];
  for (const [column, value] of Object.entries(source.columns)) {
    const constant = constantOf(source.table, column, value);
    if (constant !== undefined) {
      columns.set(column, { constant });
      continue;
    }
    const result = await resolvePath(schema, object, String(value));
    if (result.ok) columns.set(column, { path: result.path, type: result.field.type });
    else problems.push(result.problem);
  }
  if (problems.length > 0) return { ok: false, problems };
  const fields = [...columns.values()].filter((column) => 'path' in column);
  return { ok: true, fields, map: entityMap(source.table, columns) };
}

function constantOf(table: TableName, column: string, value: string | number): SqlValue | undefined {
  if (typeof value === 'number') return value;
  if (words[`${table}.${column}`]?.includes(value)) return value;
  return /^'.*'$/.test(value) ? value.slice(1, -1) : undefined;
}

function defaultColumns(object: ObjectInfo, table: TableName): [string, ColumnSource][] {
  const columns: [string, ColumnSource][] = [];
  for (const [column, fields] of Object.entries(byThemselves)) {
    if (!columnKind(table, column)) continue;
    const field = fields.map((name) => findField(object, name)).find(Boolean);
    if (field) columns.push([column, { path: field.name, type: field.type }]);
  }
  const own = itself[object.name];
  if (own && columnKind(table, own)) columns.push([own, { path: 'Id', type: 'id' }]);
  if (columnKind(table, 'currency')) columns.push(['currency', { at: 'currency' }]);
  if (columnKind(table, 'fetched_at')) columns.push(['fetched_at', { at: 'now' }]);
  if (table === 'survey_answer') {
    columns.push(['audience', { constant: 'customer' }], ['kind', { constant: 'csat' }]);
  }
  return columns;
}

function entityMap(table: TableName, columns: ReadonlyMap<string, ColumnSource>): MapRecord {
  return (record, context) => {
    const values = [...columns].map(([column, source]) => [
      column,
      columnValue({ table, column, source }, record, context),
    ]);
    const row = { ...commonColumnsOf(record), ...Object.fromEntries(values) };
    // Columns were checked against the table and values converted to their kinds.
    return { rows: [{ table, row } as TableRow] };
  };
}

function columnValue(
  place: { table: TableName; column: string; source: ColumnSource },
  record: SalesforceRecord,
  context: MapContext,
): SqlValue {
  const { table, column, source } = place;
  if ('constant' in source) return source.constant;
  if ('path' in source) return convertMapped({ table, column, ...source }, record, context);
  return source.at === 'now' ? context.now : currencyOf(record, context);
}
