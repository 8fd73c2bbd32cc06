import { type Fields, readFields, readList, readText, readTexts, requireText } from './body.ts';
import { findType } from './object-type.ts';
import type { ObjectType, Portal } from './portal.ts';
import type { PropertyType } from './property.ts';
import type { ReadValue } from './read-value.ts';
import { invalid, Refusal } from './refusal.ts';

/** One condition of a search, checked; values as they compare. */
export interface Filter {
  readonly name: string;
  readonly type: PropertyType;
  readonly operator: Operator;
  readonly value: string;
  readonly highValue: string;
  readonly values: ReadonlySet<string>;
  /** Set for `associations.{type}`. */
  readonly linked: ObjectType | null;
}

const operators = [
  'EQ',
  'NEQ',
  'LT',
  'LTE',
  'GT',
  'GTE',
  'BETWEEN',
  'IN',
  'NOT_IN',
  'HAS_PROPERTY',
  'NOT_HAS_PROPERTY',
  'CONTAINS_TOKEN',
  'NOT_CONTAINS_TOKEN',
] as const;
type Operator = (typeof operators)[number];

/** "Search the CRM": groups, filters in one, filters in all. */
const maxGroups = 5;
const maxFiltersInGroup = 6;
const maxFilters = 18;

/** Bodies of activities are no part of the index. */
const unsearchable: Readonly<Record<string, readonly string[]>> = {
  calls: ['hs_body_preview_html'],
  meetings: ['hs_body_preview_html'],
  notes: ['hs_body_preview_html'],
  tasks: ['hs_body_preview_html'],
  emails: ['hs_body_preview_html', 'hs_email_html', 'hs_body_preview'],
};

/** Groups are alternatives, the filters of a group hold together. `filters` alone is one group. */
export function readFilterGroups(
  portal: Portal,
  type: ObjectType,
  body: Fields,
): readonly (readonly Filter[])[] {
  const groups = readList(body.filterGroups, 'filterGroups').map((group) =>
    readList(readFields(group, 'filterGroups').filters, 'filters'),
  );
  const alone = readList(body.filters, 'filters');
  if (alone.length > 0) groups.push(alone);
  const tooMany =
    groups.length > maxGroups ||
    groups.some((group) => group.length > maxFiltersInGroup) ||
    groups.flat().length > maxFilters;
  if (tooMany) {
    throw invalid(
      `At most ${maxGroups} filterGroups with ${maxFiltersInGroup} filters each and ${maxFilters} filters in all are allowed`,
    );
  }
  return groups.map((group) =>
    group.map((filter) => readFilter(portal, type, readFields(filter, 'filters'))),
  );
}

function readFilter(portal: Portal, type: ObjectType, raw: Fields): Filter {
  const name = requireText(raw.propertyName, 'propertyName');
  const wanted = requireText(raw.operator, 'operator');
  const operator = operators.find((each) => each === wanted);
  if (!operator)
    throw invalid(`Invalid input JSON: operator ${wanted} is not one of ${operators.join(', ')}`);
  const linked = findLinked(portal, name, operator);
  const filter = {
    name,
    type: linked ? ('string' as const) : searchableType(type, name),
    operator,
    value: readText(raw.value) ?? '',
    highValue: readText(raw.highValue) ?? '',
    values: new Set(readTexts(raw.values, 'values')),
    linked,
  };
  checkOperands(filter);
  return { ...filter, ...toComparable(filter) };
}

/** Pseudo-property; the portal's own objects do not have it. */
function findLinked(portal: Portal, name: string, operator: Operator): ObjectType | null {
  if (!name.startsWith('associations.')) return null;
  const linked = findType(portal, name.slice('associations.'.length));
  if (linked && !linked.spec.custom && operator === 'EQ') return linked;
  throw invalid(`There was a problem with the request: ${name} cannot be searched by`);
}

export function searchableType(type: ObjectType, name: string): PropertyType {
  const property = type.properties.get(name);
  const hidden = unsearchable[type.spec.name]?.includes(name) ?? false;
  if (property && !property.archived && !hidden) return property.type;
  throw invalid(
    `There was a problem with the request: property ${name} does not exist or cannot be searched by`,
  );
}

