import { toId18 } from './ids.ts';
import { type Org, tableOf } from './org.ts';
import { coerceValue } from './records/coerce.ts';
import { deleteRow, insertRow, purgeRow, updateRow } from './records/save.ts';
import { rowById } from './records/table.ts';
import type { Values } from './records/validate.ts';
import { fieldReader, toJson } from './records/value.ts';
import type { Row, SObject } from './schema/object.ts';

/** Changes and readings as by a person with all rights, without HTTP. */
function objectOf(org: Org, name: string): SObject {
  const object = org.objects.get(name.toLowerCase());
  if (!object) throw new Error(`The sandbox has no object ${name}.`);
  return object;
}

function rowOf(org: Org, object: SObject, id: string): Row | undefined {
  return rowById(tableOf(org, object.name), toId18(id) ?? id);
}

export function readRow(org: Org, name: string, id: string): Readonly<Record<string, unknown>> | undefined {
  const object = objectOf(org, name);
  const row = rowOf(org, object, id);
  if (!row) return undefined;
  const fields = [...object.fields.values()];
  return Object.fromEntries(fields.map((field) => [field.name, toJson(field, fieldReader(field)(row), row)]));
}

export function livingIds(org: Org, name: string): readonly string[] {
  const { rows } = tableOf(org, objectOf(org, name).name);
  return rows.filter((row) => row.IsDeleted !== true).map((row) => row.Id);
}

export function putRow(
  org: Org,
  name: string,
  change: { fields: Readonly<Record<string, unknown>>; id: string | undefined },
): string {
  const object = objectOf(org, name);
  const values = coerceAll(object, change.fields);
  const actor = { org, userId: personFor(org, values) };
  if (change.id === undefined) return insertRow(actor, object, values).Id;
  const row = rowOf(org, object, change.id);
  if (!row) throw new Error(`The sandbox has no ${name} ${change.id}.`);
  updateRow(actor, object, { row, values });
  return row.Id;
}

/** Who does it: the one named, else the owner, else any colleague. Integrations own nothing. */
function personFor(org: Org, values: Values): string {
  const users = tableOf(org, 'User');
  for (const id of [values.LastModifiedById, values.OwnerId]) {
    if (typeof id === 'string' && rowById(users, id)) return id;
  }
  const colleague = users.rows.find((row) => row.IsActive === true && row.Id !== org.integrationUserId);
  return colleague?.Id ?? org.integrationUserId;
}

function coerceAll(object: SObject, fields: Readonly<Record<string, unknown>>): Values {
  const values: Values = {};
  for (const [name, value] of Object.entries(fields)) {
    if (name === 'Id' || name === 'attributes') continue;
    const field = object.fields.get(name.toLowerCase());
    if (!field) throw new Error(`The sandbox's ${object.name} has no field ${name}.`);
    values[field.name] = coerceValue(field, value);
  }
  return values;
}

export function removeRow(org: Org, name: string, removal: { id: string; how: 'delete' | 'purge' }): void {
  const object = objectOf(org, name);
  const row = rowOf(org, object, removal.id);
  if (!row) throw new Error(`The sandbox has no ${name} ${removal.id}.`);
  const actor = { org, userId: org.integrationUserId };
  if (removal.how === 'purge') purgeRow(actor, object, row);
  else deleteRow(actor, object, row);
}
