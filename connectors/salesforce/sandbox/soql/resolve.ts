import { findReference } from '../org.ts';
import { fieldReader } from '../records/value.ts';
import type { Field } from '../schema/fields.ts';
import type { Row, SObject, Value } from '../schema/object.ts';
import type { View } from '../view.ts';
import type { FieldRef, Statement } from './ast.ts';
import { refuse } from './refuse.ts';

/** Where a query looks names up. */
export interface Scope {
  readonly view: View;
  readonly text: string;
  readonly object: SObject;
  readonly alias: string | null;
}

export interface Parent {
  readonly relationship: string;
  readonly object: SObject;
  /** The parent of a row; null: it has none. */
  find(row: Row): { readonly object: string; readonly row: Row } | null;
}

export interface Column {
  readonly parents: readonly Parent[];
  readonly field: Field;
  /** The object that the field belongs to. */
  readonly object: SObject;
  read(row: Row): Value;
}

const hint = 'Please reference your WSDL or the describe call for the appropriate names.';

export function resolveObject(view: View, statement: Statement): Scope {
  const { name, at, alias } = statement.from;
  const object = view.object(name);
  if (object) return { view, text: statement.text, object, alias };
  const reason = `sObject type '${name}' is not supported. If you are attempting to use a custom object, be sure to append the '__c' after the entity name. ${hint}`;
  throw refuse('INVALID_TYPE', { text: statement.text, at }, reason);
}

export function resolveColumn(scope: Scope, ref: FieldRef): Column {
  const path = withoutPrefix(scope, ref.path);
  const parents: Parent[] = [];
  let object = scope.object;
  for (const relationship of path.slice(0, -1)) {
    const parent = resolveParent(scope, object, { relationship, at: ref.at });
    parents.push(parent);
    object = parent.object;
  }
  const name = path.at(-1) ?? '';
  const field = scope.view.field(object, name);
  if (!field) throw noSuchColumn(scope, { name, entity: object.name, at: ref.at });
  return { parents, field, object, read: readThrough(parents, fieldReader(field)) };
}

function noSuchColumn(scope: Scope, column: { name: string; entity: string; at: number }): Error {
  const reason = `No such column '${column.name}' on entity '${column.entity}'. If you are attempting to use a custom field, be sure to append the '__c' after the custom field name. ${hint}`;
  return refuse('INVALID_FIELD', { text: scope.text, at: column.at }, reason);
}

/** `Account.Name` or `a.Name` in a query from Account (a) is its own Name. */
function withoutPrefix(scope: Scope, path: readonly string[]): readonly string[] {
  const first = path[0]?.toLowerCase();
  const own = first === scope.alias?.toLowerCase() || first === scope.object.name.toLowerCase();
  return path.length > 1 && own ? path.slice(1) : path;
}

function resolveParent(scope: Scope, object: SObject, step: { relationship: string; at: number }): Parent {
  const wanted = step.relationship.toLowerCase();
  const { view } = scope;
  const link = view.fields(object).find((field) => field.relationshipName?.toLowerCase() === wanted);
  const target = link && targetOf(view, link);
  if (!link || !target) {
    const reason = `Didn't understand relationship '${step.relationship}' in field path. If you are attempting to use a custom relationship, be sure to append the '__r' after the custom relationship name. ${hint}`;
    throw refuse('INVALID_FIELD', { text: scope.text, at: step.at }, reason);
  }
  const { name, referenceTo, relationshipName } = link;
  return {
    relationship: relationshipName ?? step.relationship,
    object: target,
    find: (row) => {
      const id = row[name];
      return typeof id === 'string' ? findReference(view.org, referenceTo, id) : null;
    },
  };
}

/** A relationship to several kinds of objects shows only what they have in common. */
function targetOf(view: View, link: Field): SObject | undefined {
  const [only, another] = link.referenceTo;
  return another === undefined ? view.object(only ?? '') : view.org.objects.get('name');
}

function readThrough(parents: readonly Parent[], read: (row: Row) => Value): (row: Row) => Value {
  if (parents.length === 0) return read;
  return (row) => {
    let current = row;
    for (const parent of parents) {
      const found = parent.find(current);
      if (!found) return null;
      current = parent.object.name === 'Name' ? asNamed(found) : found.row;
    }
    return read(current);
  };
}

/** A row as seen through a polymorphic relationship, which also tells its type. */
export function asNamed(found: { object: string; row: Row }): Row {
  const { row, object } = found;
  return {
    ...row,
    Type: object === 'Group' ? 'Queue' : object,
    Name: row.Name ?? row.CaseNumber ?? row.Subject ?? row.ContractNumber ?? null,
  };
}
