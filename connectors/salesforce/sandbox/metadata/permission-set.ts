import { tableOf } from '../org.ts';
import { insertRow, updateRow } from '../records/save.ts';
import { purgeRows } from '../records/table.ts';
import type { Values } from '../records/validate.ts';
import type { Row } from '../schema/object.ts';
import { type Draft, draftObject, fail, keyOf, type Source, succeed } from './draft.ts';
import { all, type Element, textOf } from './xml.ts';

const isTrue = (element: Element, name: string) => textOf(element, name) === 'true';

/** A permission set is overwritten as a whole. */
export function deployPermissionSet(draft: Draft, source: Source): void {
  const problem = problemOf(draft, source.root);
  if (problem) {
    fail(draft, source, problem);
    return;
  }
  succeed(draft, source, source.text);
  draft.effects.push(() => writePermissionSet(draft, source));
}

function problemOf(draft: Draft, root: Element): string | null {
  if (textOf(root, 'label') === '') return 'Required field is missing: label';
  for (const each of all(root, 'objectPermissions')) {
    const name = textOf(each, 'object');
    if (!draftObject(draft, name)) return `In field: object - no CustomObject named ${name} found`;
    const needsRead = ['allowCreate', 'allowEdit', 'allowDelete', 'viewAllRecords'].some((key) =>
      isTrue(each, key),
    );
    if (needsRead && !isTrue(each, 'allowRead'))
      return `Permission on ${name} depends on permission(s): Read ${name}`;
    if (isTrue(each, 'allowDelete') && !isTrue(each, 'allowEdit'))
      return `Permission Delete ${name} depends on permission(s): Edit ${name}`;
  }
  for (const each of all(root, 'fieldPermissions')) {
    const problem = fieldProblem(draft, textOf(each, 'field'));
    if (problem) return problem;
  }
  for (const each of all(root, 'tabSettings')) {
    const tab = textOf(each, 'tab');
    const isKnown = !tab.endsWith('__c') || draft.components.has(keyOf('CustomTab', tab));
    if (!isKnown) return `In field: tab - no CustomTab named ${tab} found`;
  }
  return null;
}

function fieldProblem(draft: Draft, path: string): string | null {
  const [object = '', name = ''] = path.split('.');
  const field = draftObject(draft, object)?.fields.get(name.toLowerCase());
  if (!field) return `In field: field - no CustomField named ${path} found`;
  const fixed = field.required || field.autoNumber || field.nameField || !field.permissionable;
  return fixed && field.custom ? `You cannot deploy to a required field: ${path}` : null;
}

function writePermissionSet({ org }: Draft, { root, fullName }: Source): void {
  const actor = { org, userId: org.integrationUserId };
  const values = {
    Name: fullName,
    Label: textOf(root, 'label'),
    Description: textOf(root, 'description'),
    IsCustom: true,
  };
  const existing = tableOf(org, 'PermissionSet').rows.find((row) => row.Name === fullName);
  const insert = (object: string, row: Values): Row | null => {
    const shape = org.objects.get(object.toLowerCase());
    return shape ? insertRow(actor, shape, row) : null;
  };
  const shape = org.objects.get('permissionset');
  if (existing && shape) updateRow(actor, shape, { row: existing, values });
  const id = (existing ?? insert('PermissionSet', values))?.Id ?? null;
  for (const table of ['FieldPermissions', 'ObjectPermissions'])
    purgeRows(tableOf(org, table), (row) => row.ParentId === id);
  for (const each of all(root, 'fieldPermissions')) insert('FieldPermissions', fieldRow(id, each));
  for (const each of all(root, 'objectPermissions')) insert('ObjectPermissions', objectRow(id, each));
}

function fieldRow(ParentId: string | null, each: Element): Values {
  const Field = textOf(each, 'field');
  return {
    ParentId,
    Field,
    SobjectType: Field.split('.')[0] ?? '',
    PermissionsRead: isTrue(each, 'readable') || isTrue(each, 'editable'),
    PermissionsEdit: isTrue(each, 'editable'),
  };
}

function objectRow(ParentId: string | null, each: Element): Values {
  return {
    ParentId,
    SobjectType: textOf(each, 'object'),
    PermissionsCreate: isTrue(each, 'allowCreate'),
    PermissionsRead: isTrue(each, 'allowRead'),
    PermissionsEdit: isTrue(each, 'allowEdit'),
    PermissionsDelete: isTrue(each, 'allowDelete'),
    PermissionsViewAllRecords: isTrue(each, 'viewAllRecords'),
    PermissionsModifyAllRecords: isTrue(each, 'modifyAllRecords'),
  };
}
