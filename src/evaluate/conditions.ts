import { entityTables } from '../model/entities.ts';
import { type Token, tokenize } from './tokens.ts';

/** One condition of a query that picks its records from one table. */
export interface Condition {
  /** The column that it asks about, where it is one. */
  readonly column: string | null;
  /** The records that fail this condition and meet all others; `part` holds the column's value. */
  readonly failing: string;
}

/** The conditions of a plain `select ... from table where a and b`; empty where a query is more than that. */
export function conditionsOf(sql: string): readonly Condition[] {
  const tokens = tokenize(sql);
  const outer = outerPlaces(tokens);
  const at = (word: string) => outer.filter((place) => tokens[place]?.text === word);
  const [from, where] = [at('from')[0], at('where')[0]];
  const isPlain =
    tokens[0]?.text === 'select' &&
    from !== undefined &&
    where !== undefined &&
    ['union', 'join', 'group', 'order', 'or', 'between', 'with'].every((word) => at(word).length === 0);
  const table = tokens[(from ?? 0) + 1]?.text ?? '';
  if (!isPlain || where !== from + 2 || !(table in entityTables)) return [];
  const cuts = [where, ...at('and').filter((place) => place > where), tokens.length];
  const parts = cuts.slice(1).map((cut, index) => tokens.slice((cuts[index] ?? 0) + 1, cut));
  const selected = textOf(tokens.slice(1, from));
  const hasPart = tokens.some((token, place) => token.text === 'part' && tokens[place - 1]?.text === 'as');
  return parts.map((part, index) => {
    const column = columnOf(part, table);
    const others = parts.filter((_, other) => other !== index).map((other) => `(${textOf(other)})`);
    const tests = [...others, `(${textOf(part)}) is not true`].join(' and ');
    const value = column === null || hasPart ? '' : `, cast(${column} as text) as part`;
    return {
      column: hasPart ? null : column,
      failing: `select ${selected}${value} from ${table} where ${tests}`,
    };
  });
}

function textOf(tokens: readonly Token[]): string {
  return tokens.map(({ text }) => text).join(' ');
}

/** Places outside parentheses and `case ... end`. */
function outerPlaces(tokens: readonly Token[]): readonly number[] {
  const places: number[] = [];
  let depth = 0;
  for (const [place, { text }] of tokens.entries()) {
    if (text === ')' || text === 'end') depth--;
    if (depth === 0) places.push(place);
    if (text === '(' || text === 'case') depth++;
  }
  return places;
}

function columnOf(part: readonly Token[], table: string): string | null {
  const columns = entityTables[table as keyof typeof entityTables];
  return part.find(({ kind, text }) => kind === 'word' && text in columns)?.text ?? null;
}
