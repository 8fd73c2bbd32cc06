import { toId18 } from '../ids.ts';
import type { Field } from '../schema/fields.ts';
import type { Row, Value } from '../schema/object.ts';
import type { Condition, Literal, Operator } from './ast.ts';
import { refuse } from './refuse.ts';
import { type Column, resolveColumn, type Scope } from './resolve.ts';

type Test = (row: Row) => boolean;
type Comparison = Extract<Condition, { kind: 'compare' }>;

/** Turns a WHERE clause into a test of rows, refusing what the API would. */
export function compileCondition(scope: Scope, condition: Condition): Test {
  switch (condition.kind) {
    case 'and': {
      const tests = condition.items.map((item) => compileCondition(scope, item));
      return (row) => tests.every((test) => test(row));
    }
    case 'or': {
      const tests = condition.items.map((item) => compileCondition(scope, item));
      return (row) => tests.some((test) => test(row));
    }
    case 'not': {
      const test = compileCondition(scope, condition.item);
      return (row) => !test(row);
    }
    default:
      return compileComparison(scope, condition);
  }
}

function compileComparison(scope: Scope, comparison: Comparison): Test {
  const column = resolveColumn(scope, comparison.ref);
  const { field } = column;
  if (!field.filterable) {
    const reason = `field '${field.name}' can not be filtered in a query call`;
    throw refuse('INVALID_FIELD', { text: scope.text, at: comparison.ref.at }, reason);
  }
  const values = comparison.values.map((literal) => checkLiteral(scope, field, literal));
  return testOf(column, comparison.operator, values);
}

function testOf(column: Column, operator: Operator, values: readonly Value[]): Test {
  const fold = folder(column.field);
  const read = (row: Row) => fold(column.read(row));
  const wanted = values.map(fold);
  const first = wanted[0] ?? null;
  switch (operator) {
    case '=':
      return (row) => read(row) === first;
    case '!=':
      return (row) => read(row) !== first;
    case 'in': {
      const set = new Set(wanted);
      return (row) => set.has(read(row));
    }
    case 'not in': {
      const set = new Set(wanted);
      return (row) => !set.has(read(row));
    }
    case 'like':
      return testLike(read, String(first));
    case 'includes':
      return (row) => includesAny(read(row), wanted);
    case 'excludes':
      return (row) => !includesAny(read(row), wanted);
    default:
      return testOrder(read, operator, first);
  }
}

/** An empty value is neither before nor after anything. */
function testOrder(read: (row: Row) => Value, operator: '<' | '<=' | '>' | '>=', bound: Value): Test {
  const compare = (test: (value: string | number) => boolean): Test => {
    return (row) => {
      const value = read(row);
      return bound !== null && (typeof value === 'number' || typeof value === 'string') && test(value);
    };
  };
  const limit = bound ?? '';
  if (operator === '<') return compare((value) => value < limit);
  if (operator === '<=') return compare((value) => value <= limit);
  if (operator === '>') return compare((value) => value > limit);
  return compare((value) => value >= limit);
}

function testLike(read: (row: Row) => Value, pattern: string): Test {
  const source = pattern.replace(/\\[_%]|[%_]|[.*+?^${}()|[\]\\]/g, (part) => {
    if (part === '%') return '[\\s\\S]*';
    if (part === '_') return '[\\s\\S]';
    return part.length === 2 ? part.slice(1) : `\\${part}`;
  });
  const shape = new RegExp(`^${source}$`);
  return (row) => shape.test(String(read(row) ?? ''));
}

function includesAny(value: Value, wanted: readonly Value[]): boolean {
  const chosen = String(value ?? '').split(';');
  return wanted.some((item) =>
    String(item)
      .split(';')
      .every((part) => chosen.includes(part)),
  );
}

/** Text compares without letter case, ids by their 18 characters. */
function folder(field: Field): (value: Value) => Value {
  if (field.type === 'id' || field.type === 'reference') {
    return (value) => (typeof value === 'string' && value.length === 15 ? toId18(value) : value);
  }
  if (field.caseSensitive) return (value) => value;
  return (value) => (typeof value === 'string' ? value.toLowerCase() : value);
}

const dates = ['date', 'datetime'];
const numbers = ['int', 'double', 'currency', 'percent'];

/** A literal must be of the field's own type, quoted or not as that type demands. */
function checkLiteral(scope: Scope, field: Field, literal: Literal): Value {
  const { kind, value } = literal;
  if (kind === 'null') return null;
  const type = wantedKind(field);
  if (type === kind) return checkId(scope, field, { value, at: literal.at });
  const quotes = type === 'string' ? 'should be enclosed in quotes' : 'should not be enclosed in quotes';
  const name = field.type === 'datetime' ? 'dateTime' : type === 'string' ? 'string' : field.type;
  const reason = `value of filter criterion for field '${field.name}' must be of type ${name} and ${quotes}`;
  throw refuse('INVALID_FIELD', { text: scope.text, at: literal.at }, reason);
}

function checkId(scope: Scope, field: Field, literal: { value: Value; at: number }): Value {
  const isId = field.type === 'id' || field.type === 'reference';
  if (!isId || literal.value === '' || toId18(String(literal.value))) return literal.value;
  const place = { text: scope.text, at: literal.at };
  throw refuse('INVALID_QUERY_FILTER_OPERATOR', place, `invalid ID field: ${literal.value}`);
}

function wantedKind(field: Field): Literal['kind'] {
  if (field.type === 'datetime') return 'datetime';
  if (dates.includes(field.type)) return 'date';
  if (field.type === 'boolean') return 'boolean';
  return numbers.includes(field.type) ? 'number' : 'string';
}
