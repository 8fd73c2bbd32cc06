import type { SandboxAnswer } from '../../../../src/sandbox/server.ts';
import { ApiError, notFound } from '../errors.ts';
import { toId18 } from '../ids.ts';
import { nowSeconds, tableOf } from '../org.ts';
import { RecordRefusal } from '../records/refusal.ts';
import { deleteRow, insertRow, updateRow } from '../records/save.ts';
import { findByKey, rowById } from '../records/table.ts';
import { readInput } from '../records/validate.ts';
import { fieldReader, formatInstant, parseInstant, toJson } from '../records/value.ts';
import type { Field } from '../schema/fields.ts';
import type { Row, SObject } from '../schema/object.ts';
import { type Call, jsonBody, type Route } from './call.ts';
import { visibleObject } from './describe.ts';

const deletedDays = 15;
const updatedDays = 30;
const name = '([\\w]+)';

export const sobjectRoutes: readonly Route[] = [
  { method: 'GET', path: new RegExp(`^/sobjects/${name}/deleted/?$`), answer: getDeleted },
  { method: 'GET', path: new RegExp(`^/sobjects/${name}/updated/?$`), answer: getUpdated },
  { method: 'POST', path: new RegExp(`^/sobjects/${name}/?$`), answer: create },
  {
    method: 'GET',
    path: new RegExp(`^/sobjects/${name}/${name}$`),
    answer: (call) => retrieve(call, targetById(call)),
  },
  {
    method: 'PATCH',
    path: new RegExp(`^/sobjects/${name}/${name}$`),
    answer: (call) => change(call, targetById(call)),
  },
  {
    method: 'DELETE',
    path: new RegExp(`^/sobjects/${name}/${name}$`),
    answer: (call) => remove(call, targetById(call)),
  },
  {
    method: 'GET',
    path: new RegExp(`^/sobjects/${name}/${name}/([^/]+)$`),
    answer: (call) => retrieve(call, targetByKey(call)),
  },
  { method: 'PATCH', path: new RegExp(`^/sobjects/${name}/${name}/([^/]+)$`), answer: upsert },
  {
    method: 'DELETE',
    path: new RegExp(`^/sobjects/${name}/${name}/([^/]+)$`),
    answer: (call) => remove(call, targetByKey(call)),
  },
];

interface Target {
  readonly object: SObject;
  readonly row: Row;
}

function targetById(call: Call): Target {
  const object = visibleObject(call, call.params[0]);
  const id = toId18(call.params[1] ?? '');
  const row = id ? rowById(tableOf(call.org, object.name), id) : undefined;
  if (!row) throw notFound();
  if (row.IsDeleted === true) throw new ApiError(404, 'ENTITY_IS_DELETED', 'entity is deleted');
  return { object, row };
}

/** A key that this user may see; else it does not exist. */
export function externalIdField(call: Call, object: SObject, fieldName: string): Field {
  const field = call.view.field(object, fieldName);
  if (field?.externalId || field?.type === 'id') return field;
  throw new ApiError(
    404,
    'NOT_FOUND',
    `Provided external ID field does not exist or is not accessible: ${fieldName}`,
  );
}

function targetByKey(call: Call): Target {
  const object = visibleObject(call, call.params[0]);
  const field = externalIdField(call, object, call.params[1] ?? '');
  const row = findByKey(tableOf(call.org, object.name), field, call.params[2] ?? '');
  if (!row) throw notFound();
  return { object, row };
}

/** One record's refusal is the whole request's where there is only one record. */
function saving<T>(save: () => T): T {
  try {
    return save();
  } catch (error) {
    if (!(error instanceof RecordRefusal)) throw error;
    throw new ApiError(400, error.statusCode, { message: error.message, fields: error.fields });
  }
}

function create(call: Call): SandboxAnswer {
  const object = visibleObject(call, call.params[0]);
  if (!object.createable) throw new ApiError(405, 'METHOD_NOT_ALLOWED', "HTTP Method 'POST' not allowed.");
  const input = jsonBody(call.request);
  const row = saving(() => insertRow(call, object, readInput(call.view, object, { input, row: null })));
  return { status: 201, body: { id: row.Id, success: true, errors: [] } };
}

