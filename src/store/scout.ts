import type { NarrowRequest } from '../model/fact-store.ts';
import type { Scout } from '../model/store.ts';
import type { Handle } from './database.ts';
import { datesOf, ownedBy, ownerColumns, testsOf } from './members.ts';
import { narrowRecords } from './narrow.ts';
import type { ReaderPool } from './reader-pool.ts';
import { recordGroups } from './record-groups.ts';
import { columnsOf } from './watch.ts';

/**
 * Rows with a date in any of the spans that will be asked for are set aside in one pass over each table; each request
 * then looks through those alone.
 */
export function createScout(readers: ReaderPool, requests: readonly NarrowRequest[]): Scout {
  const handle = readers.take('scout', () => undefined);
  const all = requests.map(inGroup);
  const [made, owned] = [new Set<string>(), new Set<string>()];
  return {
    narrow: (request) => {
      const asked = inGroup(request);
      for (const table of asked.tables) {
        if (!made.has(table)) setAside(handle, table, all);
        made.add(table);
        if (!asked.owners || owned.has(table)) continue;
        owned.add(table);
        setOwnedAside(handle, table, asked.owners.since);
      }
      return narrowRecords(readers, handle, asked);
    },
    [Symbol.dispose]: () => readers[Symbol.dispose](),
  };
}

/** The group's own tables alone, and those through which others of them are found. */
function inGroup(request: NarrowRequest): NarrowRequest {
  const keys = recordGroups[request.group] ?? {};
  const through = request.tables.flatMap((table) => keys[table]?.through?.table ?? []);
  const isRead = (table: string) => request.tables.includes(table) || through.includes(table);
  return { ...request, tables: Object.keys(keys).filter(isRead) };
}

function setAside(handle: Handle, table: string, requests: readonly NarrowRequest[]): void {
  const columns = columnsOf(handle, table);
  const asked = requests.filter(
    ({ group, tables, crossing }) =>
      recordGroups[group]?.[table] && tables.includes(table) && crossing.tables.includes(table),
  );
  const tests = new Set(asked.flatMap(({ crossing }) => testsOf(columns, crossing)));
  if (tests.size === 0) return;
  const read = new Set(asked.flatMap(({ crossing }) => crossing.columns));
  const { instants, days } = datesOf(columns.filter((name) => read.has('*') || read.has(name)));
  keepRows(handle, `crossed_${table}`, { table, columns: [...instants, ...days], tests: [...tests] });
}

/** The rows that name people who changed teams. */
function setOwnedAside(handle: Handle, table: string, since: number): void {
  const columns = columnsOf(handle, table);
  const tests = ownedBy(columns, { columns: ownerColumns, since });
  const told = ['field', 'from_value', 'to_value'];
  const kept = columns.filter((name) => told.includes(name) || ownerColumns.some((own) => own === name));
  if (tests.length > 0) keepRows(handle, `owned_${table}`, { table, columns: kept, tests });
}

interface Keeping {
  readonly table: string;
  readonly columns: readonly string[];
  /** Of which a row meets one. */
  readonly tests: readonly string[];
}

/** With what leads from a row to its record. */
function keepRows(handle: Handle, name: string, { table, columns, tests }: Keeping): void {
  const keys = Object.values(recordGroups).flatMap((group) => {
    const key = group[table];
    return key ? [key.column, ...(key.orElse ? [key.orElse] : [])] : [];
  });
  const kept = new Set(['source_id', ...keys, ...columns]);
  if (columnsOf(handle, table).includes('object')) kept.add('object');
  handle.exec(
    `CREATE TEMP TABLE ${name} AS SELECT ${[...kept].map((column) => `t.${column}`).join(', ')} FROM main.${table} t
     WHERE ${tests.join(' OR ')}`,
  );
}
