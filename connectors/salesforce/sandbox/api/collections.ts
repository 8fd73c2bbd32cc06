import type { SandboxAnswer } from '../../../../src/sandbox/server.ts';
import { ApiError } from '../errors.ts';
import { toId18 } from '../ids.ts';
import { tableOf } from '../org.ts';
import { RecordRefusal } from '../records/refusal.ts';
import { deleteRow, insertRow, updateRow } from '../records/save.ts';
import { findByKey, rowById } from '../records/table.ts';
import { type Input, readInput } from '../records/validate.ts';
import type { Field } from '../schema/fields.ts';
import type { Row, SObject } from '../schema/object.ts';
import { type Call, isRecord, jsonBody, type Route } from './call.ts';
import { visibleObject } from './describe.ts';
import { externalIdField } from './sobjects.ts';

const maxRecords = 200;

export const collectionRoutes: readonly Route[] = [
  { method: 'PATCH', path: /^\/composite\/sobjects\/(\w+)\/(\w+)\/?$/, answer: upsertAll },
  { method: 'POST', path: /^\/composite\/sobjects\/?$/, answer: (call) => saveAll(call, insertOne) },
  { method: 'PATCH', path: /^\/composite\/sobjects\/?$/, answer: (call) => saveAll(call, updateOne) },
  { method: 'DELETE', path: /^\/composite\/sobjects\/?$/, answer: deleteAll },
];

/** What came of one record of a request. */
export type Saved =
  | { readonly id: string; readonly success: true; readonly errors: readonly []; readonly created?: boolean }
  | { readonly id?: string; readonly success: false; readonly errors: readonly object[] };

const done = (id: string): Saved => ({ id, success: true, errors: [] });

function recordsOf(call: Call): { records: readonly Input[]; allOrNone: boolean } {
  const body = jsonBody(call.request);
  const records = Array.isArray(body.records) ? body.records.filter(isRecord) : [];
  if (records.length > maxRecords) {
    throw new ApiError(400, 'LIMIT_EXCEEDED', `The maximum number of records allowed is ${maxRecords}`);
  }
  if (records.length === 0) throw new ApiError(400, 'JSON_PARSER_ERROR', 'The records field is required');
  return { records, allOrNone: body.allOrNone === true };
}

function objectOf(call: Call, record: Input): SObject {
  const { attributes } = record;
  const type = isRecord(attributes) ? attributes.type : undefined;
  const object = typeof type === 'string' ? call.view.object(type) : undefined;
  if (object) return object;
  throw new RecordRefusal('INVALID_TYPE', `sObject type '${type ?? ''}' is not supported.`);
}

/** Tries one record; a request-level error (ApiError) goes through. */
export function attempt(save: () => Saved): Saved {
  try {
    return save();
  } catch (error) {
    if (!(error instanceof RecordRefusal)) throw error;
    const { statusCode, message, fields } = error;
    return { success: false, errors: [{ statusCode, message, fields }] };
  }
}

function saveAll(call: Call, save: (call: Call, record: Input) => Saved): SandboxAnswer {
  const { records, allOrNone } = recordsOf(call);
  return finish(call, allOrNone, () => records.map((record) => attempt(() => save(call, record))));
}

function insertOne(call: Call, record: Input): Saved {
  const object = objectOf(call, record);
  return done(insertRow(call, object, readInput(call.view, object, { input: record, row: null })).Id);
}

function updateOne(call: Call, record: Input): Saved {
  const object = objectOf(call, record);
  const row = rowOf(call, object, record.id ?? record.Id);
  updateRow(call, object, { row, values: readInput(call.view, object, { input: record, row }) });
  return done(row.Id);
}

function rowOf(call: Call, object: SObject, given: unknown): Row {
  const id = toId18(String(given ?? ''));
  if (!id) throw new RecordRefusal('MALFORMED_ID', `malformed id ${given}`, ['Id']);
  const row = rowById(tableOf(call.org, object.name), id);
  if (!row) throw new RecordRefusal('INVALID_CROSS_REFERENCE_KEY', 'invalid cross reference id');
  return row;
}

