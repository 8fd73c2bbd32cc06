import { invalid } from './refusal.ts';

/** Reads untyped JSON; what has the wrong shape is refused as the API refuses it. */
export type Fields = Readonly<Record<string, unknown>>;

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function readFields(value: unknown, name = 'body'): Fields {
  if (isFields(value)) return value;
  throw invalid(`Invalid input JSON: ${name} must be an object`);
}

/** Absent is empty. */
export function readList(value: unknown, name: string): readonly unknown[] {
  if (value === undefined || value === null) return [];
  if (Array.isArray(value)) return value;
  throw invalid(`Invalid input JSON: ${name} must be an array`);
}

/** Ids and values may come as strings or numbers; null where absent. */
export function readText(value: unknown): string | null {
  if (value === undefined || value === null) return null;
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean' || typeof value === 'bigint') return `${value}`;
  throw invalid('Invalid input JSON: a text was expected');
}

export function readTexts(value: unknown, name: string): string[] {
  return readList(value, name).map((item) => readText(item) ?? '');
}

export function requireText(value: unknown, name: string): string {
  const text = readText(value);
  if (text !== null && text !== '') return text;
  throw invalid(`Some required fields were not set: [${name}]`);
}

/** `inputs` of a batch call, each an object; at most `max`. */
export function readInputs(body: unknown, max: number): readonly Fields[] {
  const inputs = readList(readFields(body).inputs, 'inputs').map((input) => readFields(input, 'inputs'));
  if (inputs.length > max) {
    throw invalid(`The maximum number of inputs supported in a batch request for this operation is ${max}`);
  }
  return inputs;
}

/** `name=a&name=b`, `name=a,b`: the official clients repeat, the documentation shows comma lists. */
export function readNames(query: URLSearchParams, name: string): string[] {
  const names = query.getAll(name).flatMap((value) => value.split(','));
  return [...new Set(names.map((value) => value.trim()).filter((value) => value !== ''))];
}

export function readLimit(query: URLSearchParams, bounds: { standard: number; max: number }): number {
  const text = query.get('limit');
  if (text === null || text === '') return bounds.standard;
  const limit = Number(text);
  if (Number.isInteger(limit) && limit >= 1 && limit <= bounds.max) return limit;
  throw invalid(`limit must be between 1 and ${bounds.max}`);
}

export function readFlag(query: URLSearchParams, name: string): boolean {
  return query.get(name)?.toLowerCase() === 'true';
}

/** A record id of a request; NaN, which no record has, for what is none. */
export function toId(text: string | null): number {
  return text !== null && /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
}