function change(call: Call, { object, row }: Target): SandboxAnswer {
  const input = jsonBody(call.request);
  saving(() => updateRow(call, object, { row, values: readInput(call.view, object, { input, row }) }));
  return { status: 204 };
}

function remove(call: Call, { object, row }: Target): SandboxAnswer {
  if (!object.deletable)
    throw new ApiError(403, 'INSUFFICIENT_ACCESS_OR_READONLY', 'insufficient access rights on object id');
  saving(() => deleteRow(call, object, row));
  return { status: 204 };
}

function upsert(call: Call): SandboxAnswer {
  const object = visibleObject(call, call.params[0]);
  const field = externalIdField(call, object, call.params[1] ?? '');
  const key = call.params[2] ?? '';
  const input = jsonBody(call.request);
  const found = findByKey(tableOf(call.org, object.name), field, key);
  if (found) {
    saving(() =>
      updateRow(call, object, { row: found, values: readInput(call.view, object, { input, row: found }) }),
    );
    return { status: 200, body: { id: found.Id, success: true, errors: [], created: false } };
  }
  const withKey = { ...input, [field.name]: key };
  const row = saving(() =>
    insertRow(call, object, readInput(call.view, object, { input: withKey, row: null })),
  );
  return { status: 201, body: { id: row.Id, success: true, errors: [], created: true } };
}

function retrieve(call: Call, { object, row }: Target): SandboxAnswer {
  const wanted = call.request.query.get('fields')?.split(',');
  const all = call.view.fields(object);
  const fields = wanted ? wanted.map((each) => call.view.field(object, each.trim())) : all;
  const body: Record<string, unknown> = {
    attributes: { type: object.name, url: `${call.base}/sobjects/${object.name}/${row.Id}` },
  };
  for (const field of fields) {
    if (!field) throw new ApiError(400, 'INVALID_FIELD', `No such column on sobject of type ${object.name}`);
    body[field.name] = toJson(field, fieldReader(field)(row), row);
  }
  return { status: 200, body };
}

/** Seconds are ignored: the platform works in whole minutes here. */
function window(call: Call, days: number): { from: number; to: number; object: SObject } {
  const object = visibleObject(call, call.params[0]);
  if (!object.replicateable)
    throw new ApiError(400, 'INVALID_TYPE_FOR_OPERATION', `Entity type ${object.name} is not replicateable`);
  const [from, to] = ['start', 'end'].map((key) => parseInstant(call.request.query.get(key) ?? ''));
  if (typeof from !== 'number' || typeof to !== 'number')
    throw new ApiError(400, 'INVALID_REPLICATION_DATE', 'start and end must be dates with a time');
  if (to <= from)
    throw new ApiError(400, 'INVALID_REPLICATION_DATE', 'startDate cannot be later than endDate');
  if (from < nowSeconds(call.org) - days * 86_400) {
    throw new ApiError(
      400,
      'INVALID_REPLICATION_DATE',
      `startDate before org replication enabled date or more than ${days} days ago`,
    );
  }
  return { from: from - (from % 60), to: to - (to % 60), object };
}

function getDeleted(call: Call): SandboxAnswer {
  const { from, to, object } = window(call, deletedDays);
  const { deletions } = tableOf(call.org, object.name);
  const deletedRecords = deletions
    .filter(({ at }) => at >= from && at < to + 60)
    .map(({ id, at }) => ({ id, deletedDate: formatInstant(at) }));
  const earliestDateAvailable = formatInstant(nowSeconds(call.org) - deletedDays * 86_400);
  return {
    status: 200,
    body: { deletedRecords, earliestDateAvailable, latestDateCovered: covered(call, to) },
  };
}

function getUpdated(call: Call): SandboxAnswer {
  const { from, to, object } = window(call, updatedDays);
  const rows = tableOf(call.org, object.name).rows.filter((row) => {
    const at = Number(row.SystemModstamp ?? row.CreatedDate ?? 0);
    return row.IsDeleted !== true && at >= from && at < to + 60;
  });
  return { status: 200, body: { ids: rows.map((row) => row.Id), latestDateCovered: covered(call, to) } };
}

function covered(call: Call, to: number): string {
  const now = nowSeconds(call.org);
  return formatInstant(Math.min(to, now - (now % 60)));
}