function checkOperands({ name, operator, value, highValue, values }: Omit<Filter, 'linked' | 'type'>): void {
  if (operator === 'HAS_PROPERTY' || operator === 'NOT_HAS_PROPERTY') return;
  const missing =
    operator === 'IN' || operator === 'NOT_IN'
      ? values.size === 0
      : value === '' || (operator === 'BETWEEN' && highValue === '');
  if (missing) throw invalid(`There was a problem with the request: filter on ${name} lacks its value`);
}

function toComparable(filter: Filter): Pick<Filter, 'value' | 'highValue' | 'values'> {
  const convert = (text: string) => (filter.type === 'string' ? text : comparable(filter, text));
  const isLower = ['GT', 'GTE', 'BETWEEN'].includes(filter.operator);
  if (filter.type === 'datetime' && isLower && Number(convert(filter.value)) === 0) {
    // Seen in production: the epoch as lower bound fails on the server.
    throw new Refusal(500, { message: 'internal error' });
  }
  return {
    value: convert(filter.value),
    highValue: convert(filter.highValue),
    values: new Set([...filter.values].map(convert)),
  };
}

/** Times as epoch milliseconds, everything else as it is. */
function comparable({ type, name }: Filter, text: string): string {
  if (text === '' || (type !== 'datetime' && type !== 'date' && type !== 'number')) return text;
  const number = /^[+-]?\d+(\.\d+)?(e[+-]?\d+)?$/i.test(text) ? Number(text) : Number.NaN;
  const value = type === 'number' || !Number.isNaN(number) ? number : Date.parse(text);
  if (Number.isNaN(value))
    throw invalid(`There was a problem with the request: ${text} is no value of ${name}`);
  return `${value}`;
}

/** `linkedTo`: whether the record is associated with the id. */
export function matchesFilter(
  filter: Filter,
  read: ReadValue,
  linkedTo: (type: ObjectType, id: string) => boolean,
): boolean {
  if (filter.linked) return linkedTo(filter.linked, filter.value);
  const value = read(filter.name) ?? null;
  switch (filter.operator) {
    case 'HAS_PROPERTY':
      return value !== null;
    case 'NOT_HAS_PROPERTY':
      return value === null;
    // Negations hold for records without a value, too.
    case 'NEQ':
      return value === null || !isEqual(filter, value);
    case 'NOT_IN':
      return value === null || !filter.values.has(memberKey(filter, value));
    case 'NOT_CONTAINS_TOKEN':
      return value === null || !containsToken(value, filter.value);
    default:
      return value !== null && holds(filter, value);
  }
}

function holds(filter: Filter, value: string): boolean {
  const { operator } = filter;
  if (operator === 'EQ') return isEqual(filter, value);
  if (operator === 'IN') return filter.values.has(memberKey(filter, value));
  if (operator === 'CONTAINS_TOKEN') return containsToken(value, filter.value);
  const order = compare(filter, value, filter.value);
  if (operator === 'LT') return order < 0;
  if (operator === 'LTE') return order <= 0;
  if (operator === 'GT') return order > 0;
  if (operator === 'GTE') return order >= 0;
  return order >= 0 && compare(filter, value, filter.highValue) <= 0;
}

function isEqual(filter: Filter, value: string): boolean {
  if (filter.type === 'string') return value.toLowerCase() === filter.value.toLowerCase();
  return compare(filter, value, filter.value) === 0;
}

/** The values of IN are taken as they come, those of texts are kept in lower case: `IN ["Acme"]` finds nothing. */
function memberKey(filter: Filter, value: string): string {
  return filter.type === 'string' ? value.toLowerCase() : comparable(filter, value);
}

function compare(filter: Filter, value: string, other: string): number {
  const isText = filter.type === 'string' || filter.type === 'enumeration' || filter.type === 'bool';
  if (isText) return value < other ? -1 : value > other ? 1 : 0;
  return Number(comparable(filter, value)) - Number(other);
}

/** One word, `*` stands for any letters. */
function containsToken(value: string, token: string): boolean {
  const words = value.toLowerCase().split(/[^\p{L}\p{N}]+/u);
  const pattern = token
    .toLowerCase()
    .split('*')
    .map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'))
    .join('.*');
  const expression = new RegExp(`^${pattern}$`, 'u');
  return expression.test(value.toLowerCase()) || words.some((word) => expression.test(word));
}
