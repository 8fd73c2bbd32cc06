import type { SandboxAnswer } from '../../../src/sandbox/server.ts';
import { batchAnswer } from './batch-routes.ts';
import { type Fields, readFields, readFlag, readInputs, readList, readText, requireText } from './body.ts';
import { type Call, openDefinitions } from './call.ts';
import type { ObjectType, Portal } from './portal.ts';
import { fieldTypes, isPropertyType, makeProperty, type Option, type Property } from './property.ts';
import { toIso } from './read-value.ts';
import { invalid, notFound, Refusal } from './refusal.ts';

const maxInputs = 100;
/** Custom properties of an account, and unique ones of an object. */
const maxOnFree = 10;
const maxOnPaid = 1000;
const maxUnique = 10;

export function listProperties(call: Call): SandboxAnswer {
  const type = openDefinitions(call, 'read');
  const archived = readFlag(call.query, 'archived');
  return {
    status: 200,
    body: { results: [...type.properties.values()].filter((each) => each.archived === archived) },
  };
}

export function getProperty(call: Call): SandboxAnswer {
  return { status: 200, body: pickProperty(openDefinitions(call, 'read'), call.params.name) };
}

function pickProperty(type: ObjectType, name: string | undefined): Property {
  const property = type.properties.get(name ?? '');
  if (property && !property.archived) return property;
  throw notFound();
}

export function readPropertyBatch(call: Call): SandboxAnswer {
  const type = openDefinitions(call, 'read');
  const names = readInputs(call.body, maxInputs).map((input) => requireText(input.name, 'name'));
  const results = names.flatMap((name) => type.properties.get(name) ?? []);
  const missing = names.filter((name) => !type.properties.has(name));
  const errors = missing.map((name) => ({
    status: 'error',
    category: 'OBJECT_NOT_FOUND',
    message: `Property ${name} does not exist`,
    context: { name: [name] },
  }));
  return batchAnswer(call, { status: 200, results, errors });
}

export function createProperty(call: Call): SandboxAnswer {
  const type = openDefinitions(call, 'write');
  return { status: 201, body: addProperty(call.portal, type, readFields(call.body)) };
}

export function createPropertyBatch(call: Call): SandboxAnswer {
  const type = openDefinitions(call, 'write');
  const results: Property[] = [];
  const errors: unknown[] = [];
  for (const input of readInputs(call.body, maxInputs)) {
    try {
      results.push(addProperty(call.portal, type, input));
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      const { category, message } = error.body;
      errors.push({ status: 'error', category, message, context: { name: [readText(input.name) ?? ''] } });
    }
  }
  return batchAnswer(call, { status: 201, results, errors });
}

function addProperty(portal: Portal, type: ObjectType, input: Fields): Property {
  const property = readProperty(portal, type, input);
  refuseExisting(type, property.name);
  refuseBeyondLimit(portal, type, property);
  type.properties.set(property.name, property);
  return property;
}

/** A definition of the portal's own, checked; `groupName` falls back to the object's first group for new objects. */
export function readProperty(portal: Portal, type: ObjectType, input: Fields, groupName?: string): Property {
  const name = requireText(input.name, 'name');
  if (!/^[a-z][a-z0-9_]*$/.test(name)) {
    throw invalid(`Property name ${name} is not valid: lower-case letters, digits and underscores only`);
  }
  const kind = requireText(input.type, 'type');
  const fieldType = requireText(input.fieldType, 'fieldType');
  if (!isPropertyType(kind) || !fieldTypes[kind].some((each) => each === fieldType)) {
    throw invalid(`fieldType ${fieldType} is not valid for type ${kind}`);
  }
  const group = groupName ?? requireText(input.groupName, 'groupName');
  if (!type.groups.has(group)) throw invalid(`Property group ${group} does not exist`);
  const referenced = readText(input.referencedObjectType);
  const part = {
    name,
    type: kind,
    fieldType,
    label: requireText(input.label, 'label'),
    description: readText(input.description) ?? '',
    options: readOptions(input.options),
    hasUniqueValue: input.hasUniqueValue === true,
    externalOptions: input.externalOptions === true,
    hidden: input.hidden === true,
    ...(referenced === null ? {} : { referencedObjectType: referenced }),
  };
  refuseMissingOptions(part);
  return makeProperty(part, { groupName: group, hubspotDefined: false, readOnly: false, at: portal.now() });
}

