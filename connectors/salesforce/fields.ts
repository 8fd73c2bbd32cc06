import { columnKind, entityTables, type SqlValue, type TableName } from '../../src/model/entities.ts';
import { RunError } from '../../src/model/errors.ts';
import { toMinorUnits } from '../../src/model/money.ts';
import { normaliseDealType } from './map-sales.ts';
import { currencyOf, idOf, type MapContext, type MapRecord, type TableRow } from './mapped.ts';
import { type ObjectInfo, resolvePath, type Schema } from './schema.ts';
import { suggestName } from './suggest.ts';
import {
  readPath,
  type SalesforceRecord,
  toBool,
  toDate,
  toInstant,
  toInteger,
  toNumber,
  toText,
} from './values.ts';

/** One line of `fields` in the settings: `deal.region: Region__c`. */
export interface FieldMapping {
  readonly key: string;
  readonly table: TableName;
  readonly column: string;
  readonly path: string;
}

/** The mapping as this org can serve it. */
export interface ResolvedMapping extends FieldMapping {
  /** Of the field in Salesforce: `percent`, `date` ... */
  readonly type: string;
}

export function isTable(name: string): name is TableName {
  return Object.hasOwn(entityTables, name);
}

export function readFieldMappings(
  connection: string,
  fields: Readonly<Record<string, string>>,
): FieldMapping[] {
  return Object.entries(fields).map(([key, path]) => {
    const [table = '', column = '', ...rest] = key.split('.');
    if (isTable(table) && column !== '' && rest.length === 0) return { key, table, column, path };
    throw new RunError('config', {
      where: `connections.${connection}.fields.${key}`,
      message: `must name a table and a column or dimension, as deal.region.${suggestName(table, Object.keys(entityTables))}`,
      fix: 'Write it as `TABLE.NAME: Field__c`.',
    });
  });
}

export interface MappingResult {
  readonly found: readonly ResolvedMapping[];
  readonly missing: readonly { readonly mapping: FieldMapping; readonly problem: string }[];
}

export async function resolveMappings(
  schema: Schema,
  object: ObjectInfo,
  mappings: readonly FieldMapping[],
): Promise<MappingResult> {
  const found: ResolvedMapping[] = [];
  const missing: { mapping: FieldMapping; problem: string }[] = [];
  for (const mapping of mappings) {
    const result = await resolvePath(schema, object, mapping.path);
    if (result.ok) found.push({ ...mapping, path: result.path, type: result.field.type });
    else missing.push({ mapping, problem: result.problem });
  }
  return { found, missing };
}

/** The mapping of an object with the organisation's own columns and dimensions put in. */
export function withMappings(
  map: MapRecord,
  table: TableName,
  mappings: readonly ResolvedMapping[],
): MapRecord {
  if (mappings.length === 0) return map;
  const columns = mappings.filter((mapping) => columnKind(table, mapping.column));
  const dimensions = mappings.filter((mapping) => !columnKind(table, mapping.column));
  return (record, context) => {
    const mapped = map(record, context);
    for (const { table: own, row } of mapped.rows) {
      if (own !== table) continue;
      // Made for this very record a moment ago: nobody else holds it.
      const values: Record<string, SqlValue | undefined> = row;
      for (const mapping of columns) values[mapping.column] = convertMapped(mapping, record, context);
    }
    if (dimensions.length === 0) return mapped;
    const beside = dimensions.map((mapping) => dimensionRow(mapping, record));
    return { ...mapped, rows: [...mapped.rows, ...beside] };
  };
}

function dimensionRow(mapping: ResolvedMapping, record: SalesforceRecord): TableRow {
  const recordId = idOf(record.Id);
  return {
    table: 'dimension',
    row: {
      id: `${mapping.table}:${recordId}:${mapping.column}`,
      object: mapping.table,
      record_id: recordId,
      name: mapping.column,
      value: toText(readPath(record, mapping.path)),
    },
  };
}

/** A field's value in the SQLite form of the column that it feeds. */
export function convertMapped(
  mapping: Pick<ResolvedMapping, 'table' | 'column' | 'path' | 'type'>,
  record: SalesforceRecord,
  context: MapContext,
): SqlValue {
  const value = readPath(record, mapping.path);
  const { zone } = context;
  switch (columnKind(mapping.table, mapping.column)) {
    case 'minor':
      return toMinorUnits(toNumber(value), currencyOf(record, context));
    case 'instant': {
      const day = toDate(value);
      return toInstant(value) ?? (day === null ? null : zone.startOf(day));
    }
    case 'date': {
      const at = toInstant(value);
      return toDate(value) ?? (at === null ? null : zone.dateOf(at));
    }
    case 'int':
      return toInteger(value);
    case 'bool':
      return toBool(value);
    case 'real': {
      const number = toNumber(value);
      return number !== null && mapping.type === 'percent' ? number / 100 : number;
    }
    default: {
      const text = toText(value);
      return mapping.table === 'deal' && mapping.column === 'type' ? normaliseDealType(text) : text;
    }
  }
}
