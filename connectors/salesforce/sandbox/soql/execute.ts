import { ApiError } from '../errors.ts';
import { tableOf } from '../org.ts';
import { rowsByStamp, rowsUnordered } from '../records/table.ts';
import type { Row, SObject } from '../schema/object.ts';
import { isInBin, type View } from '../view.ts';
import { aggregateRows, isAggregate, isPlainCount } from './aggregate.ts';
import type { Statement } from './ast.ts';
import { compileCondition } from './evaluate.ts';
import { compareBy, firstRows, isStampOrder, resolveOrder } from './order.ts';
import { parseSoql } from './parser.ts';
import { resolveObject, type Scope } from './resolve.ts';
import { resolveSelect, type Selected } from './select.ts';

/** What a query found: rows to be rendered page by page, or finished records. */
export interface Found {
  readonly object: SObject;
  readonly totalSize: number;
  readonly rows: readonly Row[];
  readonly selected: Selected | null;
  /** Of aggregate queries. */
  readonly records: readonly object[];
}

export interface QueryOptions {
  /** Deleted and archived rows too. */
  readonly all: boolean;
}

export function runQuery(view: View, soql: string, options: QueryOptions): Found {
  const statement = parseSoql(soql);
  if (statement.offset > 2000) {
    throw new ApiError(400, 'NUMBER_OUTSIDE_VALID_RANGE', 'Maximum SOQL offset allowed is 2000');
  }
  const scope = resolveObject(view, statement);
  if (!isAggregate(statement)) return findRows(scope, statement, options);
  const rows = filterRows(scope, statement, rowsUnordered(tableOf(view.org, scope.object.name)), options);
  const base = { object: scope.object, rows: [], selected: null };
  if (isPlainCount(statement)) {
    const count = countOf(rows);
    const { limit } = statement;
    return { ...base, totalSize: limit === null ? count : Math.min(count, limit), records: [] };
  }
  const records = aggregateRows(scope, statement, rows);
  return { ...base, totalSize: records.length, records };
}

function findRows(scope: Scope, statement: Statement, options: QueryOptions): Found {
  const selected = resolveSelect(scope, statement);
  const keys = resolveOrder(scope, statement.orderBy);
  const table = tableOf(scope.view.org, scope.object.name);
  const indexed = isStampOrder(keys);
  const source = filterRows(scope, statement, indexed ? rowsByStamp(table) : rowsUnordered(table), options);
  const compare = indexed ? null : compareBy(keys);
  const wanted = statement.limit === null ? Number.POSITIVE_INFINITY : statement.limit + statement.offset;
  const rows = compare ? orderedRows(source, compare, wanted) : take(source, wanted);
  const kept = statement.offset === 0 ? rows : rows.slice(statement.offset);
  return { object: scope.object, totalSize: kept.length, rows: kept, selected, records: [] };
}

function orderedRows(rows: Iterable<Row>, compare: (a: Row, b: Row) => number, wanted: number): Row[] {
  return wanted < 10_000 ? firstRows(rows, compare, wanted) : take([...rows].sort(compare), wanted);
}

function take(rows: Iterable<Row>, wanted: number): Row[] {
  const taken: Row[] = [];
  for (const row of rows) {
    if (taken.length >= wanted) break;
    taken.push(row);
  }
  return taken;
}

function countOf(rows: Iterable<Row>): number {
  let count = 0;
  for (const _ of rows) count++;
  return count;
}

function* filterRows(
  scope: Scope,
  statement: Statement,
  rows: Iterable<Row>,
  options: QueryOptions,
): Generator<Row> {
  const test = statement.where ? compileCondition(scope, statement.where) : null;
  const { org } = scope.view;
  for (const row of rows) {
    const hidden =
      row.IsDeleted === true ? !options.all || !isInBin(org, row) : row.IsArchived === true && !options.all;
    if (!hidden && (!test || test(row))) yield row;
  }
}
