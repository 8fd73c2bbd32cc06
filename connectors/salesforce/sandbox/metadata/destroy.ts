import { tableOf } from '../org.ts';
import { purgeRow } from '../records/save.ts';
import { purgeRows } from '../records/table.ts';
import { withoutField } from '../schema/object.ts';
import { type Draft, draftObject, fail, keyOf, removed } from './draft.ts';

const fileName = 'destructiveChanges.xml';

/** Takes a component away, with what hangs on it. What is not there is only warned of. */
export function destroyComponent(draft: Draft, type: string, fullName: string): void {
  const place = { type, fullName, fileName };
  const key = keyOf(type, fullName);
  const [objectName = '', fieldName = ''] = fullName.split('.');
  const object = draftObject(draft, objectName);
  const known =
    draft.components.has(key) || (type === 'CustomField' && object?.fields.has(fieldName.toLowerCase()));
  if (!known) {
    fail(draft, place, `No ${type} named: ${fullName} found`, 'Warning');
    return;
  }
  const obstacle = obstacleOf(draft, type, fullName);
  if (obstacle) {
    fail(draft, place, obstacle);
    return;
  }
  draft.components.delete(key);
  if (type === 'CustomObject') destroyObject(draft, fullName);
  if (type === 'CustomField' && object)
    draft.objects.set(objectName.toLowerCase(), withoutField(object, fieldName));
  draft.effects.push(() => removeRows(draft, type, fullName));
  removed(draft, place);
}

/** What still needs it, or lives in it. */
function obstacleOf(draft: Draft, type: string, fullName: string): string | null {
  const components = [...draft.components.values()];
  if (type === 'Group') {
    const isUsed = components.some(
      (each) => each.type === 'SharingCriteriaRule' && each.source.includes(`<group>${fullName}</group>`),
    );
    return isUsed ? 'The public group is used by a sharing rule' : null;
  }
  if (type === 'PermissionSet') {
    const { org } = draft;
    const id = tableOf(org, 'PermissionSet').rows.find((row) => row.Name === fullName)?.Id;
    const isAssigned = tableOf(org, 'PermissionSetAssignment').rows.some((row) => row.PermissionSetId === id);
    return isAssigned ? 'The permission set is assigned to users and cannot be deleted' : null;
  }
  const isFolder = (type === 'Report' || type === 'Dashboard') && !fullName.includes('/');
  const isFull =
    isFolder && components.some((each) => each.type === type && each.fullName.startsWith(`${fullName}/`));
  return isFull ? 'The folder is not empty' : null;
}

function destroyObject(draft: Draft, name: string): void {
  draft.objects.delete(name.toLowerCase());
  for (const [key, component] of draft.components) {
    const inside = component.fullName.startsWith(`${name}.`) || component.fullName.startsWith(`${name}-`);
    const tab = component.type === 'CustomTab' && component.fullName === name;
    if (inside || tab) draft.components.delete(key);
  }
}

function removeRows({ org }: Draft, type: string, fullName: string): void {
  const developerName = fullName.split('/').at(-1);
  const actor = { org, userId: org.integrationUserId };
  if (type === 'CustomObject') {
    org.tables.delete(fullName);
    for (const table of ['FieldPermissions', 'ObjectPermissions'])
      purgeRows(tableOf(org, table), (row) => row.SobjectType === fullName);
    return;
  }
  const isFolder = (type === 'Report' || type === 'Dashboard') && !fullName.includes('/');
  const object = org.objects.get(isFolder ? 'folder' : type.toLowerCase());
  if (!object) return;
  const key = type === 'PermissionSet' ? 'Name' : 'DeveloperName';
  const row = tableOf(org, object.name).rows.find((each) => each[key] === developerName);
  if (row) purgeRow(actor, object, row);
}
