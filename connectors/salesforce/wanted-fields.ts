import { columnKind, entityTables } from '../../src/model/entities.ts';
import type { FieldMapping } from './fields.ts';
import type { ObjectSpec } from './object-spec.ts';

/** An object without the fields that feed nothing but columns that nobody wants: they are not even asked for. */
export function wantedPart(spec: ObjectSpec, wanted: ReadonlySet<string> | undefined): ObjectSpec {
  const columns = spec.columns;
  if (!wanted || !columns) return spec;
  const unwanted = new Set<string>();
  for (const [column, fields] of Object.entries(columns))
    if (!wanted.has(column)) for (const field of fields) unwanted.add(field);
  for (const [column, fields] of Object.entries(columns))
    if (wanted.has(column)) for (const field of fields) unwanted.delete(field);
  const optional = Object.entries(spec.optional).filter(([field]) => !unwanted.has(field));
  const required = spec.required.filter((field) => field !== 'Name' || !unwanted.has(field));
  return { ...spec, required, optional: Object.fromEntries(optional) };
}

/** Dimensions of the organisation's own are always wanted; of the table's columns only those that a KPI needs. */
export function isWanted(
  { table, column }: Pick<FieldMapping, 'table' | 'column'>,
  wanted: ReadonlySet<string> | undefined,
): boolean {
  return !wanted || !columnKind(table, column) || !(column in entityTables[table]) || wanted.has(column);
}
