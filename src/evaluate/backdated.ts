import type { FactStore } from '../model/fact-store.ts';
import type { Kpi } from '../model/kpi.ts';
import type { Fact, Measure } from './facts.ts';

/** Deals whose close date lies days away from the day on which somebody closed them. */
export type Backdated = ReadonlySet<string>;

/** Whether a KPI counts deals on the day of their closing. */
export function countsClosings({ sql }: Pick<Kpi, 'sql'>): boolean {
  return /\bclosed_on as day\b/i.test(sql);
}

export async function loadBackdated(store: Pick<FactStore, 'rows'>): Promise<Backdated> {
  const found = new Set<string>();
  const sql = 'select source_id, id from backdated_deal';
  for await (const rows of store.rows({ sql, params: {} }))
    for (const [source, id] of rows) found.add(`${source}\n${id}`);
  return found;
}

export function tellBackdated(measure: Measure, { source, object, id }: Fact, backdated: Backdated): Measure {
  if (measure.kind !== 'counts' || object !== 'deal' || !backdated.has(`${source}\n${id}`)) return measure;
  return { ...measure, flag: 'backdated' };
}
