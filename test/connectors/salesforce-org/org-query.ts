import { type Query, runQuery, valueAt } from './org-soql.ts';
import { fieldNamed, type Org, type OrgObject, type OrgRecord, type Value } from './org-state.ts';

export const locators = new WeakMap<Org, Map<string, readonly Record<string, unknown>[]>>();

export function answerQuery(org: Org, soql: string, all: boolean): Record<string, unknown> {
  const query = runQuery(org, soql, all);
  if (query.count) return { done: true, records: [], totalSize: query.rows.length };
  if (query.sum) return sumAnswer(query);
  const records = query.rows.map((row) => toRecord(org, query.object, row, query.fields));
  const { pageSize } = org.dialect;
  const first = records.slice(0, pageSize);
  if (records.length <= pageSize) return { records: first, totalSize: records.length, done: true };
  org.counter += 1;
  const id = `0r8Xy${org.counter}`;
  const kept = locators.get(org) ?? new Map();
  locators.set(org, kept.set(id, records));
  const nextRecordsUrl = `/services/data/v${org.dialect.version}.0/query/${id}@${pageSize}`;
  return { records: first, nextRecordsUrl, done: false, totalSize: records.length };
}

/** The total is counted anew on each page: here it is one more than at the beginning. */
export function answerNextPage(org: Org, locator: string): Record<string, unknown> | null {
  const [id = '', from = '0'] = locator.split('@');
  const records = locators.get(org)?.get(id);
  if (!records) return null;
  const end = Number(from) + org.dialect.pageSize;
  const page = { totalSize: records.length, records: records.slice(Number(from), end) };
  if (end >= records.length) return { ...page, done: true };
  return {
    ...page,
    done: false,
    nextRecordsUrl: `/services/data/v${org.dialect.version}.0/query/${id}@${end}`,
  };
}

function sumAnswer({ rows, sum }: Query): Record<string, unknown> {
  let total = 0;
  for (const row of rows) total += Number(row.get(sum?.field ?? '') ?? 0);
  const record = {
    [sum?.alias ?? 'expr0']: rows.length > 0 ? total : null,
    attributes: { type: 'AggregateResult' },
  };
  return { done: true, totalSize: 1, records: [record] };
}

/** Fields in the reverse of their order, the attributes last, and one that nobody asked for. */
function toRecord(
  org: Org,
  object: OrgObject,
  row: OrgRecord,
  fields: readonly string[],
): Record<string, unknown> {
  const record: Record<string, unknown> = {};
  for (const path of [...fields].reverse()) placeValue(org, record, { object, row, path });
  const url = `/services/data/v${org.dialect.version}.0/sobjects/${object.name}/${row.get('Id')}`;
  return { ...record, attributes: { url, type: object.name, extra: { nested: [1] } } };
}

function placeValue(
  org: Org,
  record: Record<string, unknown>,
  { object, row, path }: { readonly object: OrgObject; readonly row: OrgRecord; readonly path: string },
): void {
  const parts = path.split('.');
  const value = valueAt(org, object, row, path);
  const name = parts.length === 1 ? (fieldNamed(object, path)?.name ?? path) : (parts[0] ?? '');
  if (value === null && org.dialect.sparse) return;
  if (parts.length === 1) record[name] = showValue(org, fieldNamed(object, path)?.type ?? 'string', value);
  else if (value === null) record[name] ??= null;
  else record[name] = nest(record[name], parts.slice(1), value);
}

function nest(known: unknown, parts: readonly string[], value: Value): Record<string, unknown> {
  const [first = '', ...rest] = parts;
  const base = typeof known === 'object' && known !== null ? { ...known } : {};
  const inner = new Map<string, unknown>(Object.entries(base)).get(first);
  return {
    ...base,
    attributes: { type: 'Name' },
    [first]: rest.length === 0 ? value : nest(inner, rest, value),
  };
}

export function showValue(org: Org, type: string, value: Value): unknown {
  if (type !== 'datetime' || typeof value !== 'number') return value;
  const { offset } = org.dialect;
  const sign = offset.startsWith('-') ? -1 : 1;
  const minutes = sign * (Number(offset.slice(1, 3)) * 60 + Number(offset.slice(3)));
  return new Date(value + minutes * 60_000).toISOString().replace('Z', offset);
}
