import { type Answer, json, notFound, type Question } from './org-answer.ts';
import {
  addRow,
  changeRow,
  fieldNamed,
  longId,
  type Org,
  type OrgObject,
  type OrgRecord,
  objectNamed,
  type Value,
} from './org-state.ts';

export interface RowResult {
  readonly success: boolean;
  readonly id?: string;
  readonly created?: boolean;
  readonly errors: readonly {
    readonly statusCode: string;
    readonly message: string;
    readonly fields: readonly string[];
  }[];
}

/** Rows that fail the first time that they are sent, by their place in the order: `UNABLE_TO_LOCK_ROW`. */
export const passing = new WeakMap<Org, string[]>();

export function answerCollections(
  org: Org,
  rest: readonly string[],
  { method, query, body }: Question,
): Answer {
  const [type, key] = rest;
  if (method === 'DELETE') {
    const ids = (query.get('ids') ?? '').split(',');
    if (ids.length > 200) return json(400, [{ errorCode: 'EXCEEDED_ID_LIMIT', message: 'too many' }]);
    return json(
      200,
      ids.map((id) => removeRow(org, id)),
    );
  }
  const { records = [] } = body as { records?: Record<string, unknown>[] };
  if (records.length > 200) org.complaints.push('more than 200 records');
  if (type && key)
    return json(
      200,
      records.map((record) => upsertRow(org, type, record)),
    );
  return json(
    200,
    records.map((record) => (method === 'POST' ? createRow(org, record) : updateRow(org, record))),
  );
}

function typeOf(record: Record<string, unknown>): string {
  const { attributes } = record;
  return typeof attributes === 'object' && attributes !== null && 'type' in attributes
    ? String(attributes.type)
    : '';
}

function refused(statusCode: string): RowResult {
  return { success: false, errors: [{ statusCode, message: 'refused', fields: [] }] };
}

export function createRow(org: Org, record: Record<string, unknown>, type = typeOf(record)): RowResult {
  const object = objectNamed(org, type);
  if (!object) return refused('INVALID_TYPE');
  const values = valuesOf(object, record);
  return values
    ? { success: true, id: addRow(org, object.name, values), errors: [] }
    : refused('INVALID_FIELD');
}

function updateRow(org: Org, record: Record<string, unknown>): RowResult {
  const object = objectNamed(org, typeOf(record));
  const id = String(record.id ?? record.Id);
  const row = object?.rows.get(id);
  if (!object || !row) return refused('ENTITY_IS_DELETED');
  const { id: _, Id: __, ...fields } = record;
  const values = valuesOf(object, fields);
  if (!values) return refused('INVALID_FIELD');
  changeRow(org, row, values);
  return { success: true, id, errors: [] };
}

export function upsertRow(org: Org, type: string, record: Record<string, unknown>): RowResult {
  const trouble = passing.get(org)?.shift();
  if (trouble && trouble !== 'none') return refused(trouble);
  const object = objectNamed(org, type);
  const values = object && valuesOf(object, record);
  if (!object || !values) return refused('INVALID_FIELD');
  const keyName = [...object.fields.keys()].find((name) => name.endsWith('Key__c')) ?? '';
  const known = [...object.rows.values()].find((row) => row.get(keyName) === values[keyName]);
  if (!known) return { success: true, created: true, id: addRow(org, object.name, values), errors: [] };
  changeRow(org, known, values);
  return { errors: [], success: true, created: false, id: String(known.get('Id')) };
}

function valuesOf(object: OrgObject, record: Record<string, unknown>): Record<string, Value> | null {
  const values: Record<string, Value> = {};
  for (const [name, value] of Object.entries(record)) {
    if (name === 'attributes') continue;
    const field = fieldNamed(object, name) ?? (name === 'OwnerId' ? { name, type: 'reference' } : null);
    if (!field) return null;
    const plain = value as Value;
    values[field.name] =
      field.type === 'reference' && typeof plain === 'string' && plain.length === 15
        ? longId(plain)
        : field.type === 'datetime' && plain !== null
          ? Date.parse(String(plain))
          : plain;
  }
  return values;
}

function removeRow(org: Org, id: string): RowResult {
  for (const object of org.objects.values()) {
    const row: OrgRecord | undefined = object.rows.get(id);
    if (!row) continue;
    if (/^(PermissionSetAssignment)$/.test(object.name)) object.rows.delete(id);
    else changeRow(org, row, { IsDeleted: true });
    return { id, success: true, errors: [] };
  }
  return refused('ENTITY_IS_DELETED');
}

export function answerCreate(org: Org, type: string, { body }: Question): Answer {
  if (!objectNamed(org, type)) return notFound;
  const result = createRow(org, body as Record<string, unknown>, type);
  return result.success
    ? json(201, result)
    : json(400, [{ errorCode: result.errors[0]?.statusCode, message: 'refused' }]);
}
