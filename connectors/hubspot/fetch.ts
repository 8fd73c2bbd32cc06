import { HubspotError } from './explain.ts';
import { fetchLinks, type Linked, linksInList } from './links.ts';
import type { Source } from './map.ts';
import { historyProperties, type ReadPlan } from './plan.ts';
import { isRefused, type Session } from './session.ts';
import { batchAnswer, type HubspotRecord, type RecordPage, recordPage } from './shapes.ts';

/** Records in one call: fewer where their history comes along (developer documentation, "Using object APIs"). */
const listSize = 100;
const listSizeWithHistory = 50;

/** How one read goes about links; it learns on the way. */
export interface LinkMemory {
  /** Object types whose links lists have been seen to bring: there, none means none. */
  readonly inLists: Set<string>;
  /** Object types whose links this token may not read. */
  readonly refused: Set<string>;
  /** Cleared where lists do not take the associations parameter. */
  askLists: boolean;
  /** Set where an address with all property names is too long for the server. */
  valuesById: boolean;
  /** Smaller than usual where the server took too long; null: as usual. */
  pageSize: number | null;
}

export function newLinkMemory(): LinkMemory {
  return { inLists: new Set(), refused: new Set(), askLists: true, valuesById: false, pageSize: null };
}

export function pageSize(plan: ReadPlan): number {
  return plan.history.length > 0 ? listSizeWithHistory : listSize;
}

/** Addresses beyond this are read by id instead: some edges refuse them with 414 from 8,000 characters on. */
const longestNames = 5_000;
const smallestPage = 5;

export interface ListPage {
  readonly after: string | undefined;
  readonly memory: LinkMemory;
}

/**
 * One page of the list. What a server cannot take is done without: associations (no scope for the other side, no such
 * link), many property names in an address (414), a page of this size (524).
 */
export async function fetchListPage(session: Session, plan: ReadPlan, page: ListPage): Promise<RecordPage> {
  const { memory } = page;
  const size = memory.pageSize ?? pageSize(plan);
  const byId = memory.valuesById || namesLength(plan) > longestNames;
  try {
    const found = await fetchList(session, plan, { ...page, size, byId });
    return byId ? await withValues(session, plan, found) : found;
  } catch (error) {
    if (!(error instanceof HubspotError) || !doWithout(error, { memory, plan, size })) throw error;
    return fetchListPage(session, plan, page);
  }
}

function namesLength(plan: ReadPlan): number {
  const all = [...plan.properties, ...historyProperties(plan).flatMap((name) => [name, name])];
  return all.join('&properties=').length;
}

/** Notes what the next attempt is to leave out; false: nothing is left to leave out. */
function doWithout(
  { status }: HubspotError,
  { memory, plan, size }: { readonly memory: LinkMemory; readonly plan: ReadPlan; readonly size: number },
): boolean {
  if (status === 414 && !memory.valuesById) {
    memory.valuesById = true;
    return true;
  }
  if (status === 524 && size > smallestPage) {
    memory.pageSize = Math.max(smallestPage, Math.floor(size / 2));
    return true;
  }
  if ((status !== 400 && status !== 403) || !memory.askLists || plan.spec.links.length === 0) return false;
  memory.askLists = false;
  return true;
}

async function fetchList(
  session: Session,
  plan: ReadPlan,
  page: ListPage & { readonly size: number; readonly byId: boolean },
): Promise<RecordPage> {
  const { api } = session;
  const links = page.memory.askLists && plan.spec.links.length > 0 ? [...plan.spec.links] : undefined;
  const history = page.byId ? [] : historyProperties(plan);
  const request = api.build.objects.getPage(
    plan.spec.name,
    page.size,
    page.after,
    page.byId ? ['hs_object_id'] : [...plan.properties],
    history.length > 0 ? [...history] : undefined,
    links,
    false,
  );
  return (await api.call({ what: plan.spec.name, request, shape: recordPage })).value;
}

async function withValues(session: Session, plan: ReadPlan, page: RecordPage): Promise<RecordPage> {
  const results: HubspotRecord[] = [];
  const listed = new Map(page.results.map((record) => [record.id, record]));
  for (const ids of chunks([...listed.keys()], pageSize(plan))) {
    for (const record of await fetchByIds(session, plan, ids)) {
      results.push({ ...record, associations: listed.get(record.id)?.associations });
    }
  }
  return { ...page, results };
}

