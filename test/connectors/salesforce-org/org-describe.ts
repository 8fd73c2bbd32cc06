import { type Org, type OrgField, type OrgObject, objectNamed } from './org-state.ts';

/** Only what a reader cannot do without, where the dialect is sparse. */
export function describeObject(org: Org, name: string): Record<string, unknown> | null {
  const object = objectNamed(org, name);
  if (!object) return null;
  const fields = [...object.fields.values()].filter((field) => field.name !== 'Hidden__c');
  const shown = fields.map((field) => describeField(org, object, field));
  if (org.dialect.sparse) return { name: object.name, fields: shown };
  return {
    fields: shown,
    recordTypeInfos: [{ master: true, developerName: 'Master', name: 'Master', available: true }],
    keyPrefix: object.prefix,
    queryable: true,
    createable: true,
    replicateable: !/History$|^Period$|Settings$/.test(object.name),
    name: object.name,
    urls: {},
    childRelationships: null,
  };
}

function describeField(
  org: Org,
  object: OrgObject,
  { name, type, parents }: OrgField,
): Record<string, unknown> {
  const isKey = name.replace(/^\w+?__(?=\w+__c$)/, '') === 'Key__c';
  const link = parents.length > 0 ? { referenceTo: parents } : {};
  const key = isKey ? { unique: true, externalId: true } : {};
  if (org.dialect.sparse) return { name, type, ...link, ...key };
  const relation = name.endsWith('__c') ? name.replace(/__c$/, '__r') : name.replace(/Id$/, '');
  return {
    relationshipName: parents.length > 0 ? relation : null,
    ...link,
    ...key,
    picklistValues: [],
    filterable: type !== 'textarea',
    sortable: type !== 'textarea',
    updateable: !/^(Id|CreatedDate|SystemModstamp)$/.test(name),
    calculated: false,
    aggregatable: object.name !== 'Task',
    scale: type === 'currency' ? 2 : 0,
    type,
    name,
  };
}

export function listObjects(org: Org): Record<string, unknown> {
  const names = [...org.objects.keys()].filter((name) => !org.dialect.hidden.has(name)).reverse();
  return { sobjects: names.map((name) => ({ label: name, name, activateable: false })) };
}
