import type { ResultField, ResultSchema } from '../../src/model/connector.ts';
import { RunError } from '../../src/model/errors.ts';
import type { Api } from './api.ts';
import { SalesforceFailure } from './failure.ts';
import { connectorPermissionSet, ownMark, permissionSetMark, readerPermissionSet } from './metadata.ts';
import {
  dashboardFolder,
  ownFolderNames,
  ownReportMark,
  reportFolder,
  reportNames,
} from './metadata-analytics.ts';
import { recordReports } from './metadata-records.ts';
import { readersGroup, readersGroupNames } from './metadata-sharing.ts';
import { findField, type ObjectInfo, type Schema } from './schema.ts';
import { idCondition } from './soql.ts';
import { isRecord, type SalesforceRecord, soqlText, toId, toText } from './values.ts';

/** Whether something of one of our names is there, and made by us. */
export type Presence = 'absent' | 'own' | 'foreign' | 'unknown';

/** What there is of our installation. */
export interface InstalledState {
  readonly object: ObjectInfo | null;
  /** Whether an object of the name exists, visible to this user or not. */
  readonly presence: Presence;
  /** Name of our permission sets that exist -> id. */
  readonly permissionSets: ReadonlyMap<string, string>;
  /** Permission sets that have our names and were not made for this object. */
  readonly foreignSets: readonly string[];
  /** `Object.Field`, in lower case, of all that the writing one grants: fields that exist, whoever sees them. */
  readonly granted: ReadonlySet<string>;
  /** The user who is to write has the writing one. */
  readonly assigned: boolean;
  readonly sharing: Presence;
  readonly analytics: Presence;
  /** Reports of the records behind results. */
  readonly records: Presence;
}

/** Types of Salesforce, in describes, that a field of ours may have. */
const describeTypes: Readonly<Record<ResultField['kind'], readonly string[]>> = {
  key: ['string'],
  text: ['string', 'url'],
  longtext: ['textarea'],
  number: ['double', 'int', 'currency', 'percent'],
  date: ['date'],
  instant: ['datetime'],
  bool: ['boolean'],
  pick: ['picklist'],
  user: ['reference'],
};

export interface TargetEnv {
  readonly api: Api;
  readonly schema: Schema;
  readonly objectName: string;
  /** Who is to write; null: the user of this connection. */
  readonly assignTo: string | null;
}

export async function readInstalled(env: TargetEnv): Promise<InstalledState> {
  const { api, schema, objectName } = env;
  const object = await schema.refresh(objectName);
  const sets = await readPermissionSets(api, objectName);
  const writer = sets.own.get(connectorPermissionSet);
  return {
    object,
    presence: await readPresence(api, objectName),
    permissionSets: sets.own,
    foreignSets: sets.foreign,
    granted: writer === undefined ? new Set() : await readGranted(api, writer),
    assigned: writer !== undefined && (await isAssigned(env, writer)),
    sharing: await presenceOf(api, 'Group', { names: [readersGroup], own: readersGroupNames }),
    analytics: await presenceOfFolders(api),
    records: await presenceOfRecords(api),
  };
}

/** A describe hides objects without permission; the Tooling API shows them to those who may set up the org. */
async function readPresence(api: Api, objectName: string): Promise<Presence> {
  const name = objectName.replace(/__c$/, '').replace(/^.*?__/, '');
  const soql = `SELECT Id, Description FROM CustomObject WHERE DeveloperName = ${soqlText(name)}`;
  try {
    const body = await api.get(`/tooling/query?q=${encodeURIComponent(soql)}`);
    if (!Array.isArray(body.records)) return 'unknown';
    const [found] = body.records.filter(isRecord);
    if (!found) return 'absent';
    return toText(found.Description)?.includes(ownMark) ? 'own' : 'foreign';
  } catch (error) {
    if (error instanceof SalesforceFailure && error.status < 500) return 'unknown';
    throw error;
  }
}

async function presenceOf(
  api: Api,
  object: 'Group' | 'Folder',
  { names, own }: { readonly names: readonly string[]; readonly own: readonly string[] },
): Promise<Presence> {
  const list = names.map(soqlText).join(', ');
  const found = await ask(api, `SELECT Id, Name FROM ${object} WHERE DeveloperName IN (${list})`);
  if (!found) return 'unknown';
  if (found.length === 0) return 'absent';
  return found.every((record) => own.includes(toText(record.Name) ?? '')) ? 'own' : 'foreign';
}

/** By the folders' names as we give them, else by our mark on a report: admins rename folders. */
async function presenceOfFolders(api: Api): Promise<Presence> {
  const names = [reportFolder, dashboardFolder];
  const presence = await presenceOf(api, 'Folder', { names, own: ownFolderNames });
  if (presence !== 'foreign') return presence;
  const list = reportNames.map((name) => soqlText(name.split('/')[1] ?? '')).join(', ');
  const found = await ask(api, `SELECT Id, Description FROM Report WHERE DeveloperName IN (${list})`);
  return found?.some((record) => toText(record.Description) === ownReportMark) ? 'own' : 'foreign';
}

