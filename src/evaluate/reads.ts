import type { FactStore, NarrowRequest, TimeSpan } from '../model/fact-store.ts';
import type { Kpi } from '../model/kpi.ts';
import type { Crossing } from '../model/store.ts';
import type { Zone } from '../model/zone.ts';
import { ownerColumns } from '../store/members.ts';
import { recordGroups } from '../store/record-groups.ts';
import { countsClosings } from './backdated.ts';
import { type Layout, namedObjects, planQuery } from './fact-query.ts';
import { spansBetween } from './lags.ts';
import { checkableQuery, engineTables } from './period-table.ts';
import { listTables } from './query-tables.ts';
import { recordOf } from './record-of.ts';
import { type Token, tokenize } from './tokens.ts';

/** On what a KPI's facts rest, as far as its query tells. */
export interface Reads {
  /** The kind of record from which each fact follows alone; null: none. */
  readonly group: string | null;
  /** Every table on which the facts and their segments rest. */
  readonly tables: readonly string[];
  /** Those that the engine reads itself, in whole. */
  readonly beside: ReadonlySet<string>;
  readonly shape: 'event' | 'state' | 'period';
  readonly layout: Layout;
  /** Words of the query, names of the columns that it reads among them. */
  readonly words: ReadonlySet<string>;
  /** Columns of the group's tables that tell whose a fact is; null: other tables may tell. */
  readonly owners: readonly string[] | null;
  /** Whether as_of decides about facts of periods that had ended by then. */
  readonly minds: boolean;
}

export interface ReadsInput {
  readonly kpi: Kpi;
  readonly kinds: readonly string[];
  readonly asOf: number;
  readonly watched: { readonly has: (table: string) => boolean };
}

/** Null where the query does not tell. */
export async function readsOf(
  store: Pick<FactStore, 'checkQuery'>,
  { kpi, kinds, asOf, watched }: ReadsInput,
): Promise<Reads | null> {
  const objects = namedObjects(kpi.sql);
  const checked = await store.checkQuery(checkableQuery(kpi.sql));
  if (objects === null || 'problem' in checked) return null;
  const { query, layout } = planQuery({ kpi, columns: checked.columns, objects, kinds, asOf });
  const tables = new Set(namesOf(kpi.sql));
  // The query's own names stand in the completed one, too.
  for (const name of namesOf(query.sql)) if (watched.has(name)) tables.add(name);
  for (const name of engineTables) tables.delete(name);
  const group = recordOf(kpi);
  const byOwner = kinds.includes('owner') || kinds.includes('team');
  // The history of owners is followed for records of the group's own kind.
  const followsOwners = byOwner && !layout.ownOwner;
  if (followsOwners && group !== null && objects.some((object) => object !== group)) return null;
  const beside = new Set(besideOf(kpi, kinds, followsOwners));
  const tokens = tokenize(query.sql);
  const words = wordsOf(tokens);
  return {
    group,
    tables: [...tables, ...beside],
    beside,
    shape: layout.has('period') ? 'period' : layout.has('since') ? 'state' : 'event',
    layout,
    words,
    owners: ownersOf({ kpi, group, words, ownOwner: layout.ownOwner }),
    minds: mindsTime(kpi, layout, tokens),
  };
}

/** A history can name whoever; other records and people, somebody else than the record's own. */
function ownersOf(own: {
  readonly kpi: Kpi;
  readonly group: string | null;
  readonly words: ReadonlySet<string>;
  readonly ownOwner: boolean;
}): Reads['owners'] {
  const { kpi, group, words, ownOwner } = own;
  if (group === null) return null;
  const named = namesOf(kpi.sql);
  if (named.includes('team_member') || named.includes('team')) return null;
  if (!ownOwner) return ['owner_id'];
  const tellsOthers = (table: string) =>
    table === 'change' || table === 'dimension' || (!recordGroups[group]?.[table] && !impersonal.has(table));
  if (named.some(tellsOthers) || words.has('*')) return null;
  return ownerColumns.filter((column) => words.has(column));
}

/** Shared tables that name nobody. */
const impersonal: ReadonlySet<string> = new Set([
  ...engineTables,
  'stage',
  'fx_rate',
  'cost_day',
  'told_field',
]);

