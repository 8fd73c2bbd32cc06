import type { ObjectSpec } from './object-types.ts';
import type { ObjectType, Portal } from './portal.ts';
import { makeProperty, type PropertyType } from './property.ts';
import { invalid } from './refusal.ts';
import { commonProperties, standardProperties } from './standard-properties.ts';

/** An object as a new portal has it: its standard properties, no records. */
export function createType(spec: ObjectSpec, at: number): ObjectType {
  const groupName = `${spec.singular.replaceAll('_', '')}information`;
  const properties = new Map(
    [...commonProperties, ...(standardProperties[spec.name] ?? [])].map((part) => [
      part.name,
      makeProperty(part, { groupName, hubspotDefined: true, readOnly: part.readOnly ?? false, at }),
    ]),
  );
  const group = { name: groupName, label: `${spec.singular} information`, displayOrder: 0, archived: false };
  return {
    spec,
    properties,
    groups: new Map([[groupName, group]]),
    records: new Map(),
    ids: [],
    archived: new Set(),
    merged: new Map(),
    unique: new Map(),
    search: { modified: null, version: 0, cache: new Map() },
    schema: null,
  };
}

/** By plural or singular name, type id or full name (`p1_kpi_result`); letter case does not matter. */
export function findType(portal: Portal, name: string): ObjectType | undefined {
  const wanted = name.toLowerCase();
  const direct = portal.types.get(wanted);
  if (direct) return direct;
  return [...portal.types.values()].find(({ spec }) => isNamed(spec, wanted, portal.id));
}

function isNamed(spec: ObjectSpec, wanted: string, portalId: number): boolean {
  if (spec.typeId === wanted || spec.name.toLowerCase() === wanted) return true;
  const singular = spec.singular.toLowerCase();
  return singular === wanted || (spec.custom && `p${portalId}_${singular}` === wanted);
}

export function requireType(portal: Portal, name: string): ObjectType {
  const type = findType(portal, name);
  if (type && !type.schema?.archived) return type;
  throw invalid(`Unable to infer object type from: ${name}`);
}

/** A portal's own property, made in passing: by loaded data or a user. */
export function addOwnProperty(
  type: ObjectType,
  own: { readonly name: string; readonly type: PropertyType },
  at: number,
): void {
  const groupName = [...type.groups.keys()][0] ?? 'information';
  const origin = { groupName, hubspotDefined: false, readOnly: false, at };
  type.properties.set(own.name, makeProperty(own, origin));
}

/** The narrowest type that holds all of the values. */
export function inferType(values: Iterable<string>): PropertyType {
  const tests = [
    ['bool', /^(true|false)$/],
    ['number', /^[+-]?\d+(\.\d+)?(e[+-]?\d+)?$/i],
    ['date', /^\d{4}-\d{2}-\d{2}$/],
    ['datetime', /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}/],
  ] as const;
  const left = new Set<PropertyType>(tests.map(([type]) => type));
  let seen = 0;
  for (const value of values) {
    seen += 1;
    for (const [type, pattern] of tests) if (left.has(type) && !pattern.test(value)) left.delete(type);
    if (left.size === 0) return 'string';
  }
  return seen === 0 ? 'string' : ([...left][0] ?? 'string');
}
