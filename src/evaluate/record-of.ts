import type { Kpi, RecordKind } from '../model/kpi.ts';
import { recordKinds } from '../model/kpi.ts';
import { listTables } from './query-tables.ts';
import { type Token, tokenize } from './tokens.ts';

/** Words by which a row may follow from several records. */
const gathering = new Set(
  'group over distinct limit union except intersect join with exists having count sum avg min max total'.split(
    ' ',
  ),
);
const derivedFrom: Readonly<Record<string, RecordKind>> = {
  deal_state: 'deal',
  stage_visit: 'deal',
  ticket_state: 'ticket',
  purchase: 'account',
  customer_span: 'account',
};

/** The kind of record from which each fact follows alone: as the file says, or where it reads one table row by row. */
export function recordOf({ per, sql, derive }: Kpi): RecordKind | null {
  if (per) return per;
  if (derive) return null;
  const tokens = tokenize(sql);
  const [only, ...others] = listTables(tokens);
  if (!only || others.length > 0) return null;
  if (tokens.some((token, place) => gathers(token, tokens[place - 1]))) return null;
  return derivedFrom[only.name] ?? recordKinds.find((kind) => kind === only.name) ?? null;
}

function gathers({ kind, text }: Token, before: Token | undefined): boolean {
  // `is distinct from` compares two values of one row.
  if (text === 'distinct' && (before?.text === 'is' || before?.text === 'not')) return false;
  return kind === 'word' && gathering.has(text);
}
