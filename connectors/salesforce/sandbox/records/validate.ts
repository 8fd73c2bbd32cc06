import { findReference, type Org, tableOf } from '../org.ts';
import type { Field } from '../schema/fields.ts';
import type { Row, SObject, Value } from '../schema/object.ts';
import type { View } from '../view.ts';
import { coerceValue } from './coerce.ts';
import { RecordRefusal } from './refusal.ts';
import { findByKey } from './table.ts';

export type Values = Record<string, Value>;
export type Input = Readonly<Record<string, unknown>>;

/** A caller's fields, checked against what this user may see and write. `row` is the one to be changed, or null. */
export function readInput(view: View, object: SObject, request: { input: Input; row: Row | null }): Values {
  const values: Values = {};
  for (const [name, value] of Object.entries(request.input)) {
    if (name === 'attributes' || name.toLowerCase() === 'id') continue;
    const field = view.field(object, name);
    if (!field) {
      throw new RecordRefusal('INVALID_FIELD', `No such column '${name}' on sobject of type ${object.name}`, [
        name,
      ]);
    }
    const writable = request.row ? field.updateable : field.createable;
    if (!writable) throw notWritable(field);
    values[field.name] = coerceValue(field, value);
  }
  return values;
}

function notWritable(field: Field): RecordRefusal {
  const message = `Unable to create/update fields: ${field.name}. Please check the security settings of this field and verify that it is read/write for your profile or permission set.`;
  return new RecordRefusal('INVALID_FIELD_FOR_INSERT_UPDATE', message, [field.name]);
}

/** What must hold for any saved row: required fields, references, owners, unique keys. */
export function checkValues(org: Org, object: SObject, save: { values: Values; row: Row | null }): void {
  checkRequired(object, save);
  for (const [name, value] of Object.entries(save.values)) {
    const field = object.fields.get(name.toLowerCase());
    if (!field || value === null || value === save.row?.[name]) continue;
    if (field.type === 'reference') checkReference(org, field, String(value));
    if (field.unique) checkUnique(org, object, { field, value: String(value), row: save.row });
  }
}

function checkRequired(object: SObject, { values, row }: { values: Values; row: Row | null }): void {
  const missing = [...object.fields.values()].filter((field) => {
    if (!field.required) return false;
    return row ? values[field.name] === null : (values[field.name] ?? null) === null;
  });
  if (missing.length === 0) return;
  const names = missing.map((field) => field.name);
  throw new RecordRefusal(
    'REQUIRED_FIELD_MISSING',
    `Required fields are missing: [${names.join(', ')}]`,
    names,
  );
}

function checkReference(org: Org, field: Field, id: string): void {
  const found = findReference(org, field.referenceTo, id);
  if (!found) {
    const message = `${field.label}: id value of incorrect type or unknown record`;
    throw new RecordRefusal('INVALID_CROSS_REFERENCE_KEY', `invalid cross reference id: ${message}`, [
      field.name,
    ]);
  }
  if (field.name === 'OwnerId' && found.object === 'User' && found.row.IsActive === false) {
    const message = `operation performed with inactive user [${id}] as owner`;
    throw new RecordRefusal('INACTIVE_OWNER_OR_USER', message, [field.name]);
  }
}

function checkUnique(org: Org, object: SObject, key: { field: Field; value: string; row: Row | null }): void {
  const other = findByKey(tableOf(org, object.name), key.field, key.value);
  if (!other || other === key.row) return;
  const message = `duplicate value found: ${key.field.name} duplicates value on record with id: ${other.Id}`;
  throw new RecordRefusal('DUPLICATE_VALUE', message, [key.field.name]);
}
