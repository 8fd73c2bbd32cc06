import type { NarrowRequest, OwnerRequest } from '../model/fact-store.ts';
import type { Crossing } from '../model/store.ts';
import type { Handle } from './database.ts';
import { type GroupKey, keySql, recordGroups, watchedTables } from './record-groups.ts';
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
export function listMembers(
  handle: Handle,
  { group, tables, crossing, owners }: NarrowRequest,
): readonly Member[] {
  const parts: string[] = [];
  for (const table of tables) {
    const key = recordGroups[group]?.[table];
    if (!key) continue;
    const same = (watchedTables[table] ?? []).map((name) => `t.${name} = w.${name}`).join(' AND ');
    const tests = crossing.tables.includes(table) ? testsOf(columnsOf(handle, table), crossing) : [];
    for (const select of memberSelects(group, key)) {
      parts.push(select(`main.was_${table} t`, 'existed = 1'));
      parts.push(select(`main.was_${table} w CROSS JOIN main.${table} t ON ${same}`, '1'));
      if (tests.length > 0) parts.push(select(`temp.crossed_${table} t`, tests.join(' OR ')));
      const moved = owners ? ownedBy(columnsOf(handle, table), owners) : [];
      if (moved.length > 0) parts.push(select(`temp.owned_${table} t`, moved.join(' OR ')));
    }
  }
  if (parts.length === 0) return [];
  return handle.prepare<unknown[], [string, string]>(parts.join(' UNION ')).raw().all();
}

/** Columns that may tell whose a record is, and the values of a history that may. */
export const ownerColumns = ['owner_id', 'created_by_id', 'actor_id'] as const;

/** Tests of a row `t` of a table with these columns: whether it names somebody who changed teams since the last evaluation. */
export function ownedBy(columns: readonly string[], owners: OwnerRequest): readonly string[] {
  const { since } = owners;
  const movers = `SELECT source_id, actor_id FROM main.was_team_member
    UNION SELECT source_id, actor_id FROM main.team_member WHERE valid_from >= ${since} OR valid_to >= ${since}`;
  const own = owners.columns.filter((name) => columns.includes(name));
  const told = columns.includes('from_value') ? ['from_value', 'to_value'] : [];
  const isTold = "t.field = 'owner_id' AND ";
  return [
    ...own.map((name) => `(t.source_id, t.${name}) IN (${movers})`),
    ...told.map((name) => `(${isTold}(t.source_id, t.${name}) IN (${movers}))`),
  ];
}

type Select = (from: string, where: string) => string;

/** A statement for each way in which a row may lead to its record. */
function memberSelects(group: string, key: GroupKey): readonly Select[] {
  const only = key.object ? ` AND t.object = '${key.object}'` : '';
  const { through } = key;
  if (!through)
    return [
      (from, where) =>
        `SELECT t.source_id, ${keySql(key, 't')} FROM ${from} WHERE (${where})${only} AND ${keySql(key, 't')} IS NOT NULL`,
    ];
  const target = recordGroups[group]?.[through.table];
  if (!target) return [];
  return through.names.map(
    (name) => (from, where) =>
      `SELECT t.source_id, ${keySql(target, 'p')} FROM ${from}
       JOIN main.${through.table} p ON p.source_id = t.source_id AND p.${name} = t.${key.column} WHERE (${where})${only}`,
  );
}
