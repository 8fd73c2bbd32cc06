import type { SqlValue, TableName } from '../model/entities.ts';
import type { Handle } from './database.ts';

type Loose = Readonly<Record<string, SqlValue | undefined>>;

/** Notes the records from which something must be derived anew. */
export interface Touch {
  /** After a row was written. */
  written(table: TableName, connection: string, row: Loose): void;
  /** After a row was marked deleted or merged. */
  removed(table: TableName, connection: string, id: string): void;
  /** After the meaning of a stage of this object changed. */
  stages(connection: string, object: unknown): void;
}

const watched: ReadonlySet<TableName> = new Set([
  'deal',
  'ticket',
  'actor',
  'account',
  'campaign',
  'entry',
  'contract',
]);

/** Whether rows of a table are noted one by one, by ids that they hold. */
export function isTouching(table: TableName): boolean {
  return watched.has(table) || table === 'change';
}

/** Notes what all rows of a table would be noted for, which takes a fifth of the time of noting each. */
export function touchAll(handle: Handle, table: TableName): void {
  handle.exec(
    watched.has(table)
      ? `INSERT OR IGNORE INTO touched SELECT '${table}', source_id, id FROM ${table}`
      : `INSERT OR IGNORE INTO touched SELECT DISTINCT object, source_id, record_id FROM change
         WHERE object IN ('deal', 'ticket') AND record_id IS NOT NULL`,
  );
}

export function createTouch(handle: Handle): Touch {
  const one = handle.prepare('INSERT OR IGNORE INTO touched VALUES (?, ?, ?)');
  const ofChange = handle.prepare(
    `INSERT OR IGNORE INTO touched SELECT object, source_id, record_id FROM change
     WHERE source_id = ? AND id = ? AND object IN ('deal', 'ticket')`,
  );
  const all = {
    deal: handle.prepare(
      "INSERT OR IGNORE INTO touched SELECT 'deal', source_id, id FROM deal WHERE source_id = ?",
    ),
    ticket: handle.prepare(
      "INSERT OR IGNORE INTO touched SELECT 'ticket', source_id, id FROM ticket WHERE source_id = ?",
    ),
  };
  return {
    written: (table, connection, row) => {
      if (watched.has(table)) one.run(table, connection, row.id);
      else if (table === 'change' && (row.object === 'deal' || row.object === 'ticket'))
        one.run(row.object, connection, row.record_id ?? null);
    },
    removed: (table, connection, id) => {
      if (watched.has(table)) one.run(table, connection, id);
      else if (table === 'change') ofChange.run(connection, id);
    },
    stages: (connection, object) => {
      if (object === 'deal' || object === 'ticket') all[object].run(connection);
    },
  };
}
