import { entityTables } from '../model/entities.ts';
import type { FactQuery, FactStore } from '../model/fact-store.ts';
import { type Handle, openHandle } from './database.ts';

const rowsPerChunk = 1000;

type Cell = string | number | null;

/** Reading for the evaluator: `reader` is a read-only handle on which deleted, merged and test records are hidden. */
export function createFactStore(reader: Handle): Pick<FactStore, 'rows' | 'checkQuery'> {
  hideDeadRecords(reader);
  // The schema stays as it is while the store is open.
  const checked = new Map<string, ReturnType<typeof checkQuery>>();
  return {
    rows: (query) => readRows(reader, query),
    checkQuery: (sql) => {
      const known = checked.get(sql) ?? checkQuery(reader, sql);
      checked.set(sql, known);
      return known;
    },
  };
}

/** Rows of a query in chunks. */
export async function* readRows(
  reader: Handle,
  { sql, params }: FactQuery,
): AsyncGenerator<readonly (readonly Cell[])[]> {
  const statement = reader.prepare<unknown[], Cell[]>(sql).raw();
  const iterator = statement.iterate(bindable(params));
  try {
    let chunk: Cell[][] = [];
    for (const row of iterator) {
      chunk.push(row);
      if (chunk.length < rowsPerChunk) continue;
      yield chunk;
      chunk = [];
    }
    if (chunk.length > 0) yield chunk;
  } finally {
    iterator.return?.();
  }
}

/** Checks queries against the present schema, without any store. */
export function createQueryChecker(): FactStore['checkQuery'] {
  let schema: Handle | null = null;
  return (sql) => {
    schema ??= openSchema();
    return checkQuery(schema, sql);
  };
}

function openSchema(): Handle {
  const schema = openHandle(':memory:');
  hideDeadRecords(schema);
  return schema;
}

/** Temporary views of the tables' names, so that no query has to repeat the filter. */
export function hideDeadRecords(reader: Handle): void {
  for (const table of Object.keys(entityTables)) {
    reader.exec(
      `CREATE TEMP VIEW ${table} AS SELECT * FROM main.${table} WHERE deleted_at IS NULL AND merged_into IS NULL AND is_test = 0`,
    );
  }
}

/** Whole numbers go in as integers: better-sqlite3 binds every JavaScript number as REAL. */
function bindable(params: FactQuery['params']): Record<string, string | number | bigint | null> {
  return Object.fromEntries(
    Object.entries(params).map(([name, value]) => [
      name,
      Number.isSafeInteger(value) ? BigInt(value as number) : value,
    ]),
  );
}

export function checkQuery(
  reader: Handle,
  sql: string,
): { columns: readonly string[] } | { problem: string } {
  try {
    const statement = reader.prepare(`SELECT * FROM (\n${sql}\n)`);
    if (!statement.readonly || !statement.reader) return { problem: 'it does not only read' };
    return { columns: statement.columns().map((column) => column.name) };
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error) };
  }
}
