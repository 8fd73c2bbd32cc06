import type { ResultField, ResultSchema } from '../../src/model/connector.ts';
import { RunError } from '../../src/model/errors.ts';
import type { Api } from './api.ts';
import { SalesforceFailure } from './failure.ts';
import { connectorPermissionSet, ownMark, permissionSetMark, readerPermissionSet } from './metadata.ts';
import { findField, type ObjectInfo, type Schema } from './schema.ts';
import { soqlText, toText } from './values.ts';

/** What there is of our installation. */
export interface InstalledState {
  readonly object: ObjectInfo | null;
  /** Name of our permission sets that exist -> id. */
  readonly permissionSets: ReadonlyMap<string, string>;
  /** The running user has the writing one: only then does a describe show all fields. */
  readonly assigned: boolean;
}

/** Types of Salesforce, in describes, that a field of ours may have. */
const describeTypes: Readonly<Record<ResultField['kind'], readonly string[]>> = {
  key: ['string'],
  text: ['string'],
  longtext: ['textarea'],
  number: ['double', 'int', 'currency', 'percent'],
  date: ['date'],
  instant: ['datetime'],
  bool: ['boolean'],
  pick: ['picklist'],
  user: ['reference'],
};

export async function readInstalled(api: Api, schema: Schema, objectName: string): Promise<InstalledState> {
  const object = await schema.refresh(objectName);
  const sets = await readPermissionSets(api, objectName);
  const writer = sets.get(connectorPermissionSet);
  return { object, permissionSets: sets, assigned: writer !== undefined && (await isAssigned(api, writer)) };
}

async function readPermissionSets(api: Api, objectName: string): Promise<ReadonlyMap<string, string>> {
  const names = [connectorPermissionSet, readerPermissionSet].map(soqlText).join(', ');
  const where = `FROM PermissionSet WHERE Name IN (${names})`;
  const described = await ask(api, `SELECT Id, Name, Description ${where}`);
  const own = described?.filter((record) => toText(record.Description) === permissionSetMark(objectName));
  // Where descriptions cannot be asked for, the names have to do.
  const records = own ?? (await ask(api, `SELECT Id, Name ${where}`)) ?? [];
  return new Map(records.map((record) => [String(record.Name), String(record.Id)]));
}

async function isAssigned(api: Api, permissionSetId: string): Promise<boolean> {
  const userId = await readUserId(api);
  const soql = `SELECT Id FROM PermissionSetAssignment WHERE PermissionSetId = ${soqlText(permissionSetId)} AND AssigneeId = ${soqlText(userId)}`;
  return ((await ask(api, soql)) ?? []).length > 0;
}

/** null: this user may not ask for that. */
async function ask(api: Api, soql: string) {
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

/** An object of that name that somebody else made is never touched. */
export function refuseForeignObject(connection: string, target: ResultSchema, state: InstalledState): void {
  if (!state.object || state.permissionSets.size > 0) return;
  const { object } = state;
  const key = target.fields.find((field) => field.kind === 'key');
  const info = key && findField(object, key.apiName);
  const version = target.fields.find((field) => field.name === 'definition_version');
  const hasVersion = version === undefined || findField(object, version.apiName) !== undefined;
  if (info?.unique && info.externalId && hasVersion) return;
  throw new RunError('config', {
    where: `${connection} ${object.name}`,
    message: `an object of this name exists and was not made by ${ownMark}`,
    fix: 'Set another `objectName` for this connection, or remove the object in Setup.',
  });
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
