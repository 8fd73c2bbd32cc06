import { deserialize, serialize } from 'node:v8';
import type { TableName } from '../model/entities.ts';
import type { FactStore } from '../model/fact-store.ts';
import {
  type Beginnings,
  createBeginnings,
  type EarlierFirsts,
  type Firsts,
  readFirsts,
} from './beginning.ts';
import type { Nightly } from './nightly.ts';

const key = 'beginnings';
const version = '1';

export interface KeptBeginnings {
  readonly beganAt: Beginnings;
  /** For the next evaluation. */
  save(): Promise<void>;
}

/** When the first records were created: what the last evaluation knew, moved on by what was written since. */
export async function keepBeginnings(
  store: Pick<FactStore, 'rows'>,
  nightly: Pick<Nightly, 'recall' | 'remember' | 'written'>,
): Promise<KeptBeginnings> {
  const body = await nightly.recall(key, version);
  const last = body ? (deserialize(body) as ReadonlyMap<TableName, Firsts>) : new Map<TableName, Firsts>();
  const moving = new Map<TableName, Promise<Firsts | null>>();
  const earlier: EarlierFirsts = {
    async of(table) {
      const then = last.get(table);
      if (!then) return null;
      const isWritten = nightly.written.get(table) !== 0;
      const now = moving.get(table) ?? (isWritten ? moveOn(store, table, then) : Promise.resolve(then));
      moving.set(table, now);
      return { then, now: await now };
    },
  };
  const beganAt = createBeginnings(store, earlier);
  return {
    beganAt,
    async save() {
      const kept = new Map<TableName, Firsts>();
      for (const [table, firsts] of beganAt.known) kept.set(table, await firsts);
      for (const table of last.keys()) {
        const now = kept.get(table) ?? (await earlier.of(table))?.now;
        if (now) kept.set(table, now);
      }
      await nightly.remember(key, version, serialize(kept));
    },
  };
}

/** Null where a first record is no longer what it was: another one is the first then. */
async function moveOn(
  store: Pick<FactStore, 'rows'>,
  table: TableName,
  then: Firsts,
): Promise<Firsts | null> {
  const before = await readFirsts(
    store,
    `was_${table}`,
    'existed = 1 and deleted_at is null and merged_into is null and is_test = 0',
  );
  const written = await readFirsts(
    store,
    table,
    `(source_id, id) in (select source_id, id from was_${table})`,
  );
  const now = new Map(then);
  for (const [source, first] of then) {
    const had = before.get(source) ?? Number.POSITIVE_INFINITY;
    const has = written.get(source) ?? Number.POSITIVE_INFINITY;
    if (had <= first && has > first) return null;
  }
  for (const [source, has] of written) now.set(source, Math.min(has, now.get(source) ?? has));
  return now;
}
