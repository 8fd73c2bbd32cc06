import {
  type ColumnKind,
  columnKind,
  commonColumns,
  entityTables,
  type TableName,
} from '../../src/model/entities.ts';
import { hasMapping, type Mapping, noMapping } from './mapping.ts';
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
  for (const name of mapping.targets.keys()) {
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

/** What a file cannot say: a row that is gone is one that is no longer in it. */
const notInFiles = ['deleted_at', 'merged_into'];

export function findColumn(table: TableName, name: string): Column | null {
  if (notInFiles.includes(name)) return null;
  const kind = columnKind(table, name);
  if (kind !== undefined) return { name, target: name, kind, isMajor: false };
  const target = `${name}_minor`;
  return columnKind(table, target) === 'minor' ? { name, target, kind: 'minor', isMajor: true } : null;
}

function unknownColumn(table: TableName, name: string): Problem {
  const known = columnNames(table);
  const nearest = findNearest(name, known);
  return {
    line: 1,
    text: name === '' ? 'a column has no name' : `column "${name.slice(0, 40)}" is not a column of ${table}`,
    fix: nearest === null ? `use ${known.join(', ')}` : `did you mean ${nearest}?`,
  };
}

function doubledColumn(column: Column): Problem {
  return { line: 1, text: `column "${column.name}" gives ${column.target} a second time`, fix: 'keep one' };
}

function columnNames(table: TableName): readonly string[] {
  const all = Object.keys({ ...entityTables[table], ...commonColumns });
  const own = all.filter((name) => !notInFiles.includes(name));
  const majors = own.filter((name) => name.endsWith('_minor')).map((name) => name.slice(0, -'_minor'.length));
  return ['id', ...own, ...majors];
}

/** The name that takes fewest edits, if they are few for its length. */
function findNearest(name: string, known: readonly string[]): string | null {
  let nearest: string | null = null;
  let least = Math.max(2, Math.floor(name.length / 3)) + 1;
  for (const candidate of known) {
    const edits = countEdits(name.replace(/[\s-]+/g, '_'), candidate);
    if (edits < least) [nearest, least] = [candidate, edits];
  }
  return nearest;
}

/** Levenshtein distance. */
function countEdits(from: string, to: string): number {
  let above = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let row = 1; row <= from.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= to.length; column += 1) {
      const change = (above[column - 1] ?? 0) + (from[row - 1] === to[column - 1] ? 0 : 1);
      current.push(Math.min(change, (above[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1));
    }
    above = current;
  }
  return above[to.length] ?? 0;
}
