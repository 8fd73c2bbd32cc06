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
