import type { TableName } from '../model/entities.ts';
import type { Kpi } from '../model/kpi.ts';
import { longestLag } from './lags.ts';
import { listTables } from './query-tables.ts';
import { tokenize } from './tokens.ts';

/** Derived tables that lose their rows with those of another. What customers bought stays. */
const bases: Readonly<Record<string, TableName>> = {
  deal_state: 'deal',
  stage_visit: 'deal',
  backdated_deal: 'deal',
  ticket_state: 'ticket',
};

/** Who is lost was a customer for a year without buying, and is judged by the purchases of the year before it. */
const customerTables: ReadonlySet<string> = new Set(['purchase', 'customer_span']);
/** Histories, and who wrote when, belong to records of any kind. */
const ofAny: ReadonlySet<string> = new Set(['change', 'actor_day']);
const twoYearsMs = 731 * 86_400_000;

/**
 * Since when all records are there on which a KPI rests; null: since ever. Periods that begin earlier are not computed
 * again: old records were let go, and their results stand.
 */
export function horizonOf(
  kpi: Kpi,
  catalog: ReadonlyMap<string, Kpi>,
  purgedBefore: ReadonlyMap<TableName, number>,
): number | null {
  if (purgedBefore.size === 0) return null;
  const inputs = (kpi.derive?.inputs ?? []).flatMap((id) => catalog.get(id) ?? []);
  let latest: number | null = null;
  for (const part of [kpi, ...inputs]) {
    const tables = listTables(tokenize(part.sql)).map(({ name }) => name);
    const lookBack = Math.max(
      longestLag(part),
      tables.some((name) => customerTables.has(name)) ? twoYearsMs : 0,
    );
    for (const name of tables) {
      const before = ofAny.has(name) ? newestOf(purgedBefore) : purgedBefore.get(baseOf(name));
      if (before !== undefined) latest = Math.max(latest ?? 0, before + lookBack);
    }
  }
  return latest;
}

function baseOf(name: string): TableName {
  return bases[name] ?? (name as TableName);
}

function newestOf(purgedBefore: ReadonlyMap<TableName, number>): number {
  return Math.max(...purgedBefore.values());
}
