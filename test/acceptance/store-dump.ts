import Database from 'better-sqlite3';
import { entityTables } from '../../src/model/entities.ts';

/** Columns that tell when or by which run something was done, not what is so. */
const volatile = new Set(['synced_at', 'fetched_at', 'evaluation_id', 'written_at', 'first_used_at']);
const derived = [
  'deal_state',
  'ticket_state',
  'team_member',
  'goal',
  'goal_version',
  'baseline',
  'result',
  'published',
  'touched',
];

/** When somebody decided is the clock's business; what was decided is compared. */
const decided = ['finding', 'detection', 'action', 'action_event', 'action_effect', 'result_task'];
const decidedWhen = new Set([...volatile, 'at', 'measured_at', 'task_key']);

export type Dump = Readonly<Record<string, readonly string[]>>;

/** Every row of every table that says something about the world, as text, in a stable order. */
export function dumpStore(path: string): Dump {
  return dump(path, { tables: [...Object.keys(entityTables), ...derived], left: volatile });
}

/** Findings, actions, their effects and tasks. */
export function dumpDecisions(path: string): Dump {
  const found = Object.entries(dump(path, { tables: decided, left: decidedWhen }));
  const timeless = (row: string) => row.replace(/"fixedAt\\":\d+/, '');
  return Object.fromEntries(found.map(([table, rows]) => [table, rows.map(timeless)]));
}

/** Rows that only one of the stores has; a few per table say enough. */
export function differences(expected: Dump, found: Dump): readonly string[] {
  return Object.keys(expected).flatMap((table) => {
    const [left, right] = [new Set(expected[table]), new Set(found[table])];
    const lost = [...left].filter((row) => !right.has(row)).map((row) => `${table} lacks ${row}`);
    const extra = [...right].filter((row) => !left.has(row)).map((row) => `${table} has ${row}`);
    return [...lost.slice(0, 3), ...extra.slice(0, 3)];
  });
}

function dump(
  path: string,
  { tables, left }: { readonly tables: readonly string[]; readonly left: ReadonlySet<string> },
): Dump {
  const handle = new Database(path, { readonly: true });
  try {
    return Object.fromEntries(
      tables.map((table) => {
        const rows = handle.prepare<unknown[], Record<string, unknown>>(`SELECT * FROM ${table}`).all();
        const kept = rows.map((row) =>
          JSON.stringify(Object.entries(row).filter(([column]) => !left.has(column))),
        );
        return [table, kept.sort()];
      }),
    );
  } finally {
    handle.close();
  }
}