function refuseMissingOptions(part: Pick<Property, 'name' | 'type' | 'options' | 'externalOptions'>): void {
  if (part.type !== 'enumeration' || part.externalOptions || part.options.length > 0) return;
  throw invalid(`Property ${part.name} of type enumeration must have options`);
}

function readOptions(raw: unknown): Option[] {
  const options = readList(raw, 'options').map((entry, index) => {
    const option = readFields(entry, 'options');
    return {
      label: requireText(option.label, 'options.label'),
      value: requireText(option.value, 'options.value'),
      displayOrder: Number(readText(option.displayOrder) ?? index),
      hidden: option.hidden === true,
    };
  });
  const values = new Set(options.map(({ value }) => value));
  if (values.size < options.length) throw invalid('Property options must have distinct values');
  return options;
}

function refuseExisting(type: ObjectType, name: string): void {
  if (!type.properties.has(name)) return;
  throw new Refusal(409, {
    message: `A property named '${name}' already exists.`,
    category: 'OBJECT_ALREADY_EXISTS',
    subCategory: 'Properties.PROPERTY_EXISTS',
  });
}

function refuseBeyondLimit(portal: Portal, type: ObjectType, { hasUniqueValue, name }: Property): void {
  const unique = [...type.properties.values()].filter((each) => each.hasUniqueValue && !each.hubspotDefined);
  if (hasUniqueValue && unique.length >= maxUnique) {
    throw invalid(`${type.spec.name} already has ${maxUnique} properties with unique values`);
  }
  const isFree = portal.tier === 'free';
  const counted = isFree ? [...portal.types.values()].flatMap(ownProperties) : ownProperties(type);
  const max = isFree ? maxOnFree : maxOnPaid;
  if (counted.length >= max) throw invalid(`Property ${name} is above the limit of ${max} custom properties`);
}

export function ownProperties(type: ObjectType): Property[] {
  return [...type.properties.values()].filter(({ hubspotDefined, archived }) => !hubspotDefined && !archived);
}

/** Name and, once there is a type clash, type cannot be changed. */
export function changeProperty(call: Call): SandboxAnswer {
  const type = openDefinitions(call, 'write');
  const property = pickProperty(type, call.params.name);
  const body = readFields(call.body);
  const kind = readText(body.type) ?? property.type;
  const fieldType = readText(body.fieldType) ?? property.fieldType;
  if (property.hubspotDefined && kind !== property.type)
    throw invalid(`Property ${property.name} is read-only`);
  if (!isPropertyType(kind) || !fieldTypes[kind].some((each) => each === fieldType)) {
    throw invalid(`fieldType ${fieldType} is not valid for type ${kind}`);
  }
  const changed: Property = {
    ...property,
    type: kind,
    fieldType,
    label: readText(body.label) ?? property.label,
    description: readText(body.description) ?? property.description,
    groupName: readText(body.groupName) ?? property.groupName,
    hidden: typeof body.hidden === 'boolean' ? body.hidden : property.hidden,
    options: body.options === undefined ? property.options : readOptions(body.options),
    updatedAt: toIso(call.portal.now()),
  };
  type.properties.set(property.name, changed);
  return { status: 200, body: changed };
}

/** An archived property keeps its name. */
export function archiveProperty(call: Call): SandboxAnswer {
  const type = openDefinitions(call, 'write');
  const property = type.properties.get(call.params.name ?? '');
  if (property?.hubspotDefined) throw invalid(`Property ${property.name} cannot be archived`);
  if (property) archiveDefinition(call, type, property);
  return { status: 204 };
}

function archiveDefinition({ portal }: Call, type: ObjectType, property: Property): void {
  type.properties.set(property.name, { ...property, archived: true, archivedAt: toIso(portal.now()) });
}

export function archivePropertyBatch(call: Call): SandboxAnswer {
  const type = openDefinitions(call, 'write');
  for (const input of readInputs(call.body, maxInputs)) {
    const property = type.properties.get(requireText(input.name, 'name'));
    if (property && !property.hubspotDefined) archiveDefinition(call, type, property);
  }
  return { status: 204 };
}
