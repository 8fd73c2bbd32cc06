import { entityTables, type TableName } from '../model/entities.ts';
import type { FactQuery, FactStore, MembershipSpan, SourceInfo } from '../model/store.ts';
import { type Handle, openHandle, withStoreErrors } from './database.ts';

const rowsPerChunk = 1000;

/** Reading for the evaluator: `reader` is a read-only handle on which deleted, merged and test records are hidden. */
export function createFactStore(reader: Handle, path: string): FactStore {
  hideDeadRecords(reader);

  async function* rows({ sql, params }: FactQuery) {
    const statement = withStoreErrors(path, () => reader.prepare(sql).raw());
    const iterator = statement.iterate(bindable(params)) as IterableIterator<(string | number | null)[]>;
    try {
      let chunk: (string | number | null)[][] = [];
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

  return {
    rows,
    checkQuery: (sql) => checkQuery(reader, sql),
    rowCounts: () =>
      Object.keys(entityTables).flatMap((table) =>
        reader
          .prepare<unknown[], { connection: string; rows: number }>(
            `SELECT source_id AS connection, count(*) AS rows FROM ${table} GROUP BY source_id`,
          )
          .all()
          .map((row) => ({ ...row, table: table as TableName })),
      ),
    sources: () => readSources(reader),
    actors: () =>
      reader
        .prepare<
          unknown[],
          { source: string; id: string; name: string | null; kind: string | null; active: number | null }
        >('SELECT source_id AS source, id, name, kind, active FROM actor ORDER BY source_id, id')
        .all()
        .map((row) => ({ ...row, active: row.active === 1 })),
    teams: () =>
      reader
        .prepare<unknown[], { source: string; id: string; name: string | null; parentId: string | null }>(
          'SELECT source_id AS source, id, name, parent_id AS parentId FROM team ORDER BY source_id, id',
        )
        .all(),
    memberships: () => readMemberships(reader),
    names: (table) =>
      reader
        .prepare<unknown[], { source: string; id: string; name: string | null }>(
          table === 'stage'
            ? "SELECT source_id AS source, pipeline || ':' || key AS id, label AS name FROM stage"
            : `SELECT source_id AS source, id, name FROM ${table}`,
        )
        .all(),
    links: () =>
      reader
        .prepare<unknown[], { source: string; stream: string; table: TableName; link: string }>(
          'SELECT source_id AS source, name AS stream, "table", link FROM stream WHERE link IS NOT NULL',
        )
        .all(),
    streamOf: (source, table, id) =>
      reader
        .prepare<unknown[], { stream: string }>(`SELECT stream FROM ${table} WHERE source_id = ? AND id = ?`)
        .get(source, id)?.stream ?? null,
  };
}

/** Checks queries against the present schema, without any store. */
export function createQueryChecker(): FactStore['checkQuery'] {
  const schema = openHandle(':memory:');
  hideDeadRecords(schema);
  return (sql) => checkQuery(schema, sql);
}

/** Temporary views of the tables' names, so that no query has to repeat the filter. */
function hideDeadRecords(reader: Handle): void {
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

function checkQuery(reader: Handle, sql: string): { columns: readonly string[] } | { problem: string } {
  try {
    const statement = reader.prepare(`SELECT * FROM (\n${sql}\n)`);
    if (!statement.readonly || !statement.reader) return { problem: 'it does not only read' };
    return { columns: statement.columns().map((column) => column.name) };
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error) };
  }
}

function readMemberships(reader: Handle): readonly MembershipSpan[] {
  return reader
    .prepare<
      unknown[],
      { source: string; actorId: string; teamId: string; primary: number; from: number; to: number | null }
    >(
      `SELECT source_id AS source, actor_id AS actorId, team_id AS teamId, is_primary AS "primary",
       valid_from AS "from", valid_to AS "to" FROM team_member ORDER BY source_id, actor_id, valid_from, team_id`,
    )
    .all()
    .map((span) => ({ ...span, primary: span.primary === 1, from: span.from === 0 ? null : span.from }));
}

function readSources(reader: Handle): readonly SourceInfo[] {
  const streams = reader
    .prepare<unknown[], { source_id: string; table: TableName; through: number | null }>(
      `SELECT source_id, "table", CASE WHEN count(*) = count(last_success_at) THEN min(last_success_at) END AS through
       FROM stream WHERE unavailable IS NULL GROUP BY source_id, "table"`,
    )
    .all();
  const sources = reader
    .prepare<
      unknown[],
      {
        id: string;
        kind: string;
        account_id: string;
        name: string;
        base_currency: string | null;
        time_zone: string | null;
      }
    >('SELECT id, kind, account_id, name, base_currency, time_zone FROM source ORDER BY id')
    .all();
  return sources.map((source) => ({
    connection: source.id,
    connector: source.kind,
    accountId: source.account_id,
    accountName: source.name,
    currency: source.base_currency,
    timeZone: source.time_zone,
    completeThrough: Object.fromEntries(
      streams
        .filter((stream) => stream.source_id === source.id)
        .map((stream) => [stream.table, stream.through]),
    ),
  }));
}
