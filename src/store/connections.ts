import { RunError } from '../model/errors.ts';
import { type Handle, openHandle } from './database.ts';
import { withStoreErrors } from './explain-error.ts';
import { stopWatching } from './watch.ts';

/** What the store holds of one connection. */
export interface StoredConnection {
  readonly name: string;
  /** Rows of all tables that name it. */
  readonly rows: number;
  /** Records that crm-kpi wrote into that CRM and that still stand there, as far as is known. */
  readonly published: number;
}

/** Columns that hold a connection's name, in whatever table they stand. */
const nameColumns = ['source_id', 'segment_source', 'campaign_source_id', 'owner_source', 'task_source'];

/** Of results and what is built on them: history that outlives the connection. */
const kept = new Set(['result', 'result_newest', 'finding', 'action', 'evaluation_state', 'forgotten']);

/** Every connection that any table names. */
export function listStoredConnections(storePath: string): readonly StoredConnection[] {
  return withHandle(storePath, (handle) => {
    const rows = new Map<string, number>();
    for (const { table } of ownTables(handle)) {
      for (const { name, count } of countByName(handle, table)) rows.set(name, (rows.get(name) ?? 0) + count);
    }
    const published = handle
      .prepare<[string], number>('SELECT count(*) FROM published WHERE source_id = ?')
      .pluck();
    return [...rows]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, count]) => ({ name, rows: count, published: published.get(name) ?? 0 }));
  });
}

/** Everything that was stored under one name goes on under another. Returns the rows changed. Throws RunError `usage`. */
export function renameConnection(storePath: string, from: string, to: string): number {
  return withHandle(storePath, (handle) => {
    requireFree(handle, to, storePath);
    return handle
      .transaction(() => {
        stopWatching(handle);
        let changed = 0;
        for (const { table, column } of namingColumns(handle)) {
          changed += handle
            .prepare(`UPDATE "${table}" SET "${column}" = ? WHERE "${column}" = ?`)
            .run(to, from).changes;
        }
        renameSegments(handle, from, to);
        return changed;
      })
      .exclusive();
  });
}

/** Removes all that came from a connection; results that were computed from it stay. Returns the rows removed. */
export function removeConnection(storePath: string, name: string): number {
  return withHandle(storePath, (handle) =>
    handle
      .transaction(() => {
        stopWatching(handle);
        let removed = 0;
        for (const { table, column } of ownTables(handle)) {
          removed += handle.prepare(`DELETE FROM "${table}" WHERE "${column}" = ?`).run(name).changes;
        }
        return removed;
      })
      .exclusive(),
  );
}

function withHandle<T>(storePath: string, access: (handle: Handle) => T): T {
  const handle = openHandle(storePath);
  try {
    return withStoreErrors(storePath, () => access(handle));
  } finally {
    handle.close();
  }
}

interface NamingColumn {
  readonly table: string;
  readonly column: string;
}

function namingColumns(handle: Handle): readonly NamingColumn[] {
  return handle
    .prepare<unknown[], NamingColumn>(
      `SELECT t.name AS "table", c.name AS "column" FROM sqlite_schema t, pragma_table_info(t.name) c
       WHERE t.type = 'table' AND c.name IN (SELECT value FROM json_each(?))
       UNION ALL SELECT 'source', 'id'`,
    )
    .all(JSON.stringify(nameColumns));
}

/** Tables whose rows are a connection's own. */
function ownTables(handle: Handle): readonly NamingColumn[] {
  return namingColumns(handle).filter(
    ({ table, column }) => !kept.has(table) && (column === 'source_id' || table === 'source'),
  );
}

function countByName(
  handle: Handle,
  table: string,
): readonly { readonly name: string; readonly count: number }[] {
  const column = table === 'source' ? 'id' : 'source_id';
  return handle
    .prepare<unknown[], { name: string; count: number }>(
      `SELECT "${column}" AS name, count(*) AS count FROM "${table}" WHERE "${column}" <> '' GROUP BY 1`,
    )
    .all();
}

function requireFree(handle: Handle, name: string, where: string): void {
  const taken = ownTables(handle).some(({ table, column }) =>
    handle.prepare(`SELECT 1 FROM "${table}" WHERE "${column}" = ? LIMIT 1`).get(name),
  );
  if (!taken) return;
  throw new RunError('usage', {
    where,
    message: `The store has records of a connection called ${name} already.`,
    fix: `Take another name, or first remove what is stored of it: crm-kpi connections remove ${name}`,
  });
}

/** The connection itself is a segment, and frozen baselines name theirs in one text: kind, connection, id. */
function renameSegments(handle: Handle, from: string, to: string): void {
  for (const table of ['result', 'result_newest', 'finding']) {
    handle
      .prepare(
        `UPDATE ${table} SET segment_id = ? WHERE segment_kind = 'connection' AND segment_source = ? AND segment_id = ?`,
      )
      .run(to, to, from);
  }
  const baselines = handle
    .prepare<unknown[], { id: number; segment: string }>(
      'SELECT goal_version_id AS id, segment FROM baseline WHERE segment LIKE ?',
    )
    .all('%\n%');
  const save = handle.prepare('UPDATE baseline SET segment = ? WHERE goal_version_id = ? AND segment = ?');
  for (const { id, segment } of baselines) {
    const [kind = '', source = '', ...rest] = segment.split('\n');
    if (source !== from) continue;
    const own = kind === 'connection' ? [to] : rest;
    save.run([kind, to, ...own].join('\n'), id, segment);
  }
}
