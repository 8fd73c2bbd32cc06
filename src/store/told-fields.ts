import type { Handle } from './database.ts';

/** A record without an answer says something only where the connection tells answers at all. */
const fields = [{ table: 'ticket', field: 'first_reply_at' }] as const;

/** Notes which of these fields some living record of a connection has. */
export function deriveTold(handle: Handle): void {
  for (const { table, field } of fields) {
    const tells = `EXISTS (SELECT 1 FROM ${table} t WHERE t.source_id = s.id AND t.${field} IS NOT NULL
      AND t.deleted_at IS NULL AND t.merged_into IS NULL AND t.is_test = 0)`;
    const own = `object = '${table}' AND field = '${field}'`;
    handle.exec(`
      INSERT OR IGNORE INTO told_field SELECT s.id, '${table}', '${field}' FROM source s WHERE ${tells};
      DELETE FROM told_field WHERE ${own} AND source_id NOT IN (SELECT s.id FROM source s WHERE ${tells});
    `);
  }
}
