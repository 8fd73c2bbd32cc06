import { listTables } from './query-tables.ts';
import { type Token, tokenize } from './tokens.ts';

/** A query that hands on columns of the records that it reads. */
export interface WideQuery {
  /** Asks for a column; returns its name in the rows. */
  add(column: string): string;
  /** With the columns asked for. */
  sql(): string;
}

/** Words by which a row may be something else than one record of the table. */
const reshaping = new Set(
  'with group over distinct limit union except intersect having left right full cross count sum avg min max total'.split(
    ' ',
  ),
);

/**
 * Of a file that reads one table's records row by row (and at most joins the periods), the columns of a dimension are
 * taken from the row itself: to look each record up again costs as much as to read it. Null for any other file.
 */
export function widenQuery(sql: string, object: string): WideQuery | null {
  const tokens = tokenize(sql);
  if (!readsRecords(tokens, object)) return null;
  const from = [...sql.matchAll(new RegExp(`\\bfrom\\s+${object}\\b`, 'gi'))];
  const [only] = from;
  if (!only || from.length > 1) return null;
  const added = new Map<string, string>();
  return {
    add(column) {
      added.set(column, `record_${column}`);
      return `record_${column}`;
    },
    sql() {
      const columns = [...added].map(([column, name]) => `, ${column} as ${name}`).join('');
      return `${sql.slice(0, only.index)}${columns} ${sql.slice(only.index)}`;
    },
  };
}

function readsRecords(tokens: readonly Token[], object: string): boolean {
  const names = listTables(tokens).map(({ name }) => name);
  if (names.filter((name) => name === object).length !== 1) return false;
  if (names.some((name) => name !== object && name !== 'period') || names.length > 2) return false;
  let selects = 0;
  for (const [place, { kind, text }] of tokens.entries()) {
    if (kind !== 'word') continue;
    const before = tokens[place - 1]?.text;
    const compares = text === 'distinct' && (before === 'is' || before === 'not');
    if (reshaping.has(text) && !compares) return false;
    // Its id must be the record's own.
    if (before === 'as' && (text === 'id' || text === 'source_id')) return false;
    if (text === 'select') selects++;
  }
  return selects === 1;
}
