import type { z } from 'zod';
import type { Api } from './client.ts';
import { searchPage } from './shapes.ts';

export const pageSize = 200;

export interface SearchFilter {
  readonly propertyName: string;
  readonly operator:
    | 'EQ'
    | 'GT'
    | 'GTE'
    | 'LTE'
    | 'BETWEEN'
    | 'IN'
    | 'NOT_IN'
    | 'CONTAINS_TOKEN'
    | 'HAS_PROPERTY'
    | 'NOT_HAS_PROPERTY';
  readonly value?: string;
  readonly highValue?: string;
  readonly values?: readonly string[];
}

export interface SearchRequest {
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

/** Records that the search index holds for these filters, the cheapest question there is; null: it does not tell. */
export async function countMatches(
  context: SearchContext,
  filters: readonly SearchFilter[],
): Promise<number | null> {
  const { total, counted } = await search(context, { filters, properties: ['hs_object_id'], limit: 1 });
  return counted ? total : null;
}

export type SearchAnswer = z.output<typeof searchPage>;

export async function search(context: SearchContext, request: SearchRequest): Promise<SearchAnswer> {
  const { api, object } = context;
  // The client's model calls sorts strings; the API documents objects, and takes the model's form too.
  const sorts = [{ propertyName: 'hs_object_id', direction: 'ASCENDING' }] as unknown as string[];
  const filters = request.filters.map(({ values, ...filter }) => ({
    ...filter,
    ...(values ? { values: inBothCases(values) } : {}),
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

/** Values of a list are documented in lower case ("Search the CRM"); a server may well compare them as they stand. */
function inBothCases(values: readonly string[]): string[] {
  return [...new Set([...values, ...values.map((value) => value.toLowerCase())])];
}

type SearchBody = Parameters<Api['build']['search']['doSearch']>[1];
type SearchModelFilter = NonNullable<SearchBody['filterGroups']>[number]['filters'][number];
