import { readLimit } from './body.ts';
import type { Call } from './call.ts';
import { invalid } from './refusal.ts';

/** One page of a list that is paged by offset, with its `paging` where there is more. */
export function pageByOffset<T>(
  { query, portal, path }: Call,
  items: readonly T[],
  bounds: { readonly standard: number; readonly max: number },
): { readonly total: number; readonly results: readonly T[]; readonly paging: object } {
  const limit = readLimit(query, bounds);
  const offset = Number(query.get('after') ?? 0);
  if (!Number.isInteger(offset) || offset < 0) throw invalid('after is not valid');
  const end = offset + limit;
  const next = new URLSearchParams(query);
  next.set('after', `${end}`);
  const paging = { paging: { next: { after: `${end}`, link: `${portal.url}${path}?${next}` } } };
  return { total: items.length, results: items.slice(offset, end), paging: end < items.length ? paging : {} };
}