/** Values come from the primary store here, not from the search index. Ids that are gone are simply not answered. */
export async function fetchByIds(
  session: Session,
  plan: Pick<ReadPlan, 'spec' | 'properties' | 'history'>,
  ids: readonly string[],
): Promise<readonly HubspotRecord[]> {
  if (ids.length === 0) return [];
  const found = await readBatch(session, plan, { ids, archived: false });
  return found.filter((record) => record.archived !== true);
}

/** What HubSpot answers for these ids: survivors of merges come under their own id. */
export async function readBatch(
  session: Session,
  plan: Pick<ReadPlan, 'spec' | 'properties' | 'history'>,
  want: { readonly ids: readonly string[]; readonly archived: boolean },
): Promise<readonly HubspotRecord[]> {
  const { api } = session;
  const body = {
    properties: [...plan.properties],
    propertiesWithHistory: [...historyProperties(plan)],
    inputs: want.ids.map((id) => ({ id })),
  };
  const request = api.build.batch.read(plan.spec.name, body, want.archived);
  try {
    return (await api.call({ what: plan.spec.name, request, shape: batchAnswer, repeatable: true })).value
      .results;
  } catch (error) {
    // 524: it took more than 100 seconds; half of it may not.
    if (!(error instanceof HubspotError) || error.status !== 524 || want.ids.length === 1) throw error;
    const middle = Math.ceil(want.ids.length / 2);
    const halves = [want.ids.slice(0, middle), want.ids.slice(middle)];
    const [one = [], other = []] = await Promise.all(
      halves.map((ids) => readBatch(session, plan, { ...want, ids })),
    );
    return [...one, ...other];
  }
}

export function* chunks<T>(all: readonly T[], size: number): Generator<readonly T[]> {
  for (let start = 0; start < all.length; start += size) yield all.slice(start, start + size);
}

/** Records of a list page with their links: as the page brought them, else by batch read. */
export async function withLinks(
  session: Session,
  plan: ReadPlan,
  { records, memory }: { readonly records: readonly HubspotRecord[]; readonly memory: LinkMemory },
): Promise<readonly Source[]> {
  const links = new Map<string, Record<string, Linked[string]>>(records.map(({ id }) => [id, {}]));
  for (const type of plan.spec.links) {
    const missing: string[] = [];
    for (const record of records) {
      const found = linksFromList(record, type, memory);
      const own = links.get(record.id);
      if (found === undefined) missing.push(record.id);
      else if (own) own[type] = found;
    }
    const asked = await linksOrNone(session, plan, { type, ids: missing, memory });
    for (const [id, found] of asked) {
      const own = links.get(id);
      if (own) own[type] = found;
    }
  }
  return records.map((record) => ({ record, links: links.get(record.id) ?? {} }));
}

/** Links of records that are about to be read by id. */
export async function fetchAllLinks(
  session: Session,
  plan: ReadPlan,
  { ids, memory }: { readonly ids: readonly string[]; readonly memory: LinkMemory },
): Promise<(id: string) => Linked> {
  const byType = new Map<string, ReadonlyMap<string, Linked[string]>>();
  for (const type of plan.spec.links) {
    byType.set(type, await linksOrNone(session, plan, { type, ids, memory }));
  }
  return (id) => Object.fromEntries([...byType].map(([type, found]) => [type, found.get(id) ?? []]));
}

function linksFromList(record: HubspotRecord, type: string, memory: LinkMemory) {
  if (record.associations?.[type]) memory.inLists.add(type);
  else if (memory.inLists.has(type)) return [];
  return linksInList(record, type);
}

/** A side that may not be read costs its links, not the records. */
async function linksOrNone(
  session: Session,
  plan: ReadPlan,
  want: { readonly type: string; readonly ids: readonly string[]; readonly memory: LinkMemory },
): Promise<ReadonlyMap<string, Linked[string]>> {
  if (want.ids.length === 0 || want.memory.refused.has(want.type)) return new Map();
  try {
    return await fetchLinks(session.api, { from: plan.spec.name, to: want.type }, want.ids);
  } catch (error) {
    if (!isRefused(error) && !isBadPair(error)) throw error;
    want.memory.refused.add(want.type);
    session.log.warn(
      { connection: session.name, object: plan.spec.name, links: want.type, problem: error.message },
      'links.unavailable',
    );
    return new Map();
  }
}

function isBadPair(error: unknown): error is Error {
  return error instanceof Error && 'status' in error && error.status === 400;
}
