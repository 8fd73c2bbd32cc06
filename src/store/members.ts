import type { NarrowRequest } from '../model/fact-store.ts';
import type { Crossing } from '../model/store.ts';
import type { Handle } from './database.ts';
import { type GroupKey, recordGroups, watchedTables } from './record-groups.ts';
import { columnsOf } from './watch.ts';

/** The columns of a table by which time may touch its rows. */
export function datesOf(columns: readonly string[]): {
  readonly instants: readonly string[];
  readonly days: readonly string[];
} {
  return {
    instants: columns.filter(
      (name) => /(^|_)at$|^valid_(from|to)$/.test(name) && !/^(synced|fetched)_at$/.test(name),
    ),
    days: columns.filter((name) => /_on$|^day$/.test(name)),
  };
}

/** Of which some holds where a date of a row `t` lies in one of the spans; empty where the table has none. */
export function testsOf(
  columns: readonly string[],
  { columns: read, spans }: Pick<Crossing, 'columns' | 'spans'>,
): readonly string[] {
  const { instants, days } = datesOf(columns.filter((name) => read.includes('*') || read.includes(name)));
  return spans.flatMap(({ fromAt, untilAt, fromOn, throughOn }) => [
    ...instants.map((name) => `(t.${name} >= ${fromAt} AND t.${name} < ${untilAt})`),
    ...days.map((name) => `(t.${name} >= '${fromOn}' AND t.${name} <= '${throughOn}')`),
  ]);
}

/** Connection and id. */
export type Member = readonly [source: string, id: string];

/** The records of a group of which a row was written in one of the tables, or that time touched. */
export function listMembers(handle: Handle, { group, tables, crossing }: NarrowRequest): readonly Member[] {
  const parts: string[] = [];
  for (const table of tables) {
    const key = recordGroups[group]?.[table];
    if (!key) continue;
    const same = (watchedTables[table] ?? []).map((name) => `t.${name} = w.${name}`).join(' AND ');
    parts.push(memberSql(key, `main.was_${table} t`, 'existed = 1'));
    parts.push(memberSql(key, `main.was_${table} w CROSS JOIN main.${table} t ON ${same}`, '1'));
    const tests = crossing.tables.includes(table) ? testsOf(columnsOf(handle, table), crossing) : [];
    if (tests.length > 0) parts.push(memberSql(key, `temp.crossed_${table} t`, tests.join(' OR ')));
  }
  if (parts.length === 0) return [];
  return handle.prepare<unknown[], [string, string]>(parts.join(' UNION ')).raw().all();
}

function memberSql({ column, object, through }: GroupKey, from: string, where: string): string {
  const value = through
    ? `(SELECT p.account_id FROM main.${through} p WHERE p.source_id = t.source_id AND p.id = t.id)`
    : `t.${column}`;
  const only = object ? `AND t.object = '${object}'` : '';
  return `SELECT source_id, key FROM
    (SELECT t.source_id, ${value} AS key FROM ${from} WHERE (${where}) ${only}) WHERE key IS NOT NULL`;
}
