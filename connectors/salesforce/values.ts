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

/** REST writes `2026-01-31T21:03:23.000+0000`, the Bulk API `...Z`: both are UTC instants. */
export function toInstant(value: unknown): number | null {
  if (typeof value !== 'string' || !value.includes('T')) return null;
  const parsed = Date.parse(value.endsWith('Z') ? value : value.replace(/([+-]\d{2})(\d{2})$/, '$1:$2'));
  return Number.isNaN(parsed) ? null : parsed;
}

/** A date without time stays as it is: it has no zone to be moved through. */
export function toDate(value: unknown): string | null {
  return typeof value === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(value) ? value : null;
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
