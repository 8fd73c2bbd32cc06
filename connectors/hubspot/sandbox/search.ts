import { type Fields, isFields, readFields, readList, readText, readTexts, requireText } from './body.ts';
import { targetsOf } from './links.ts';
import type { ObjectType, Portal, StoredRecord } from './portal.ts';
import { openRecord } from './read-value.ts';
import { showRecord } from './record-answer.ts';
import { invalid } from './refusal.ts';
import { type Filter, matchesFilter, readFilterGroups, searchableType } from './search-filter.ts';
import { idsModified, lowerBound, stateAt } from './search-index.ts';

const standardPage = 10;
const maxPage = 200;
/** Results beyond cannot be reached. */
const maxOffset = 10_000;
const maxQueryLength = 3000;
const keptResults = 8;
const disorderSpan = 5;

export interface SearchPage {
  readonly total: number;
  readonly results: readonly Record<string, unknown>[];
  readonly paging?: { readonly next: { readonly after: string; readonly link: string } };
}

interface Sort {
  readonly name: string;
  readonly descending: boolean;
}

export function searchRecords(portal: Portal, type: ObjectType, rawBody: unknown): SearchPage {
  const body = readFields(rawBody ?? {});
  const limit = readNumber(body.limit, standardPage, { name: 'limit', max: maxPage });
  const offset = readNumber(body.after, 0, { name: 'after', max: Number.MAX_SAFE_INTEGER });
  if (offset >= maxOffset) throw invalid(`Invalid paging: at most ${maxOffset} results can be paged through`);
  const ids = withOutsiders(portal, type, { body, ids: findIds(portal, type, body) });
  const isEmpty = portal.hazards.emptyPages && (body.after === undefined || body.after === null);
  const size = portal.hazards.shortPages ? Math.max(1, Math.floor(limit * 0.6)) : limit;
  const end = isEmpty ? 0 : Math.min(offset + size, maxOffset);
  const selection = { properties: readTexts(body.properties, 'properties'), histories: [], associations: [] };
  const results = ids.slice(offset, Math.max(offset, end)).flatMap((id) => {
    const record = visible(portal, type, id);
    return record ? [showRecord(portal, type, { record, selection })] : [];
  });
  const next = {
    after: `${end}`,
    link: `${portal.url}/crm/v3/objects/${type.spec.name}/search?after=${end}`,
  };
  const total = Math.max(0, ids.length + driftOf(portal));
  return { total, results, ...(end < ids.length ? { paging: { next } } : {}) };
}

const outsiderCount = 3;

/** Records that do not match, at the end of what does. */
function withOutsiders(
  portal: Portal,
  type: ObjectType,
  { body, ids }: { readonly body: Fields; readonly ids: readonly number[] },
): readonly number[] {
  if (!portal.hazards.outsiders || body.filterGroups === undefined) return ids;
  const matching = new Set(ids);
  const others = type.ids.filter((id) => !matching.has(id) && visible(portal, type, id) !== null);
  return [...ids, ...others.slice(0, outsiderCount)];
}

function driftOf(portal: Portal): number {
  return portal.hazards.driftingTotals ? (portal.nextSerial() % 5) - 2 : 0;
}

function readNumber(
  raw: unknown,
  standard: number,
  { name, max }: { readonly name: string; readonly max: number },
): number {
  const text = readText(raw);
  if (text === null || text === '') return standard;
  const value = Number(text);
  if (Number.isInteger(value) && value >= 0 && value <= max) return value;
  throw invalid(`There was a problem with the request: ${name} must be a whole number up to ${max}`);
}

/** The state that the index shows now; null: none. */
function visible(portal: Portal, type: ObjectType, id: number): StoredRecord | null {
  const record = type.records.get(id);
  if (!record) return null;
  const { lagMs } = portal.hazards;
  if (lagMs > 0) return stateAt(record, portal.now() - lagMs);
  return record.archivedAt === null ? record : null;
}

/** All results in their order; remembered, since the next page is asked for soon. */
function findIds(portal: Portal, type: ObjectType, body: Fields): readonly number[] {
  const { lagMs, misorder } = portal.hazards;
  const { cache } = type.search;
  const asOf = lagMs > 0 ? Math.floor((portal.now() - lagMs) / 1000) : 0;
  const asked = [body.filterGroups, body.filters, body.sorts, body.query];
  const key = JSON.stringify([asked, asOf, misorder, portal.links.version]);
  const known = cache.get(key);
  if (known) return known;
  const ids = computeIds(portal, type, body);
  const oldest = cache.size >= keptResults ? cache.keys().next().value : undefined;
  if (oldest !== undefined) cache.delete(oldest);
  cache.set(key, ids);
  return ids;
}

function computeIds(portal: Portal, type: ObjectType, body: Fields): number[] {
  const groups = readFilterGroups(portal, type, body);
  const sort = readSort(type, body);
  const query = readText(body.query)?.toLowerCase() ?? '';
  if (query.length > maxQueryLength) throw invalid(`The query is longer than ${maxQueryLength} characters`);
  const found: StoredRecord[] = [];
  for (const id of candidates(type, groups)) {
    const record = visible(portal, type, id);
    if (record && matches(portal, type, { record, groups, query })) found.push(record);
  }
  const ids = sortIds(portal, type, { found, sort });
  return portal.hazards.misorder ? disorder(ids) : ids;
}

