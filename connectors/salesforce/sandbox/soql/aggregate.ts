import { ApiError } from '../errors.ts';
import { toJson } from '../records/value.ts';
import type { Row, Value } from '../schema/object.ts';
import type { FieldRef, SelectItem, Statement } from './ast.ts';
import { compareValues } from './order.ts';
import { malformed, refuse } from './refuse.ts';
import { type Column, resolveColumn, type Scope } from './resolve.ts';

type Aggregate = Extract<SelectItem, { kind: 'aggregate' }>;
interface Output {
  readonly name: string;
  readonly key: string;
  readonly column: Column | null;
  compute(rows: readonly Row[]): Value;
}
const maxGroups = 2000;
const summable = ['int', 'double', 'currency', 'percent'];

export function isAggregate(statement: Statement): boolean {
  return statement.groupBy.length > 0 || statement.select.some((item) => item.kind === 'aggregate');
}

/** `SELECT count() FROM X`: the answer is totalSize alone. */
export function isPlainCount(statement: Statement): boolean {
  const [only, more] = statement.select;
  return (
    more === undefined && only?.kind === 'aggregate' && only.ref === null && statement.groupBy.length === 0
  );
}

export function aggregateRows(scope: Scope, statement: Statement, rows: Iterable<Row>): object[] {
  const groupBy = statement.groupBy.map((ref) => resolveGrouping(scope, ref));
  const outputs = resolveOutputs(scope, statement, groupBy);
  const groups = groupRows(rows, groupBy);
  if (groups.length > maxGroups) {
    throw new ApiError(
      400,
      'EXCEEDED_ID_LIMIT',
      'Aggregate query does not support queryMore(), use LIMIT to restrict the results to a single batch',
    );
  }
  const ordered = orderGroups(scope, statement, groups);
  const { offset, limit } = statement;
  return ordered
    .slice(offset, limit === null ? undefined : offset + limit)
    .map((group) => renderGroup(outputs, group));
}

function renderGroup(outputs: readonly Output[], group: readonly Row[]): object {
  const record: Record<string, unknown> = { attributes: { type: 'AggregateResult' } };
  for (const output of outputs) {
    const value = output.compute(group);
    record[output.name] = output.column ? toJson(output.column.field, value, group[0] ?? { Id: '' }) : value;
  }
  return record;
}

function resolveGrouping(scope: Scope, ref: FieldRef): Column {
  const column = resolveColumn(scope, ref);
  if (column.field.groupable && column.field.type !== 'datetime') return column;
  const reason = `field '${column.field.name}' can not be grouped in a query call`;
  throw refuse('MALFORMED_QUERY', { text: scope.text, at: ref.at }, reason);
}

function resolveOutputs(scope: Scope, statement: Statement, groupBy: readonly Column[]): Output[] {
  let unnamed = 0;
  return statement.select.map((item): Output => {
    if (item.kind === 'all') throw malformed('The SOQL FIELDS function is not supported with GROUP BY');
    if (item.kind === 'aggregate') {
      if (item.ref === null && statement.select.length > 1) throw malformed(`unexpected token: 'count()'`);
      return { ...resolveAggregate(scope, item), name: item.alias ?? `expr${unnamed++}` };
    }
    const column = resolveColumn(scope, item.ref);
    const path = item.ref.path.join('.');
    const grouped = groupBy.some((each) => pathOf(each) === pathOf(column));
    if (!grouped)
      throw refuse(
        'MALFORMED_QUERY',
        { text: scope.text, at: item.ref.at },
        `Field must be grouped or aggregated: ${path}`,
      );
    return {
      name: item.alias ?? column.field.name,
      key: pathOf(column),
      column,
      compute: ([row]) => (row ? column.read(row) : null),
    };
  });
}

const pathOf = (column: Column) =>
  [...column.parents.map((parent) => parent.relationship), column.field.name].join('.');

function resolveAggregate(scope: Scope, item: Aggregate): Omit<Output, 'name'> {
  const key = `${item.name}(${item.ref?.path.join('.') ?? ''})`;
  if (!item.ref) return { key, column: null, compute: (rows) => rows.length };
  const column = resolveColumn(scope, item.ref);
  const numeric = summable.includes(column.field.type);
  if ((item.name === 'sum' || item.name === 'avg') && !numeric) {
    const reason = `field ${column.field.name} does not support aggregate operator ${item.name.toUpperCase()}`;
    throw refuse('MALFORMED_QUERY', { text: scope.text, at: item.at }, reason);
  }
  const counts = item.name.startsWith('count');
  return { key, column: counts ? null : column, compute: (rows) => summarize(item.name, column, rows) };
}

function summarize(name: string, column: Column, rows: readonly Row[]): Value {
  const values = rows.map((row) => column.read(row)).filter((value) => value !== null);
  if (name === 'count') return values.length;
  if (name === 'count_distinct') return new Set(values).size;
  if (values.length === 0) return null;
  if (name === 'min' || name === 'max') {
    const sign = name === 'min' ? 1 : -1;
    let best = values[0] ?? null;
    for (const value of values) {
      if (sign * compareValues(value, best, { descending: false, nullsLast: false }) < 0) best = value;
    }
    return best;
  }
  // Summing in whole units of the last decimal keeps sums of money exact.
  const factor = 10 ** Math.max(2, column.field.scale);
  let units = 0;
  for (const value of values) units += Math.round(Number(value) * factor);
  return name === 'sum' ? units / factor : units / factor / values.length;
}

function groupRows(rows: Iterable<Row>, groupBy: readonly Column[]): Row[][] {
  if (groupBy.length === 0) return [[...rows]];
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    const key = JSON.stringify(groupBy.map((column) => column.read(row)));
    const group = groups.get(key);
    if (group) group.push(row);
    else groups.set(key, [row]);
  }
  return [...groups.values()];
}

function orderGroups(scope: Scope, statement: Statement, groups: Row[][]): Row[][] {
  const keys = statement.orderBy.map((item) => {
    if ('kind' in item.key) return { item, read: resolveAggregate(scope, item.key).compute };
    const column = resolveColumn(scope, item.key);
    return { item, read: ([row]: readonly Row[]) => (row ? column.read(row) : null) };
  });
  if (keys.length === 0) return groups;
  return groups.sort((a, b) => {
    for (const { item, read } of keys) {
      const order = compareValues(read(a), read(b), item);
      if (order !== 0) return order;
    }
    return 0;
  });
}
