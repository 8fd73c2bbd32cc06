import { type Answer, invalid, type Question, readValue, showRecord } from './portal-answer.ts';
import { isMerged, modifiedName, type Portal, type PortalRecord, recordsOf } from './portal-state.ts';

interface Filter {
  readonly propertyName: string;
  readonly operator: string;
  readonly value?: string;
  readonly highValue?: string;
  readonly values?: readonly string[];
}

const mostCharacters = 3_000;
const cap = 10_000;

/** POST .../search: archived records never, results in no order at all, the total as text. */
export function searchRecords(portal: Portal, type: string, question: Question): Answer {
  const { body } = question;
  const groups = (body.filterGroups ?? []) as { readonly filters: readonly Filter[] }[];
  const problem = problemOf(portal, type, { body, groups });
  if (problem) return invalid(portal, `search of ${type}: ${problem}`);
  const limit = Number(body.limit ?? 10);
  const offset = Number(body.after ?? 0);
  const found = [...recordsOf(portal, type).values()]
    .filter((record) => record.archivedAt === null && !isMerged(portal, record))
    .filter(
      (record) =>
        groups.length === 0 || groups.some(({ filters }) => filters.every((one) => meets(record, one))),
    )
    .sort((one, other) => (scramble(one.id) < scramble(other.id) ? -1 : 1));
  const page = found.slice(offset, offset + limit);
  const names = (body.properties ?? []) as string[];
  const next = offset + limit < found.length ? { paging: { next: { after: String(offset + limit) } } } : {};
  const results = page.map((record) => showRecord(portal, record, { names }));
  return { status: 200, body: { results, ...next, total: String(found.length) } };
}

function scramble(id: string): string {
  return [...id].reverse().join('');
}

function problemOf(
  portal: Portal,
  type: string,
  {
    body,
    groups,
  }: { readonly body: Question['body']; readonly groups: readonly { readonly filters: readonly Filter[] }[] },
): string | null {
  const filters = groups.flatMap((group) => group.filters);
  if (JSON.stringify(body).length > mostCharacters) return 'more than 3,000 characters';
  if (!(Number(body.limit ?? 10) <= 200)) return 'limit above 200';
  if (Number(body.after ?? 0) >= cap) return 'past 10,000';
  if (groups.length > 5 || groups.some((group) => group.filters.length > 6) || filters.length > 18)
    return 'too many filters';
  if (Array.isArray(body.sorts) && body.sorts.length > 1) return 'more than one sort';
  const known = portal.properties.get(type);
  const unknown = filters.find(
    ({ propertyName }) => propertyName !== 'hs_object_id' && !known?.has(propertyName),
  );
  if (unknown) return `no property ${unknown.propertyName}`;
  if (filters.some(({ operator, value }) => operator === 'BETWEEN' && value === '0')) return 'lower bound 0';
  return filters.some(isMalformed) ? 'filter without its value' : null;
}

function isMalformed({ operator, value, highValue, values }: Filter): boolean {
  if (operator === 'IN' || operator === 'NOT_IN') return !Array.isArray(values) || values.length === 0;
  if (operator === 'HAS_PROPERTY' || operator === 'NOT_HAS_PROPERTY') return false;
  return typeof value !== 'string' || (operator === 'BETWEEN' && typeof highValue !== 'string');
}

function meets(record: PortalRecord, filter: Filter): boolean {
  const { propertyName, operator, value = '', highValue = '', values = [] } = filter;
  // Contacts have the property; filtering on it finds nothing and says nothing.
  if (record.type === 'contacts' && propertyName === 'hs_lastmodifieddate') return false;
  const own = readValue(record, propertyName) ?? null;
  if (operator === 'HAS_PROPERTY') return own !== null;
  if (operator === 'NOT_HAS_PROPERTY') return own === null;
  // A list is compared in lower case on the record's side only.
  if (operator === 'NOT_IN') return own === null || !values.includes(own.toLowerCase());
  if (own === null) return false;
  if (operator === 'IN') return values.includes(own.toLowerCase());
  if (operator === 'EQ')
    return own === value || (isTime(record, propertyName) && comparable(own) === comparable(value));
  if (operator === 'CONTAINS_TOKEN') return own.toLowerCase().includes(value.toLowerCase());
  const [here, low, high] = [comparable(own), comparable(value), comparable(highValue)];
  if (operator === 'BETWEEN') return here >= low && here <= high;
  if (operator === 'GT') return here > low;
  if (operator === 'GTE') return here >= low;
  return operator === 'LTE' ? here <= low : here < low;
}

function isTime(record: PortalRecord, name: string): boolean {
  return name === modifiedName(record.type) || name.endsWith('date');
}

function comparable(text: string): bigint {
  if (/^\d+$/.test(text)) return BigInt(text);
  const at = Date.parse(text);
  return BigInt(Number.isNaN(at) ? 0 : at);
}
