import { entityTables } from '../model/entities.ts';
import type { Token } from './tokens.ts';

/** What is wrong in a KPI file, at which line, and what to do. */
export interface FileProblem {
  readonly line: number;
  readonly message: string;
  readonly fix: string;
}

const statements =
  'insert update delete replace attach detach pragma create drop alter vacuum reindex analyze begin commit rollback savepoint release grant truncate returning into';
const writing = new Set(statements.split(' '));

const useEpoch = 'Compare instants as whole milliseconds and dates as text.';
const forbidden = new Map<string, string>([
  ...'julianday strftime date time datetime unixepoch timediff to_char to_date date_trunc date_part extract now age'
    .split(' ')
    .map((name): [string, string] => [name, useEpoch]),
  ['iif', 'Use case when.'],
  ['ifnull', 'Use coalesce.'],
  ['nvl', 'Use coalesce.'],
  ['median', 'Return one row per record: quantiles are computed for all KPIs alike.'],
  ['percentile', 'Return one row per record: quantiles are computed for all KPIs alike.'],
  ['percentile_cont', 'Return one row per record: quantiles are computed for all KPIs alike.'],
  ['percentile_disc', 'Return one row per record: quantiles are computed for all KPIs alike.'],
  ['greatest', 'Use case when.'],
  ['least', 'Use case when.'],
  ['round', 'Return the figure as it is: rounding happens once, after conversion.'],
  ['random', 'A KPI must give the same figures every time.'],
  ['load_extension', 'Use only what SQLite and PostgreSQL both have.'],
  ['printf', 'Use || to join texts.'],
  ['format', 'Use || to join texts.'],
]);
const forbiddenWords = new Map<string, string>([
  ['like', 'Compare whole values: SQLite ignores case in LIKE, PostgreSQL does not.'],
  ['glob', 'Compare whole values.'],
  ['regexp', 'Compare whole values.'],
  ['ilike', 'Compare whole values.'],
  ['current_date', 'The engine applies as-of; a file never asks for the time.'],
  ['current_time', 'The engine applies as-of; a file never asks for the time.'],
  ['current_timestamp', 'The engine applies as-of; a file never asks for the time.'],
]);

/** Everything in a query that is not a single SELECT, or does not mean the same in SQLite and PostgreSQL. */
export function findQueryProblems(tokens: readonly Token[]): readonly FileProblem[] {
  const first = tokens[0];
  if (!first) {
    return [{ line: 1, message: 'has no query', fix: 'Add one SELECT after the header.' }];
  }
  const problems: FileProblem[] = [];
  if (first.text !== 'select' && first.text !== 'with') {
    problems.push({
      line: first.line,
      message: `starts with "${first.text}"`,
      fix: 'A KPI file is one SELECT, or WITH ... SELECT, and nothing else.',
    });
  }
  for (const [index, token] of tokens.entries()) {
    const found = problemAt(tokens, index);
    if (found) problems.push({ line: token.line, ...found });
  }
  return problems;
}

type Finding = Omit<FileProblem, 'line'> | null;

function problemAt(tokens: readonly Token[], index: number): Finding {
  const token = tokens[index];
  if (!token) return null;
  if (token.kind === 'broken') {
    return { message: 'has a text or comment that never ends', fix: 'Close the quote or the comment.' };
  }
  if (token.kind === 'mark') return problemOfMark(tokens, index, token.text);
  if (token.kind === 'parameter' && token.text !== ':as_of') {
    return { message: `uses the parameter ${token.text}`, fix: 'The only parameter is :as_of.' };
  }
  return token.kind === 'word' ? problemOfWord(tokens, index, token.text) : null;
}

function problemOfMark(tokens: readonly Token[], index: number, mark: string): Finding {
  if (mark === ';' && index < tokens.length - 1) {
    return { message: 'has more than one statement', fix: 'Leave one SELECT and remove the rest.' };
  }
  if (mark === '->' || mark === '->>') {
    return { message: 'reads JSON', fix: 'Map the field to a column or dimension under `fields` instead.' };
  }
  // A quotient of two whole numbers is cut off in both databases, and a zero divisor is an error in one only.
  if (mark === '/' && tokens[index + 1]?.text !== 'nullif') {
    return {
      message: 'divides by itself',
      fix: 'Return num and den per record, never a quotient: the engine divides the sums.',
    };
  }
  return null;
}

function problemOfWord(tokens: readonly Token[], index: number, word: string): Finding {
  const called = tokens[index + 1]?.text === '(';
  if (writing.has(word) && tokens[index - 1]?.text !== '.') {
    return { message: `uses ${word.toUpperCase()}`, fix: 'A KPI file only reads: leave one SELECT.' };
  }
  const advice =
    forbiddenWords.get(word) ??
    (called ? forbidden.get(word) : undefined) ??
    (called && word.startsWith('json') ? 'Map the field to a column or dimension instead.' : undefined);
  if (advice) {
    return { message: `uses ${word}, which SQLite and PostgreSQL do not share`, fix: advice };
  }
  if (called && (word === 'max' || word === 'min') && hasSecondArgument(tokens, index + 1)) {
    return { message: `uses ${word}(a, b), which only SQLite has`, fix: 'Use case when.' };
  }
  if (word === 'cast' && castsToDate(tokens, index + 1)) {
    return { message: 'casts to a date, of which SQLite keeps only the year', fix: useEpoch };
  }
  return null;
}

/** `open`: the index of an opening parenthesis. */
function* inside(tokens: readonly Token[], open: number): Generator<Token> {
  let depth = 0;
  for (let i = open; i < tokens.length; i++) {
    const token = tokens[i];
    if (!token) return;
    if (token.text === '(') depth++;
    if (token.text === ')') depth--;
    if (depth === 0) return;
    if (depth === 1) yield token;
  }
}

function hasSecondArgument(tokens: readonly Token[], open: number): boolean {
  for (const token of inside(tokens, open)) if (token.text === ',') return true;
  return false;
}

function castsToDate(tokens: readonly Token[], open: number): boolean {
  const within = [...inside(tokens, open)];
  const type = within[within.findLastIndex((token) => token.text === 'as') + 1]?.text ?? '';
  return ['date', 'time', 'timestamp', 'timestamptz', 'datetime'].includes(type);
}

/** Tables derived from the entities that a file may read beside them. */
const derivedTables: Readonly<Record<string, string>> = {
  deal_state: 'deal',
  ticket_state: 'ticket',
  team_member: 'actor',
  stage_visit: 'deal',
  customer_span: 'account',
  actor_state: 'actor',
  cost_day: 'entry',
  benefit_day: 'entry',
  purchase: 'deal',
  field_fill: 'deal',
  actor_day: 'actor',
  ticket_agent: 'ticket',
  told_field: 'ticket',
};

export function isReadableTable(name: string): boolean {
  return name in entityTables || name in derivedTables || name === 'period' || name === 'local_day';
}

/** The entity whose stream feeds a table. */
export function entityOfTable(name: string): string {
  return derivedTables[name] ?? name;
}
