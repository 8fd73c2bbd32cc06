import type { ActorInfo, FactStore, PastView } from '../model/fact-store.ts';
import type { Zone } from '../model/zone.ts';
import { type Handle, openReadOnly } from './database.ts';
import { explainStoreError } from './explain-error.ts';
import { checkQuery, hideDeadRecords, readRows } from './facts.ts';
import { isAnythingLater, isUnwritten, noteWritten } from './later-data.ts';
import { showPastCustomers } from './past-customers.ts';
import { rebuildDeals, rebuildTickets } from './past-records.ts';
import { showPast } from './past-tables.ts';

/** Views of the store as of an earlier instant, each on a handle of its own; `reader` is left as it is. */
export function createPastViews(reader: Handle): Pick<FactStore, 'pastView'> {
  return {
    pastView: (asOf, zone) => (isUnwritten(reader, asOf) ? null : openPastView(reader.name, asOf, zone)),
  };
}

function openPastView(path: string, asOf: number, zone: Zone): PastView | null {
  const handle = openReadOnly(path);
  try {
    const instant = { asOf, zone, today: zone.dateOf(asOf - 1), isNarrow: noteWritten(handle, asOf) };
    if (!isAnythingLater(handle, instant)) {
      handle.close();
      return null;
    }
    rebuildDeals(handle, instant);
    rebuildTickets(handle, instant);
    const spansDiffer = showPastCustomers(handle, instant);
    hideDeadRecords(handle);
    showPast(handle, instant, { spansDiffer });
  } catch (error) {
    handle.close();
    throw error;
  }
  return {
    rows: (query) => pausing(readRows(handle, query), path),
    checkQuery: (sql) => checkQuery(handle, sql),
    actors: () => readActors(handle, asOf),
    [Symbol.dispose]: () => void handle.close(),
  };
}

/** Without a pause, work that only reads the store would hear neither a signal nor its deadline. */
async function* pausing<T>(chunks: AsyncIterable<T>, path: string): AsyncGenerator<T> {
  try {
    for await (const chunk of chunks) {
      yield chunk;
      await new Promise(setImmediate);
    }
  } catch (error) {
    throw explainStoreError(error, path);
  }
}

/** Who was there then, and active by what is known of that day. */
function readActors(handle: Handle, asOf: number): readonly ActorInfo[] {
  return handle
    .prepare<unknown[], Omit<ActorInfo, 'active'> & { active: number | null }>(
      `SELECT a.source_id AS source, a.id, a.name, coalesce(s.kind, a.kind) AS kind,
         CASE WHEN s.id IS NULL THEN a.active ELSE s.active END AS active, a.created_at AS createdAt
       FROM actor a LEFT JOIN actor_state s ON s.source_id = a.source_id AND s.id = a.id AND s.to_at IS NULL
       WHERE coalesce(a.created_at, 0) < ? ORDER BY a.source_id, a.id`,
    )
    .all(asOf)
    .map((row) => ({ ...row, active: row.active === 1 }));
}