/** A star that multiplies or counts names no column. */
function wordsOf(tokens: readonly Token[]): ReadonlySet<string> {
  const named = tokens.filter(
    ({ text }, place) =>
      text !== '*' || ['select', 'distinct', ',', '.'].includes(tokens[place - 1]?.text ?? ''),
  );
  return new Set(named.map(({ text }) => text.replaceAll('"', '').toLowerCase()));
}

/** What the engine reads itself. */
function* besideOf(kpi: Kpi, kinds: readonly string[], followsOwners: boolean): Generator<string> {
  if (countsClosings(kpi)) yield 'backdated_deal';
  if (followsOwners) yield 'change';
  if (kinds.includes('team')) yield* ['team', 'team_member'];
  if (kpi.money.length > 0) yield 'fx_rate';
}

function namesOf(sql: string): readonly string[] {
  return listTables(tokenize(sql)).map(({ name }) => name);
}

/** As_of compared with the end of a period says only whether it has ended. */
function mindsTime(kpi: Kpi, { has }: Layout, tokens: readonly Token[]): boolean {
  if (kpi.maturesMs !== null || kpi.withinMs !== null) return true;
  if ((['end_at', 'observed_until', 'mature_at', 'value'] as const).some(has)) return true;
  return tokens.some(({ text }, place) => {
    if (text !== ':as_of') return false;
    const [before, sign] = [tokens[place - 2]?.text ?? '', tokens[place - 1]?.text ?? ''];
    return !(/^(until|end)_at$/.test(before) && /^[<>]=?$/.test(sign));
  });
}

export interface Clock {
  readonly from: number;
  readonly until: number;
  readonly zone: Zone;
  /** First local day whose rates are others; null: all are as they were. */
  readonly ratesFrom: string | null;
}

/** The times by which a date of a record may change its facts. */
export function spansOf(kpi: Kpi, { ratesFrom, ...clock }: Clock): readonly TimeSpan[] {
  const spans = spansBetween([kpi], clock);
  if (ratesFrom === null || kpi.money.length === 0) return spans;
  const fromAt = ratesFrom === '' ? Number.MIN_SAFE_INTEGER : clock.zone.startOf(ratesFrom);
  return [...spans, { fromAt, untilAt: Number.MAX_SAFE_INTEGER, fromOn: ratesFrom, throughOn: '9999-12-31' }];
}

/** The records that may have other facts than before. */
export function requestOf(
  reads: Reads,
  spans: readonly TimeSpan[],
  teamsFrom: number | null = null,
): NarrowRequest | null {
  const { group, tables, beside, shape, words } = reads;
  if (group === null) return null;
  const own = [...new Set([...tables, 'change', 'dimension'])].filter(
    (table) => recordGroups[group]?.[table],
  );
  // Whose a record was at the time of an event, no later time changes.
  const followed = own.filter((table) => tables.includes(table) && (shape !== 'event' || !beside.has(table)));
  return {
    group,
    tables: own.sort(),
    crossing: {
      tables: followed.sort(),
      columns: columnsOf(
        words,
        followed.some((table) => beside.has(table)),
      ),
      spans,
    },
    ...(teamsFrom !== null && reads.owners && { owners: { columns: reads.owners, since: teamsFrom } }),
  };
}

/** Names that look like dates; `at` also of what the engine reads. */
function columnsOf(words: ReadonlySet<string>, readsBeside: boolean): readonly string[] {
  if (words.has('*')) return ['*'];
  const dates = [...words].filter((word) => /(^|_)at$|_on$|^day$|^valid_(from|to)$/.test(word));
  return [...new Set(readsBeside ? [...dates, 'at'] : dates)].sort();
}

/** Whether time touched what all records share. */
export function sharedCrossing(reads: Reads, spans: readonly TimeSpan[]): NarrowRequest['crossing'] {
  const { group, tables, words } = reads;
  const own = group === null ? {} : (recordGroups[group] ?? {});
  const apart = reads.owners === null ? ['fx_rate'] : ['fx_rate', 'team_member'];
  const shared = tables.filter((table) => !own[table] && !apart.includes(table));
  return { tables: shared, columns: [...columnsOf(words, false), 'valid_from', 'valid_to'], spans };
}

/** Whether somebody's time in a team began or ended. */
export function memberCrossing({ tables }: Reads, spans: readonly TimeSpan[]): Crossing {
  const members = tables.filter((table) => table === 'team_member');
  return { tables: members, columns: ['valid_from', 'valid_to'], spans };
}
