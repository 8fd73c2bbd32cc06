import { RunError } from '../../src/model/errors.ts';
import { queryAgain } from './pages.ts';
import { placeOf, type ReadEnv } from './read-env.ts';
import { idCondition, idsPerQuestion } from './soql.ts';
import { readPath, type SalesforceRecord, soqlInstant, toInstant, toText } from './values.ts';

/** Records of another object that complete a row of this one: replies and milestones of a case. */
export interface CompanionSpec {
  readonly object: string;
  /** Field with the id of the record that is completed. */
  readonly parent: string;
  readonly required: readonly string[];
  readonly optional: readonly string[];
  /** Always part of the query. */
  readonly only: string | null;
  readonly feeds: 'reply' | 'due';
  /** The instant that a record tells; null: it does not count. */
  readonly instantOf: (record: SalesforceRecord) => number | null;
  /** What is missing without the object. */
  readonly consequence: string;
}

/** The same as this org can serve it. */
export interface Companion extends CompanionSpec {
  readonly select: readonly string[];
  /** Field by which changes are found. */
  readonly cursorField: string | null;
}

/** Replies are people's: neither software nor customers with a login write them. */
function replyAt(record: SalesforceRecord, field: string): number | null {
  const writer = toText(readPath(record, 'CreatedBy.UserType'));
  if (writer !== null && writer !== 'Standard') return null;
  return toInstant(record[field]) ?? toInstant(record.CreatedDate);
}

export const caseCompanions: readonly CompanionSpec[] = [
  {
    object: 'EmailMessage',
    parent: 'ParentId',
    required: ['ParentId', 'Incoming'],
    optional: ['MessageDate', 'CreatedDate', 'CreatedBy.UserType'],
    // Status 5 is a draft (Object Reference: EmailMessage).
    only: "Incoming = false AND Status != '5'",
    feeds: 'reply',
    instantOf: (record) => replyAt(record, 'MessageDate'),
    consequence: 'first replies by e-mail are not known',
  },
  {
    object: 'CaseComment',
    parent: 'ParentId',
    required: ['ParentId', 'IsPublished', 'CreatedDate'],
    optional: ['CreatedBy.UserType'],
    only: 'IsPublished = true',
    feeds: 'reply',
    instantOf: (record) => replyAt(record, 'CreatedDate'),
    consequence: 'first replies by public comment are not known',
  },
  {
    object: 'CaseMilestone',
    parent: 'CaseId',
    required: ['CaseId', 'TargetDate'],
    optional: [],
    only: null,
    feeds: 'due',
    instantOf: (record) => toInstant(record.TargetDate),
    consequence: 'cases have no due date, so kept promises (SLA) and overdue cases have no value',
  },
];

/** Columns that each kind of companion fills. */
export const fedColumns = { reply: ['first_reply_at', 'reply_count'], due: ['due_at'] } as const;

/** Columns of one row, from the instants that its companions told. */
export type CompanionColumns = Readonly<Record<string, number | null>>;

type Instants = ReadonlyMap<string, readonly number[]>;

/** Columns that companions add to the rows of these records, by record id. */
export async function readCompanions(
  env: ReadEnv,
  ids: readonly string[],
): Promise<ReadonlyMap<string, CompanionColumns>> {
  const { companions } = env.plan;
  if (companions.length === 0 || ids.length === 0) return new Map();
  const told = new Map<string, Instants>();
  await Promise.all(
    companions.map(async (companion) => {
      const instants = await unlessRefused(env, companion, () => readInstants(env, companion, ids));
      if (instants) told.set(companion.object, instants);
    }),
  );
  return new Map(ids.map((id) => [id, columnsOf(companions, told, id)]));
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
  told: ReadonlyMap<string, Instants>,
  id: string,
): CompanionColumns {
  const columns: Record<string, number | null> = {};
  for (const feeds of ['reply', 'due'] as const) {
    const sources = companions.filter((companion) => companion.feeds === feeds);
    if (sources.length === 0 || sources.some(({ object }) => !told.has(object))) continue;
    const instants = sources.flatMap(({ object }) => told.get(object)?.get(id) ?? []);
    if (feeds === 'reply') {
      columns.first_reply_at = least(instants);
      columns.reply_count = instants.length;
    } else {
      // A case may have several milestones: it is resolved by the last one, which the first response comes before.
      columns.due_at = greatest(instants);
    }
  }
  return columns;
}

const least = (values: readonly number[]) =>
  values.length === 0 ? null : values.reduce((low, value) => Math.min(low, value));
const greatest = (values: readonly number[]) =>
  values.length === 0 ? null : values.reduce((high, value) => Math.max(high, value));

async function readInstants(env: ReadEnv, companion: Companion, ids: readonly string[]): Promise<Instants> {
  const instants = new Map<string, Map<string, number>>();
  for (let index = 0; index < ids.length; index += idsPerQuestion) {
    const condition = idCondition(companion.parent, ids.slice(index, index + idsPerQuestion));
    const where = companion.only === null ? condition : `${condition} AND ${companion.only}`;
    const soql = `SELECT ${companion.select.join(', ')} FROM ${companion.object} WHERE ${where}`;
    for await (const records of pages(env, companion.object, soql, 'living')) {
      for (const record of records) note(instants, companion, record);
    }
  }
  return new Map([...instants].map(([id, byRecord]) => [id, [...byRecord.values()]]));
}

/** By record, so that one that comes twice counts once. */
function note(
  instants: Map<string, Map<string, number>>,
  companion: Companion,
  record: SalesforceRecord,
): void {
  const parent = toText(record[companion.parent]);
  const at = companion.instantOf(record);
  if (parent === null || at === null) return;
  const known = instants.get(parent) ?? new Map<string, number>();
  known.set(toText(record.Id) ?? `${known.size}`, at);
  instants.set(parent, known);
}

/** Records whose companions have changed since, which need not have stamped the record itself. */
export async function readTouchedIds(env: ReadEnv, from: number): Promise<readonly string[]> {
  const touched = new Set<string>();
  for (const companion of env.plan.companions) {
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
