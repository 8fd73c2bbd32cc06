import { RunError } from '../../src/model/errors.ts';
import { type CompanionColumns, type Feed, foldTold, type Told } from './companion-columns.ts';
import { idOf } from './mapped.ts';
import { queryAgain } from './pages.ts';
import { placeOf, type ReadEnv } from './read-env.ts';
import { idCondition, idsPerQuestion } from './soql.ts';
import { type SalesforceRecord, soqlInstant, toText } from './values.ts';

/** Records of another object that complete a row of this one: replies and milestones of a case. */
export interface CompanionSpec {
  readonly object: string;
  /** Field with the id of the record that is completed. */
  readonly parent: string;
  /** Fields of the completed record that `parent` may name; absent: its Id. */
  readonly keys?: readonly string[];
  readonly required: readonly string[];
  readonly optional: readonly string[];
  /** Always part of the query. */
  readonly only: string | null;
  readonly feeds: Feed;
  /** What a record tells: an instant, or an id; null: it does not count. */
  readonly valueOf: (record: SalesforceRecord) => Told | null;
  /** What is missing without the object. */
  readonly consequence: string;
}

/** The same as this org can serve it. */
export interface Companion extends CompanionSpec {
  readonly select: readonly string[];
  /** Field by which changes are found. */
  readonly cursorField: string | null;
}

type ToldById = ReadonlyMap<string, readonly Told[]>;

/** Columns that companions add to the rows of these records, by record id. */
export async function readCompanions(
  env: ReadEnv,
  records: readonly SalesforceRecord[],
): Promise<ReadonlyMap<string, CompanionColumns>> {
  const { companions } = env.plan;
  if (companions.length === 0 || records.length === 0) return new Map();
  const told = new Map<string, ToldById>();
  await Promise.all(
    companions.map(async (companion) => {
      const keys = new Set(records.flatMap((record) => keysOf(companion, record)));
      const values = await unlessRefused(env, companion, () => readTold(env, companion, [...keys]));
      if (values) told.set(companion.object, values);
    }),
  );
  return new Map(records.map((record) => [idOf(record.Id), columnsOf(companions, told, record)]));
}

function keysOf({ keys = ['Id'] }: Companion, record: SalesforceRecord): string[] {
  return keys.flatMap((key) => toText(record[key]) ?? []);
}

/** null: refused, now or before in this pass. The records themselves matter more than what would complete them. */
async function unlessRefused<T>(
  env: ReadEnv,
  { object, consequence }: Companion,
  read: () => Promise<T>,
): Promise<T | null> {
  if (env.refused.has(object)) return null;
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof RunError) || error.kind !== 'config') throw error;
    env.refused.add(object);
    const place = { ...placeOf(env), companion: object };
    env.log.warn({ ...place, message: error.message, consequence }, 'companion.refused');
    return null;
  }
}

/** Columns of which a source was refused are left out: half of the replies would give the wrong first one. */
function columnsOf(
  companions: readonly Companion[],
  told: ReadonlyMap<string, ToldById>,
  record: SalesforceRecord,
): CompanionColumns {
  const columns: Record<string, Told | null> = {};
  for (const feeds of new Set(companions.map((companion) => companion.feeds))) {
    const sources = companions.filter((companion) => companion.feeds === feeds);
    if (sources.some(({ object }) => !told.has(object))) continue;
    const values = sources.flatMap((source) =>
      keysOf(source, record).flatMap((key) => told.get(source.object)?.get(key) ?? []),
    );
    Object.assign(columns, foldTold(feeds, values));
  }
  return columns;
}

async function readTold(env: ReadEnv, companion: Companion, ids: readonly string[]): Promise<ToldById> {
  const told = new Map<string, Map<string, Told>>();
  for (let index = 0; index < ids.length; index += idsPerQuestion) {
    const condition = idCondition(companion.parent, ids.slice(index, index + idsPerQuestion));
    const where = companion.only === null ? condition : `${condition} AND ${companion.only}`;
    const soql = `SELECT ${companion.select.join(', ')} FROM ${companion.object} WHERE ${where}`;
    for await (const records of pages(env, companion.object, soql, 'living')) {
      for (const record of records) note(told, companion, record);
    }
  }
  return new Map([...told].map(([id, byRecord]) => [id, [...byRecord.values()]]));
}

/** By record, so that one that comes twice counts once. */
function note(told: Map<string, Map<string, Told>>, companion: Companion, record: SalesforceRecord): void {
  const parent = toText(record[companion.parent]);
  const value = companion.valueOf(record);
  if (parent === null || value === null) return;
  const known = told.get(parent) ?? new Map<string, Told>();
  known.set(toText(record.Id) ?? `${known.size}`, value);
  told.set(parent, known);
}

/** Records whose companions have changed since, which need not have stamped the record itself. */
export async function readTouchedIds(env: ReadEnv, from: number): Promise<readonly string[]> {
  const touched = new Set<string>();
  for (const companion of env.plan.companions) {
    // Those that go by another field are written once, with the record.
    if (companion.keys) continue;
    await unlessRefused(env, companion, () => collectTouched(env, companion, { from, touched }));
  }
  return [...touched].sort();
}

async function collectTouched(
  env: ReadEnv,
  { object, parent, cursorField }: Companion,
  { from, touched }: { from: number; touched: Set<string> },
): Promise<void> {
  if (cursorField === null) return;
  const soql = `SELECT Id, ${parent} FROM ${object} WHERE ${cursorField} >= ${soqlInstant(from)}`;
  for await (const records of pages(env, object, soql, 'all')) {
    for (const record of records) {
      const id = toText(record[parent]);
      if (id !== null) touched.add(id);
    }
  }
}

function pages({ api, signal }: ReadEnv, object: string, soql: string, scope: 'living' | 'all') {
  return queryAgain({ api, object, soql, scope, signal });
}
