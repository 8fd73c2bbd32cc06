import type { Batch } from '../../src/model/connector.ts';
import type { Zone } from '../../src/model/zone.ts';
import { assemble } from './assemble.ts';
import { HubspotError } from './explain.ts';
import { chunks, fetchAllLinks, fetchByIds, fetchListPage, pageSize, withLinks } from './fetch.ts';
import { modifiedAt } from './map.ts';
import { refuseRemoved } from './mapping-check.ts';
import { followPages } from './pages.ts';
import type { Pass, Watch } from './pass.ts';
import { findAll, findFrom, findInWindow, type Hit, searchWindow } from './search.ts';
import type { SearchAnswer, SearchContext } from './search-request.ts';
import { isRefused } from './session.ts';
import type { HubspotRecord } from './shapes.ts';

export interface Since {
  readonly from: number;
  /** Read also what changes without a modification, by the server's clock since then; null right after the whole list. */
  readonly quietFrom: number | null;
}

export function noteNewest(watch: Watch, records: readonly HubspotRecord[], zone: Zone): void {
  for (const record of records) {
    const at = modifiedAt(record, zone);
    if (at === null || at < (watch.newest ?? 0)) continue;
    watch.rows = at === watch.newest ? watch.rows + 1 : 1;
    watch.newest = at;
  }
}

/** The Date header counts whole seconds. */
const dateStepMs = 1_000;
/** No record is passed over because its stamp lies ahead of the server's own Date. */
const aheadMs = 10 * 365 * 86_400_000;

/**
 * Records modified since then, and those that time itself has changed. Returns the server's time up to which: the
 * answer to the first question brings it.
 */
export async function* readChanges(pass: Pass, since: Since): AsyncGenerator<Batch, number> {
  const { session, plan, signal } = pass;
  const search: SearchContext = { api: session.api, object: plan.spec.name, signal };
  const window = { from: since.from, to: session.now() + aheadMs };
  const want = { property: plan.spec.modified, window };
  const first = await searchFirst(search, want);
  const until = session.now();
  if (first === null) {
    yield* readListSince(pass, since.from);
    return until;
  }
  yield* readNew(pass, findFrom(search, want, first));
  const { quietFrom } = since;
  if (quietFrom !== null) yield* readQuietChanges(pass, search, { from: quietFrom, to: until + dateStepMs });
  return until;
}

/** null: there is no search here. */
async function searchFirst(
  search: SearchContext,
  want: Parameters<typeof searchWindow>[1],
): Promise<SearchAnswer | null> {
  try {
    return await searchWindow(search, want);
  } catch (error) {
    if (isRefused(error) && error.status !== 403) return null;
    throw error;
  }
}

/**
 * Where nothing has changed, the newest records are found again: as many as were seen with that very stamp are known.
 */
async function* readNew(pass: Pass, found: AsyncGenerator<readonly Hit[]>): AsyncGenerator<Batch> {
  const { watch } = pass;
  const known = { at: watch.newest, rows: watch.rows };
  for await (const hits of found) {
    const again = hits.filter(({ at }) => at !== null && at === known.at);
    const isKnown = again.length <= known.rows;
    const ids = hits.filter(({ at }) => !isKnown || at === null || at !== known.at).map(({ id }) => id);
    for await (const { batch, records } of readRecords(pass, ids)) {
      noteNewest(watch, records, pass.session.zone);
      yield batch;
    }
  }
}

async function* readQuietChanges(
  pass: Pass,
  search: SearchContext,
  window: { readonly from: number; readonly to: number },
): AsyncGenerator<Batch> {
  const { ripens, stage } = pass.plan.spec;
  if (ripens) yield* tolerant(pass, findInWindow(search, { property: ripens, window }));
  const open = stage ? openStages(pass) : [];
  if (!stage) return;
  for (const values of inQuestions(open)) {
    yield* tolerant(pass, findAll(search, [{ propertyName: stage, operator: 'IN', values }]));
  }
}

/** A search may have 3,000 characters (developer documentation, "Search the CRM"); each value is sent twice. */
const longestList = 1_000;

/** Values in lists that one search each can take. */
function* inQuestions(values: readonly string[]): Generator<readonly string[]> {
  let list: string[] = [];
  let length = 0;
  for (const value of values) {
    if (length + value.length > longestList && list.length > 0) {
      yield list;
      list = [];
      length = 0;
    }
    list.push(value);
    length += value.length + 3;
  }
  if (list.length > 0) yield list;
}

/** Links and calculated values change without touching the modification date: open records are read every time. */
function openStages({ plan, context }: Pass): readonly string[] {
  const book = plan.table === 'deal' ? context.dealStages : context.ticketStages;
  return book.pipelines.flatMap((pipeline) =>
    pipeline.stages.filter(({ id }) => book.meaning(pipeline.id, id)?.closed === false).map(({ id }) => id),
  );
}

/** An additional pass: where the server does not take its filter, the main one stands by itself. */
async function* tolerant(pass: Pass, found: AsyncGenerator<readonly Hit[]>): AsyncGenerator<Batch> {
  try {
    for await (const hits of found) {
      const ids = hits.map(({ id }) => id);
      for await (const { batch } of readRecords(pass, ids)) yield batch;
    }
  } catch (error) {
    if (!(error instanceof HubspotError) || error.status !== 400) throw error;
    const { session, plan } = pass;
    session.log.warn(
      { connection: session.name, object: plan.spec.name, problem: error.message },
      'pass.left_out',
    );
  }
}

/** One call reads the links of so many records, whatever their pages. */
const linksAtOnce = 1_000;

/** Records by their ids, values from the primary store, with their links. */
export async function* readRecords(
  pass: Pass,
  all: readonly string[],
): AsyncGenerator<{ readonly batch: Batch; readonly records: readonly HubspotRecord[] }> {
  const { session, plan, context, memory } = pass;
  for (const ids of chunks(all, linksAtOnce)) {
    const linksOf = await fetchAllLinks(session, plan, { ids, memory });
    for (const page of chunks(ids, pageSize(plan))) {
      const records = await fetchByIds(session, plan, page);
      await refuseRemoved(pass, records);
      const sources = records.map((record) => ({ record, links: linksOf(record.id) }));
      yield { batch: { ...assemble(plan, sources, context), cursor: null }, records };
    }
  }
}

/** Where there is no search, the list is read whole and what is older is passed over. */
async function* readListSince(pass: Pass, from: number): AsyncGenerator<Batch> {
  const { session, plan, context, memory } = pass;
  const pages = followPages<HubspotRecord>({
    where: `${session.name} ${plan.spec.name}`,
    first: undefined,
    signal: pass.signal,
    fetch: (after) => fetchListPage(session, plan, { after, memory }),
  });
  for await (const { results } of pages) {
    const changed = results.filter((record) => (modifiedAt(record, context.zone) ?? from) >= from);
    if (changed.length === 0) continue;
    noteNewest(pass.watch, changed, session.zone);
    const sources = await withLinks(session, plan, { records: changed, memory });
    yield { ...assemble(plan, sources, context), cursor: null };
  }
}
