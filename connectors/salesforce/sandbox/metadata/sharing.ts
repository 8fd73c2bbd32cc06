import { tableOf } from '../org.ts';
import { insertRow, updateRow } from '../records/save.ts';
import type { Values } from '../records/validate.ts';
import { type Draft, draftObject, fail, keyOf, type Source, succeed } from './draft.ts';
import { all, type Element, textOf } from './xml.ts';

/** A public group; its members are people's to choose. */
export function deployGroup(draft: Draft, source: Source): void {
  const name = textOf(source.root, 'name');
  if (name === '' || name.length > 40) {
    fail(draft, source, 'Required field is missing: name');
    return;
  }
  succeed(draft, source, source.text);
  draft.effects.push(() => writeGroup(draft, source.fullName, name));
}

function writeGroup({ org }: Draft, developerName: string, name: string): void {
  const object = org.objects.get('group');
  if (!object) return;
  const actor = { org, userId: org.integrationUserId };
  const values: Values = { Name: name, DeveloperName: developerName, Type: 'Regular' };
  const row = tableOf(org, 'Group').rows.find((each) => each.DeveloperName === developerName);
  if (row) updateRow(actor, object, { row, values });
  else insertRow(actor, object, values);
}

export const isGroupKnown = (draft: Draft, name: string): boolean =>
  draft.components.has(keyOf('Group', name)) ||
  tableOf(draft.org, 'Group').rows.some((row) => row.DeveloperName === name && row.Type === 'Regular');

/** A rule by the values of fields; `Object.Rule` in the file of its object. */
export function deploySharingRule(draft: Draft, source: Source): void {
  const [objectName = '', ruleName] = source.fullName.split('.');
  const rule = all(source.root, 'sharingCriteriaRules').find((each) => textOf(each, 'fullName') === ruleName);
  const problem = rule
    ? problemOf(draft, objectName, rule)
    : `no SharingCriteriaRule named ${source.fullName} found in file`;
  if (problem) fail(draft, source, problem);
  else succeed(draft, source, source.text);
}

function problemOf(draft: Draft, objectName: string, rule: Element): string | null {
  const object = draftObject(draft, objectName);
  if (object?.marker?.sharingModel !== 'Private') return `${objectName} does not support sharing rules`;
  for (const required of ['accessLevel', 'label', 'includeRecordsOwnedByAll']) {
    if (textOf(rule, required) === '') return `Required field is missing: ${required}`;
  }
  const group = textOf(all(rule, 'sharedTo')[0], 'group');
  if (!isGroupKnown(draft, group)) return `In field: group - no Group named ${group} found`;
  const fields = all(rule, 'criteriaItems').map((item) => textOf(item, 'field'));
  const unknown = fields.find((field) => !object.fields.has(field.toLowerCase()));
  return unknown ? `In field: field - no CustomField named ${objectName}.${unknown} found` : null;
}
