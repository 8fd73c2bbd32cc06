import { addLink, linksOf, removeLink } from './links.ts';
import { activityNames } from './object-types.ts';
import type { Contents, HistoryItem, ObjectType, Portal, StoredRecord, Values } from './portal.ts';
import { applyRules } from './rules.ts';
import { noteWrite } from './search-index.ts';

/** Who makes a write, as history names it. */
export interface Writer {
  readonly sourceType: 'CRM_UI' | 'INTEGRATION';
  readonly sourceId: string;
}

const noContents: Contents = { values: {}, histories: {}, since: 0 };
/** States that a lagging index can still show. */
const keptStates = 20;

export function contentsOf(record: StoredRecord): Contents {
  return record.contents ?? record.load(record.seed);
}

/** Newest first. */
export function historyOf(record: StoredRecord, contents: Contents, name: string): readonly HistoryItem[] {
  const known = contents.histories[name];
  if (known) return known;
  const value = contents.values[name];
  if (value === null || value === undefined) return [];
  return [
    {
      value,
      timestamp: new Date(contents.since).toISOString(),
      sourceType: 'IMPORT',
      sourceId: `${record.id}`,
    },
  ];
}

/** Living or archived; a merged-away id gives the survivor. */
export function findRecord(type: ObjectType, id: number): StoredRecord | undefined {
  const survivor = type.merged.get(id);
  return survivor === undefined ? type.records.get(id) : findRecord(type, survivor);
}

/** A record as it was when the portal started; ids have to come in ascending order. */
export function seedRecord(
  type: ObjectType,
  record: Pick<StoredRecord, 'id' | 'createdAt' | 'updatedAt'> & Partial<StoredRecord>,
): void {
  type.records.set(record.id, {
    archivedAt: null,
    contents: null,
    seed: 0,
    load: () => noContents,
    previous: null,
    ...record,
  });
  type.ids.push(record.id);
  if (record.archivedAt) type.archived.add(record.id);
}

export function createRecord(
  portal: Portal,
  type: ObjectType,
  { values, writer }: { readonly values: Values; readonly writer: Writer },
): StoredRecord {
  const now = portal.now();
  const id = nextId(portal, type);
  const empty: StoredRecord = {
    id,
    createdAt: now,
    updatedAt: now,
    archivedAt: null,
    contents: { ...noContents, since: now },
    seed: 0,
    load: () => noContents,
    previous: null,
  };
  type.ids.push(id);
  const created = toInstant(values.createdate) ?? now;
  return store(type, write(portal, type, { ...empty, createdAt: created }, { values, writer }));
}

function toInstant(value: string | null | undefined): number | null {
  const at = value ? Date.parse(value) : Number.NaN;
  return Number.isNaN(at) ? null : at;
}

const firstId = 900_000_001;

/** Above every id that there is or was. */
/** Activities of all kinds have ids of one series, as they were one object once ("Engagements"). */
function nextId(portal: Portal, type: ObjectType): number {
  const isActivity = activityNames.some((name) => name === type.spec.name);
  const types = isActivity ? activityNames.flatMap((name) => portal.types.get(name) ?? []) : [type];
  let last = 0;
  for (const { ids } of types) last = Math.max(last, ids.at(-1) ?? 0);
  return last === 0 ? firstId : last + 1;
}

export function changeRecord(
  portal: Portal,
  type: ObjectType,
  change: { readonly record: StoredRecord; readonly values: Values; readonly writer: Writer },
): StoredRecord {
  const next = write(portal, type, change.record, change);
  return store(type, { ...next, updatedAt: portal.now(), previous: trim(change.record) });
}

function write(
  portal: Portal,
  type: ObjectType,
  record: StoredRecord,
  { values, writer }: { readonly values: Values; readonly writer: Writer },
): StoredRecord {
  const before = contentsOf(record);
  const all = { ...values, ...applyRules(portal, type, before.values, values) };
  const timestamp = new Date(portal.now()).toISOString();
  const histories = { ...before.histories };
  for (const [name, value] of Object.entries(all)) {
    if ((before.values[name] ?? null) === value) continue;
    const item = { value: value ?? '', timestamp, ...writer };
    histories[name] = [item, ...historyOf(record, before, name)].slice(0, keptItems(type));
  }
  return { ...record, contents: { ...before, values: { ...before.values, ...all }, histories } };
}

