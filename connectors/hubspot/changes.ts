import type { Batch } from '../../src/model/connector.ts';
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
import { findByKeyset, findInWindow, type SearchContext } from './search.ts';
import { isRefused, type Session } from './session.ts';
import type { HubspotRecord } from './shapes.ts';

export interface Span {
  readonly from: number;
  readonly to: number;
  readonly signal: AbortSignal;
}

interface Pass {
  readonly session: Session;
  readonly plan: ReadPlan;
  readonly context: MapContext;
  readonly memory: LinkMemory;
}

/** Records modified within the span, and those that time itself has changed. */
export async function* readChanges(session: Session, plan: ReadPlan, span: Span): AsyncGenerator<Batch> {
  const pass: Pass = { session, plan, context: await session.mapContext(), memory: newLinkMemory() };
  const search: SearchContext = { api: session.api, object: plan.spec.name, signal: span.signal };
  try {
    yield* readFound(pass, findInWindow(search, plan.spec.modified, span));
  } catch (error) {
    if (!isAbsent(error)) throw error;
    yield* readListSince(pass, span);
    return;
  }
  if (plan.spec.ripens) yield* tolerant(pass, findInWindow(search, plan.spec.ripens, span));
  const open = openStages(pass);
  if (plan.spec.stage && open.length > 0) {
    const filter = { propertyName: plan.spec.stage, operator: 'IN', values: open } as const;
    yield* tolerant(pass, findByKeyset(search, [filter]));
  }
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
        const sources = records.map((record) => ({ record, links: linksOf(record.id) }));
        yield { ...assemble(plan, sources, context), cursor: null };
      }
    }
  }
}

function* chunks<T>(all: readonly T[], size: number): Generator<readonly T[]> {
  for (let start = 0; start < all.length; start += size) yield all.slice(start, start + size);
}

function isAbsent(error: unknown): boolean {
  return isRefused(error) && error.status !== 403;
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
    const sources = await withLinks(session, plan, { records: changed, memory: pass.memory });
    yield { ...assemble(plan, sources, context), cursor: null };
  }
}
