import { createHash } from 'node:crypto';
import type { CsvRecord } from '../../src/model/csv.ts';
import { columnKind, type SqlValue, type TableName } from '../../src/model/entities.ts';
import { toMinorUnits } from '../../src/model/money.ts';
import type { Column } from './header.ts';
import type { Mapping } from './mapping.ts';
import { type Problem, quoteField } from './problems.ts';
import { parseForeign, parseValue } from './value.ts';

/** How a file's records become rows of its table. */
export interface RowRules {
  readonly table: TableName;
  readonly columns: readonly Column[];
  readonly timeZone: string;
  /** For money without a currency of its own. */
  readonly currency: string;
  /** How other programs' columns are called; absent: as in the table. */
  readonly mapping?: Mapping;
}

export interface CsvRow {
  readonly id: string;
  readonly [column: string]: SqlValue;
}

/** The row of a record, without its id, and what is wrong with it. */
export interface ParsedRow {
  readonly values: Readonly<Record<string, SqlValue>>;
  /** By name of the dimension. */
  readonly dimensions: Readonly<Record<string, string | null>>;
  readonly problems: readonly Problem[];
}

export function parseRow(record: CsvRecord, rules: RowRules): ParsedRow {
  const { columns } = rules;
  const { line, fields } = record;
  if (fields.length !== columns.length) {
    const text = `${fields.length} fields stand under ${columns.length} column names`;
    return {
      values: {},
      dimensions: {},
      problems: [{ line, text, fix: 'put fields that hold the delimiter in quotes' }],
    };
  }
  const values: Record<string, SqlValue> = {};
  const dimensions: Record<string, string | null> = {};
  const problems: Problem[] = [];
  const refuse = (column: Column, field: string, why: { rule: string; fix: string }) => {
    problems.push({ line, text: `${column.name} is ${quoteField(field)}, ${why.rule}`, fix: why.fix });
  };
  const currency = findCurrency(record, rules);
  for (const [index, column] of columns.entries()) {
    const field = fields[index] ?? '';
    if (column.dimension !== undefined) dimensions[column.dimension] = field.trim() || null;
    if (column.target === '') continue;
    const parsed = parseField(column, field, { currency, timeZone: rules.timeZone });
    if ('rule' in parsed) refuse(column, field, parsed);
    else values[column.target] = parsed.value;
  }
  for (const [name, value] of Object.entries(rules.mapping?.constants ?? {})) values[name] ??= value;
  if (currency !== null) values.currency = currency;
  return { values, dimensions, problems };
}

/** As the CRMs' mapped fields: one row for each record and name. */
export function dimensionRows(
  table: TableName,
  id: string,
  dimensions: ParsedRow['dimensions'],
): readonly CsvRow[] {
  return Object.entries(dimensions).map(([name, value]) => ({
    ...{ id: `${table}:${id}:${name}`, object: table, record_id: id, name, value },
  }));
}

/** The currency of a row's money; null where the row holds none, or its table has no currency. */
function findCurrency({ fields }: CsvRecord, { table, columns, currency }: RowRules): string | null {
  if (columnKind(table, 'currency') === undefined) return null;
  if (!columns.some((column) => column.kind === 'minor')) return null;
  const index = columns.findIndex((column) => column.target === 'currency');
  return fields[index]?.trim().toUpperCase() || currency;
}

function parseField(
  column: Column,
  field: string,
  { currency, timeZone }: { readonly currency: string | null; readonly timeZone: string },
): ReturnType<typeof parseValue> {
  if (column.isMajor)
    return parseMajor(
      column.isForeign ? field.replace(/^(\s*[+-]?\d+),(\d+)\s*$/, '$1.$2') : field,
      currency ?? '',
      timeZone,
    );
  if (column.target === 'currency' && !/^\s*([a-z]{3})?\s*$/i.test(field)) {
    return { rule: 'must be a currency code', fix: 'write the three letters of ISO 4217: EUR' };
  }
  return column.isForeign
    ? parseForeign(column.kind, field, timeZone)
    : parseValue(column.kind, field, timeZone);
}

function parseMajor(field: string, currency: string, timeZone: string): ReturnType<typeof parseValue> {
  const parsed = parseValue('real', field, timeZone);
  if ('rule' in parsed || parsed.value === null) return parsed;
  const value = toMinorUnits(field.trim(), currency);
  return value === null
    ? { rule: 'must be an amount below 90 trillion', fix: 'correct the amount' }
    : { value };
}

/** Gives rows their ids, and notices one that comes twice. */
export interface IdGiver {
  /** null: the id was there before. */
  give(record: CsvRecord, columns: readonly Column[]): string | null;
  readonly all: ReadonlySet<string>;
}

/**
 * An id column counts; without one, the id is made of the row's content, whatever its file and column order, and
 * equal rows are told apart by their number.
 */
export function createIdGiver(): IdGiver {
  const all = new Set<string>();
  const repeats = new Map<string, number>();
  const take = (id: string): string | null => {
    if (all.has(id)) return null;
    all.add(copyText(id));
    return id;
  };
  return {
    all,
    give(record, columns) {
      const own = columns.findIndex((column) => column.target === 'id');
      if (own !== -1) return take(record.fields[own]?.trim() ?? '');
      const content = hashContent(record, columns);
      const first = take(content);
      if (first !== null) return first;
      const number = (repeats.get(content) ?? 1) + 1;
      repeats.set(content, number);
      return take(`${content}-${number}`);
    },
  };
}

/** A part of a string keeps the whole one in memory, here the piece of the file that it was cut from. */
function copyText(text: string): string {
  return Buffer.from(text).toString();
}

function hashContent({ fields }: CsvRecord, columns: readonly Column[]): string {
  const content: [string, string][] = [];
  for (const [index, column] of columns.entries()) {
    const text = fields[index]?.trim() ?? '';
    if (text !== '') content.push([column.name, text]);
  }
  content.sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash('sha256').update(JSON.stringify(content)).digest('hex').slice(0, 24);
}
