import { RunError } from '../../src/model/errors.ts';
import type { Api } from './client.ts';
import { followPages } from './pages.ts';
import { type HubspotRecord, searchPage } from './shapes.ts';
import { planWindow, searchCap, splitAbove, type Window } from './window.ts';

const pageSize = 200;

export interface SearchFilter {
  readonly propertyName: string;
  readonly operator: 'EQ' | 'GT' | 'GTE' | 'LTE' | 'BETWEEN' | 'IN' | 'NOT_IN' | 'HAS_PROPERTY';
  readonly value?: string;
  readonly highValue?: string;
  readonly values?: readonly string[];
}

interface SearchRequest {
  readonly filters: readonly SearchFilter[];
  readonly properties: readonly string[];
  readonly limit: number;
  readonly after?: string | undefined;
}

export interface SearchContext {
  readonly api: Api;
  readonly object: string;
  readonly signal: AbortSignal;
}

/** Records that the search index holds for these filters; the cheapest question there is. */
export async function countMatches(
  context: SearchContext,
  filters: readonly SearchFilter[],
): Promise<number> {
  const { total } = await search(context, { filters, properties: ['hs_object_id'], limit: 1 });
  return total;
}

/**
 * Ids of all records whose `property` lies in the window, in lists as they come. The index's order is never relied
 * on: windows are split until one can be paged through whole, and what lies outside is dropped.
 */
export async function* findInWindow(
  context: SearchContext,
  property: string,
  window: Window,
): AsyncGenerator<readonly string[]> {
  const total = await countMatches(context, [between(property, window)]);
  const plan = planWindow(window, total);
  if (plan.kind === 'skip') return;
  if (plan.kind === 'split') {
    for (const half of plan.halves) yield* findInWindow(context, property, half);
    return;
  }
  if (plan.kind === 'keyset') {
    yield* findByKeyset(context, [{ propertyName: property, operator: 'EQ', value: String(window.from) }]);
    return;
  }
  yield [...(await readWindow(context, { property, window, total }))];
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

/** Reads a window, and once more where the number of records differs from the total that was told. */
async function readWindow(
  context: SearchContext,
  want: { readonly property: string; readonly window: Window; readonly total: number },
): Promise<ReadonlySet<string>> {
  const ids = new Set<string>();
  for (let pass = 0; pass < 2; pass++) {
    const told = await readWindowOnce(context, want, ids);
    if (ids.size >= Math.max(told, want.total)) break;
  }
  return ids;
}

async function readWindowOnce(
  context: SearchContext,
  { property, window }: { readonly property: string; readonly window: Window },
  ids: Set<string>,
): Promise<number> {
  let total = 0;
  const pages = followPages<HubspotRecord>({
    where: `${context.api.connection} ${context.object}`,
    first: undefined,
    signal: context.signal,
    fetch: async (after) => {
      if (after !== undefined && Number(after) >= searchCap) throw tooMany(context);
      const filters = [between(property, window)];
      const page = await search(context, { filters, properties: [property], limit: pageSize, after });
      total = page.total;
      return page;
    },
  });
  for await (const { results } of pages) {
    for (const record of results) if (isInside(record, property, window)) ids.add(record.id);
  }
  return total;
}

/** Values that cannot be told are kept: the record is read again by its id anyway. */
function isInside(record: HubspotRecord, property: string, window: Window): boolean {
  const text = record.properties[property];
  if (!text) return true;
  const at = /^\d+$/.test(text) ? Number(text) : Date.parse(text);
  return Number.isNaN(at) || (at >= window.from && at <= window.to);
}

/** All records for these filters, however many: by ascending id, each page from the last one's highest id on. */
export async function* findByKeyset(
  context: SearchContext,
  filters: readonly SearchFilter[],
): AsyncGenerator<readonly string[]> {
  let last = '0';
  for (;;) {
    context.signal.throwIfAborted();
    const page = await search(context, {
      filters: [...filters, { propertyName: 'hs_object_id', operator: 'GT', value: last }],
      properties: ['hs_object_id'],
      limit: pageSize,
    });
    const ids = page.results.map((record) => record.id);
    if (ids.length === 0) return;
    const highest = highestAscending(context, ids, last);
    yield ids;
    // What is left beyond this page is told by the total, not by the page's length.
    if (page.total <= ids.length) return;
    last = highest;
  }
}

/** Ids that do not ascend would make the keyset skip records: stop loudly. */
function highestAscending(context: SearchContext, ids: readonly string[], after: string): string {
  let last = after;
  for (const id of ids) {
    if (compareIds(id, last) <= 0) throw notAscending(context);
    last = id;
  }
  return last;
}

function compareIds(one: string, other: string): number {
  return BigInt(one) < BigInt(other) ? -1 : BigInt(one) > BigInt(other) ? 1 : 0;
}

async function search(context: SearchContext, request: SearchRequest) {
  const { api, object } = context;
  // The client's model calls sorts strings; the API documents objects, and takes the model's form too.
  const sorts = [{ propertyName: 'hs_object_id', direction: 'ASCENDING' }] as unknown as string[];
  const filters = request.filters.map(({ values, ...filter }) => ({
    ...filter,
    ...(values ? { values: [...values] } : {}),
  }));
  const body = {
    ...(filters.length > 0 ? { filterGroups: [{ filters: filters as SearchModelFilter[] }] } : {}),
    sorts,
    properties: [...request.properties],
    limit: request.limit,
    ...(request.after === undefined ? {} : { after: request.after }),
  };
  const { value } = await api.call({
    what: object,
    request: api.build.search.doSearch(object, body),
    shape: searchPage,
    repeatable: true,
  });
  return value;
}

type SearchBody = Parameters<Api['build']['search']['doSearch']>[1];
type SearchModelFilter = NonNullable<SearchBody['filterGroups']>[number]['filters'][number];

function tooMany({ api, object }: SearchContext): RunError {
  return new RunError('remote', {
    where: `${api.connection} ${object}`,
    message: `More records changed while a window of at most ${splitAbove} was read than search can page through.`,
    fix: 'Run again; nothing is lost.',
  });
}

function notAscending({ api, object }: SearchContext): RunError {
  return new RunError('remote', {
    where: `${api.connection} ${object}`,
    message: 'HubSpot does not return records in the order of their ids, so some might be left out.',
    fix: 'Run again; if it persists, run crm-kpi sync --full, which does not use search.',
  });
}
