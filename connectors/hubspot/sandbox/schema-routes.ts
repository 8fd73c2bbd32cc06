import type { SandboxAnswer } from '../../../src/sandbox/server.ts';
import { type Fields, readFields, readFlag, readList, readText, readTexts, requireText } from './body.ts';
import { type Call, requireScopes } from './call.ts';
import { addLinkType, linkNewType } from './link-types.ts';
import { createType, findType, requireType } from './object-type.ts';
import { customSpec } from './object-types.ts';
import type { ObjectType, Portal, Schema } from './portal.ts';
import { readProperty } from './property-routes.ts';
import { toIso } from './read-value.ts';
import { invalid, notFound, Refusal } from './refusal.ts';

const maxDefinitions = 10;
const maxSearchable = 20;

function openSchemas(call: Call, access: 'read' | 'write'): void {
  requireScopes(call, [`crm.schemas.custom.${access}`], 'enterprise');
}

function customTypes(portal: Portal): ObjectType[] {
  return [...portal.types.values()].filter(({ schema }) => schema !== null);
}

export function listSchemas(call: Call): SandboxAnswer {
  openSchemas(call, 'read');
  const archived = readFlag(call.query, 'archived');
  const types = customTypes(call.portal).filter(({ schema }) => schema?.archived === archived);
  return { status: 200, body: { results: types.map((type) => showSchema(call.portal, type)) } };
}

export function getSchema(call: Call): SandboxAnswer {
  openSchemas(call, 'read');
  return { status: 200, body: showSchema(call.portal, pickSchema(call)) };
}

function pickSchema(call: Call): ObjectType & { readonly schema: Schema } {
  const type = findType(call.portal, call.params.type ?? '');
  if (type && hasSchema(type)) return type;
  throw notFound();
}

function hasSchema(type: ObjectType): type is ObjectType & { schema: Schema } {
  return type.schema !== null;
}

function showSchema(portal: Portal, type: ObjectType): object {
  const { spec, schema } = type;
  if (!schema) throw notFound();
  const { associatedObjects, ...shown } = schema;
  return {
    ...shown,
    name: spec.name,
    objectTypeId: spec.typeId,
    fullyQualifiedName: `p${portal.id}_${spec.name}`,
    metaType: 'PORTAL_SPECIFIC',
    restorable: true,
    portalId: portal.id,
    properties: [...type.properties.values()],
    associations: associatedObjects.flatMap((to) => showAssociation(portal, type, to)),
  };
}

function showAssociation(portal: Portal, type: ObjectType, toTypeId: string): object[] {
  const to = findType(portal, toTypeId);
  if (!to) return [];
  const types = portal.links.ownTypes.get(`${type.spec.name}>${to.spec.name}`) ?? [];
  return types.map(({ typeId }) => ({
    id: `${typeId}`,
    fromObjectTypeId: type.spec.typeId,
    toObjectTypeId: toTypeId,
    name: `${type.spec.name}_to_${to.spec.singular}`,
    createdAt: type.schema?.createdAt,
    updatedAt: type.schema?.updatedAt,
  }));
}

export function createSchema(call: Call): SandboxAnswer {
  openSchemas(call, 'write');
  const { portal } = call;
  const body = readFields(call.body);
  const name = requireText(body.name, 'name');
  refuseName(portal, name);
  if (customTypes(portal).filter(({ schema }) => !schema?.archived).length >= maxDefinitions) {
    throw invalid(`This account may define ${maxDefinitions} custom objects`);
  }
  const others = readTexts(body.associatedObjects, 'associatedObjects').map((other) =>
    requireType(portal, other),
  );
  const typeId = `2-${3_000_000 + portal.nextSerial()}`;
  const type = createType(customSpec({ name, typeId, singular: name }), portal.now());
  for (const input of readList(body.properties, 'properties'))
    addOwn(portal, type, readFields(input, 'properties'));
  type.schema = readSchema(portal, type, { body, others });
  portal.types.set(name, type);
  linkNewType(portal, type, others);
  return { status: 201, body: showSchema(portal, type) };
}

/** A deleted definition blocks its name until it is deleted for good. */
function refuseName(portal: Portal, name: string): void {
  if (!/^[A-Za-z][A-Za-z0-9_]*$/.test(name)) {
    throw invalid(`Object name ${name} is not valid: a letter first, then letters, digits and underscores`);
  }
  if (!findType(portal, name)) return;
  throw new Refusal(409, {
    message: `An object named '${name}' already exists.`,
    category: 'OBJECT_ALREADY_EXISTS',
  });
}