/** "Understanding the CRM": 45 values for contacts, 20 for other objects. */
function keptItems(type: ObjectType): number {
  return type.spec.name === 'contacts' ? 45 : 20;
}

function trim(record: StoredRecord): StoredRecord {
  const states: StoredRecord[] = [];
  for (let state: StoredRecord | null = record; state && states.length < keptStates; state = state.previous) {
    states.push(state);
  }
  if (states.length < keptStates) return record;
  return states.reduceRight((previous, state) => ({ ...state, previous }), { ...record, previous: null });
}

function store(type: ObjectType, record: StoredRecord): StoredRecord {
  const before = type.records.get(record.id);
  const old = before ? contentsOf(before).values : {};
  const values = contentsOf(record).values;
  for (const [name, owners] of type.unique) {
    const wasKey = uniqueKey(name, old[name]);
    if (wasKey !== null && owners.get(wasKey) === record.id) owners.delete(wasKey);
    const key = uniqueKey(name, values[name]);
    if (key !== null && record.archivedAt === null) owners.set(key, record.id);
  }
  type.records.set(record.id, record);
  if (record.archivedAt === null) type.archived.delete(record.id);
  else type.archived.add(record.id);
  noteWrite(type, record);
  return record;
}

function uniqueKey(name: string, value: string | null | undefined): string | null {
  if (value === null || value === undefined || value === '') return null;
  return name === 'email' ? value.trim().toLowerCase() : value;
}

/** The living record that holds a value of a property with unique values. */
export function findUnique(type: ObjectType, name: string, value: string): StoredRecord | undefined {
  const owners = type.unique.get(name) ?? indexUnique(type, name);
  type.unique.set(name, owners);
  const id = owners.get(uniqueKey(name, value) ?? '');
  return id === undefined ? undefined : type.records.get(id);
}

function indexUnique(type: ObjectType, name: string): Map<string, number> {
  const owners = new Map<string, number>();
  for (const record of type.records.values()) {
    const key = record.archivedAt === null ? uniqueKey(name, contentsOf(record).values[name]) : null;
    if (key !== null) owners.set(key, record.id);
  }
  return owners;
}

export function archiveRecord(portal: Portal, type: ObjectType, record: StoredRecord): void {
  if (record.archivedAt !== null) return;
  store(type, { ...record, archivedAt: portal.now(), previous: trim(record) });
}

export function restoreRecord(portal: Portal, type: ObjectType, record: StoredRecord): void {
  store(type, { ...record, archivedAt: null, updatedAt: portal.now(), previous: trim(record) });
}

/** Leaves no trace, not even among the archived ones. */
export function purgeRecord(portal: Portal, type: ObjectType, record: StoredRecord): void {
  for (const link of linksOf(portal, type, record.id)) removeLink(portal, link);
  archiveRecord(portal, type, record);
  type.records.delete(record.id);
  type.archived.delete(record.id);
}

/** The survivor keeps its values and takes over the other's links and, where its own are empty, values. */
export function mergeRecords(
  portal: Portal,
  type: ObjectType,
  merge: { readonly into: StoredRecord; readonly from: StoredRecord; readonly writer: Writer },
): StoredRecord {
  const { into, from, writer } = merge;
  const losers = portal.hazards.mergeMakesNewId ? [into, from] : [from];
  const values = mergeValues(into, from, losers);
  const survivor =
    losers.length === 2
      ? createRecord(portal, type, { values, writer })
      : changeRecord(portal, type, { record: into, values, writer });
  for (const loser of losers) {
    for (const link of linksOf(portal, type, loser.id)) addLink(portal, { ...link, fromId: survivor.id });
    purgeRecord(portal, type, loser);
    type.merged.set(loser.id, survivor.id);
  }
  return survivor;
}

function mergeValues(into: StoredRecord, from: StoredRecord, losers: readonly StoredRecord[]): Values {
  const kept = contentsOf(into).values;
  const values: Record<string, string | null> = { ...contentsOf(from).values };
  for (const [name, value] of Object.entries(kept)) if (value !== null) values[name] = value;
  const earlier = [kept.hs_merged_object_ids, contentsOf(from).values.hs_merged_object_ids];
  const ids = [...losers.map(({ id }) => `${id}`), ...earlier.flatMap((list) => list?.split(';') ?? [])];
  return { ...values, hs_merged_object_ids: [...new Set(ids)].join(';') };
}
