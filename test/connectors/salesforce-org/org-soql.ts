import {
  fieldNamed,
  longId,
  type Org,
  type OrgObject,
  type OrgRecord,
  objectNamed,
  type Value,
} from './org-state.ts';

/** A query as far as it is understood; what is not is refused. */
export interface Query {
  readonly object: OrgObject;
  readonly fields: readonly string[];
  readonly count: boolean;
  readonly sum: { readonly field: string; readonly alias: string } | null;
  readonly rows: readonly OrgRecord[];
}

export class Refusal extends Error {
  readonly status: number;
  readonly body: unknown;

  constructor(status: number, code: string, message: string) {
    super(code);
    this.status = status;
    this.body = [{ message, errorCode: code }];
  }
}

type Test = (row: OrgRecord) => boolean;

export function runQuery(org: Org, soql: string, all: boolean): Query {
  const shape =
    /^\s*select\s+(.+?)\s+from\s+(\w+)(?:\s+where\s+(.+?))??(?:\s+order\s+by\s+(.+?))?(?:\s+limit\s+(\d+))?\s*$/is.exec(
      soql,
    );
  if (!shape) throw new Refusal(400, 'MALFORMED_QUERY', `unexpected token: ${soql}`);
  const [, list = '', from = '', where, order, limit] = shape;
  const object = objectNamed(org, from);
  if (!object) throw noSuchType(from);
  const count = /^count\(\s*\)$/i.test(list);
  const sum = /^sum\((\w+)\)\s+(\w+)$/i.exec(list);
  const fields = count || sum ? [] : list.split(',').map((name) => name.trim());
  for (const field of fields) checkPath(org, object, field);
  const test = where ? parseWhere(org, object, where) : () => true;
  const living = all
    ? [...object.rows.values()]
    : [...object.rows.values()].filter((row) => row.get('IsDeleted') !== true);
  const found = living.filter(test);
  if (order) sortRows(org, object, found, order);
  return {
    object,
    fields,
    count,
    sum: sum ? { field: sum[1] ?? '', alias: sum[2] ?? '' } : null,
    rows: limit ? found.slice(0, Number(limit)) : found,
  };
}

function noSuchType(name: string): Refusal {
  const text = `\nSELECT Id FROM ${name}\n               ^\nERROR at Row:1:Column:16\nsObject type '${name}' is not supported. If you are attempting to use a custom object, be sure to append the '__c' after the entity name. Please reference your WSDL or the describe call for the appropriate names.`;
  return new Refusal(400, 'INVALID_TYPE', text);
}

function noSuchField(object: OrgObject, name: string): Refusal {
  const text = `\n${name} FROM ${object.name}\n^\nERROR at Row:1:Column:8\nNo such column '${name}' on entity '${object.name}'. If you are attempting to use a custom field, be sure to append the '__c' after the custom field name. Please reference your WSDL or the describe call for the appropriate names.`;
  return new Refusal(400, 'INVALID_FIELD', text);
}

function checkPath(org: Org, object: OrgObject, path: string): void {
  const [first = '', ...rest] = path.split('.');
  if (rest.length === 0) {
    const field = fieldNamed(object, first);
    if (!field || org.dialect.lying.has(`${object.name}.${field.name}`)) throw noSuchField(object, first);
    return;
  }
  const parent = parentOf(org, object, first);
  if (!parent)
    throw new Refusal(400, 'INVALID_FIELD', `Didn't understand relationship '${first}' in field path.`);
  if (parent !== 'any') checkPath(org, parent, rest.join('.'));
}

function linkOf(object: OrgObject, relation: string) {
  const name = relation.endsWith('__r') ? relation.replace(/__r$/, '__c') : `${relation}Id`;
  return fieldNamed(object, name);
}

function parentOf(org: Org, object: OrgObject, relation: string): OrgObject | 'any' | null {
  const link = linkOf(object, relation);
  if (!link || link.parents.length === 0) return null;
  if (link.parents.length > 1) return 'any';
  return objectNamed(org, link.parents[0] ?? '');
}

