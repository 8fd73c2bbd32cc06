import type { Narrowed, NarrowRequest } from '../model/fact-store.ts';
import type { Handle } from './database.ts';
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
  const pair: Pair = { before: readers.take(), now: readers.take() };
  noteMembers(pair, members);
  for (const table of request.tables) {
    const key = recordGroups[request.group]?.[table];
    if (!key) continue;
    const columns = columnsOf(pair.now, table);
    fill(pair.now, { table, key, columns }, nowRows);
    fill(pair.before, { table, key, columns }, beforeRows);
  }
  showEarlierRates(pair.before);
  return {
    records: members.length,
    before: { rows: (query) => readRows(pair.before, query) },
    now: { rows: (query) => readRows(pair.now, query) },
    [Symbol.dispose]: () => {
      readers.giveBack(pair.before);
      readers.giveBack(pair.now);
    },
  };
}

/** Nothing came, went or differs, whatever a query takes from tables that all records share. */
const noRecords: Narrowed = {
  records: 0,
  before: { rows: noRows },
  now: { rows: noRows },
  [Symbol.dispose]: () => undefined,
};

async function* noRows(): AsyncGenerator<never> {}

function noteMembers({ before, now }: Pair, members: readonly Member[]): void {
  const list = JSON.stringify(members);
  for (const handle of [before, now]) {
    handle.exec('CREATE TEMP TABLE member (source_id, id, PRIMARY KEY (source_id, id)) WITHOUT ROWID');
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

/** A temporary table hides the one of its name in the file. */
function fill(handle: Handle, filling: Filling, rowsOf: (filling: Filling) => string): void {
  const { table, key, columns } = filling;
  handle.exec(`DROP VIEW IF EXISTS temp.${table}`);
  handle.exec(`CREATE TEMP TABLE ${table} AS ${rowsOf(filling)}`);
  const keys = watchedTables[table] ?? [];
  handle.exec(`CREATE INDEX temp.narrow_${table} ON ${table} (${keys.join(', ')})`);
  if (!keys.includes(key.column)) {
    const object = columns.includes('object') ? 'object, ' : '';
    handle.exec(`CREATE INDEX temp.narrow_${table}_group ON ${table} (source_id, ${object}${key.column})`);
  }
}

/** All rates as they were: amounts that are taken off were converted by them. */
function showEarlierRates(before: Handle): void {
  if (before.prepare('SELECT 1 FROM main.was_fx_rate LIMIT 1').get() === undefined) return;
  const columns = columnsOf(before, 'fx_rate');
  before.exec('DROP VIEW IF EXISTS temp.fx_rate');
  before.exec(
    `CREATE TEMP TABLE fx_rate AS ${earlierRows({ table: 'fx_rate', columns }, (table) => `${table} t`)}`,
  );
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
