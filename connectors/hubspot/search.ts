import { RunError } from '../../src/model/errors.ts';
import { HubspotError } from './explain.ts';
import { compareIds } from './ids.ts';
import { followPages } from './pages.ts';
import {
  pageSize,
  type SearchAnswer,
  type SearchContext,
  type SearchFilter,
  search,
} from './search-request.ts';
import type { HubspotRecord } from './shapes.ts';
import { halvesOf, planWindow, searchCap, splitAbove, type Window } from './window.ts';

/** A record that search names, with the instant that the window is about; null: it does not tell. */
export interface Hit {
  readonly id: string;
  readonly at: number | null;
}

interface WindowSearch {
  readonly property: string;
  readonly window: Window;
  /** Conditions beside the window. */
  readonly filters?: readonly SearchFilter[];
}

/**
 * All records whose `property` lies in the window, in lists as they come. The index's order is never relied on:
 * windows are split until one can be paged through whole, and what lies outside is dropped.
 */
export async function* findInWindow(
  context: SearchContext,
  want: WindowSearch,
): AsyncGenerator<readonly Hit[]> {
  try {
    yield* findFrom(context, want, await searchWindow(context, want));
  } catch (error) {
    // 524: the question took HubSpot more than 100 seconds; half of it may not.
    const halves = isTimeout(error) ? halvesOf(want.window) : null;
    if (!halves) throw error;
    for (const window of halves) yield* findInWindow(context, { ...want, window });
  }
}

/** The same from a first page on, which has been asked for already. */
export async function* findFrom(
  context: SearchContext,
  want: WindowSearch,
  first: SearchAnswer,
): AsyncGenerator<readonly Hit[]> {
  const plan = planWindow(want.window, Math.max(first.total, first.results.length));
  if (plan.kind === 'page') yield await readWhole(context, toQuery(want), first);
  if (plan.kind === 'split') {
    for (const window of plan.halves) yield* findInWindow(context, { ...want, window });
  }
  if (plan.kind === 'keyset') {
    const exact = { propertyName: want.property, operator: 'EQ', value: String(want.window.from) } as const;
    yield* findByKeyset(context, [...(want.filters ?? []), exact]);
  }
}

export function searchWindow(context: SearchContext, want: WindowSearch): Promise<SearchAnswer> {
  const { filters, properties } = toQuery(want);
  return search(context, { filters, properties, limit: pageSize });
}

function isTimeout(error: unknown): boolean {
  return error instanceof HubspotError && error.status === 524;
}

function between(property: string, window: Window): SearchFilter {
  return {
    propertyName: property,
    operator: 'BETWEEN',
    // Zero as a lower bound fails in HubSpot.
    value: String(Math.max(1, window.from)),
    highValue: String(window.to),
  };
}

/** A question that can be paged through, and which of its answers count. */
interface Query {
  readonly filters: readonly SearchFilter[];
  readonly properties: readonly string[];
  toHit(record: HubspotRecord): Hit | null;
}

function toQuery({ property, window, filters = [] }: WindowSearch): Query {
  return {
    filters: [...filters, between(property, window)],
    properties: [property],
    toHit: (record) => {
      const at = instantOf(record.properties[property]);
      // Values that cannot be told are kept: the record is read again by its id anyway.
      return at !== null && (at < window.from || at > window.to) ? null : { id: record.id, at };
    },
  };
}

function instantOf(text: string | null | undefined): number | null {
  if (!text) return null;
  const at = /^\d+$/.test(text) ? Number(text) : Date.parse(text);
  return Number.isNaN(at) ? null : at;
}

/** Pages through a question, and once more where fewer records came than were told. */
async function readWhole(context: SearchContext, query: Query, first: SearchAnswer): Promise<readonly Hit[]> {
  const hits = new Map<string, Hit>();
  const seen = new Set<string>();
  let told = await readPages(context, { query, first, hits, seen });
  if (seen.size < told) {
    const again = await search(context, { ...query, limit: pageSize });
    told = await readPages(context, { query, first: again, hits, seen });
  }
  return [...hits.values()];
}

interface PagedRead {
  readonly query: Query;
  readonly first: SearchAnswer;
  readonly hits: Map<string, Hit>;
  /** All that came, those outside the window too: the totals count them. */
  readonly seen: Set<string>;
}

/** Returns the highest total that was told: totals move while pages are read. */
async function readPages(context: SearchContext, { query, first, hits, seen }: PagedRead): Promise<number> {
  let total = first.total;
  const pages = followPages<HubspotRecord>({
    where: `${context.api.connection} ${context.object}`,
    first: undefined,
    signal: context.signal,
    fetch: async (after) => {
      if (after === undefined) return first;
      if (Number(after) >= searchCap) throw tooMany(context);
      const page = await search(context, { ...query, limit: pageSize, after });
      total = Math.max(total, page.total);
      return page;
    },
  });
  for await (const { results } of pages) {
    for (const record of results) {
      seen.add(record.id);
      const hit = query.toHit(record);
      if (hit) hits.set(hit.id, hit);
    }
  }
  return total;
}

/** All records for these filters, however many. */
export async function* findAll(
  context: SearchContext,
  filters: readonly SearchFilter[],
): AsyncGenerator<readonly Hit[]> {
  const query: Query = { filters, properties: ['hs_object_id'], toHit: ({ id }) => ({ id, at: null }) };
  const first = await search(context, { ...query, limit: pageSize });
  if (first.total <= splitAbove) yield await readWhole(context, query, first);
  else yield* findByKeyset(context, filters);
}

/** By ascending id, each page from the last one's highest id on; where the order does not hold, by ranges of ids. */
async function* findByKeyset(
  context: SearchContext,
  filters: readonly SearchFilter[],
): AsyncGenerator<readonly Hit[]> {
  let last = '0';
  for (;;) {
    context.signal.throwIfAborted();
    const page = await search(context, {
      filters: [...filters, { propertyName: 'hs_object_id', operator: 'GT', value: last }],
      properties: ['hs_object_id'],
      limit: pageSize,
    });
    const ids = page.results.map((record) => record.id);
    if (ids.length === 0 && page.total === 0) return;
    const highest = highestAscending(ids, last);
    if (highest === null) return yield* findByRanges(context, { filters, above: last });
    yield ids.map((id) => ({ id, at: null }));
    // A page's length does not tell that it is the last one, and totals move: both have to say so.
    if (!page.paging?.next && page.total <= ids.length) return;
    last = highest;
  }
}

/** null: ids that do not ascend, which would make the keyset skip records. */
function highestAscending(ids: readonly string[], after: string): string | null {
  let last = after;
  for (const id of ids) {
    if (compareIds(id, last) <= 0) return null;
    last = id;
  }
  return ids.length === 0 ? null : last;
}

/** Ranges of ids, split until each can be paged through whole: needs no order. */
async function* findByRanges(
  context: SearchContext,
  { filters, above }: { readonly filters: readonly SearchFilter[]; readonly above: string },
): AsyncGenerator<readonly Hit[]> {
  const window = { from: Number(above) + 1, to: Number.MAX_SAFE_INTEGER };
  for await (const hits of findInWindow(context, { property: 'hs_object_id', window, filters })) {
    yield hits.map(({ id }) => ({ id, at: null }));
  }
}

function tooMany({ api, object }: SearchContext): RunError {
  return new RunError('remote', {
    where: `${api.connection} ${object}`,
    message: `More records changed while a window of at most ${splitAbove} was read than search can page through.`,
    fix: 'Run again; nothing is lost.',
  });
}
