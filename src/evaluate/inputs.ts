import { entityTables } from '../model/entities.ts';
import type { FactStore } from '../model/fact-store.ts';
import type { Kpi } from '../model/kpi.ts';

/**
 * The connections that have records, and in none of them what a KPI's `inputs` ask for: to count nothing there would
 * be no zero but a gap.
 */
export async function findLacking(
  store: Pick<FactStore, 'rows'>,
  { inputs = [] }: Kpi,
  connections: readonly string[],
): Promise<ReadonlySet<string>> {
  const lacking = new Set<string>();
  if (inputs.length === 0) return lacking;
  for (const source of connections) {
    let hasRecords = false;
    let hasInput = false;
    for (const input of inputs) {
      const [table = '', column = ''] = input.split('.');
      if (!(table in entityTables)) continue;
      hasRecords ||= await exists(store, source, `select 1 from ${table} where source_id = :source limit 1`);
      hasInput ||= await exists(
        store,
        source,
        `select 1 from ${table} where source_id = :source and ${column} is not null limit 1`,
      );
    }
    if (hasRecords && !hasInput) lacking.add(source);
  }
  return lacking;
}

async function exists(store: Pick<FactStore, 'rows'>, source: string, sql: string): Promise<boolean> {
  for await (const rows of store.rows({ sql, params: { source } })) if (rows.length > 0) return true;
  return false;
}
