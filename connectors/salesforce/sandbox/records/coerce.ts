import { ApiError } from '../errors.ts';
import { toId18 } from '../ids.ts';
import type { Field } from '../schema/fields.ts';
import type { Value } from '../schema/object.ts';
import { RecordRefusal } from './refusal.ts';
import { isDate, parseInstant } from './value.ts';

/** What a caller sent for a field as the org keeps it. A value of a wrong kind spoils the whole request. */
export function coerceValue(field: Field, input: unknown): Value {
  if (input === null || input === undefined || input === '') return field.type === 'boolean' ? false : null;
  switch (field.type) {
    case 'boolean':
      return toBoolean(field, input);
    case 'int':
    case 'double':
    case 'currency':
    case 'percent':
      return toNumber(field, input);
    case 'date':
      return toDate(field, input);
    case 'datetime':
      return (typeof input === 'string' ? parseInstant(input) : null) ?? refuseKind(field, input);
    case 'id':
    case 'reference':
      return toId(field, input);
    default:
      return toText(field, input);
  }
}

function toBoolean(field: Field, input: unknown): boolean {
  if (typeof input === 'boolean') return input;
  const word = String(input).toLowerCase();
  return word === 'true' || word === 'false' ? word === 'true' : refuseKind(field, input);
}

function toNumber(field: Field, input: unknown): number {
  const value = typeof input === 'string' ? Number(input) : input;
  if (typeof value !== 'number' || !Number.isFinite(value)) return refuseKind(field, input);
  if (Math.abs(value) >= 10 ** (field.precision - field.scale)) {
    const message = `${field.label}: value outside of valid range on numeric field: ${value}`;
    throw new RecordRefusal('NUMBER_OUTSIDE_VALID_RANGE', message, [field.name]);
  }
  const factor = 10 ** field.scale;
  return field.custom ? Math.round((value + Number.EPSILON) * factor) / factor : value;
}

function toDate(field: Field, input: unknown): string {
  const day = typeof input === 'string' ? input.slice(0, 10) : '';
  const instant = typeof input === 'string' && input.length > 10;
  if (!isDate(day) || (instant && parseInstant(input) === null)) return refuseKind(field, input);
  return day;
}

function toId(field: Field, input: unknown): string {
  const id = typeof input === 'string' ? toId18(input) : null;
  if (id) return id;
  throw new RecordRefusal('MALFORMED_ID', `${field.label}: id value of incorrect type: ${input}`, [
    field.name,
  ]);
}

function toText(field: Field, input: unknown): string | null {
  if (typeof input !== 'string') return refuseKind(field, input);
  const text = field.type === 'textarea' ? input : input.trim();
  if (field.length > 0 && text.length > field.length) {
    const message = `${field.label}: data value too large: ${text.slice(0, 255)} (max length=${field.length})`;
    throw new RecordRefusal('STRING_TOO_LONG', message, [field.name]);
  }
  const known = field.picklist.some(({ value }) => value === text);
  if (field.restricted && !known) {
    const message = `${field.label}: bad value for restricted picklist field: ${text}`;
    throw new RecordRefusal('INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST', message, [field.name]);
  }
  return text === '' ? null : text;
}

function refuseKind(field: Field, input: unknown): never {
  const token =
    typeof input === 'number' ? 'VALUE_NUMBER' : typeof input === 'string' ? 'VALUE_STRING' : 'START_OBJECT';
  const kind = field.type === 'datetime' ? 'datetime' : field.type === 'textarea' ? 'string' : field.type;
  const message = `Cannot deserialize instance of ${kind} from ${token} value ${String(input)} or request may be missing a required field at [line:1, column:1]`;
  throw new ApiError(400, 'JSON_PARSER_ERROR', message);
}
