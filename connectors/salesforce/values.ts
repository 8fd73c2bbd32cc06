/** A record of a query answer: fields, nested parents, `attributes`. */
export type SalesforceRecord = Readonly<Record<string, unknown>>;

export function isRecord(value: unknown): value is SalesforceRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The value at `Owner.Manager.Name`; null wherever the path ends early. */
export function readPath(record: SalesforceRecord, path: string): unknown {
  if (!path.includes('.')) return record[path] ?? null;
  let value: unknown = record;
  for (const name of path.split('.')) {
    if (!isRecord(value)) return null;
    value = value[name];
  }
  return value ?? null;
}

export function toText(value: unknown): string | null {
  if (typeof value === 'string') return value === '' ? null : value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return null;
}

const checkLetters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ012345';

/**
 * The long form of an id: one of 15 characters, as people see it, gets the three letters that tell which of the others
 * are capitals (Help: 15-character and 18-character ids).
 */
export function toId(value: unknown): string | null {
  const id = toText(value);
  if (id === null || id.length !== 15 || !/^[a-zA-Z0-9]{15}$/.test(id)) return id;
  let tail = '';
  for (const part of [id.slice(0, 5), id.slice(5, 10), id.slice(10)]) {
    let capitals = 0;
    for (let at = 0; at < 5; at += 1) if (/[A-Z]/.test(part[at] ?? '')) capitals += 2 ** at;
    tail += checkLetters[capitals];
  }
  return id + tail;
}

export function toNumber(value: unknown): number | null {
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  if (typeof value !== 'string' || value.trim() === '') return null;
  const parsed = Number(value);
  return Number.isFinite(parsed) ? parsed : null;
}

export function toInteger(value: unknown): number | null {
  const parsed = toNumber(value);
  return parsed === null ? null : Math.round(parsed);
}

export function toBool(value: unknown): 0 | 1 | null {
  if (value === true || value === 'true' || value === 1) return 1;
  if (value === false || value === 'false' || value === 0) return 0;
  return null;
}

/** REST writes `2026-01-31T21:03:23.000+0000`, the Bulk API `...Z`; one without an offset is in UTC like all others. */
export function toInstant(value: unknown): number | null {
  if (typeof value !== 'string' || !value.includes('T')) return null;
  const parsed = Date.parse(value.endsWith('Z') ? value : withOffset(value));
  return Number.isNaN(parsed) ? null : parsed;
}

function withOffset(text: string): string {
  if (!/[+-]\d{2}:?\d{2}$/.test(text)) return `${text}Z`;
  return text.replace(/([+-]\d{2})(\d{2})$/, '$1:$2');
}

/** A date without time stays as it is: it has no zone to be moved through. */
export function toDate(value: unknown): string | null {
  if (typeof value !== 'string' || !/^\d{4}-\d{2}-\d{2}(T00:00:00|$)/.test(value)) return null;
  return value.slice(0, 10);
}

/** Percent fields (Probability) count from 0 to 100. */
export function toShare(value: unknown): number | null {
  const percent = toNumber(value);
  return percent === null ? null : percent / 100;
}

/** An instant as a SOQL literal, which is never quoted. */
export function soqlInstant(at: number): string {
  return new Date(at).toISOString().replace('.000Z', 'Z');
}

export function soqlText(text: string): string {
  return `'${text.replace(/\\/g, '\\\\').replace(/'/g, "\\'")}'`;
}
