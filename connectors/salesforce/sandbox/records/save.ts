import { nowSeconds, type Org, tableOf } from '../org.ts';
import type { Row, SObject } from '../schema/object.ts';
import { derive } from './derive.ts';
import { followDeletion, recordHistory } from './history.ts';
import { RecordRefusal } from './refusal.ts';
import { addRow, changeRow, newId, purgeRows } from './table.ts';
import { checkValues, type Values } from './validate.ts';

/** Who saves, where. */
export interface Actor {
  readonly org: Org;
  readonly userId: string;
}

export function insertRow(actor: Actor, object: SObject, given: Values): Row {
  const { org, userId } = actor;
  const table = tableOf(org, object.name);
  const values = { ...defaults(actor, object), ...given };
  derive(org, object.name, { values, before: null });
  checkValues(org, object, { values, row: null });
  const row: Row = { Id: newId(object, table), ...values };
  numberRow(object, row, table.lastNumber);
  stamp(object, row, { ...actor, created: true });
  for (const name of Object.keys(given)) row[name] = given[name] ?? null;
  addRow(table, row);
  recordHistory({ org, userId, object, before: null, row });
  return row;
}

export function updateRow(actor: Actor, object: SObject, change: { row: Row; values: Values }): void {
  const { org, userId } = actor;
  const { row } = change;
  if (row.IsDeleted === true) throw new RecordRefusal('ENTITY_IS_DELETED', 'entity is deleted');
  const before = { ...row };
  const values = { ...change.values };
  derive(org, object.name, { values, before });
  checkValues(org, object, { values, row });
  const stamps: Row = { Id: row.Id };
  stamp(object, stamps, { ...actor, created: false });
  changeRow(tableOf(org, object.name), row, { ...values, ...stamps, ...onlyStamps(change.values) });
  recordHistory({ org, userId, object, before, row });
}

/** Into the Recycle Bin, except what the platform never keeps there. */
export function deleteRow(actor: Actor, object: SObject, row: Row): void {
  const { org } = actor;
  if (row.IsDeleted === true) throw new RecordRefusal('ENTITY_IS_DELETED', 'entity is deleted');
  const table = tableOf(org, object.name);
  const at = nowSeconds(org);
  if (object.replicateable) table.deletions.push({ id: row.Id, at });
  if (object.hardDelete) purgeRows(table, (each) => each === row);
  else
    changeRow(table, row, {
      IsDeleted: true,
      SystemModstamp: at,
      LastModifiedDate: at,
      LastModifiedById: actor.userId,
    });
  for (const child of followDeletion(org, object.name, row.Id)) deleteRow(actor, child.object, child.row);
}

/** Past the Recycle Bin: no row is left, only the log of deletions knows. */
export function purgeRow(actor: Actor, object: SObject, row: Row): void {
  if (row.IsDeleted !== true) deleteRow(actor, object, row);
  purgeRows(tableOf(actor.org, object.name), (each) => each === row);
}

function defaults(actor: Actor, object: SObject): Values {
  const values: Values = {};
  if (object.fields.has('ownerid')) values.OwnerId = actor.userId;
  if (object.fields.has('currencyisocode')) values.CurrencyIsoCode = actor.org.currencies[0] ?? null;
  return values;
}

function numberRow(object: SObject, row: Row, number: number): void {
  for (const field of object.fields.values()) {
    if (field.autoNumber) row[field.name] ??= String(number).padStart(8, '0');
  }
}

function stamp(object: SObject, row: Row, by: Actor & { created: boolean }): void {
  const now = nowSeconds(by.org);
  const set = (name: string, value: string | number) => {
    if (object.fields.has(name.toLowerCase()) && object.fields.get(name.toLowerCase())?.compute === null)
      row[name] = value;
  };
  if (by.created) {
    set('CreatedDate', now);
    set('CreatedById', by.userId);
  }
  set('LastModifiedDate', now);
  set('LastModifiedById', by.userId);
  set('SystemModstamp', now);
}

/** Stamps that the sandbox's own interface sets on purpose win over the clock. */
function onlyStamps(values: Values): Values {
  const names = ['LastModifiedDate', 'SystemModstamp'];
  return Object.fromEntries(Object.entries(values).filter(([name]) => names.includes(name)));
}
