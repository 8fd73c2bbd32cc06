import { type ColumnKind, columnKind, type TableName } from '../../src/model/entities.ts';
import { hasMapping, type Mapping, noMapping } from './mapping.ts';
import { columnNames, findNearest, notInFiles } from './nearest.ts';
import type { Problem } from './problems.ts';

/** One column of a file. */
export interface Column {
  /** As in the header. */
  readonly name: string;
  /** Of the table; empty: it is left aside. */
  readonly target: string;
  readonly kind: ColumnKind;
  /** Money in major units, under the target's name without `_minor`. */
  readonly isMajor: boolean;
  /** Mapped by the settings: other ways to write instants and numbers are understood. */
  readonly isForeign?: boolean;
  /** Of no table: what results are split by. */
  readonly dimension?: string;
}

/** What a header says of its file, and what is wrong with it. */
export interface Header {
  readonly columns: readonly Column[];
  readonly problems: readonly Problem[];
}

export function readHeader(
  table: TableName,
  fields: readonly string[],
  mapping: Mapping = noMapping,
): Header {
  if (hasMapping(mapping)) return readForeignHeader(table, fields, mapping);
  const columns: Column[] = [];
  const problems: Problem[] = [];
  const taken = new Set<string>();
  for (const field of fields) {
    const name = field.trim().toLowerCase();
    const column = findColumn(table, name);
    if (column === null) problems.push(unknownColumn(table, name));
    else if (taken.has(column.target)) problems.push(doubledColumn(column));
    else columns.push(column);
    if (column) taken.add(column.target);
  }
  return { columns, problems };
}

/** Other programs' files: the columns that the mapping names, in their words; what it does not name and nobody knows is left aside. */
function readForeignHeader(table: TableName, fields: readonly string[], mapping: Mapping): Header {
  const columns: Column[] = [];
  const problems: Problem[] = [...mapping.problems];
  const taken = new Set<string>();
  for (const field of fields) {
    const name = field.trim().toLowerCase();
    const dimension = mapping.dimensions.get(name);
    if (dimension !== undefined) {
      columns.push({ name, target: '', kind: 'text', isMajor: false, dimension });
      continue;
    }
    const mapped = mapping.targets.get(name);
    const column = findColumn(table, mapped ?? name);
    const isFree =
      column !== null &&
      !taken.has(column.target) &&
      (mapped !== undefined || !mapping.named.has(column.target));
    if (column && isFree) taken.add(column.target);
    columns.push(
      column && isFree
        ? { ...column, name, isForeign: true }
        : { name, target: '', kind: 'text', isMajor: false },
    );
  }
  const headers = new Set(fields.map((field) => field.trim().toLowerCase()));
  for (const name of [...mapping.targets.keys(), ...mapping.dimensions.keys()]) {
    if (!headers.has(name)) problems.push(missingColumn(name, fields));
  }
  return { columns, problems };
}

function missingColumn(name: string, fields: readonly string[]): Problem {
  const there = fields.map((field) => field.trim()).filter((field) => field !== '');
  return {
    line: 1,
    text: `there is no column "${name}", which fields names`,
    fix: `use one of: ${there.join(', ').slice(0, 300)}`,
  };
}

function findColumn(table: TableName, name: string): Column | null {
  if (notInFiles.includes(name)) return null;
  const kind = columnKind(table, name);
  if (kind !== undefined) return { name, target: name, kind, isMajor: false };
  const target = `${name}_minor`;
  return columnKind(table, target) === 'minor' ? { name, target, kind: 'minor', isMajor: true } : null;
}

function unknownColumn(table: TableName, name: string): Problem {
  const nearest = findNearest(name, table);
  return {
    line: 1,
    text: name === '' ? 'a column has no name' : `column "${name.slice(0, 40)}" is not a column of ${table}`,
    fix: nearest === null ? `use ${columnNames(table).join(', ')}` : `did you mean ${nearest}?`,
  };
}

function doubledColumn(column: Column): Problem {
  return { line: 1, text: `column "${column.name}" gives ${column.target} a second time`, fix: 'keep one' };
}
