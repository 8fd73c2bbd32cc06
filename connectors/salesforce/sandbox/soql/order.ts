import type { Row, Value } from '../schema/object.ts';
import type { OrderItem } from './ast.ts';
import { malformed, refuse } from './refuse.ts';
import { type Column, resolveColumn, type Scope } from './resolve.ts';

export type Compare = (a: Row, b: Row) => number;

interface SortKey {
  readonly column: Column;
  readonly item: OrderItem;
}

export function resolveOrder(scope: Scope, orderBy: readonly OrderItem[]): SortKey[] {
  return orderBy.map((item) => {
    if ('kind' in item.key) throw malformed('ORDER BY an aggregate needs a GROUP BY');
    const column = resolveColumn(scope, item.key);
    if (column.field.sortable) return { column, item };
    const reason = `field '${column.field.name}' can not be sorted in a query call`;
    throw refuse('MALFORMED_QUERY', { text: scope.text, at: item.key.at }, reason);
  });
}

export function compareBy(keys: readonly SortKey[]): Compare | null {
  if (keys.length === 0) return null;
  const orders = keys.map(({ column, item }) => {
    const exact = column.field.type === 'id' || column.field.type === 'reference';
    return { column, order: { ...item, exact } };
  });
  return (a, b) => {
    for (const { column, order: wanted } of orders) {
      const order = compareValues(column.read(a), column.read(b), wanted);
      if (order !== 0) return order;
    }
    return 0;
  };
}

/** Stamp and id ascending, the order of incremental reading, for which the table keeps an index. */
export function isStampOrder(keys: readonly SortKey[]): boolean {
  const names = keys.map(({ column, item }) =>
    item.descending || column.parents.length > 0 ? '' : column.field.name,
  );
  const stored = keys.every(({ column }) => column.field.compute === null);
  return stored && (names.join() === 'SystemModstamp,Id' || names.join() === 'SystemModstamp');
}

interface ValueOrder {
  readonly descending: boolean;
  readonly nullsLast: boolean;
  readonly exact?: boolean;
}

/** Ids compare as in a WHERE clause, so that reading on behind the last one works; text without letter case. */
export function compareValues(a: Value, b: Value, item: ValueOrder): number {
  if (a === b) return 0;
  if (a === null) return item.nullsLast ? 1 : -1;
  if (b === null) return item.nullsLast ? -1 : 1;
  const order =
    typeof a === 'string' && typeof b === 'string' && !item.exact ? compareTexts(a, b) : a < b ? -1 : 1;
  return item.descending ? -order : order;
}

function compareTexts(a: string, b: string): number {
  const [x, y] = [a.toLowerCase(), b.toLowerCase()];
  if (x === y) return a < b ? -1 : 1;
  return x < y ? -1 : 1;
}

/** The first `count` rows in order, without sorting all of them. */
export function firstRows(rows: Iterable<Row>, compare: Compare, count: number): Row[] {
  let best: Row[] = [];
  let worst: Row | null = null;
  for (const row of rows) {
    if (worst && compare(row, worst) >= 0) continue;
    best.push(row);
    if (best.length < 2 * count + 1000) continue;
    best = best.sort(compare).slice(0, count);
    worst = best.at(-1) ?? null;
  }
  return best.sort(compare).slice(0, count);
}