function readSort(type: ObjectType, body: Fields): Sort {
  const sorts = readList(body.sorts, 'sorts');
  if (sorts.length > 1) throw invalid('There was a problem with the request: only one sort is supported');
  const [sort] = sorts;
  if (sort === undefined) return { name: type.spec.createdProperty, descending: false };
  const text = isFields(sort) ? requireText(sort.propertyName, 'propertyName') : requireText(sort, 'sorts');
  const name = text.replace(/^-/, '');
  searchableType(type, name);
  const descending = isFields(sort)
    ? readText(sort.direction)?.toUpperCase() === 'DESCENDING'
    : text !== name;
  return { name, descending };
}

/** Every record that can match; the bounds on modification and id keep a large portal from being read whole. */
function candidates(type: ObjectType, groups: readonly (readonly Filter[])[]): Iterable<number> {
  if (groups.length === 0) return type.ids;
  const ids = new Set<number>();
  for (const group of groups) for (const id of candidatesOf(type, group)) ids.add(id);
  return ids;
}

function candidatesOf(type: ObjectType, group: readonly Filter[]): Iterable<number> {
  const modified = group.filter(({ name }) => name === type.spec.modifiedProperty);
  if (modified.length > 0) {
    const bounds = boundsOf(modified);
    return idsModified(type, bounds.from, bounds.to);
  }
  const byId = boundsOf(group.filter(({ name }) => name === 'hs_object_id'));
  return type.ids.slice(lowerBound(type.ids, byId.from), lowerBound(type.ids, byId.to + 1));
}

function boundsOf(filters: readonly Filter[]): { readonly from: number; readonly to: number } {
  let from = Number.NEGATIVE_INFINITY;
  let to = Number.POSITIVE_INFINITY;
  for (const { operator, value, highValue } of filters) {
    if (['EQ', 'GT', 'GTE', 'BETWEEN'].includes(operator)) from = Math.max(from, Number(value));
    if (['EQ', 'LT', 'LTE'].includes(operator)) to = Math.min(to, Number(value));
    if (operator === 'BETWEEN') to = Math.min(to, Number(highValue));
  }
  return { from, to };
}

function matches(
  portal: Portal,
  type: ObjectType,
  asked: { record: StoredRecord; groups: readonly (readonly Filter[])[]; query: string },
): boolean {
  const { record, groups, query } = asked;
  const open = openRecord(portal, type, record);
  const read = (name: string) => readIndexed(type, name, open);
  const linkedTo = (to: ObjectType, id: string) =>
    targetsOf(portal, type, record.id, to).some((target) => `${target}` === id);
  const inGroup = groups.some((group) => group.every((filter) => matchesFilter(filter, read, linkedTo)));
  if (groups.length > 0 && !inGroup) return false;
  return query === '' || type.spec.standard.some((name) => read(name)?.toLowerCase().includes(query));
}

/** The index of contacts knows `lastmodifieddate` only: filters on the other one find nothing, without an error. */
function readIndexed(type: ObjectType, name: string, open: (name: string) => string | null | undefined) {
  const isOther = name === 'hs_lastmodifieddate' && type.spec.modifiedProperty !== name;
  return isOther ? null : open(name);
}

function sortIds(
  portal: Portal,
  type: ObjectType,
  { found, sort }: { readonly found: readonly StoredRecord[]; readonly sort: Sort },
): number[] {
  const sign = sort.descending ? -1 : 1;
  const kind = searchableType(type, sort.name);
  const isText = kind === 'string' || kind === 'enumeration' || kind === 'bool';
  if (isText) return sortTexts(portal, type, { found, sort });
  const keyed = found.map((record) => ({
    id: record.id,
    key: sortNumber(portal, type, { record, name: sort.name }),
  }));
  keyed.sort((a, b) => (a.key === b.key ? a.id - b.id : sign * (a.key - b.key)));
  return keyed.map(({ id }) => id);
}

function sortTexts(
  portal: Portal,
  type: ObjectType,
  { found, sort }: { readonly found: readonly StoredRecord[]; readonly sort: Sort },
): number[] {
  const sign = sort.descending ? -1 : 1;
  const keyed = found.map((record) => ({
    id: record.id,
    key: openRecord(portal, type, record)(sort.name)?.toLowerCase() ?? '',
  }));
  keyed.sort((a, b) => (a.key === b.key ? a.id - b.id : a.key < b.key ? -sign : sign));
  return keyed.map(({ id }) => id);
}

/** Records without a value come first. */
function sortNumber(
  portal: Portal,
  type: ObjectType,
  { record, name }: { readonly record: StoredRecord; readonly name: string },
): number {
  if (name === 'hs_object_id') return record.id;
  if (name === type.spec.modifiedProperty) return record.updatedAt;
  if (name === type.spec.createdProperty && record.contents === null) return record.createdAt;
  const value = openRecord(portal, type, record)(name);
  if (value === null || value === undefined) return Number.MIN_SAFE_INTEGER;
  const number = Number(value);
  return Number.isNaN(number) ? Date.parse(value) : number;
}

/** Runs of a few results backwards: nothing is lost, but no row stands where the sort says. */
function disorder(ids: readonly number[]): number[] {
  const result: number[] = [];
  for (let start = 0; start < ids.length; start += disorderSpan) {
    result.push(...ids.slice(start, start + disorderSpan).reverse());
  }
  return result;
}
