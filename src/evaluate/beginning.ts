import { entityTables, type TableName } from '../model/entities.ts';
import type { FactStore } from '../model/fact-store.ts';
import type { Period } from '../model/period.ts';
import type { Figure } from './figures.ts';

/** When the first records were created. */
export interface Beginnings {
  /** Of some tables in a CRM, or in any (source null); null: there is none, or records do not say. */
  first(tables: readonly TableName[], source: string | null): Promise<number | null>;
  /** Whether they may be others than at the last evaluation. */
  moved(tables: readonly TableName[]): Promise<boolean>;
}

/** Of a table, by connection. */
export type Firsts = ReadonlyMap<string, number>;

/** What the last evaluation knew; null: nothing of that table. */
export interface EarlierFirsts {
  /** As it was, and as it is where what was written since tells. */
  of(table: TableName): Promise<{ readonly then: Firsts; readonly now: Firsts | null } | null>;
}

/** Each table is gone through once, when somebody asks. */
export function createBeginnings(
  store: Pick<FactStore, 'rows'>,
  earlier: EarlierFirsts | null = null,
): Beginnings & { readonly known: ReadonlyMap<TableName, Promise<Firsts>> } {
  const known = new Map<TableName, Promise<Firsts>>();
  const read = async (table: TableName) => (await earlier?.of(table))?.now ?? readFirsts(store, table);
  function firstsOf(table: TableName): Promise<Firsts> {
    const reading = known.get(table) ?? read(table);
    known.set(table, reading);
    return reading;
  }

  return {
    known,
    async first(tables, source) {
      let first = Number.POSITIVE_INFINITY;
      for (const table of tables) {
        if (!(table in entityTables)) continue;
        for (const [from, at] of await firstsOf(table))
          if (source === null || source === from) first = Math.min(first, at);
      }
      return Number.isFinite(first) ? first : null;
    },
    async moved(tables) {
      if (earlier === null) return true;
      for (const table of tables) {
        const last = await earlier.of(table);
        if (last !== null && !sameFirsts(last.then, await firstsOf(table))) return true;
      }
      return false;
    },
  };
}

function sameFirsts(a: Firsts, b: Firsts): boolean {
  return a.size === b.size && [...a].every(([source, at]) => b.get(source) === at);
}

/** `where`: only of these records. */
export async function readFirsts(
  store: Pick<FactStore, 'rows'>,
  from: string,
  where = 'true',
): Promise<Firsts> {
  const sql = `select source_id, min(coalesce(created_at, ${Number.MIN_SAFE_INTEGER})) from ${from} where ${where} group by source_id`;
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
