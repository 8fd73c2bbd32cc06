import { Temporal } from 'temporal-polyfill';
import type { ColumnKind, SqlValue } from '../../src/model/entities.ts';

/** A field's value, or the rule that it breaks and what to write instead. */
export type Parsed = { readonly value: SqlValue } | { readonly rule: string; readonly fix: string };

/** Turns a field into the SQLite value of its column; empty is null. Money is parsed elsewhere: it needs its currency. */
export function parseValue(kind: ColumnKind, field: string, timeZone: string): Parsed {
  const text = field.trim();
  if (text === '') return { value: null };
  switch (kind) {
    case 'text':
      return { value: field };
    case 'id':
      return { value: text };
    case 'instant':
      return parseInstant(text, timeZone);
    case 'date':
      return parseDate(text);
    case 'bool':
      return parseBool(text);
    case 'real':
      return parseReal(text);
    case 'int':
    case 'minor':
      return parseInt64(text);
  }
}

const localPattern = /^(\d{4}-\d{2}-\d{2})[T ](\d{1,2}:\d{2}(?::\d{2})?)(?:[.,]\d+)?$/;
const dayFirstPattern = /^(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})(?:[T ,]+(\d{1,2}:\d{2}(?::\d{2})?))?$/;

/**
 * As other programs write: instants without an offset (local time), the day before the month (31/01/2026), a decimal
 * comma, an answer that begins with its number (`4 - satisfied`).
 */
export function parseForeign(kind: ColumnKind, field: string, timeZone: string): Parsed {
  const plain = parseValue(kind, field, timeZone);
  if (!('rule' in plain)) return plain;
  const text = field.trim();
  if (kind === 'real' || kind === 'int') {
    const number = /^([+-]?\d+(?:[.,]\d+)?)(?![\d.,])/.exec(text)?.[1];
    return number ? parseValue(kind, number.replace(',', '.'), timeZone) : plain;
  }
  if (kind !== 'instant' && kind !== 'date') return plain;
  const [, day = '', month = '', year, time] = dayFirstPattern.exec(text) ?? [];
  const [, date, clock] = localPattern.exec(text) ?? [];
  const local = year ? `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}` : date;
  if (!local) return plain;
  if (kind === 'date') return parseDate(local);
  return parseLocal(local, time ?? clock, timeZone) ?? plain;
}

function parseLocal(date: string, time: string | undefined, timeZone: string): Parsed | null {
  try {
    const clock =
      time === undefined ? '00:00' : time.padStart(time.indexOf(':') === 1 ? time.length + 1 : 0, '0');
    return {
      value: Temporal.PlainDateTime.from(`${date}T${clock}`).toZonedDateTime(timeZone).epochMilliseconds,
    };
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

const datePattern = /^\d{4}-\d{2}-\d{2}$/;
const instantPattern =
  /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}(?::\d{2}(?:[.,]\d{1,9})?)?)\s?(Z|[+-]\d{2}(?::?\d{2})?)$/i;

function parseInstant(text: string, timeZone: string): Parsed {
  const rule = 'must be an instant with its offset, or a date';
  const fix =
    'write 2026-01-31T18:05:00+01:00, 2026-01-31T17:05:00Z or 2026-01-31 (midnight in the time zone)';
  try {
    if (datePattern.test(text)) {
      return { value: Temporal.PlainDate.from(text).toZonedDateTime(timeZone).epochMilliseconds };
    }
    const [, day, time, offset] = instantPattern.exec(text) ?? [];
    if (!day || !time || !offset) return { rule, fix };
    return { value: Temporal.Instant.from(`${day}T${time}${offset.toUpperCase()}`).epochMilliseconds };
  } catch (error) {
    if (error instanceof RangeError) return { rule, fix };
    throw error;
  }
}

function parseDate(text: string): Parsed {
  const refused = { rule: 'must be a date', fix: 'write it as 2026-01-31' };
  if (!datePattern.test(text)) return refused;
  const at = new Date(`${text}T00:00:00Z`);
  return Number.isNaN(at.getTime()) || at.toISOString().slice(0, 10) !== text ? refused : { value: text };
}

function parseBool(text: string): Parsed {
  if (/^(true|1|yes)$/i.test(text)) return { value: 1 };
  if (/^(false|0|no)$/i.test(text)) return { value: 0 };
  return { rule: 'must be yes or no', fix: 'write true, false, 1, 0, yes or no' };
}

function parseReal(text: string): Parsed {
  const value = Number(text);
  if (/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) && Number.isFinite(value)) return { value };
  return {
    rule: 'must be a number',
    fix: 'write it with a decimal point and no thousands separator: 1234.5',
  };
}

function parseInt64(text: string): Parsed {
  const value = Number(text);
  if (/^[+-]?\d+$/.test(text) && Number.isSafeInteger(value)) return { value: value + 0 };
  return { rule: 'must be a whole number', fix: 'write digits only, without separators: 1234' };
}
