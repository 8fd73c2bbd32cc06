import { fetchLinks, type Linked, linksInList } from './links.ts';
import type { Source } from './map.ts';
import { historyProperties, type ReadPlan } from './plan.ts';
import { isRefused, type Session } from './session.ts';
import { batchAnswer, type HubspotRecord, recordPage } from './shapes.ts';

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
}

export function newLinkMemory(): LinkMemory {
  return { inLists: new Set(), refused: new Set(), askLists: true };
}

export function pageSize(plan: ReadPlan): number {
  return plan.history.length > 0 ? listSizeWithHistory : listSize;
}

export function fetchList(
  session: Session,
  plan: ReadPlan,
  page: { readonly after: string | undefined; readonly links: boolean },
) {
  const { api } = session;
  const links = page.links && plan.spec.links.length > 0 ? [...plan.spec.links] : undefined;
  const history = historyProperties(plan);
  return api.call({
    what: plan.spec.name,
    request: api.build.objects.getPage(
      plan.spec.name,
      pageSize(plan),
      page.after,
      [...plan.properties],
      history.length > 0 ? [...history] : undefined,
      links,
      false,
    ),
    shape: recordPage,
  });
}

/** Values come from the primary store here, not from the search index. Ids that are gone are simply not answered. */
export async function fetchByIds(
  session: Session,
  plan: ReadPlan,
  ids: readonly string[],
): Promise<readonly HubspotRecord[]> {
  const { api } = session;
  const body = {
    properties: [...plan.properties],
    propertiesWithHistory: [...historyProperties(plan)],
    inputs: ids.map((id) => ({ id })),
  };
  const { value } = await api.call({
    what: plan.spec.name,
    request: api.build.batch.read(plan.spec.name, body, false),
    shape: batchAnswer,
    repeatable: true,
  });
  return value.results.filter((record) => record.archived !== true);
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
