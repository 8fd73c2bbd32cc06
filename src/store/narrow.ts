import type { Narrowed, NarrowRequest, TimeSpan } from '../model/store.ts';
import type { Handle } from './database.ts';
import { readRows } from './facts.ts';
import { type GroupKey, recordGroups, watchedTables } from './record-groups.ts';
import { columnsOf } from './watch.ts';

/** More than this are not worth it: reading all is as fast. */
const mostRecords = 200_000;

interface Pair {
  readonly before: Handle;
  readonly now: Handle;
}

/**
 * Two handles on which the tables of a group hold only the records that were written since the last evaluation, or of
 * which a date lies in the spans: as they are, and as they were. All other tables are whole. Null: too many records.
 */
export function narrowRecords(open: () => Handle, request: NarrowRequest): Narrowed | null {
  const keys = recordGroups[request.group] ?? {};
  const tables = Object.keys(keys).filter((table) => request.tables.includes(table));
  const pair: Pair = { before: open(), now: open() };
  const close = () => {
    pair.before.close();
    pair.now.close();
  };
  const records = listMembers(pair.now, request, tables);
  if (records > mostRecords) {
    close();
    return null;
  }
  copyMembers(pair);
  for (const table of tables) {
    const key = keys[table];
    if (!key) continue;
    const columns = columnsOf(pair.now, table);
    fill(pair.now, { table, key, columns }, nowRows);
    fill(pair.before, { table, key, columns }, beforeRows);
  }
  return {
    records,
    before: { rows: (query) => readRows(pair.before, query) },
    now: { rows: (query) => readRows(pair.now, query) },
    [Symbol.dispose]: close,
  };
}

function listMembers(handle: Handle, request: NarrowRequest, tables: readonly string[]): number {
  handle.exec('CREATE TEMP TABLE member (source_id, id, PRIMARY KEY (source_id, id)) WITHOUT ROWID');
  for (const table of tables) {
    const key = recordGroups[request.group]?.[table];
    if (!key) continue;
    const same = (watchedTables[table] ?? []).map((name) => `t.${name} = w.${name}`).join(' AND ');
    handle.exec(memberSql(key, `main.was_${table} t`, 'existed = 1'));
    handle.exec(memberSql(key, `main.was_${table} w CROSS JOIN main.${table} t ON ${same}`, '1'));
    const crossed = crossing(columnsOf(handle, table), request.spans);
    if (crossed !== null) handle.exec(memberSql(key, `main.${table} t`, crossed));
  }
  return Number(handle.prepare('SELECT count(*) FROM temp.member').pluck().get());
}

function memberSql({ column, object, through }: GroupKey, from: string, where: string): string {
  const value = through
    ? `(SELECT p.account_id FROM main.${through} p WHERE p.source_id = t.source_id AND p.id = t.id)`
    : `t.${column}`;
  const only = object ? `AND t.object = '${object}'` : '';
  return `INSERT OR IGNORE INTO temp.member SELECT source_id, key FROM
    (SELECT t.source_id, ${value} AS key FROM ${from} WHERE (${where}) ${only}) WHERE key IS NOT NULL`;
}

/** Whether some date of a row lies in one of the spans; null where the table has none. */
export function crossing(columns: readonly string[], spans: readonly TimeSpan[]): string | null {
  const instants = columns.filter(
    (name) => /(^|_)at$|^valid_(from|to)$/.test(name) && !/^(synced|fetched)_at$/.test(name),
  );
  const days = columns.filter((name) => /_on$|^day$/.test(name));
  const tests = spans.flatMap(({ fromAt, untilAt, fromOn, throughOn }) => [
    ...instants.map((name) => `(t.${name} >= ${fromAt} AND t.${name} < ${untilAt})`),
    ...days.map((name) => `(t.${name} >= '${fromOn}' AND t.${name} <= '${throughOn}')`),
  ]);
  return tests.length === 0 ? null : tests.join(' OR ');
}

function copyMembers({ before, now }: Pair): void {
  const members = now.prepare('SELECT source_id, id FROM temp.member').raw().all();
  before.exec('CREATE TEMP TABLE member (source_id, id, PRIMARY KEY (source_id, id)) WITHOUT ROWID');
  before
    .prepare(
      "INSERT INTO temp.member SELECT json_extract(value, '$[0]'), json_extract(value, '$[1]') FROM json_each(?)",
    )
    .run(JSON.stringify(members));
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

function nowRows({ table, key, columns }: Filling): string {
  return `SELECT ${listOf('t', columns)} FROM ${joinedTo(`main.${table}`, key)} WHERE ${alive('t', columns)}`;
}

function beforeRows({ table, key, columns }: Filling): string {
  const same = (watchedTables[table] ?? []).map((name) => `w.${name} = t.${name}`).join(' AND ');
  return `SELECT ${listOf('t', columns)} FROM ${joinedTo(`main.${table}`, key)}
      WHERE NOT EXISTS (SELECT 1 FROM main.was_${table} w WHERE ${same}) AND ${alive('t', columns)}
    UNION ALL SELECT ${listOf('t', columns)} FROM ${joinedTo(`main.was_${table}`, key)}
      WHERE t.existed = 1 AND ${alive('t', columns)}`;
}

function joinedTo(table: string, { column, object, through }: GroupKey): string {
  const members = through ? `temp.${through}` : 'temp.member';
  const only = object ? ` AND t.object = '${object}'` : '';
  // The few come first, whatever the planner believes.
  return `${members} m CROSS JOIN ${table} t ON t.source_id = m.source_id AND t.${column} = m.id${only}`;
}

const listOf = (row: string, columns: readonly string[]) =>
  columns.map((name) => `${row}.${name}`).join(', ');

function alive(row: string, columns: readonly string[]): string {
  if (!columns.includes('is_test')) return '1';
  return `${row}.deleted_at IS NULL AND ${row}.merged_into IS NULL AND ${row}.is_test = 0`;
}
