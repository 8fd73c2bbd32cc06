import type { Field } from '../schema/fields.ts';
import type { Row, Value } from '../schema/object.ts';

/** REST writes instants in UTC with `+0000`, Bulk CSV with `Z`. */
export function formatInstant(seconds: number, zone: '+0000' | 'Z' = '+0000'): string {
  return new Date(seconds * 1000).toISOString().replace('Z', zone);
}

const instantShape = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:?\d\d)$/;

/** Seconds of a date and time with a zone; null: not one. */
export function parseInstant(text: string): number | null {
  if (!instantShape.test(text)) return null;
  const ms = Date.parse(text.replace(/([+-]\d\d)(\d\d)$/, '$1:$2'));
  return Number.isNaN(ms) ? null : Math.floor(ms / 1000);
}

export function isDate(text: string): boolean {
  return /^\d{4}-\d\d-\d\d$/.test(text) && new Date(`${text}T00:00:00Z`).toJSON()?.slice(0, 10) === text;
}

/** How a field's value is read from a row: stored, computed, or what an empty one counts as. */
export function fieldReader(field: Field): (row: Row) => Value {
  const { name, compute, type } = field;
  const empty = type === 'boolean' ? false : null;
  if (!compute) return (row) => row[name] ?? empty;
  return (row) => row[name] ?? compute(row) ?? empty;
}

/** A value as JSON carries it. */
export function toJson(field: Field, value: Value, row: Row): unknown {
  if (field.type === 'datetime' && typeof value === 'number') return formatInstant(value);
  if (field.type === 'address') return addressOf(field.name, row);
  return value;
}

function addressOf(compound: string, row: Row): object | null {
  const prefix = compound.replace(/Address$/, '');
  const part = (name: string) => row[`${prefix}${name}`] ?? null;
  const parts = {
    city: part('City'),
    country: part('Country'),
    geocodeAccuracy: null,
    latitude: null,
    longitude: null,
    postalCode: part('PostalCode'),
    state: part('State'),
    street: part('Street'),
  };
  return Object.values(parts).some((value) => value !== null) ? parts : null;
}
