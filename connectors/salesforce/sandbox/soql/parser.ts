import type { OrderItem, SelectItem, Statement } from './ast.ts';
import { parseCondition } from './condition.ts';
import { accept, type Cursor, expect, isWord, next, peek, readList, readRef, unexpected } from './cursor.ts';
import { malformed } from './refuse.ts';
import { tokenize } from './tokens.ts';

const maxChars = 100_000;
const functions = ['count', 'sum', 'avg', 'min', 'max', 'count_distinct'];

export function parseSoql(text: string): Statement {
  if (text.trim() === '') throw malformed('A query string has to be specified');
  if (text.length > maxChars) throw malformed('SOQL statements cannot be longer than 100000 characters');
  const cursor: Cursor = { text, tokens: tokenize(text), position: 0 };
  expect(cursor, 'select');
  const select = readList(cursor, readSelectItem);
  expect(cursor, 'from');
  const from = readFrom(cursor);
  const where = accept(cursor, 'where') ? parseCondition(cursor) : null;
  const groupBy = acceptBoth(cursor, 'group', 'by') ? readList(cursor, readRef) : [];
  const orderBy = acceptBoth(cursor, 'order', 'by') ? readList(cursor, readOrderItem) : [];
  const limit = accept(cursor, 'limit') ? readCount(cursor) : null;
  const offset = accept(cursor, 'offset') ? readCount(cursor) : 0;
  if (peek(cursor).kind !== 'end') throw unexpected(peek(cursor));
  return { text, select, from, where, groupBy, orderBy, limit, offset };
}

function acceptBoth(cursor: Cursor, first: string, second: string): boolean {
  if (!accept(cursor, first)) return false;
  expect(cursor, second);
  return true;
}

function readFrom(cursor: Cursor): Statement['from'] {
  const ref = readRef(cursor);
  const token = peek(cursor);
  const hasAlias = token.kind === 'word' && !isWord(token, 'where', 'group', 'order', 'limit', 'offset');
  return { name: ref.path.join('.'), at: ref.at, alias: hasAlias ? next(cursor).text : null };
}

function readSelectItem(cursor: Cursor): SelectItem {
  const token = peek(cursor);
  if (peek(cursor, 1).text !== '(') {
    const ref = readRef(cursor);
    return { kind: 'field', ref, alias: readAlias(cursor) };
  }
  if (!isWord(token, 'fields')) return readAggregate(cursor);
  cursor.position += 2;
  const which = next(cursor).text.toLowerCase();
  expect(cursor, ')');
  return { kind: 'all', which, at: token.at };
}

function readAggregate(cursor: Cursor): Extract<SelectItem, { kind: 'aggregate' }> {
  const token = next(cursor);
  if (!isWord(token, ...functions)) throw unexpected(token);
  const name = token.text.toLowerCase();
  expect(cursor, '(');
  const ref = accept(cursor, ')') ? null : readRef(cursor);
  if (ref) expect(cursor, ')');
  else if (name !== 'count') throw unexpected(peek(cursor));
  return { kind: 'aggregate', name, ref, alias: readAlias(cursor), at: token.at };
}

function readAlias(cursor: Cursor): string | null {
  const token = peek(cursor);
  if (token.kind !== 'word' || isWord(token, 'from', 'asc', 'desc', 'nulls', 'limit', 'offset')) return null;
  return next(cursor).text;
}

function readOrderItem(cursor: Cursor): OrderItem {
  const key = peek(cursor, 1).text === '(' ? readAggregate(cursor) : readRef(cursor);
  const descending = accept(cursor, 'desc');
  if (!descending) accept(cursor, 'asc');
  if (!accept(cursor, 'nulls')) return { key, descending, nullsLast: descending };
  const nullsLast = accept(cursor, 'last');
  if (!nullsLast) expect(cursor, 'first');
  return { key, descending, nullsLast };
}

function readCount(cursor: Cursor): number {
  const token = next(cursor);
  if (token.kind !== 'number' || !/^\d+$/.test(token.text)) throw unexpected(token);
  return Number(token.text);
}
