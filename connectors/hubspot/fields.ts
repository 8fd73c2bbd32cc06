import {
  columnKind,
  type EntityRow,
  entityTables,
  type SqlValue,
  type TableName,
} from '../../src/model/entities.ts';
import { RunError } from '../../src/model/errors.ts';
import type { MapContext } from './map.ts';
import { nameOf, teamName } from './owners.ts';
import type { HubspotRecord } from './shapes.ts';
import { parseForColumn, parseText } from './values.ts';

const ownerPaths = ['owner.name', 'owner.email', 'owner.teams.primary', 'owner.teams.secondary'] as const;
type OwnerPath = (typeof ownerPaths)[number];

type FieldPath =
  | { readonly kind: 'property'; readonly name: string }
  | { readonly kind: 'owner'; readonly path: OwnerPath };

interface MappedField {
  /** As it stands in the settings: `deal.region`. */
  readonly key: string;
  /** Canonical column, or the dimension's name. */
  readonly target: string;
  readonly path: FieldPath;
}

/** What the settings' `fields` say about one table. */
export interface FieldPlan {
  readonly columns: readonly MappedField[];
  readonly dimensions: readonly MappedField[];
}

const mappableTables = ['account', 'deal', 'ticket', 'activity', 'lead', 'survey_answer'] as const;

export function planFields(
  connection: string,
  fields: Readonly<Record<string, string>>,
): ReadonlyMap<TableName, FieldPlan> {
  const plans = new Map<TableName, { columns: MappedField[]; dimensions: MappedField[] }>();
  for (const [key, source] of Object.entries(fields)) {
    const dot = key.indexOf('.');
    const table = tableNamed(connection, key, key.slice(0, dot));
    const target = canonicalColumn(table, key.slice(dot + 1));
    const field = { key, target, path: parsePath(connection, key, source) };
    const plan = plans.get(table) ?? { columns: [], dimensions: [] };
    const isColumn = target !== 'id' && columnKind(table, target) !== undefined;
    (isColumn ? plan.columns : plan.dimensions).push(field);
    plans.set(table, plan);
  }
  return plans;
}

function tableNamed(connection: string, key: string, name: string): TableName {
  const table = mappableTables.find((known) => known === name);
  if (table) return table;
  throw new RunError('config', {
    where: `connections.${connection}.fields.${key}`,
    message: `'${name}' is not a table whose columns can be mapped in HubSpot.`,
    fix: `Write TABLE.NAME with one of ${mappableTables.join(', ')}.`,
  });
}

/** People write `amount` for `amount_minor`. */
function canonicalColumn(table: TableName, name: string): string {
  return `${name}_minor` in entityTables[table] ? `${name}_minor` : name;
}

function parsePath(connection: string, key: string, source: string): FieldPath {
  if (!source.includes('.')) return { kind: 'property', name: source };
  const path = ownerPaths.find((known) => known === source.toLowerCase());
  if (path) return { kind: 'owner', path };
  throw new RunError('config', {
    where: `connections.${connection}.fields.${key}`,
    message: `'${source}' is not a path that HubSpot records have.`,
    fix: `Write the internal name of a property, or one of ${ownerPaths.join(', ')}.`,
  });
}

/** Properties that a plan asks of its records. */
export function mappedProperties(plan: FieldPlan | undefined): readonly string[] {
  const all = [...(plan?.columns ?? []), ...(plan?.dimensions ?? [])];
  return all.flatMap(({ path }) => (path.kind === 'property' ? [path.name] : []));
}

/** The property that feeds a column: the mapped one, else the standard one. */
export function propertyFor(plan: FieldPlan | undefined, column: string, standard: string): string {
  const mapped = plan?.columns.find(({ target }) => target === column);
  return mapped?.path.kind === 'property' ? mapped.path.name : standard;
}

interface Mapping {
  readonly table: TableName;
  readonly plan: FieldPlan;
  readonly context: MapContext;
}

/** Values of mapped canonical columns, to lie over a row. */
export function columnValues(
  record: HubspotRecord,
  row: { readonly owner_id?: string | null; readonly currency?: string | null },
  { table, plan, context }: Mapping,
): Readonly<Record<string, SqlValue>> {
  const values: Record<string, SqlValue> = {};
  const currency = row.currency ?? context.currency;
  for (const { target, path } of plan.columns) {
    const text = textAt(record, row.owner_id ?? null, { path, context });
    values[target] = parseForColumn(text, { table, column: target, currency, zone: context.zone });
  }
  return values;
}

/** A row for each mapped dimension; an emptied one is said to be empty. */
export function dimensionRows(
  record: HubspotRecord,
  ownerId: string | null,
  { table, plan, context }: Mapping,
): readonly EntityRow<'dimension'>[] {
  return plan.dimensions.map(({ target, path }) => ({
    id: `${table}:${record.id}:${target}`,
    object: table,
    record_id: record.id,
    name: target,
    value: textAt(record, ownerId, { path, context }),
  }));
}

function textAt(
  record: HubspotRecord,
  ownerId: string | null,
  { path, context }: { readonly path: FieldPath; readonly context: MapContext },
): string | null {
  if (path.kind === 'property') return parseText(record.properties[path.name]);
  const owner = context.owners.byId(ownerId);
  if (!owner) return null;
  if (path.path === 'owner.name') return nameOf(owner);
  if (path.path === 'owner.email') return owner.email ?? null;
  return teamName(owner, path.path === 'owner.teams.primary' ? 'primary' : 'secondary');
}

/** The known name nearest to a mistyped one, if any is near. */
export function nearestName(name: string, known: Iterable<string>): string | null {
  let best: string | null = null;
  let least = Math.max(2, Math.floor(name.length / 3)) + 1;
  for (const candidate of known) {
    const distance = editDistance(name.toLowerCase(), candidate.toLowerCase());
    if (distance < least) {
      least = distance;
      best = candidate;
    }
  }
  return best;
}

function editDistance(one: string, other: string): number {
  let previous = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (let i = 1; i <= one.length; i++) {
    const current = [i];
    for (let j = 1; j <= other.length; j++) {
      const swap = (previous[j - 1] ?? 0) + (one[i - 1] === other[j - 1] ? 0 : 1);
      current.push(Math.min(swap, (previous[j] ?? 0) + 1, (current[j - 1] ?? 0) + 1));
    }
    previous = current;
  }
  return previous[other.length] ?? 0;
}
