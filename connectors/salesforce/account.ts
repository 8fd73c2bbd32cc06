import type { Account } from '../../src/model/connector.ts';
import type { Api } from './api.ts';
import { explainFailure } from './explain.ts';
import { SalesforceFailure } from './failure.ts';
import { findField, type Schema } from './schema.ts';
import { type SalesforceRecord, toBool, toInteger, toText } from './values.ts';

/** The org, as its Organization record tells. */
export interface Organization extends Account {
  readonly edition: string | null;
  readonly isSandbox: boolean | null;
  readonly namespace: string | null;
  /** False where this user may not see the record. */
  readonly visible: boolean;
}

const wanted = [
  'Name',
  'OrganizationType',
  'IsSandbox',
  'TimeZoneSidKey',
  'NamespacePrefix',
  'DefaultCurrencyIsoCode',
  'CurrencyIsoCode',
  'FiscalYearStartMonth',
  'UsesStartDateAsFiscalYearName',
];

function yearName(usesStart: 0 | 1 | null): 'start' | 'end' | null {
  if (usesStart === null) return null;
  return usesStart === 1 ? 'start' : 'end';
}

export async function readOrganization(api: Api, schema: Schema): Promise<Organization> {
  const record = await queryOrganization(api, schema);
  const { organizationId, instanceUrl, userId } = api.token();
  return {
    id: toText(record?.Id) ?? organizationId ?? new URL(instanceUrl).host,
    name: toText(record?.Name) ?? new URL(instanceUrl).host,
    currency: await readCurrency(api, schema, record),
    timeZone: knownZone(toText(record?.TimeZoneSidKey)),
    fiscalYearStart: toInteger(record?.FiscalYearStartMonth),
    fiscalYearName: yearName(toBool(record?.UsesStartDateAsFiscalYearName)),
    edition: toText(record?.OrganizationType),
    isSandbox: record === null ? null : toBool(record.IsSandbox) === 1,
    namespace: toText(record?.NamespacePrefix),
    visible: record !== null,
    ...(userId === null ? {} : { userId }),
  };
}

async function queryOrganization(api: Api, schema: Schema): Promise<SalesforceRecord | null> {
  const object = await schema.object('Organization');
  if (!object) return null;
  const fields = wanted.flatMap((name) => findField(object, name)?.name ?? []);
  return firstOf(api, `SELECT ${['Id', ...fields].join(', ')} FROM Organization LIMIT 1`, 'Organization');
}

/** Orgs with one currency do not tell it anywhere in the REST API; the settings do then. */
async function readCurrency(
  api: Api,
  schema: Schema,
  organization: SalesforceRecord | null,
): Promise<string | null> {
  const told = toText(organization?.DefaultCurrencyIsoCode) ?? toText(organization?.CurrencyIsoCode);
  const object = told === null ? await schema.object('CurrencyType') : null;
  if (!object || !findField(object, 'IsCorporate')) return told;
  const soql = 'SELECT IsoCode FROM CurrencyType WHERE IsCorporate = true LIMIT 1';
  return toText((await firstOf(api, soql, 'CurrencyType'))?.IsoCode);
}

/** The first record; null where the user may not ask. */
async function firstOf(api: Api, soql: string, object: string): Promise<SalesforceRecord | null> {
  try {
    return (await api.query(soql)).records[0] ?? null;
  } catch (error) {
    if (error instanceof SalesforceFailure && (error.status === 400 || error.status === 404)) return null;
    throw explainFailure(error, { connection: api.connection, object });
  }
}

function knownZone(name: string | null): string | null {
  if (name === null) return null;
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return name;
  } catch {
    return null;
  }
}