function addOwn(portal: Portal, type: ObjectType, input: Fields): void {
  const property = readProperty(portal, type, input, [...type.groups.keys()][0]);
  type.properties.set(property.name, property);
}

function readSchema(
  portal: Portal,
  type: ObjectType,
  { body, others }: { readonly body: Fields; readonly others: readonly ObjectType[] },
): Schema {
  const labels = readFields(body.labels, 'labels');
  const schema = {
    id: type.spec.typeId.slice(2),
    labels: {
      singular: requireText(labels.singular, 'labels.singular'),
      plural: requireText(labels.plural, 'labels.plural'),
    },
    description: readText(body.description),
    primaryDisplayProperty: readText(body.primaryDisplayProperty),
    secondaryDisplayProperties: readTexts(body.secondaryDisplayProperties, 'secondaryDisplayProperties'),
    searchableProperties: readTexts(body.searchableProperties, 'searchableProperties'),
    requiredProperties: readTexts(body.requiredProperties, 'requiredProperties'),
    associatedObjects: others.map(({ spec }) => spec.typeId),
    createdAt: toIso(portal.now()),
    updatedAt: toIso(portal.now()),
    archived: false,
  };
  checkDisplay(type, schema);
  return schema;
}

function checkDisplay(type: ObjectType, schema: Schema): void {
  if (schema.searchableProperties.length > maxSearchable) {
    throw invalid(`At most ${maxSearchable} searchable properties are allowed`);
  }
  const named = [
    schema.primaryDisplayProperty ?? [],
    schema.secondaryDisplayProperties,
    schema.searchableProperties,
    schema.requiredProperties,
  ].flat();
  const unknown = named.find((name) => !type.properties.has(name));
  if (unknown !== undefined) throw invalid(`Property ${unknown} does not exist on ${type.spec.name}`);
}

/** The name stays for ever. */
export function changeSchema(call: Call): SandboxAnswer {
  openSchemas(call, 'write');
  const type = pickSchema(call);
  const body = readFields(call.body);
  const { schema } = type;
  const labels = readFields(body.labels ?? {}, 'labels');
  const list = (name: keyof Schema & string, before: readonly string[]) =>
    body[name] === undefined ? before : readTexts(body[name], name);
  const changed: Schema = {
    ...schema,
    labels: {
      singular: readText(labels.singular) ?? schema.labels.singular,
      plural: readText(labels.plural) ?? schema.labels.plural,
    },
    description: readText(body.description) ?? schema.description,
    primaryDisplayProperty: readText(body.primaryDisplayProperty) ?? schema.primaryDisplayProperty,
    secondaryDisplayProperties: list('secondaryDisplayProperties', schema.secondaryDisplayProperties),
    searchableProperties: list('searchableProperties', schema.searchableProperties),
    requiredProperties: list('requiredProperties', schema.requiredProperties),
    updatedAt: toIso(call.portal.now()),
  };
  checkDisplay(type, changed);
  type.schema = changed;
  return { status: 200, body: showSchema(call.portal, type) };
}

/** Goes only when its records are gone; `archived=true` frees the name. */
export function deleteSchema(call: Call): SandboxAnswer {
  openSchemas(call, 'write');
  const type = pickSchema(call);
  if (readFlag(call.query, 'archived')) {
    if (!type.schema.archived) throw invalid(`${type.spec.name} has to be deleted before it is purged`);
    call.portal.types.delete(type.spec.name);
    return { status: 204 };
  }
  if (type.records.size > type.archived.size) {
    throw invalid(`${type.spec.name} still has records and cannot be deleted`);
  }
  type.schema = { ...type.schema, archived: true, updatedAt: toIso(call.portal.now()) };
  return { status: 204 };
}

export function createSchemaAssociation(call: Call): SandboxAnswer {
  openSchemas(call, 'write');
  const type = pickSchema(call);
  const body = readFields(call.body);
  const to = requireType(call.portal, requireText(body.toObjectTypeId, 'toObjectTypeId'));
  const there = addLinkType(call.portal, { from: type, to });
  addLinkType(call.portal, { from: to, to: type });
  type.schema = { ...type.schema, associatedObjects: [...type.schema.associatedObjects, to.spec.typeId] };
  const name = readText(body.name) ?? `${type.spec.name}_to_${to.spec.singular}`;
  const ends = { fromObjectTypeId: type.spec.typeId, toObjectTypeId: to.spec.typeId };
  return { status: 201, body: { id: `${there.typeId}`, name, ...ends } };
}
