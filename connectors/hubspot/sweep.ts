import type { Batch, Deletion } from '../../src/model/connector.ts';
import { assemble, belongs } from './assemble.ts';
import { boardFlag } from './catalog.ts';
import { readRecords } from './changes.ts';
import { deletedAt, isDeleted, isUnsupported } from './deletions.ts';
import { fetchAllLinks, readBatch } from './fetch.ts';
import { compareIdSets, compareIdStreams, type Difference, inIdOrder, UnorderedIds } from './ids.ts';
import { mergedInto } from './map.ts';
import { followPages } from './pages.ts';
import type { Pass } from './pass.ts';
import type { ReadPlan } from './plan.ts';
import { isRefused } from './session.ts';
import { type HubspotRecord, oneRecord, recordPage } from './shapes.ts';

const pageSize = 100;
type Held = () => AsyncIterable<readonly string[]>;

/**
 * Compares all ids: the list is strongly consistent, and shows what no change tells, such as records purged for
 * privacy and the losers of merges. Reads what is missing, says what became of the rest, and returns how many live.
 */
export async function* sweep(pass: Pass, held: Held): AsyncGenerator<Batch, number> {
  try {
    return yield* settleAll(pass, compareIdStreams(inIdOrder(held), listIds(pass)));
  } catch (error) {
    if (!(error instanceof UnorderedIds)) throw error;
    return yield* settleAll(pass, compareIdSets(held, listIds(pass)));
  }
}

async function* settleAll(pass: Pass, differences: AsyncIterable<Difference>): AsyncGenerator<Batch, number> {
  const missing: string[] = [];
  const gone: string[] = [];
  let living = 0;
  for await (const difference of differences) {
    if (difference.kind !== 'gone') living += 1;
    if (difference.kind === 'missing') missing.push(difference.id);
    if (difference.kind === 'gone') gone.push(difference.id);
    if (missing.length >= pageSize) yield* readMissing(pass, missing.splice(0));
    if (gone.length >= pageSize) living += yield* settleGone(pass, gone.splice(0));
  }
  yield* readMissing(pass, missing);
  living += yield* settleGone(pass, gone);
  return living;
}

async function* readMissing(pass: Pass, ids: readonly string[]): AsyncGenerator<Batch> {
  for await (const { batch } of readRecords(pass, ids)) yield batch;
}

/** Ids of living records that belong to the table, 100 a call, with no more properties than that takes to tell. */
async function* listIds({ session, plan, context, signal }: Pass): AsyncGenerator<string> {
  const { api, name } = session;
  const properties = [...tellingProperties(plan)];
  const pages = followPages<HubspotRecord>({
    where: `${name} ${plan.spec.name}`,
    first: undefined,
    signal,
    ahead: true,
    fetch: async (after) => {
      const request = api.build.objects.getPage(plan.spec.name, pageSize, after, properties);
      return (await api.call({ what: plan.spec.name, request, shape: recordPage })).value;
    },
  });
  for await (const { results } of pages) {
    for (const record of results) if (belongs(plan, record, context)) yield record.id;
  }
}

function tellingProperties(plan: ReadPlan): readonly string[] {
  if (plan.entity) return plan.properties;
  const own = plan.spec.name === 'contacts' ? ['lifecyclestage'] : [];
  const board = plan.table === 'account' ? [boardFlag] : [];
  return ['hs_object_id', plan.spec.modified, ...own, ...board];
}

/** Held here, not in the list there: deleted, merged, purged, or no longer of the table. Returns how many live after all. */
async function* settleGone(pass: Pass, ids: readonly string[]): AsyncGenerator<Batch, number> {
  if (ids.length === 0) return 0;
  const { session, plan, context } = pass;
  const answered = await readBatch(session, lean(plan), { ids, archived: false });
  const present = answered.filter((record) => record.archived !== true);
  const into = await survivorsOf(pass, ids, present);
  const linksOf = await fetchAllLinks(session, plan, {
    ids: present.map(({ id }) => id),
    memory: pass.memory,
  });
  const sources = present.map((record) => ({ record, links: linksOf(record.id) }));
  const parts = assemble({ ...plan, history: [] }, sources, context);
  const here = new Set(present.map(({ id }) => id));
  const absent = ids.filter((id) => !here.has(id) && !into.has(id));
  const deleted = [...parts.deleted, ...(await deletionsOf(pass, absent))];
  const merged = [...into].map(([id, survivor]) => ({ id, into: survivor }));
  yield { tables: parts.tables, deleted, merged, cursor: null };
  const outside = new Set(parts.deleted.map(({ id }) => id));
  return ids.filter((id) => here.has(id) && !outside.has(id)).length;
}

function lean(plan: ReadPlan): ReadPlan {
  return { ...plan, history: [] };
}

/** A merged-away id is answered by its survivor, which names it; one that names none is asked for by itself. */
async function survivorsOf(
  pass: Pass,
  ids: readonly string[],
  present: readonly HubspotRecord[],
): Promise<ReadonlyMap<string, string>> {
  const asked = new Set(ids);
  const into = new Map<string, string>();
  let unclear = false;
  for (const record of present) {
    const losers = mergedInto(record).filter((id) => asked.has(id));
    for (const id of losers) into.set(id, record.id);
    if (!asked.has(record.id) && losers.length === 0) unclear = true;
  }
  if (!unclear) return into;
  const here = new Set(present.map(({ id }) => id));
  for (const id of ids) {
    if (here.has(id) || into.has(id)) continue;
    const survivor = await resolveId(pass, id);
    if (survivor !== null && survivor !== id) into.set(id, survivor);
  }
  return into;
}

/** The id under which a record is answered now; null: it is not there. */
async function resolveId({ session, plan }: Pass, id: string): Promise<string | null> {
  const { api } = session;
  try {
    const request = api.build.objects.getById(plan.spec.name, id, ['hs_object_id']);
    return (await api.call({ what: plan.spec.name, request, shape: oneRecord })).value.id;
  } catch (error) {
    if (isRefused(error)) return null;
    throw error;
  }
}

/** In the recycle bin with the time of the deletion; what is not there either was purged. */
async function deletionsOf({ session, plan }: Pass, ids: readonly string[]): Promise<readonly Deletion[]> {
  if (ids.length === 0) return [];
  const now = session.now();
  const at = new Map(ids.map((id) => [id, now]));
  try {
    const named = { ...lean(plan), properties: ['hs_object_id'] };
    for (const record of await readBatch(session, named, { ids, archived: true })) {
      if (at.has(record.id) && isDeleted(record)) at.set(record.id, deletedAt(session, record));
    }
  } catch (error) {
    if (!isUnsupported(error)) throw error;
  }
  return [...at].map(([id, deleted]) => ({ id, at: deleted }));
}
