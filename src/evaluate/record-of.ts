import type { Kpi, RecordKind } from '../model/kpi.ts';
import { recordKinds } from '../model/kpi.ts';
import { listTables } from './query-tables.ts';
import { tokenize } from './tokens.ts';

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
  if (tokens.some(({ kind, text }) => kind === 'word' && gathering.has(text))) return null;
  return derivedFrom[only.name] ?? recordKinds.find((kind) => kind === only.name) ?? null;
}
