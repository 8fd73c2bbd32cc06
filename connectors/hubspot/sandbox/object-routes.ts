import type { SandboxAnswer } from '../../../src/sandbox/server.ts';
import {
  type Fields,
  isFields,
  readFields,
  readFlag,
  readLimit,
  readNames,
  readText,
  requireText,
  toId,
} from './body.ts';
import { type Call, openType, requireAccess } from './call.ts';
import { requireType } from './object-type.ts';
import type { ObjectType, Portal, StoredRecord } from './portal.ts';
import { type Selection, showRecord, standardSelection } from './record-answer.ts';
import {
  archiveRecord,
  changeRecord,
  findRecord,
  findUnique,
  mergeRecords,
  purgeRecord,
  type Writer,
} from './records.ts';
import { invalid, notFound } from './refusal.ts';
import { searchRecords } from './search.ts';
import { lowerBound } from './search-index.ts';
import { createFromInput, writeValues } from './write-input.ts';

function readSelection(call: Call): Selection {
  const associations = readNames(call.query, 'associations').map((name) => {
    const type = requireType(call.portal, name);
    requireAccess(call, type, 'read');
    return type;
  });
  return {
    properties: readNames(call.query, 'properties'),
    histories: readNames(call.query, 'propertiesWithHistory'),
    associations,
  };
}

export function writerOf({ caller }: Call): Writer {
  return { sourceType: 'INTEGRATION', sourceId: caller.app };
}

export function listRecords(call: Call): SandboxAnswer {
  const type = openType(call, 'read');
  const { portal, query } = call;
  const selection = readSelection(call);
  const limit = readLimit(query, { standard: 10, max: selection.histories.length > 0 ? 50 : 100 });
  const after = query.get('after');
  if (after !== null && after !== '' && Number.isNaN(toId(after)))
    throw invalid(`after ${after} is not valid`);
  const { records, last } = takePage(type, {
    from: toId(after) || 0,
    limit,
    archived: readFlag(query, 'archived'),
  });
  const results = records.map((record) => showRecord(portal, type, { record, selection }));
  return { status: 200, body: { results, ...(last ? {} : nextPage(call, records)) } };
}

function takePage(
  type: ObjectType,
  page: { readonly from: number; readonly limit: number; readonly archived: boolean },
): { readonly records: readonly StoredRecord[]; readonly last: boolean } {
  const ids = page.archived ? [...type.archived].sort((a, b) => a - b) : type.ids;
  const records: StoredRecord[] = [];
  for (let index = lowerBound(ids, page.from); index < ids.length; index++) {
    const record = type.records.get(ids[index] ?? Number.NaN);
    if (!record || (record.archivedAt !== null) !== page.archived) continue;
    if (records.length === page.limit) return { records, last: false };
    records.push(record);
  }
  return { records, last: true };
}

function nextPage({ portal, path, query }: Call, records: readonly StoredRecord[]): object {
  const after = `${(records.at(-1)?.id ?? 0) + 1}`;
  const next = new URLSearchParams(query);
  next.set('after', after);
  return { paging: { next: { after, link: `${portal.url}${path}?${next}` } } };
}

/** The record that the path names, by its id or by a property with unique values. */
function pickRecord(call: Call, type: ObjectType): StoredRecord {
  const wanted = call.params.id ?? '';
  const property = call.query.get('idProperty');
  const record = findByKey(type, wanted, property);
  if (!record || (record.archivedAt !== null) !== readFlag(call.query, 'archived')) throw notFound();
  return record;
}

export function findByKey(type: ObjectType, key: string, property: string | null): StoredRecord | undefined {
  if (property === null || property === '' || property === 'hs_object_id') return findRecord(type, toId(key));
  requireUnique(type, property);
  return findUnique(type, property, key);
}

export function requireUnique(type: ObjectType, property: string): void {
  if (type.properties.get(property)?.hasUniqueValue) return;
  throw invalid(`Property '${property}' is not a unique identifier property of ${type.spec.name}`);
}

export function getRecord(call: Call): SandboxAnswer {
  const type = openType(call, 'read');
  const record = pickRecord(call, type);
  return { status: 200, body: showRecord(call.portal, type, { record, selection: readSelection(call) }) };
}

export function searchObjects(call: Call): SandboxAnswer {
  const type = openType(call, 'read');
  return { status: 200, body: searchRecords(call.portal, type, call.body) };
}

export function createOne(call: Call): SandboxAnswer {
  const type = openType(call, 'write');
  const record = createFromInput(call, type, readFields(call.body));
  return { status: 201, body: showWritten(call.portal, type, { record, input: call.body }) };
}

export function updateOne(call: Call): SandboxAnswer {
  const type = openType(call, 'write');
  const record = pickRecord(call, type);
  const fields = readFields(readFields(call.body).properties, 'properties');
  const values = writeValues(call.portal, type, { fields, ownId: record.id });
  const changed = changeRecord(call.portal, type, { record, values, writer: writerOf(call) });
  return { status: 200, body: showWritten(call.portal, type, { record: changed, input: call.body }) };
}

/** A write is answered with what was written, beside the standard properties. */
export function showWritten(
  portal: Portal,
  type: ObjectType,
  { record, input }: { readonly record: StoredRecord; readonly input: unknown },
): Fields {
  const fields = isFields(input) && isFields(input.properties) ? input.properties : {};
  const keyed = isFields(input) ? (readText(input.idProperty) ?? []) : [];
  const properties = [type.spec.standard, Object.keys(fields), keyed].flat();
  return showRecord(portal, type, { record, selection: { ...standardSelection, properties } });
}

/** Deleting what is deleted already succeeds, too. */
export function archiveOne(call: Call): SandboxAnswer {
  const type = openType(call, 'write');
  const record = findByKey(type, call.params.id ?? '', call.query.get('idProperty'));
  if (record) archiveRecord(call.portal, type, record);
  return { status: 204 };
}

export function mergeOne(call: Call): SandboxAnswer {
  const type = openType(call, 'write');
  const { portal } = call;
  if (!type.spec.mergeable) throw invalid(`${type.spec.name} cannot be merged`);
  const body = readFields(call.body);
  const into = findRecord(type, toId(requireText(body.primaryObjectId, 'primaryObjectId')));
  const from = findRecord(type, toId(requireText(body.objectIdToMerge, 'objectIdToMerge')));
  if (!into || !from || into.archivedAt !== null || from.archivedAt !== null) throw notFound();
  if (into.id === from.id) throw invalid('A record cannot be merged with itself');
  const record = mergeRecords(portal, type, { into, from, writer: writerOf(call) });
  return { status: 200, body: showRecord(portal, type, { record, selection: standardSelection }) };
}

export function gdprDelete(call: Call): SandboxAnswer {
  const type = openType(call, 'write');
  const body = readFields(call.body);
  const record = findByKey(type, requireText(body.objectId, 'objectId'), readText(body.idProperty));
  if (record) purgeRecord(call.portal, type, record);
  return { status: 204 };
}
