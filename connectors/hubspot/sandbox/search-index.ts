import type { ObjectType, StoredRecord } from './portal.ts';

/** Called after every write. */
export function noteWrite(type: ObjectType, record: StoredRecord): void {
  const { search } = type;
  search.version += 1;
  search.cache.clear();
  if (!search.modified) return;
  // Only a clock that was behind the records breaks the order.
  if ((search.modified.ats.at(-1) ?? 0) > record.updatedAt) search.modified = null;
  search.modified?.ats.push(record.updatedAt);
  search.modified?.ids.push(record.id);
}

/** Ids of records that were modified within [from, to]; some may have changed since, none is listed twice. */
export function idsModified(type: ObjectType, from: number, to: number): Iterable<number> {
  const { ats, ids } = modifiedIndex(type);
  const found = new Set<number>();
  for (let index = lowerBound(ats, from); index < ats.length; index++) {
    const at = ats[index];
    if (at === undefined || at > to) break;
    const id = ids[index];
    if (id !== undefined) found.add(id);
  }
  return found;
}

function modifiedIndex(type: ObjectType): { readonly ats: number[]; readonly ids: number[] } {
  type.search.modified ??= buildIndex(type);
  return type.search.modified;
}

function buildIndex(type: ObjectType): { readonly ats: number[]; readonly ids: number[] } {
  const states: { readonly at: number; readonly id: number }[] = [];
  for (const record of type.records.values()) {
    for (let state: StoredRecord | null = record; state; state = state.previous) {
      states.push({ at: state.updatedAt, id: state.id });
    }
  }
  states.sort((a, b) => a.at - b.at || a.id - b.id);
  return { ats: states.map(({ at }) => at), ids: states.map(({ id }) => id) };
}

/** First place whose value is not below `wanted`. */
export function lowerBound(sorted: readonly number[], wanted: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] ?? 0) < wanted) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The record as the index shows it at an instant; null where it does not know it yet, or knows it as deleted. */
export function stateAt(record: StoredRecord, at: number): StoredRecord | null {
  for (let state: StoredRecord | null = record; state; state = state.previous) {
    if (Math.max(state.updatedAt, state.archivedAt ?? 0) > at) continue;
    return state.archivedAt === null ? state : null;
  }
  return null;
}
