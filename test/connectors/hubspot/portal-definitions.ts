import { type Answer, instant, invalid, notFound, type Question, refused } from './portal-answer.ts';
import { type Portal, type PortalProperty, type PortalSchema, recordsOf } from './portal-state.ts';

interface Draft {
  readonly name?: string;
  readonly label?: string;
  readonly groupName?: string;
  readonly type?: string;
  readonly fieldType?: string;
  readonly hasUniqueValue?: boolean;
  readonly options?: readonly { readonly value: string; readonly label: string }[];
}

const forms: Readonly<Record<string, readonly string[]>> = {
  string: ['text', 'textarea', 'html', 'phonenumber', 'file'],
  number: ['number', 'calculation_equation'],
  enumeration: ['select', 'radio', 'checkbox'],
  bool: ['booleancheckbox'],
  date: ['date'],
  datetime: ['date'],
};

const freeRoom = 10;

function problemOf(portal: Portal, type: string, draft: Draft): string | null {
  const { name = '', label, type: kind = '', fieldType = '' } = draft;
  if (!/^[a-z][a-z0-9_]*$/.test(name)) return `property name ${name}`;
  if (!label) return `property ${name} without a label`;
  if (!forms[kind]?.includes(fieldType)) return `property ${name} of ${kind} and ${fieldType}`;
  if (kind === 'enumeration' && !draft.options?.length) return `property ${name} without options`;
  const own = [...(portal.properties.get(type)?.values() ?? [])].filter(({ builtIn }) => !builtIn);
  if (draft.hasUniqueValue && own.filter(({ unique }) => unique).length >= 10)
    return 'too many unique properties';
  return portal.rights.tier === 'free' && own.length >= freeRoom ? 'no room for another property' : null;
}

function toProperty(draft: Draft): PortalProperty {
  const { name = '', label = '', groupName = '', type = '', fieldType = '' } = draft;
  const options = (draft.options ?? []).map(({ value }) => value);
  return {
    name,
    label,
    groupName,
    type,
    fieldType,
    options,
    unique: draft.hasUniqueValue ?? false,
    builtIn: false,
  };
}

/** Descriptions are not given back; options and the rest are. */
export function showProperty(property: PortalProperty): unknown {
  const { name, label, type, fieldType, groupName, unique, options, builtIn } = property;
  return {
    hubspotDefined: builtIn,
    options: options.map((value, at) => ({ hidden: false, displayOrder: at, value, label: value })),
    fieldType,
    type,
    groupName,
    hasUniqueValue: unique,
    label,
    name,
  };
}

export function createProperty(portal: Portal, type: string, { body }: Question): Answer {
  const draft = body as Draft;
  const known = portal.properties.get(type);
  if (!known) return notFound;
  if (known.has(draft.name ?? '')) return { status: 409, body: { status: 'error', category: 'CONFLICT' } };
  const groups = portal.groups.get(type);
  const problem = groups?.has(draft.groupName ?? '')
    ? problemOf(portal, type, draft)
    : `no group ${draft.groupName}`;
  if (problem) return invalid(portal, problem);
  known.set(draft.name ?? '', toProperty(draft));
  return { status: 201, body: showProperty(toProperty(draft)) };
}

export function removeProperty(portal: Portal, type: string, name: string): Answer {
  const known = portal.properties.get(type);
  if (!known?.has(name)) return notFound;
  if (known.get(name)?.builtIn) return invalid(portal, `${name} is HubSpot's own`);
  known.delete(name);
  return { status: 204 };
}

export function createGroup(portal: Portal, type: string, { body }: Question): Answer {
  const groups = portal.groups.get(type) ?? new Set();
  if (groups.has(String(body.name))) return { status: 409, body: { status: 'error', category: 'CONFLICT' } };
  portal.groups.set(type, groups.add(String(body.name)));
  return { status: 201, body: { label: body.label, name: body.name } };
}

export function listSchemas(portal: Portal): Answer {
  if (portal.rights.tier === 'free') return refused('schemas');
  return { status: 200, body: { results: portal.schemas.map((schema) => showSchema(portal, schema)) } };
}

function showSchema(portal: Portal, { objectTypeId, name, required }: PortalSchema): unknown {
  return {
    requiredProperties: required,
    properties: [...(portal.properties.get(objectTypeId)?.values() ?? [])].map(showProperty),
    fullyQualifiedName: `p7_${name}`,
    metaType: 'PORTAL_SPECIFIC',
    name,
    objectTypeId,
    id: objectTypeId.replace('2-', ''),
    createdAt: instant(portal.now()),
  };
}

export function createSchema(portal: Portal, { body }: Question): Answer {
  if (portal.rights.tier === 'free') return refused('schemas');
  const name = String(body.name);
  const drafts = (body.properties ?? []) as Draft[];
  const names = drafts.map((draft) => draft.name ?? '');
  const listed = ['requiredProperties', 'searchableProperties', 'secondaryDisplayProperties'];
  const unknown = [body.primaryDisplayProperty, ...listed.flatMap((key) => body[key] ?? [])].filter(
    (one) => !names.includes(String(one)),
  );
  if (!/^[a-z][a-z0-9_]*$/i.test(name) || unknown.length > 0)
    return invalid(portal, `schema ${name}: ${unknown}`);
  const objectTypeId = `2-${portal.nextId++}`;
  portal.properties.set(objectTypeId, new Map());
  for (const draft of drafts) {
    const problem = problemOf(portal, objectTypeId, draft);
    if (problem) return invalid(portal, problem);
    portal.properties.get(objectTypeId)?.set(draft.name ?? '', toProperty(draft));
  }
  for (const own of ['hs_object_id', 'createdate', 'hs_lastmodifieddate', 'hubspot_owner_id']) {
    const builtIn = toProperty({ name: own, label: own, type: 'string', fieldType: 'text' });
    portal.properties.get(objectTypeId)?.set(own, { ...builtIn, builtIn: true });
  }
  recordsOf(portal, objectTypeId);
  portal.groups.set(objectTypeId, new Set([`${name}_information`]));
  const schema = { objectTypeId, name, required: (body.requiredProperties ?? []) as string[] };
  portal.schemas.push(schema);
  return { status: 201, body: showSchema(portal, schema) };
}

export function removeSchema(portal: Portal, objectTypeId: string, { query }: Question): Answer {
  if (query.get('archived') === 'true') return { status: 204 };
  const at = portal.schemas.findIndex((schema) => schema.objectTypeId === objectTypeId);
  if (at === -1) return notFound;
  const living = [...recordsOf(portal, objectTypeId).values()].filter(
    ({ archivedAt }) => archivedAt === null,
  );
  if (living.length > 0) return invalid(portal, `${living.length} records are left`);
  portal.schemas.splice(at, 1);
  portal.records.delete(objectTypeId);
  portal.properties.delete(objectTypeId);
  return { status: 204 };
}

/** GET /crm/v3/limits/...: what the account may define. */
export function showLimits(portal: Portal, what: string): Answer {
  if (what === 'custom-object-types') {
    return { status: 200, body: { overallLimit: '10', overallUsage: String(portal.schemas.length) } };
  }
  if (what !== 'custom-properties') return notFound;
  const own = [...(portal.properties.get('companies')?.values() ?? [])].filter(
    ({ builtIn }) => !builtIn,
  ).length;
  const limit = portal.rights.tier === 'free' ? freeRoom : 1_000;
  return { status: 200, body: { byObjectType: [{ usage: own, limit, objectTypeId: '0-2' }] } };
}
