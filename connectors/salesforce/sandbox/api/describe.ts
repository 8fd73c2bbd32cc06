import { createHash } from 'node:crypto';
import type { SandboxAnswer } from '../../../../src/sandbox/server.ts';
import { notFound } from '../errors.ts';
import { tableOf } from '../org.ts';
import type { Field } from '../schema/fields.ts';
import type { SObject } from '../schema/object.ts';
import type { Call, Route } from './call.ts';

export const describeRoutes: readonly Route[] = [
  { method: 'GET', path: /^\/sobjects\/?$/, answer: describeGlobal },
  { method: 'GET', path: /^\/sobjects\/(\w+)\/?$/, answer: describeBriefly },
  { method: 'GET', path: /^\/sobjects\/(\w+)\/describe\/?$/, answer: describe },
];

export function visibleObject(call: Call, name: string | undefined): SObject {
  const object = call.view.object(name ?? '');
  if (!object) throw notFound();
  return object;
}

function describeGlobal(call: Call): SandboxAnswer {
  const sobjects = call.view.objects().map((object) => summarize(call, object));
  return { status: 200, body: { encoding: 'UTF-8', maxBatchSize: 200, sobjects } };
}

function describeBriefly(call: Call): SandboxAnswer {
  const objectDescribe = summarize(call, visibleObject(call, call.params[0]));
  return { status: 200, body: { objectDescribe, recentItems: [] } };
}

/** Unchanged since the caller's copy: 304, told by a validator because a description has no date of its own. */
function describe(call: Call): SandboxAnswer {
  const object = visibleObject(call, call.params[0]);
  const fields = call.view.fields(object).map((field) => describeField(call, object, field));
  const urls = {
    rowTemplate: `${call.base}/sobjects/${object.name}/{ID}`,
    sobject: `${call.base}/sobjects/${object.name}`,
  };
  const body = {
    ...summarize(call, object),
    actionOverrides: [],
    childRelationships: childRelationships(call, object),
    fields,
    listviewable: null,
    lookupLayoutable: null,
    namedLayoutInfos: [],
    networkScopeFieldName: null,
    recordTypeInfos: [
      {
        active: true,
        available: true,
        defaultRecordTypeMapping: true,
        developerName: 'Master',
        master: true,
        name: 'Master',
        recordTypeId: '012000000000000AAA',
        urls: {},
      },
    ],
    supportedScopes: [{ label: `All ${object.labelPlural}`, name: 'everything' }],
    urls: { ...summarize(call, object).urls, ...urls },
  };
  const tag = `"${createHash('sha1').update(JSON.stringify(body)).digest('hex')}"`;
  if (call.request.headers['if-none-match'] === tag) return { status: 304 };
  return { status: 200, headers: { ETag: tag }, body };
}

function summarize(call: Call, object: SObject) {
  const url = `${call.base}/sobjects/${object.name}`;
  const { name, label, labelPlural, custom, createable, updateable, deletable, replicateable } = object;
  return {
    activateable: false,
    createable,
    custom,
    customSetting: false,
    deepCloneable: false,
    deletable,
    deprecatedAndHidden: false,
    feedEnabled: false,
    hasSubtypes: false,
    isInterface: false,
    isSubtype: false,
    keyPrefix: object.prefix || null,
    label,
    labelPlural,
    layoutable: createable,
    mergeable: object.fields.has('masterrecordid'),
    mruEnabled: createable,
    name,
    queryable: true,
    replicateable,
    retrieveable: true,
    searchable: createable,
    triggerable: createable,
    undeletable: deletable && !object.hardDelete,
    updateable,
    urls: { describe: `${url}/describe`, rowTemplate: `${url}/{ID}`, sobject: url },
  };
}

function childRelationships(call: Call, object: SObject): object[] {
  return call.view.objects().flatMap((child) =>
    call.view
      .fields(child)
      .filter((field) => field.referenceTo.includes(object.name))
      .map((field) => ({
        cascadeDelete: false,
        childSObject: child.name,
        deprecatedAndHidden: false,
        field: field.name,
        junctionIdListNames: [],
        junctionReferenceTo: [],
        relationshipName: null,
        restrictedDelete: false,
      })),
  );
}

const soapTypes: Readonly<Record<string, string>> = {
  id: 'tns:ID',
  reference: 'tns:ID',
  boolean: 'xsd:boolean',
  int: 'xsd:int',
  double: 'xsd:double',
  currency: 'xsd:double',
  percent: 'xsd:double',
  date: 'xsd:date',
  datetime: 'xsd:dateTime',
  time: 'xsd:time',
  address: 'urn:address',
};

function describeField(call: Call, object: SObject, field: Field): object {
  const { compute: _compute, secured: _secured, required: _required, restricted, picklist, ...told } = field;
  const isText = field.length > 0;
  return {
    ...told,
    aggregatable: field.filterable,
    byteLength: isText ? field.length * 3 : 0,
    cascadeDelete: false,
    defaultValue: field.type === 'boolean' ? false : null,
    defaultedOnCreate: field.type === 'boolean' || field.name === 'OwnerId' || !field.createable,
    dependentPicklist: false,
    deprecatedAndHidden: false,
    digits: field.type === 'int' ? field.precision : 0,
    precision: field.type === 'int' ? 0 : field.precision,
    htmlFormatted: false,
    idLookup: field.type === 'id' || field.externalId,
    inlineHelpText: null,
    namePointing: field.referenceTo.length > 1,
    picklistValues: picklistValues(call, object, field).map(({ value, label }) => ({
      active: true,
      defaultValue: false,
      label,
      validFor: null,
      value,
    })),
    polymorphicForeignKey: field.referenceTo.length > 1,
    queryByDistance: false,
    restrictedPicklist: restricted,
    soapType: soapTypes[field.type] ?? 'xsd:string',
  };
}

/** Stages and statuses are rows of their own objects. */
function picklistValues(call: Call, object: SObject, field: Field): Field['picklist'] {
  const sources: Readonly<Record<string, string>> = {
    'Opportunity.StageName': 'OpportunityStage',
    'OpportunityHistory.StageName': 'OpportunityStage',
    'Case.Status': 'CaseStatus',
    'Task.Status': 'TaskStatus',
  };
  const source = sources[`${object.name}.${field.name}`];
  if (!source) return field.picklist;
  return tableOf(call.org, source).rows.map((row) => ({
    value: String(row.MasterLabel),
    label: String(row.MasterLabel),
  }));
}
