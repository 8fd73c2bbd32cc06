import { completeField, type Field, link, readOnly, text } from '../schema/fields.ts';
import { defineObject, type SObject, withFields } from '../schema/object.ts';
import { readField } from './custom-field.ts';
import { type Draft, draftObject, fail, type Source, succeed } from './draft.ts';
import { all, type Element, textOf } from './xml.ts';

const together = ['enableBulkApi', 'enableSharing', 'enableStreamingApi'];
const standardColumns = [
  'NAME',
  'OWNER.ALIAS',
  'OWNER.FIRST_NAME',
  'OWNER.LAST_NAME',
  'CREATED_DATE',
  'LAST_UPDATE',
  'CREATEDBY_USER',
  'UPDATEDBY_USER',
  'RECORDTYPE',
];

/** An object with the fields and list views inside its file. */
export function deployObject(draft: Draft, source: Source): void {
  const existing = draftObject(draft, source.fullName);
  const object = existing ? withSettings(existing, source.root) : createObject(draft, source);
  if (typeof object === 'string') {
    fail(draft, source, object);
    return;
  }
  const fields = readFields(draft, source, object);
  draft.objects.set(source.fullName.toLowerCase(), withFields(object, fields));
  succeed(draft, source, ownText(source));
  for (const view of all(source.root, 'listViews')) deployListView(draft, source, view);
}

/** The file without what is inside it, which is compared on its own. */
function ownText(source: Source): string {
  return source.text.replace(/<(fields|listViews)>[\s\S]*?<\/\1>/g, '');
}

function withSettings(object: SObject, root: Element): SObject {
  if (!object.custom || textOf(root, 'label') === '') return object;
  return {
    ...object,
    label: textOf(root, 'label'),
    labelPlural: textOf(root, 'pluralLabel') || object.labelPlural,
    marker: markerOf(root),
  };
}

const markerOf = (root: Element) => ({
  enableReports: textOf(root, 'enableReports') === 'true',
  sharingModel: textOf(root, 'sharingModel'),
  description: textOf(root, 'description'),
});

function createObject(draft: Draft, { root, fullName }: Source): SObject | string {
  if (!/^[A-Za-z]\w*__c$/.test(fullName))
    return `Entity of type 'CustomObject' named '${fullName}' cannot be found`;
  const label = textOf(root, 'label');
  if (label === '') return 'Must specify a non-empty label for the CustomObject';
  const nameField = all(root, 'nameField')[0];
  if (!nameField || textOf(root, 'pluralLabel') === '')
    return 'Must specify a non-empty pluralLabel and a nameField for the CustomObject';
  if (textOf(root, 'sharingModel') === '') return 'Must specify a sharingModel for the CustomObject';
  const switches = new Set(together.map((name) => textOf(root, name) === 'true'));
  if (switches.size > 1) return `${together.join(', ')} must have the same value`;
  const number = [...draft.objects.values()].filter((object) => object.custom).length;
  const automatic = textOf(nameField, 'type') === 'AutoNumber';
  const nameText = automatic
    ? text(80, { ...readOnly, autoNumber: true })
    : text(80, { required: true, nillable: false });
  const name = { ...nameText, nameField: true, label: textOf(nameField, 'label') || 'Name' };
  return defineObject(fullName, {
    prefix: `a${number.toString(36).padStart(2, '0')}`,
    label,
    labelPlural: textOf(root, 'pluralLabel'),
    custom: true,
    marker: markerOf(root),
    fields: { Name: name, OwnerId: link('Owner', 'Group|User', { nillable: false }) },
  });
}

function readFields(draft: Draft, source: Source, object: SObject): Field[] {
  const fields: Field[] = [];
  for (const element of all(source.root, 'fields')) {
    const fullName = `${source.fullName}.${textOf(element, 'fullName')}`;
    const place = { type: 'CustomField', fullName, fileName: source.fileName };
    const field = readField(element);
    const problem = typeof field === 'string' ? field : problemOf(draft, object, field);
    if (typeof field === 'string' || problem) fail(draft, place, String(problem));
    else {
      fields.push(completeField(field.name, field));
      succeed(draft, place, JSON.stringify(element));
    }
  }
  return fields;
}

function problemOf(draft: Draft, object: SObject, field: Field): string | null {
  const before = object.fields.get(field.name.toLowerCase());
  if (before && before.type !== field.type)
    return `Cannot change field type from ${before.type} to ${field.type}`;
  const missing = field.referenceTo.find((name) => !draftObject(draft, name));
  return missing ? `referenceTo value of '${missing}' does not resolve to a valid sObject type` : null;
}

function deployListView(draft: Draft, source: Source, view: Element): void {
  const fullName = `${source.fullName}.${textOf(view, 'fullName')}`;
  const place = { type: 'ListView', fullName, fileName: source.fileName };
  const object = draftObject(draft, source.fullName);
  const columns = [
    ...all(view, 'columns').map((column) => column.text.trim()),
    ...all(view, 'filters').map((filter) => textOf(filter, 'field')),
  ];
  const unknown = columns.find(
    (name) => !standardColumns.includes(name) && !object?.fields.has(name.toLowerCase()),
  );
  if (textOf(view, 'label') === '') fail(draft, place, 'Required field is missing: label');
  else if (!['Everything', 'Mine'].includes(textOf(view, 'filterScope')))
    fail(draft, place, 'Required field is missing: filterScope');
  else if (unknown !== undefined) fail(draft, place, `Could not resolve list view column: ${unknown}`);
  else succeed(draft, place, JSON.stringify(view));
}
