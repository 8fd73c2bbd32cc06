import { hash } from 'node:crypto';
import type { SqlValue, TableName } from '../../src/model/entities.ts';
import { columnKind } from '../../src/model/entities.ts';
import { toMinorUnits } from '../../src/model/money.ts';
import type { Zone } from '../../src/model/zone.ts';

const dateOnly = /^(\d{4}-\d{2}-\d{2})$/;
const digits = /^-?\d{5,}$/;

/**
 * An instant as HubSpot writes it: ISO text or epoch milliseconds. A bare date is taken as that local day's start,
 * so that it stays on its day.
 */
export function parseInstant(value: string | null | undefined, zone: Zone): number | null {
  if (!value) return null;
  const text = value.trim();
  if (digits.test(text)) return Number(text);
  if (dateOnly.test(text)) return Number.isNaN(Date.parse(text)) ? null : zone.startOf(text);
  const instant = Date.parse(text);
  return Number.isNaN(instant) ? null : instant;
}

/** A `date` property: text, or midnight UTC in milliseconds. Never passed through a time zone. */
export function parseDay(value: string | null | undefined): string | null {
  if (!value) return null;
  const text = value.trim();
  const instant = digits.test(text) ? Number(text) : Date.parse(text);
  if (Number.isNaN(instant)) return null;
  return dateOnly.test(text.slice(0, 10)) ? text.slice(0, 10) : new Date(instant).toISOString().slice(0, 10);
}

export function parseNumber(value: string | null | undefined): number | null {
  if (value === null || value === undefined || value.trim() === '') return null;
  const number = Number(value);
  return Number.isFinite(number) ? number : null;
}

function parseInteger(value: string | null | undefined): number | null {
  const number = parseNumber(value);
  return number === null ? null : Math.round(number);
}

export function parseFlag(value: string | null | undefined): boolean | null {
  const text = value?.trim().toLowerCase();
  if (text === 'true' || text === '1' || text === 'yes') return true;
  if (text === 'false' || text === '0' || text === 'no') return false;
  return null;
}

/** Empty text is no value. */
export function parseText(value: string | null | undefined): string | null {
  return value === undefined || value === null || value.trim() === '' ? null : value;
}

export function toBit(flag: boolean | null): number | null {
  return flag === null ? null : flag ? 1 : 0;
}

/** A mapped property's value in the form of the column it feeds. */
export function parseForColumn(
  value: string | null | undefined,
  target: {
    readonly table: TableName;
    readonly column: string;
    readonly currency: string;
    readonly zone: Zone;
  },
): SqlValue {
  switch (columnKind(target.table, target.column)) {
    case 'instant':
      return parseInstant(value, target.zone);
    case 'date':
      return parseDay(value);
    case 'minor':
      return toMinorUnits(value, target.currency);
    case 'int':
      return parseInteger(value);
    case 'real':
      return parseNumber(value);
    case 'bool':
      return toBit(parseFlag(value));
    default:
      return parseText(value);
  }
}

/** Eight hex digits that stand for a value within an id. */
export function shortHash(text: string): string {
  return hash('sha256', text, 'hex').slice(0, 8);
}
