import type { Narrowed, NarrowRequest } from '../model/fact-store.ts';
import type { Handle } from './database.ts';
import { readMemberships } from './directory.ts';
import { readRows } from './facts.ts';
import { listMembers, type Member } from './members.ts';
import type { ReaderPool } from './reader-pool.ts';
import { type GroupKey, keySql, recordGroups, watchedTables } from './record-groups.ts';
import { columnsOf } from './watch.ts';

/** More than this are not worth it: reading all is as fast. */
const mostRecords = 200_000;

interface Pair {
  readonly before: Handle;
  readonly now: Handle;
}

/**
 * `scout`: where touched rows were set aside. Two handles on which the tables of a group hold only the records that
 * were written since the last evaluation, or that time touched: as they are, and as they were. All other tables are
 * whole. Null: too many records.
 */
export function narrowRecords(readers: ReaderPool, scout: Handle, request: NarrowRequest): Narrowed | null {
  const members = listMembers(scout, request);
  if (members.length > mostRecords) return null;
  if (members.length === 0) return noRecords;
  const { group } = request;
  const pair: Pair = {
    before: readers.take(`${group} before`, (handle) => {
      dress(handle, group);
      for (const table of ['fx_rate', 'team_member']) showEarlier(handle, table);
    }),
    now: readers.take(`${group} now`, (handle) => dress(handle, group)),
  };
  noteMembers(pair, members);
  for (const [table, key] of Object.entries(recordGroups[group] ?? {})) {
    for (const handle of [pair.before, pair.now]) handle.exec(`DELETE FROM temp.${table}`);
    if (!request.tables.includes(table)) continue;
    const filling = { table, key, columns: columnsOf(pair.now, table) };
    pair.now.exec(`INSERT INTO temp.${table} ${nowRows(filling)}`);
    pair.before.exec(`INSERT INTO temp.${table} ${beforeRows(filling)}`);
  }
  return {
    records: members.length,
    before: sideOf(pair.before),
    now: sideOf(pair.now),
    [Symbol.dispose]: () => {
      readers.giveBack(`${group} before`, pair.before);
      readers.giveBack(`${group} now`, pair.now);
    },
  };
}

function sideOf(handle: Handle): Narrowed['now'] {
  return { rows: (query) => readRows(handle, query), memberships: () => readMemberships(handle) };
}

/** Nothing came, went or differs, whatever a query takes from tables that all records share. */
const noRecords: Narrowed = {
  records: 0,
  before: { rows: noRows, memberships: () => [] },
  now: { rows: noRows, memberships: () => [] },
  [Symbol.dispose]: () => undefined,
};

async function* noRows(): AsyncGenerator<never> {}

/** A temporary table hides the one of its name in the file. */
function dress(handle: Handle, group: string): void {
  handle.exec('CREATE TEMP TABLE member (source_id, id, PRIMARY KEY (source_id, id)) WITHOUT ROWID');
  for (const [table, key] of Object.entries(recordGroups[group] ?? {})) {
    const columns = columnsOf(handle, table);
    handle.exec(`DROP VIEW IF EXISTS temp.${table}`);
    handle.exec(`CREATE TEMP TABLE ${table} AS SELECT ${listOf('t', columns)} FROM main.${table} t WHERE 0`);
    const keys = watchedTables[table] ?? [];
    handle.exec(`CREATE INDEX temp.narrow_${table} ON ${table} (${keys.join(', ')})`);
    if (keys.includes(key.column)) continue;
    const object = columns.includes('object') ? 'object, ' : '';
    handle.exec(`CREATE INDEX temp.narrow_${table}_group ON ${table} (source_id, ${object}${key.column})`);
  }
}

function noteMembers({ before, now }: Pair, members: readonly Member[]): void {
  const list = JSON.stringify(members);
  for (const handle of [before, now]) {
    handle.exec('DELETE FROM temp.member');
    handle
      .prepare(
        "INSERT INTO temp.member SELECT json_extract(value, '$[0]'), json_extract(value, '$[1]') FROM json_each(?)",
      )
      .run(list);
  }
}

interface Filling {
  readonly table: string;
  readonly key: GroupKey;
  readonly columns: readonly string[];
}

/** All rows as they were: what is taken off was converted by the rates, and belonged to the teams, of then. */
function showEarlier(before: Handle, table: string): void {
  if (before.prepare(`SELECT 1 FROM main.was_${table} LIMIT 1`).get() === undefined) return;
  const columns = columnsOf(before, table);
  before.exec(`DROP VIEW IF EXISTS temp.${table}`);
  before.exec(`CREATE TEMP TABLE ${table} AS ${earlierRows({ table, columns }, (name) => `${name} t`)}`);
}

function nowRows({ table, key, columns }: Filling): string {
  return `SELECT ${listOf('t', columns)} FROM ${joinedTo(`main.${table}`, key)} WHERE ${alive('t', columns)}`;
}

function beforeRows(filling: Filling): string {
  return earlierRows(filling, (table) => joinedTo(table, filling.key));
}

function earlierRows(
  { table, columns }: Pick<Filling, 'table' | 'columns'>,
  from: (table: string) => string,
): string {
  const same = (watchedTables[table] ?? []).map((name) => `w.${name} = t.${name}`).join(' AND ');
  return `SELECT ${listOf('t', columns)} FROM ${from(`main.${table}`)}
      WHERE NOT EXISTS (SELECT 1 FROM main.was_${table} w WHERE ${same}) AND ${alive('t', columns)}
    UNION ALL SELECT ${listOf('t', columns)} FROM ${from(`main.was_${table}`)}
      WHERE t.existed = 1 AND ${alive('t', columns)}`;
}

function joinedTo(table: string, key: GroupKey): string {
  const { object, through } = key;
  // A row to which several names lead is there once.
  const members = through
    ? `(${through.names.map((name) => `SELECT source_id, ${name} AS id FROM temp.${through.table}`).join(' UNION ')})`
    : 'temp.member';
  const only = object ? ` AND t.object = '${object}'` : '';
  const on = `t.source_id = m.source_id AND ${keySql(key, 't')} = m.id${only}`;
  // The few come first, whatever the planner believes; what was kept of earlier rows has no index but its key.
  return table.startsWith('main.was_')
    ? `${table} t CROSS JOIN ${members} m ON ${on}`
    : `${members} m CROSS JOIN ${table} t ON ${on}`;
}

const listOf = (row: string, columns: readonly string[]) =>
  columns.map((name) => `${row}.${name}`).join(', ');

function alive(row: string, columns: readonly string[]): string {
  if (!columns.includes('is_test')) return '1';
  return `${row}.deleted_at IS NULL AND ${row}.merged_into IS NULL AND ${row}.is_test = 0`;
}
