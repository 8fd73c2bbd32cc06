import { entityTables, type TableName } from '../model/entities.ts';
import type { FactStore } from '../model/fact-store.ts';
import type { Period } from '../model/period.ts';
import type { Figure } from './figures.ts';

/**
 * When the first record of some tables was created in a CRM, or in any (source null); null: there is none, or records do
 * not say.
 */
export type Beginnings = (tables: readonly TableName[], source: string | null) => Promise<number | null>;

/** Each table is gone through once, when somebody asks. */
export function createBeginnings(store: Pick<FactStore, 'rows'>): Beginnings {
  const known = new Map<string, Promise<ReadonlyMap<string, number>>>();
  return async (tables, source) => {
    let first = Number.POSITIVE_INFINITY;
    for (const table of tables) {
      if (!(table in entityTables)) continue;
      const reading = known.get(table) ?? readFirst(store, table);
      known.set(table, reading);
      for (const [from, at] of await reading)
        if (source === null || source === from) first = Math.min(first, at);
    }
    return Number.isFinite(first) ? first : null;
  };
}

async function readFirst(
  store: Pick<FactStore, 'rows'>,
  table: TableName,
): Promise<ReadonlyMap<string, number>> {
  const sql = `select source_id, min(coalesce(created_at, ${Number.MIN_SAFE_INTEGER})) from ${table} group by source_id`;
  const found = new Map<string, number>();
  for await (const rows of store.rows({ sql, params: {} })) {
    for (const [source, at] of rows)
      found.set(
        String(source),
        Number(at) === Number.MIN_SAFE_INTEGER ? Number.NEGATIVE_INFINITY : Number(at),
      );
  }
  return found;
}

/** Of a sum of nothing from before there was a record, or before a person came: its 0 is no achievement and no failure. */
export const beforeFirst = 'before_first_record';

/** Flags what nobody could have written down yet. */
export function flagBefore(
  figures: readonly Figure[],
  periods: readonly Period[],
  { began, hiredOn }: { readonly began: number | null; readonly hiredOn: string | null },
): readonly Figure[] {
  if (began === null && hiredOn === null) return figures;
  return figures.map((figure, place) => {
    const period = periods[place];
    if (!period || !isEmptySum(figure)) return figure;
    const isBefore = period.endAt <= (began ?? -Infinity) || (hiredOn !== null && period.endOn <= hiredOn);
    return isBefore ? { ...figure, flags: [...figure.flags, beforeFirst].sort() } : figure;
  });
}

/** A sum of nothing. */
export function isEmptySum({ num, den, n, nMissing, statistics }: Figure): boolean {
  return num === 0 && den === null && statistics === null && n + nMissing === 0;
}
