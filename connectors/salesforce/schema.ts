import type { Api } from './api.ts';
import { createDescriber } from './describes.ts';
import { isDenied } from './failure.ts';
import { suggestName } from './suggest.ts';
import { isRecord, type SalesforceRecord } from './values.ts';

export interface FieldInfo {
  readonly name: string;
  readonly type: string;
  readonly filterable: boolean;
  readonly sortable: boolean;
  readonly unique: boolean;
  readonly externalId: boolean;
  readonly createable: boolean;
  readonly updateable: boolean;
  readonly aggregatable: boolean;
  /** A formula or roll-up: it changes without stamping the record. */
  readonly calculated: boolean;
  /** Decimal places; 2, as a currency field has by default, where the describe does not say. */
  readonly scale: number;
  readonly relationshipName: string | null;
  readonly referenceTo: readonly string[];
}

export interface ObjectInfo {
  readonly name: string;
  readonly queryable: boolean;
  readonly replicateable: boolean;
  readonly createable: boolean;
  /** DeveloperName of the record types, without the master. */
  readonly recordTypes: readonly string[];
  /** By name in lower case: SOQL does not tell cases apart. */
  readonly fields: ReadonlyMap<string, FieldInfo>;
}

/** What this user is shown; each object is asked for once. */
export interface Schema {
  /** null: no such object, or no permission on it. */
  object(name: string): Promise<ObjectInfo | null>;
  /** Asks again, for what an installation has changed. */
  refresh(name: string): Promise<ObjectInfo | null>;
  names(): Promise<readonly string[]>;
}

export function createSchema(api: Api): Schema {
  const described = new Map<string, Promise<ObjectInfo | null>>();
  const describer = createDescriber(api);
  const read = async (name: string) => {
    const body = await describer(name);
    return body && readObject(body, name);
  };
  let listed: Promise<readonly string[] | null> | null = null;
  const list = () => {
    listed ??= listObjects(api);
    return listed;
  };
  const describe = async (name: string) => {
    const names = await list();
    if (names && !names.some((known) => known.toLowerCase() === name.toLowerCase())) return null;
    return read(name);
  };
  return {
    object(name) {
      const key = name.toLowerCase();
      const known = described.get(key) ?? describe(name);
      described.set(key, known);
      return known;
    },
    refresh(name) {
      const fresh = read(name);
      described.set(name.toLowerCase(), fresh);
      return fresh;
    },
    names: async () => (await list()) ?? [],
  };
}

/** null where there is no list: then each object is asked for by itself. */
async function listObjects(api: Api): Promise<readonly string[] | null> {
  try {
    const body = await api.get('/sobjects');
    if (!Array.isArray(body.sobjects)) return null;
    return body.sobjects.filter(isRecord).map((item) => String(item.name));
  } catch (error) {
    if (isDenied(error)) return null;
    throw error;
  }
}

function readObject(body: SalesforceRecord, name: string): ObjectInfo {
  const fields = Array.isArray(body.fields) ? body.fields.filter(isRecord).map(readField) : [];
  const types = Array.isArray(body.recordTypeInfos) ? body.recordTypeInfos.filter(isRecord) : [];
  return {
    name: typeof body.name === 'string' ? body.name : name,
    queryable: body.queryable !== false,
    replicateable: body.replicateable !== false,
    createable: body.createable !== false,
    recordTypes: types
      .filter((type) => type.master !== true && typeof type.developerName === 'string')
      .map((type) => String(type.developerName)),
    fields: new Map(fields.map((field) => [field.name.toLowerCase(), field])),
  };
}

function readField(body: SalesforceRecord): FieldInfo {
  return {
    name: String(body.name),
    type: typeof body.type === 'string' ? body.type : 'string',
    filterable: body.filterable !== false,
    sortable: body.sortable !== false,
    unique: body.unique === true,
    externalId: body.externalId === true,
    createable: body.createable !== false,
    updateable: body.updateable !== false,
    aggregatable: body.aggregatable !== false,
    calculated: body.calculated === true,
    scale: typeof body.scale === 'number' ? body.scale : 2,
    relationshipName: readRelationship(body),
    referenceTo: Array.isArray(body.referenceTo) ? body.referenceTo.map(String) : [],
  };
}

/** Where a describe does not name the relationship, the naming rule does: OwnerId -> Owner, Region__c -> Region__r. */
function readRelationship(body: SalesforceRecord): string | null {
  if (typeof body.relationshipName === 'string') return body.relationshipName;
  const name = String(body.name);
  if (body.type !== 'reference') return null;
  return name.endsWith('__c') ? name.replace(/__c$/, '__r') : name.replace(/Id$/, '');
}

export function findField(object: ObjectInfo, name: string): FieldInfo | undefined {
  return object.fields.get(name.toLowerCase());
}

export type PathResult =
  | { readonly ok: true; readonly path: string; readonly field: FieldInfo }
  | { readonly ok: false; readonly problem: string };

/** Follows `Owner.Manager.Name` through the describes and returns it as Salesforce spells it. */
export async function resolvePath(schema: Schema, object: ObjectInfo, path: string): Promise<PathResult> {
  const [first = '', ...rest] = path.split('.');
  if (rest.length === 0) {
    const field = findField(object, first);
    if (field) return { ok: true, path: field.name, field };
    const names = [...object.fields.values()].map((known) => known.name);
    return {
      ok: false,
      problem: `${object.name} has no field ${first} that this user may read.${suggestName(first, names)}`,
    };
  }
  const relations = [...object.fields.values()].filter((field) => field.relationshipName !== null);
  const link = relations.find((field) => field.relationshipName?.toLowerCase() === first.toLowerCase());
  if (!link?.relationshipName) {
    const names = relations.map((field) => field.relationshipName ?? '');
    return { ok: false, problem: `${object.name} has no relationship ${first}.${suggestName(first, names)}` };
  }
  return resolveParent(schema, link, rest.join('.'));
}

/**
 * What a relationship to several kinds of objects (the owner of a case is a user or a queue) can be followed to (Object
 * Reference: Name).
 */
const sharedFields = new Set([
  'name',
  'firstname',
  'lastname',
  'email',
  'username',
  'title',
  'phone',
  'alias',
  'isactive',
  'userrole.name',
  'profile.name',
]);

async function resolveParent(schema: Schema, link: FieldInfo, rest: string): Promise<PathResult> {
  if (link.referenceTo.length > 1 && !sharedFields.has(rest.toLowerCase())) {
    const kinds = link.referenceTo.slice(0, 3).join(' or ');
    const problem = `${link.relationshipName} may be a ${kinds}, which Salesforce cannot follow to ${rest}.`;
    return { ok: false, problem };
  }
  let problem = `${link.relationshipName} leads to nothing that this user may read.`;
  for (const parentName of link.referenceTo) {
    const parent = await schema.object(parentName);
    if (!parent) continue;
    const result = await resolvePath(schema, parent, rest);
    if (result.ok) return { ...result, path: `${link.relationshipName}.${result.path}` };
    problem = result.problem;
  }
  return { ok: false, problem };
}