export function valueAt(org: Org, object: OrgObject, row: OrgRecord, path: string): Value {
  const [first = '', ...rest] = path.split('.');
  if (rest.length === 0) return row.get(fieldNamed(object, first)?.name ?? first) ?? null;
  const link = linkOf(object, first);
  const id = link ? row.get(link.name) : null;
  for (const name of link?.parents ?? []) {
    const parent = objectNamed(org, name);
    const found = parent?.rows.get(String(id));
    if (parent && found) return valueAt(org, parent, found, rest.join('.'));
  }
  return null;
}

const token = /'(?:[^'\\]|\\.)*'|>=|<=|!=|<>|[=<>(),]|[^\s=<>!(),]+/g;

function parseWhere(org: Org, object: OrgObject, text: string): Test {
  const tokens = text.match(token) ?? [];
  let at = 0;
  const peek = (word: string) => tokens[at]?.toUpperCase() === word;
  const take = () => tokens[at++] ?? '';
  const either = (): Test => {
    const tests = [both()];
    for (; peek('OR'); ) {
      take();
      tests.push(both());
    }
    return (row) => tests.some((test) => test(row));
  };
  const both = (): Test => {
    const tests = [single()];
    for (; peek('AND'); ) {
      take();
      tests.push(single());
    }
    return (row) => tests.every((test) => test(row));
  };
  const single = (): Test => {
    if (peek('NOT')) {
      take();
      const test = single();
      return (row) => !test(row);
    }
    if (peek('(')) {
      take();
      const test = either();
      take();
      return test;
    }
    return comparison();
  };
  const comparison = (): Test => {
    const path = take();
    checkPath(org, object, path);
    const type = fieldNamed(object, path)?.type ?? 'string';
    const read = (row: OrgRecord) => valueAt(org, object, row, path);
    const sign = take().toUpperCase();
    if (sign === 'IN') {
      take();
      const wanted = new Set<Value>();
      for (; !peek(')'); ) {
        const one = take();
        if (one !== ',') wanted.add(literal(one, type));
      }
      take();
      return (row) => wanted.has(read(row));
    }
    const wanted = literal(take(), type);
    return (row) => compare(read(row), sign, wanted);
  };
  const test = either();
  if (at < tokens.length) throw new Refusal(400, 'MALFORMED_QUERY', `unexpected token: '${tokens[at]}'`);
  return test;
}

function literal(text: string, type: string): Value {
  if (/^null$/i.test(text)) return null;
  if (/^(true|false)$/i.test(text)) return text.toLowerCase() === 'true';
  if (text.startsWith("'")) {
    const plain = text.slice(1, -1).replace(/\\(.)/g, '$1');
    return /^(id|reference)$/.test(type) && plain.length === 15 ? longId(plain) : plain;
  }
  if (type === 'datetime') return Date.parse(text);
  return type === 'date' ? text : Number(text);
}

function compare(value: Value, sign: string, wanted: Value): boolean {
  if (sign === '=') return value === wanted;
  if (sign === '!=' || sign === '<>') return value !== wanted;
  if (value === null || wanted === null) return false;
  if (sign === '>=') return value >= wanted;
  if (sign === '<=') return value <= wanted;
  return sign === '>' ? value > wanted : value < wanted;
}

function sortRows(org: Org, object: OrgObject, rows: OrgRecord[], order: string): void {
  const keys = order.split(',').map((part) => part.trim().split(/\s+/)[0] ?? '');
  for (const key of keys) checkPath(org, object, key);
  rows.sort((one, other) => {
    for (const key of keys) {
      const [left, right] = [valueAt(org, object, one, key), valueAt(org, object, other, key)];
      if (left === right) continue;
      if (left === null) return -1;
      if (right === null) return 1;
      return left < right ? -1 : 1;
    }
    return 0;
  });
}
