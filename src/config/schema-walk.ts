import { z } from 'zod';
import { isRecord, type Path } from './paths.ts';

export type Schema = z.core.$ZodType;

export interface SchemaPlace {
  readonly schema: Schema;
  /** What the key is for, as `.describe` says. */
  readonly description: string | null;
  /** The line may be deleted. */
  readonly optional: boolean;
}

/** The part of a schema that a path leads to; of several shapes, the one that the value chose by its discriminator. */
export function schemaAt(schema: Schema, path: Path, value: unknown): SchemaPlace | null {
  let place = unwrap(schema);
  let current = value;
  for (const part of path) {
    const next = childSchema(place.schema, part, current);
    if (!next) return null;
    place = unwrap(next);
    current = isRecord(current) || Array.isArray(current) ? Object(current)[part] : undefined;
  }
  return place;
}

/** Keys that a value may have here; empty where they are free. */
export function keysAt(schema: Schema, path: Path, value: unknown): string[] {
  const place = schemaAt(schema, path, value);
  if (!place) return [];
  let current: unknown = value;
  for (const part of path)
    current = isRecord(current) || Array.isArray(current) ? Object(current)[part] : undefined;
  const { def } = chosen(place.schema, current);
  return def.type === 'object' ? Object.keys(def.shape) : [];
}

/** Where several shapes are told apart by a key (auth by flow): that key and its values. */
export function choiceAt(
  schema: Schema,
  path: Path,
  value: unknown,
): { readonly key: string; readonly values: readonly string[] } | null {
  const place = schemaAt(schema, path, value);
  const def = place ? typed(place.schema).def : null;
  if (def?.type !== 'union' || !('discriminator' in def) || typeof def.discriminator !== 'string')
    return null;
  const values: string[] = [];
  for (const option of def.options) {
    const literal = typed(schemaAt(option, [def.discriminator], {})?.schema ?? option).def;
    if (literal.type === 'literal') values.push(...literal.values.map(String));
  }
  return { key: def.discriminator, values };
}

function unwrap(schema: Schema): SchemaPlace {
  let optional = false;
  let description: string | null = null;
  let inner = schema;
  while (true) {
    description ??= z.globalRegistry.get(inner)?.description ?? null;
    const { def } = typed(inner);
    if (def.type === 'optional' || def.type === 'default' || def.type === 'prefault') {
      optional = true;
      inner = def.innerType;
    } else if (def.type === 'nullable' || def.type === 'readonly') inner = def.innerType;
    else if (def.type === 'pipe') inner = def.in;
    else return { schema: inner, description, optional };
  }
}

function childSchema(schema: Schema, part: PropertyKey, value: unknown): Schema | null {
  const { def } = chosen(schema, value);
  if (def.type === 'object') return def.shape[String(part)] ?? null;
  if (def.type === 'array') return def.element;
  if (def.type === 'record') return def.valueType;
  return null;
}

/** The branch of a union that is meant: by its discriminator, else the one that has most of the value's keys. */
function chosen(schema: Schema, value: unknown): z.core.$ZodTypes['_zod'] {
  const inner = typed(unwrap(schema).schema);
  const { def } = inner;
  if (def.type !== 'union') return inner;
  let best = inner;
  let most = 0;
  for (const option of def.options) {
    const branch = chosen(option, value);
    if (branch.def.type !== 'object' || !isRecord(value)) continue;
    let matches = 0;
    for (const [key, property] of Object.entries(branch.def.shape)) {
      if (!(key in value)) continue;
      const literal = typed(unwrap(property).schema).def;
      const isChosen = literal.type === 'literal' && literal.values.some((known) => known === value[key]);
      matches += isChosen ? 1000 : 1;
    }
    if (matches > most) [best, most] = [branch, matches];
  }
  return best;
}

function typed(schema: Schema): z.core.$ZodTypes['_zod'] {
  // Every schema is one of the listed types; the base type only hides which.
  return (schema as z.core.$ZodTypes)._zod;
}
