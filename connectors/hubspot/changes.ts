import type { Batch } from '../../src/model/connector.ts';
import type { Zone } from '../../src/model/zone.ts';
import { assemble } from './assemble.ts';
import { HubspotError } from './explain.ts';
import {
  fetchAllLinks,
  fetchByIds,
  fetchList,
  type LinkMemory,
  newLinkMemory,
  pageSize,
  withLinks,
} from './fetch.ts';
import { type MapContext, modifiedAt } from './map.ts';
import { followPages } from './pages.ts';
import type { ReadPlan } from './plan.ts';
import { countMatches, findByKeyset, findInWindow, type SearchContext } from './search.ts';
import { isRefused, type Session } from './session.ts';
import type { HubspotRecord } from './shapes.ts';

export interface Since {
  readonly from: number;
  /** Read also what changes without a modification; needless right after the whole list. */
  readonly quiet: boolean;
  readonly watch: Watch;
  readonly signal: AbortSignal;
}

/** The newest modification that a read has come across, epoch ms. */
export interface Watch {
  newest: number | null;
}

interface Span {
  readonly from: number;
  readonly to: number;
  readonly signal: AbortSignal;
}

interface Pass {
  readonly session: Session;
  readonly plan: ReadPlan;
  readonly context: MapContext;
  readonly memory: LinkMemory;
  readonly watch: Watch;
}

export function noteNewest(watch: Watch, records: readonly HubspotRecord[], zone: Zone): void {
  for (const record of records) {
    const at = modifiedAt(record, zone);
    if (at !== null && at > (watch.newest ?? 0)) watch.newest = at;
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
export async function* readChanges(
  session: Session,
  plan: ReadPlan,
  since: Since,
): AsyncGenerator<Batch, number> {
  const { watch } = since;
  const context = await session.mapContext();
  const pass: Pass = { session, plan, context, watch, memory: newLinkMemory() };
  const search: SearchContext = { api: session.api, object: plan.spec.name, signal: since.signal };
  const found = await countSince(search, plan, since.from);
  const until = session.now();
  const span: Span = { from: since.from, to: until + aheadMs, signal: since.signal };
  if (found === null) yield* readListSince(pass, span);
  else if (found > 0) yield* readFound(pass, findInWindow(search, plan.spec.modified, span));
  const ripe = { ...span, to: until + dateStepMs };
  if (found !== null && since.quiet) yield* readQuietChanges(pass, search, ripe);
  return until;
}

/** null: there is no search here. */
async function countSince(search: SearchContext, plan: ReadPlan, from: number): Promise<number | null> {
  const value = String(Math.max(1, from));
  try {
    return await countMatches(search, [{ propertyName: plan.spec.modified, operator: 'GTE', value }]);
  } catch (error) {
    if (isRefused(error) && error.status !== 403) return null;
    throw error;
  }
}

async function* readQuietChanges(pass: Pass, search: SearchContext, span: Span): AsyncGenerator<Batch> {
  const { ripens, stage } = pass.plan.spec;
  if (ripens) yield* tolerant(pass, findInWindow(search, ripens, span));
  const open = stage ? openStages(pass) : [];
  if (!stage || open.length === 0) return;
  yield* tolerant(pass, findByKeyset(search, [{ propertyName: stage, operator: 'IN', values: open }]));
}

/** Links and calculated values change without touching the modification date: open records are read every time. */
function openStages({ plan, context }: Pass): readonly string[] {
  const book = plan.table === 'deal' ? context.dealStages : context.ticketStages;
  return book.pipelines.flatMap((pipeline) =>
    pipeline.stages.filter(({ id }) => book.meaning(pipeline.id, id)?.closed === false).map(({ id }) => id),
  );
}

/** An additional pass: where the server does not take its filter, the main one stands by itself. */
async function* tolerant(pass: Pass, found: AsyncGenerator<readonly string[]>): AsyncGenerator<Batch> {
  try {
    yield* readFound(pass, found);
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

async function* readFound(pass: Pass, found: AsyncGenerator<readonly string[]>): AsyncGenerator<Batch> {
  const { session, plan, context, memory } = pass;
  const size = pageSize(plan);
  for await (const all of found) {
    for (const ids of chunks(all, linksAtOnce)) {
      const linksOf = await fetchAllLinks(session, plan, { ids, memory });
      for (const page of chunks(ids, size)) {
        const records = await fetchByIds(session, plan, page);
        noteNewest(pass.watch, records, session.zone);
        const sources = records.map((record) => ({ record, links: linksOf(record.id) }));
        yield { ...assemble(plan, sources, context), cursor: null };
      }
    }
  }
}

function* chunks<T>(all: readonly T[], size: number): Generator<readonly T[]> {
  for (let start = 0; start < all.length; start += size) yield all.slice(start, start + size);
}

/** Where there is no search, the list is read whole and what is older is passed over. */
async function* readListSince(pass: Pass, span: Span): AsyncGenerator<Batch> {
  const { session, plan, context } = pass;
  const pages = followPages<HubspotRecord>({
    where: `${session.name} ${plan.spec.name}`,
    first: undefined,
    signal: span.signal,
    fetch: async (after) => (await fetchList(session, plan, { after, links: false })).value,
  });
  for await (const { results } of pages) {
    const changed = results.filter((record) => (modifiedAt(record, context.zone) ?? span.to) >= span.from);
    if (changed.length === 0) continue;
    noteNewest(pass.watch, changed, session.zone);
    const sources = await withLinks(session, plan, { records: changed, memory: pass.memory });
    yield { ...assemble(plan, sources, context), cursor: null };
  }
}
