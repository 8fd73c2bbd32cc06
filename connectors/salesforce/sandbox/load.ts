import { RunError } from '../../../src/model/errors.ts';
import { findNdjson, readNdjson } from '../../../src/sandbox/ndjson.ts';
import { toId18 } from './ids.ts';
import { type Org, tableOf } from './org.ts';
import { addRow } from './records/table.ts';
import { isDate, parseInstant } from './records/value.ts';
import { completeField, type Field, type FieldSpec, pick } from './schema/fields.ts';
import { defineObject, type Row, type SObject, type Value, withFields } from './schema/object.ts';

type Record_ = Readonly<Record<string, unknown>>;

/** Fills the organisation with the records of a folder, one file per object. */
export async function loadFolder(org: Org, folder: string): Promise<void> {
  for (const [name, path] of await findNdjson(folder)) {
    const rows: Row[] = [];
    const strangers = new Map<string, Shape>();
    const known = org.objects.get(name.toLowerCase());
    for await (const record of readNdjson(path)) rows.push(readRow(record, { known, strangers, path }));
    const object = known ?? newObject(name, rows[0]?.Id ?? '');
    org.objects.set(name.toLowerCase(), withFields(object, readStrangers(rows, strangers)));
    const table = tableOf(org, object.name);
    for (const row of rows) addRow(table, completeRow(object, row));
  }
}

interface Reading {
  readonly known: SObject | undefined;
  readonly strangers: Map<string, Shape>;
  readonly path: string;
}
/** What the values of an unknown field have looked like so far. */
interface Shape {
  kind: 'none' | 'boolean' | 'number' | 'date' | 'datetime' | 'string';
  length: number;
  scale: number;
}

function readRow(record: Record_, { known, strangers, path }: Reading): Row {
  const id = typeof record.Id === 'string' ? toId18(record.Id) : null;
  if (!id) {
    throw new RunError('config', {
      where: path,
      message: `${path} has a record without a valid Id.`,
      fix: 'Give every record the 15 or 18 characters of a Salesforce id.',
    });
  }
  const row: Row = { Id: id };
  for (const [name, value] of Object.entries(record)) {
    if (name === 'Id' || name === 'attributes' || (typeof value === 'object' && value !== null)) continue;
    const field = known?.fields.get(name.toLowerCase());
    if (field) row[field.name] = readKnown(field, value);
    else row[name] = noteStranger(strangers, name, value);
  }
  return row;
}

function readKnown(field: Field, value: unknown): Value {
  if (field.type === 'datetime' && typeof value === 'string') return parseInstant(value);
  const isLink = field.type === 'reference' && typeof value === 'string';
  return isLink ? (toId18(value) ?? value) : toValue(value);
}

const toValue = (value: unknown): Value =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : null;

function noteStranger(strangers: Map<string, Shape>, name: string, given: unknown): Value {
  const value = toValue(given);
  const shape = strangers.get(name) ?? { kind: 'none', length: 0, scale: 0 };
  strangers.set(name, shape);
  if (value === null) return null;
  const kind = kindOf(value);
  shape.kind = shape.kind === 'none' || shape.kind === kind ? kind : 'string';
  shape.length = Math.max(shape.length, String(value).length);
  if (typeof value === 'number')
    shape.scale = Math.max(shape.scale, (String(value).split('.')[1] ?? '').length);
  return value;
}

function kindOf(value: string | number | boolean): Shape['kind'] {
  if (typeof value !== 'string') return typeof value === 'number' ? 'number' : 'boolean';
  if (isDate(value)) return 'date';
  return parseInstant(value) === null ? 'string' : 'datetime';
}

/** Fields that no standard object has, with the type that fits all their values. */
function readStrangers(rows: readonly Row[], strangers: ReadonlyMap<string, Shape>): Field[] {
  for (const [name, { kind }] of strangers) {
    if (kind !== 'datetime' && kind !== 'string') continue;
    for (const row of rows) {
      const value = row[name] ?? null;
      if (value !== null) row[name] = kind === 'string' ? String(value) : parseInstant(String(value));
    }
  }
  return [...strangers].map(([name, shape]) => completeField(name, specOf(name, shape)));
}

function specOf(name: string, { kind, length, scale }: Shape): FieldSpec {
  if (kind === 'boolean' || kind === 'date' || kind === 'datetime') return { type: kind };
  if (kind === 'number') return { type: 'double', precision: 18, scale: Math.max(2, scale) };
  if (length > 255)
    return { type: 'textarea', length: 32_000, filterable: false, sortable: false, groupable: false };
  return name.endsWith('__c') ? { type: 'string', length: 255 } : pick('');
}

function newObject(name: string, firstId: string): SObject {
  const prefix = firstId.slice(0, 3) || 'a00';
  return defineObject(name, { prefix, custom: name.endsWith('__c'), fields: {} });
}

/** What the organisation would have stamped or derived by itself. */
function completeRow(object: SObject, row: Row): Row {
  const created = row.CreatedDate ?? row.LastModifiedDate ?? row.SystemModstamp ?? 0;
  const fill = (name: string, value: Value) => {
    const field = object.fields.get(name.toLowerCase());
    if (field && !field.compute) row[name] ??= value;
  };
  fill('CreatedDate', created);
  fill('LastModifiedDate', created);
  fill('SystemModstamp', row.LastModifiedDate ?? created);
  fill('IsDeleted', false);
  if (object.name === 'User') {
    fill('UserType', 'Standard');
    fill('IsActive', true);
  }
  return row;
}
