import type { SqlValue, TableName } from '../model/entities.ts';
import type { Zone } from '../model/zone.ts';
import type { Handle } from './database.ts';

/** Local days that follow from instants: [instant column, day column]. Where the instant is null the day stands as given. */
const pairs: Readonly<Partial<Record<TableName, readonly (readonly [string, string])[]>>> = {
  deal: [
    ['created_at', 'created_on'],
    ['closed_at', 'closed_on'],
    ['expected_close_at', 'expected_close_on'],
  ],
};

/**
 * The row with its local days; the same object where it has them already. A row without the instant leaves the day
 * that is stored alone.
 */
export function withLocalDays(
  table: TableName,
  row: Readonly<Record<string, SqlValue | undefined>>,
  zone: Zone,
): Readonly<Record<string, SqlValue | undefined>> {
  const derived = pairs[table];
  if (!derived) return row;
  let complete: Record<string, SqlValue | undefined> | null = null;
  for (const [instant, day] of derived) {
    if (!(instant in row)) continue;
    const at = row[instant];
    const local = typeof at === 'number' ? zone.dateOf(at) : (row[day] ?? null);
    if (local === row[day]) continue;
    complete ??= { ...row };
    complete[day] = local;
  }
  return complete ?? row;
}

/** Derives every stored local day anew if the business zone is no longer the one they were derived in. */
export function relocalize(handle: Handle, zone: Zone): void {
  const stored = handle.prepare("SELECT value FROM setting WHERE name = 'time_zone'").pluck().get();
  if (stored === zone.name) return;
  handle.function('local_day', { deterministic: true }, (at: unknown) =>
    typeof at === 'number' ? zone.dateOf(at) : null,
  );
  handle.transaction(() => {
    for (const [table, derived] of Object.entries(pairs)) {
      for (const [instant, day] of derived)
        handle.exec(`UPDATE ${table} SET ${day} = local_day(${instant}) WHERE ${instant} IS NOT NULL`);
    }
    handle.exec("INSERT OR IGNORE INTO touched SELECT 'deal', source_id, id FROM deal");
    handle
      .prepare(
        "INSERT INTO setting VALUES ('time_zone', ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
      )
      .run(zone.name);
  })();
}
