import { parseInstant } from '../records/value.ts';
import type { Condition, Literal, Operator } from './ast.ts';
import { accept, type Cursor, expect, next, peek, readList, readRef, unexpected } from './cursor.ts';
import { type Token, unquote } from './tokens.ts';

const symbols: Readonly<Record<string, Operator>> = {
  '=': '=',
  '!=': '!=',
  '<>': '!=',
  '<': '<',
  '<=': '<=',
  '>': '>',
  '>=': '>=',
  like: 'like',
  in: 'in',
  includes: 'includes',
  excludes: 'excludes',
};
const withList: readonly Operator[] = ['in', 'not in', 'includes', 'excludes'];

/** AND and OR do not mix without parentheses: the API refuses it. */
export function parseCondition(cursor: Cursor): Condition {
  const first = parseTerm(cursor);
  const token = peek(cursor);
  const kind = token.text.toLowerCase();
  if (token.kind !== 'word' || (kind !== 'and' && kind !== 'or')) return first;
  const items = [first];
  while (accept(cursor, kind)) items.push(parseTerm(cursor));
  const other = peek(cursor);
  if (other.kind === 'word' && ['and', 'or'].includes(other.text.toLowerCase())) throw unexpected(other);
  return { kind, items };
}

function parseTerm(cursor: Cursor): Condition {
  if (accept(cursor, 'not')) return { kind: 'not', item: parseTerm(cursor) };
  if (accept(cursor, '(')) {
    const inner = parseCondition(cursor);
    expect(cursor, ')');
    return inner;
  }
  const ref = readRef(cursor);
  const operator = readOperator(cursor);
  if (!withList.includes(operator)) return { kind: 'compare', ref, operator, values: [readLiteral(cursor)] };
  expect(cursor, '(');
  const values = readList(cursor, readLiteral);
  expect(cursor, ')');
  return { kind: 'compare', ref, operator, values };
}

function readOperator(cursor: Cursor): Operator {
  const token = next(cursor);
  if (token.text.toLowerCase() === 'not') {
    expect(cursor, 'in');
    return 'not in';
  }
  const operator = token.kind === 'string' ? undefined : symbols[token.text.toLowerCase()];
  if (!operator) throw unexpected(token);
  return operator;
}

function readLiteral(cursor: Cursor): Literal {
  const token = next(cursor);
  const literal = toLiteral(token);
  if (!literal) throw unexpected(token);
  return { ...literal, at: token.at };
}

function toLiteral(token: Token): Omit<Literal, 'at'> | null {
  switch (token.kind) {
    case 'string':
      return { kind: 'string', value: unquote(token.text) };
    case 'number':
      return { kind: 'number', value: Number(token.text) };
    case 'date':
      return { kind: 'date', value: token.text };
    case 'datetime':
      return { kind: 'datetime', value: parseInstant(token.text) };
    default: {
      const word = token.text.toLowerCase();
      if (word === 'true' || word === 'false') return { kind: 'boolean', value: word === 'true' };
      return word === 'null' ? { kind: 'null', value: null } : null;
    }
  }
}
