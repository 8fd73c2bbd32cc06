import type { FieldRef } from './ast.ts';
import { malformed } from './refuse.ts';
import type { Token } from './tokens.ts';

/** The tokens of a query with a reading position. */
export interface Cursor {
  readonly text: string;
  readonly tokens: readonly Token[];
  position: number;
}

export const peek = (cursor: Cursor, ahead = 0): Token =>
  cursor.tokens[cursor.position + ahead] ?? { kind: 'end', text: '<EOF>', at: cursor.text.length };

export function next(cursor: Cursor): Token {
  const token = peek(cursor);
  cursor.position++;
  return token;
}

export const unexpected = (token: Token) => malformed(`unexpected token: '${token.text}'`);

export function isWord(token: Token, ...words: readonly string[]): boolean {
  return token.kind === 'word' && words.includes(token.text.toLowerCase());
}

export function accept(cursor: Cursor, text: string): boolean {
  const token = peek(cursor);
  const matches = token.kind !== 'string' && token.text.toLowerCase() === text;
  if (matches) cursor.position++;
  return matches;
}

export function expect(cursor: Cursor, text: string): void {
  if (!accept(cursor, text)) throw unexpected(peek(cursor));
}

export function readRef(cursor: Cursor): FieldRef {
  const token = next(cursor);
  if (token.kind !== 'word') throw unexpected(token);
  return { path: token.text.split('.').map((part) => part.trim()), at: token.at };
}

export function readList<T>(cursor: Cursor, read: (cursor: Cursor) => T): T[] {
  const items = [read(cursor)];
  while (accept(cursor, ',')) items.push(read(cursor));
  return items;
}