/** Their names are ours, and they lie in our folder. */
async function presenceOfRecords(api: Api): Promise<Presence> {
  const list = recordReports.map(soqlText).join(', ');
  const found = await ask(api, `SELECT Id FROM Report WHERE DeveloperName IN (${list})`);
  if (!found) return 'unknown';
  return found.length < recordReports.length ? 'absent' : 'own';
}

async function readPermissionSets(api: Api, objectName: string) {
  const names = [connectorPermissionSet, readerPermissionSet].map(soqlText).join(', ');
  const where = `FROM PermissionSet WHERE Name IN (${names})`;
  const described = await ask(api, `SELECT Id, Name, Description ${where}`);
  const isOwn = (record: SalesforceRecord) => toText(record.Description) === permissionSetMark(objectName);
  // Where descriptions cannot be asked for, the names have to do.
  const own = described?.filter(isOwn) ?? (await ask(api, `SELECT Id, Name ${where}`)) ?? [];
  const foreign = described?.filter((record) => !isOwn(record)) ?? [];
  return {
    own: new Map(own.map((record) => [String(record.Name), String(record.Id)])),
    foreign: foreign.map((record) => String(record.Name)),
  };
}

async function readGranted(api: Api, permissionSetId: string): Promise<ReadonlySet<string>> {
  const soql = `SELECT Id, Field FROM FieldPermissions WHERE ParentId = ${soqlText(permissionSetId)}`;
  return new Set(((await ask(api, soql)) ?? []).map((record) => String(record.Field).toLowerCase()));
}

async function isAssigned({ api, assignTo }: TargetEnv, permissionSetId: string): Promise<boolean> {
  const userId = assignTo ?? (await readUserId(api));
  // Sign-ins and settings may name the user by the short id.
  const user = idCondition('AssigneeId', [...new Set([userId, toId(userId) ?? userId])]);
  const soql = `SELECT Id FROM PermissionSetAssignment WHERE PermissionSetId = ${soqlText(permissionSetId)} AND ${user}`;
  return ((await ask(api, soql)) ?? []).length > 0;
}

/** null: this user may not ask for that. */
export async function ask(api: Api, soql: string) {
  try {
    return (await api.query(soql)).records;
  } catch (error) {
    if (error instanceof SalesforceFailure && (error.status === 400 || error.status === 404)) return null;
    throw error;
  }
}

export async function readUserId(api: Api): Promise<string> {
  const known = api.token().userId;
  if (known !== null) return known;
  const info = await api.get('/services/oauth2/userinfo');
  const id = toText(info.user_id);
  if (id !== null) return id;
  throw new RunError('auth', {
    where: `${api.connection} sign-in`,
    message: 'Salesforce does not say which user is signed in',
    fix: 'Add the scope "Access the identity URL service (id)" to the app.',
  });
}

/** Nothing of our names that somebody else made is ever touched. */
export function refuseForeign(env: TargetEnv, target: ResultSchema, state: InstalledState): void {
  if (isForeignObject(target, state)) {
    throw new RunError('config', {
      where: `${env.api.connection} ${env.objectName}`,
      message: `an object of this name exists and was not made by ${ownMark}`,
      fix: 'Set another `objectName` for this connection, or remove the object in Setup.',
    });
  }
  if (state.foreignSets.length === 0) return;
  throw new RunError('config', {
    where: `${env.api.connection} ${state.foreignSets.join(', ')}`,
    message: `a permission set of this name exists and was not made by ${ownMark} for ${env.objectName}`,
    fix: 'Rename or delete the permission set in Setup > Permission Sets, then run install again.',
  });
}

/** Our mark is in the object's description and the permission sets'; where neither can be read, the fields tell. */
export function isForeignObject(target: ResultSchema, state: InstalledState): boolean {
  const { object, presence } = state;
  if (presence === 'own' || state.permissionSets.size > 0) return false;
  if (!object) return presence === 'foreign';
  const key = target.fields.find((field) => field.kind === 'key');
  const info = key && findField(object, key.apiName);
  const version = target.fields.find((field) => field.name === 'definition_version');
  const hasVersion = version === undefined || findField(object, version.apiName) !== undefined;
  return !(info?.unique && info.externalId && hasVersion);
}

/** The type of a field cannot be changed under its data. */
export function refuseTypeChanges(connection: string, target: ResultSchema, object: ObjectInfo | null): void {
  if (!object) return;
  for (const field of target.fields) {
    const info = findField(object, field.apiName);
    if (!info || describeTypes[field.kind].includes(info.type)) continue;
    throw new RunError('config', {
      where: `${connection} ${object.name}.${field.apiName}`,
      message: `has the type ${info.type} and would have to be ${describeTypes[field.kind][0]}`,
      fix: 'Delete or rename the field in Setup, then run install again.',
    });
  }
}
