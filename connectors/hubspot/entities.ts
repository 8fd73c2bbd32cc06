import {
  columnKind,
  type EntityRow,
  entityTables,
  type SqlValue,
  type TableName,
} from '../../src/model/entities.ts';
import { RunError } from '../../src/model/errors.ts';
import { type ObjectName, type ObjectSpec, objectSpecs } from './catalog.ts';
import { nearestName } from './fields.ts';
import { pickLink } from './links.ts';
import { commonOf, type MapContext, type Source } from './map.ts';
import type { ReadPlan } from './plan.ts';
import type { HubspotRecord } from './shapes.ts';
import { parseForColumn, parseText } from './values.ts';

/** A canonical table fed from an object that the settings name. */
export interface EntitySource {
  readonly table: TableName;
  readonly object: string;
  readonly conditions: readonly Condition[];
  /** Column -> property, or a constant. */
  readonly columns: ReadonlyMap<string, string | number>;
}

interface Condition {
  readonly property: string;
  readonly operator: '=' | '!=';
  /** null: has no value. */
  readonly value: string | null;
}

type EntitySettings = Readonly<Record<string, string | number>>;

export function parseEntities(
  connection: string,
  entities: Readonly<Record<string, EntitySettings>>,
): readonly EntitySource[] {
  return Object.entries(entities).map(([name, settings]) =>
    parseEntity(`connections.${connection}.entities.${name}`, name, settings),
  );
}

function parseEntity(where: string, name: string, settings: EntitySettings): EntitySource {
  const table = tableNamed(where, name);
  const { object, where: condition, ...columns } = settings;
  if (typeof object !== 'string' || object === '') {
    throw problem(
      where,
      'object is missing.',
      'Name the HubSpot object: object: tickets, or a custom object.',
    );
  }
  const known = Object.keys(entityTables[table]);
  const renamed = new Map<string, string | number>();
  for (const [column, source] of Object.entries(columns)) {
    const canonical = `${column}_minor` in entityTables[table] ? `${column}_minor` : column;
    if (columnKind(table, canonical) === undefined || canonical === 'id') {
      const near = nearestName(column, known);
      throw problem(
        `${where}.${column}`,
        `${table} has no column ${column}.`,
        near ? `Did you mean ${near}?` : `Its columns are ${known.join(', ')}.`,
      );
    }
    renamed.set(canonical, source);
  }
  const conditions = typeof condition === 'string' ? parseWhere(`${where}.where`, condition) : [];
  return { table, object, conditions, columns: renamed };
}

function tableNamed(where: string, name: string): TableName {
  for (const table of Object.keys(entityTables)) {
    if (table === name) return table as TableName;
  }
  const near = nearestName(name, Object.keys(entityTables));
  throw problem(
    where,
    `There is no table ${name}.`,
    near ? `Did you mean ${near}?` : 'See the generated reference.',
  );
}

const term = /^\s*(\w+)\s*(!?=)\s*(?:'([^']*)'|"([^"]*)"|(null)|([\w.-]+))\s*$/i;

/** `property = 'value'`, `property != null`, joined by `and`. */
export function parseWhere(where: string, text: string): readonly Condition[] {
  return text.split(/\s+and\s+/i).map((part) => {
    const match = term.exec(part);
    const operator = match?.[2];
    if (!match?.[1] || (operator !== '=' && operator !== '!=')) {
      throw problem(
        where,
        `'${part.trim()}' is not understood.`,
        "Write property = 'value' or property != null, joined by and.",
      );
    }
    const value = match[5] ? null : (match[3] ?? match[4] ?? match[6] ?? '');
    return { property: match[1], operator, value };
  });
}

function meetsConditions(record: HubspotRecord, conditions: readonly Condition[]): boolean {
  return conditions.every(({ property, operator, value }) => {
    const same = parseText(record.properties[property]) === value;
    return operator === '=' ? same : !same;
  });
}

/** Object types that a row's ids come from by themselves. */
const linkColumns = { account_id: 'companies', ticket_id: 'tickets', deal_id: 'deals' } as const;

export function planEntity(source: EntitySource, sinceMs: number | null): ReadPlan {
  const base = specOf(source.object);
  const properties = [...source.columns.values()].filter((value) => typeof value === 'string');
  const conditions = source.conditions.map(({ property }) => property);
  const links = Object.entries(linkColumns)
    .filter(([column, type]) => columnKind(source.table, column) !== undefined && type !== source.object)
    .map(([, type]) => type);
  const spec: ObjectSpec = { ...base, table: source.table, history: [], links, properties };
  const all = [
    spec.modified,
    'createdate',
    'hs_createdate',
    'hubspot_owner_id',
    ...properties,
    ...conditions,
  ];
  return {
    spec,
    table: source.table,
    fields: undefined,
    entity: source,
    properties: [...new Set(all)],
    history: [],
    sinceMs,
  };
}

/** A standard object, or a custom one by its name or type id. */
function specOf(object: string): ObjectSpec {
  for (const name of Object.keys(objectSpecs) as ObjectName[]) {
    if (name === object) return objectSpecs[name];
  }
  return {
    name: object,
    typeId: object,
    table: 'entry',
    properties: [],
    history: [],
    links: [],
    modified: 'hs_lastmodifieddate',
    readScope: 'crm.objects.custom.read',
  };
}

/** undefined: the record does not meet the conditions. */
export function mapEntity(source: Source, entity: EntitySource, context: MapContext): EntityRow | undefined {
  const { record, links } = source;
  if (!meetsConditions(record, entity.conditions)) return undefined;
  const created = record.properties.hs_createdate ? 'hs_createdate' : 'createdate';
  const row: Record<string, SqlValue> = { ...commonOf(record, context.zone, created) };
  if (columnKind(entity.table, 'owner_id')) row.owner_id = parseText(record.properties.hubspot_owner_id);
  for (const [column, type] of Object.entries(linkColumns)) {
    if (!columnKind(entity.table, column)) continue;
    row[column] = type === entity.object ? record.id : pickLink(links, type);
  }
  for (const [column, from] of entity.columns)
    row[column] = valueFor(record, { entity, column, from }, context);
  return { id: record.id, ...row };
}

function valueFor(
  record: HubspotRecord,
  { entity, column, from }: { entity: EntitySource; column: string; from: string | number },
  context: MapContext,
): SqlValue {
  const text = typeof from === 'number' ? String(from) : record.properties[from];
  const target = { table: entity.table, column, currency: context.currency, zone: context.zone };
  return parseForColumn(text, target);
}

function problem(where: string, message: string, fix: string): RunError {
  return new RunError('config', { where, message, fix });
}