function upsertAll(call: Call): SandboxAnswer {
  const { records, allOrNone } = recordsOf(call);
  const object = visibleObject(call, call.params[0]);
  const field = externalIdField(call, object, call.params[1] ?? '');
  const repeated = repeatedKeys(field, records);
  const save = (record: Input): Saved => {
    const key = keyOf(field, record);
    if (repeated.has(key.toLowerCase())) {
      throw new RecordRefusal('DUPLICATE_VALUE', `Duplicate external id specified: ${key}`, [field.name]);
    }
    return upsertOne(call, object, { field, key, record });
  };
  return finish(call, allOrNone, () => records.map((record) => attempt(() => save(record))));
}

export function upsertOne(
  call: Call,
  object: SObject,
  upsert: { field: Field; key: string; record: Input },
): Saved {
  const { field, key, record } = upsert;
  if (key === '') throw new RecordRefusal('MISSING_ARGUMENT', `${field.name} not specified`);
  const found = findByKey(tableOf(call.org, object.name), field, key);
  const values = readInput(call.view, object, { input: record, row: found ?? null });
  if (!found) return { id: insertRow(call, object, values).Id, success: true, errors: [], created: true };
  updateRow(call, object, { row: found, values });
  return { id: found.Id, success: true, errors: [], created: false };
}

export function keyOf(field: Field, record: Input): string {
  const name = Object.keys(record).find((each) => each.toLowerCase() === field.name.toLowerCase());
  return String((name && record[name]) ?? '');
}

/** Keys that come twice spoil every record that has them; letter case does not tell them apart. */
function repeatedKeys(field: Field, records: readonly Input[]): ReadonlySet<string> {
  const seen = new Set<string>();
  const repeated = new Set<string>();
  for (const record of records) {
    const key = keyOf(field, record).toLowerCase();
    if (key !== '' && seen.has(key)) repeated.add(key);
    seen.add(key);
  }
  return repeated;
}

function deleteAll(call: Call): SandboxAnswer {
  const ids = (call.request.query.get('ids') ?? '').split(',').filter(Boolean);
  if (ids.length === 0) throw new ApiError(400, 'MISSING_ARGUMENT', 'ids');
  if (ids.length > maxRecords)
    throw new ApiError(400, 'LIMIT_EXCEEDED', `The maximum number of records allowed is ${maxRecords}`);
  const allOrNone = call.request.query.get('allOrNone') === 'true';
  return finish(call, allOrNone, () => ids.map((id) => attempt(() => deleteOne(call, id))));
}

function deleteOne(call: Call, given: string): Saved {
  const id = toId18(given);
  if (!id) throw new RecordRefusal('MALFORMED_ID', `malformed id ${given}`);
  const object = call.view
    .objects()
    .find((each) => each.prefix === id.slice(0, 3) && rowById(tableOf(call.org, each.name), id));
  if (!object) throw new RecordRefusal('INVALID_CROSS_REFERENCE_KEY', 'invalid cross reference id');
  const row = rowOf(call, object, id);
  if (!object.deletable)
    throw new RecordRefusal('INSUFFICIENT_ACCESS_OR_READONLY', 'insufficient access rights on object id');
  deleteRow(call, object, row);
  return done(id);
}

const rolledBack = {
  statusCode: 'ALL_OR_NONE_OPERATION_ROLLED_BACK',
  message: 'Record rolled back because not all records were valid and the request was using AllOrNone header',
  fields: [],
};

/** With allOrNone, one bad record takes the others back. */
function finish(call: Call, allOrNone: boolean, save: () => Saved[]): SandboxAnswer {
  if (!allOrNone) return { status: 200, body: save() };
  const before = copyTables(call);
  const results = save();
  if (results.every((result) => result.success)) return { status: 200, body: results };
  restoreTables(call, before);
  return {
    status: 200,
    body: results.map((result) => (result.success ? { success: false, errors: [rolledBack] } : result)),
  };
}

type Copies = ReadonlyMap<string, readonly Row[]>;

function copyTables(call: Call): Copies {
  return new Map([...call.org.tables].map(([name, table]) => [name, table.rows.map((row) => ({ ...row }))]));
}

function restoreTables(call: Call, copies: Copies): void {
  for (const [name, rows] of copies) {
    const table = tableOf(call.org, name);
    table.rows.splice(0, table.rows.length);
    table.byId = null;
    table.keys.clear();
    table.byStamp = null;
    for (const row of rows) table.rows.push(row);
  }
}
