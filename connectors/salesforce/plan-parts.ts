import type { TableName } from '../../src/model/entities.ts';
import { fedColumns } from './companion-columns.ts';
import type { Companion, CompanionSpec } from './companions.ts';
import type { ResolvedMapping } from './fields.ts';
import type { MapRecord, TableRow } from './mapped.ts';
import type { ObjectSpec } from './object-spec.ts';
import { findField, type ObjectInfo, resolvePath, type Schema } from './schema.ts';

/** A field that exists for others and not for this user -> what is missing then. */
export interface HiddenField {
  /** `Type`; or another object, `EmailMessage`, that completes this one. */
  readonly field: string;
  readonly consequence: string;
  readonly isObject?: true;
}

/** A field or path that is read, and its type in Salesforce. */
export interface SourceField {
  readonly path: string;
  readonly type: string;
}

/** True where values come to differ without the record being stamped: formulas, and fields of other records. */
export function changesUnstamped(object: ObjectInfo, sources: readonly SourceField[]): boolean {
  return sources.some(({ path }) => path.includes('.') || findField(object, path)?.calculated === true);
}

/** Fields that this org has, and those that it has not. */
export async function resolveFields(
  schema: Schema,
  object: ObjectInfo,
  spec: ObjectSpec,
): Promise<{ readonly found: readonly SourceField[]; readonly hidden: readonly HiddenField[] }> {
  const found: SourceField[] = [];
  const hidden: HiddenField[] = [];
  const wanted = [...spec.required.map((field) => [field, ''] as const), ...Object.entries(spec.optional)];
  for (const [path, consequence] of wanted) {
    const result = await resolvePath(schema, object, path);
    if (result.ok) found.push({ path: result.path, type: result.field.type });
    else if (consequence !== '') hidden.push({ field: path, consequence });
  }
  return { found, hidden };
}

/** Columns all of whose fields are hidden: left out of the rows, so that what was read before stays. */
export function unfedColumns(spec: ObjectSpec, found: readonly SourceField[]): ReadonlySet<string> {
  const present = new Set(found.map(({ path }) => path));
  const unfed = Object.entries(spec.columns ?? {}).filter(
    ([, fields]) => !fields.some((field) => present.has(field)),
  );
  return new Set(unfed.map(([column]) => column));
}

export function withoutColumns(map: MapRecord, table: TableName, columns: ReadonlySet<string>): MapRecord {
  if (columns.size === 0) return map;
  return (record, context) => {
    const mapped = map(record, context);
    const rows = mapped.rows.map((entry) => {
      if (entry.table !== table) return entry;
      const kept = Object.entries(entry.row).filter(([column]) => !columns.has(column));
      // A row without some of its columns is a row of the same table.
      return { table, row: Object.fromEntries(kept) } as unknown as TableRow;
    });
    return { ...mapped, rows };
  };
}

/** The field whose sum is that of our amounts; null where there is none that Salesforce can add up. */
export function amountOf(
  object: ObjectInfo,
  spec: ObjectSpec,
  mappings: readonly ResolvedMapping[],
): { readonly field: string; readonly scale: number } | null {
  if (spec.table !== 'deal') return null;
  const path = mappings.find(({ column }) => column === 'amount_minor')?.path ?? 'Amount';
  const field = findField(object, path);
  return field?.aggregatable ? { field: field.name, scale: field.scale } : null;
}

export interface PlannedCompanions {
  readonly found: readonly Companion[];
  readonly hidden: readonly HiddenField[];
}

/** Companions that this org has; a missing one costs its columns and nothing else. */
export async function planCompanions(
  schema: Schema,
  spec: ObjectSpec,
  {
    mappings,
    wanted,
  }: {
    readonly mappings: readonly ResolvedMapping[];
    /** Columns to be filled; absent: all. */
    readonly wanted: ReadonlySet<string> | undefined;
  },
): Promise<PlannedCompanions> {
  const mapped = new Set(mappings.map(({ column }) => column));
  // A field that the organisation keeps itself is the better source.
  const specs = (spec.companions ?? []).filter(
    ({ feeds }) =>
      !fedColumns[feeds].some((column) => mapped.has(column)) &&
      (!wanted || fedColumns[feeds].some((column) => wanted.has(column))),
  );
  const planned = await Promise.all(specs.map((one) => planCompanion(schema, one)));
  const missing = specs.filter((_, index) => planned[index] === null);
  return {
    found: planned.filter((companion) => companion !== null),
    hidden: missing.map(({ object, consequence }) => ({ field: object, consequence, isObject: true })),
  };
}

async function planCompanion(schema: Schema, spec: CompanionSpec): Promise<Companion | null> {
  const object = await schema.object(spec.object);
  if (!object?.queryable || spec.required.some((field) => !findField(object, field))) return null;
  const select = ['Id', ...spec.required];
  for (const path of spec.optional) {
    const result = await resolvePath(schema, object, path);
    if (result.ok) select.push(result.path);
  }
  return { ...spec, select, cursorField: cursorFieldOf(object) };
}

/** First of SystemModstamp, LastModifiedDate, CreatedDate that can be filtered and sorted by. */
export function cursorFieldOf(object: ObjectInfo): string | null {
  const fields = ['SystemModstamp', 'LastModifiedDate', 'CreatedDate'].map((name) => findField(object, name));
  return fields.find((field) => field?.filterable && field.sortable)?.name ?? null;
}
