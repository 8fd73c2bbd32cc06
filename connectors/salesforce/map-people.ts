import { commonColumnsOf, idOf, type MapContext, type MapRecord, type TableRow } from './mapped.ts';
import {
  readPath,
  type SalesforceRecord,
  toBool,
  toDate,
  toInstant,
  toInteger,
  toNumber,
  toShare,
  toText,
} from './values.ts';

const softwareTypes = new Set(['AutomatedProcess', 'CloudIntegrationUser']);

/** Users are never deleted in Salesforce, only made inactive. */
export const mapUser: MapRecord = (record, { select = Object.keys(record) }) => {
  const common = commonColumnsOf(record);
  const roleId = toText(record.UserRoleId);
  const active = toBool(record.IsActive) ?? 1;
  const isPerson = actorKind(record) === 'user' && (toText(record.UserType) ?? 'Standard') === 'Standard';
  return {
    rows: [
      {
        table: 'actor',
        row: {
          ...common,
          kind: actorKind(record),
          name: toText(record.Name),
          email: toText(record.Email),
          active,
          licensed: active === 1 && isPerson ? 1 : 0,
          role: toText(readPath(record, 'UserRole.Name')),
          manager_id: toText(record.ManagerId),
          time_zone: toText(record.TimeZoneSidKey),
          last_login_at: toInstant(record.LastLoginDate),
        },
      },
    ],
    // Without Read on the role nothing is known of teams: the last that was known stays.
    ...(select.includes('UserRoleId')
      ? {
          membership: {
            actorId: common.id,
            at: common.updated_at ?? 0,
            teams: roleId === null ? [] : [{ teamId: roleId, primary: true }],
          },
        }
      : {}),
  };
};

/** An integration profile without a place in the role hierarchy: people have one. */
function actorKind(record: SalesforceRecord): 'user' | 'integration' {
  if (softwareTypes.has(toText(record.UserType) ?? '')) return 'integration';
  const profile = toText(readPath(record, 'Profile.Name')) ?? '';
  const isProgram = /integration|api only/i.test(profile) && toText(record.UserRoleId) === null;
  return isProgram ? 'integration' : 'user';
}

export const mapQueue: MapRecord = (record) => ({
  rows: [
    {
      table: 'actor',
      row: {
        ...commonColumnsOf(record),
        kind: 'queue',
        name: toText(record.Name),
        email: toText(record.Email),
        active: 1,
        licensed: 0,
        role: null,
        manager_id: null,
        time_zone: null,
        last_login_at: null,
      },
    },
  ],
});

export const mapRole: MapRecord = (record) => ({
  rows: [
    {
      table: 'team',
      row: {
        ...commonColumnsOf(record),
        name: toText(record.Name),
        parent_id: toText(record.ParentRoleId),
      },
    },
  ],
});

export const mapAccount: MapRecord = (record) => ({
  rows: [
    {
      table: 'account',
      row: {
        ...commonColumnsOf(record),
        merged_into: toText(record.MasterRecordId),
        name: toText(record.Name),
        category: toText(record.Industry),
        country: toText(record.BillingCountryCode) ?? toText(record.BillingCountry),
        owner_id: toText(record.OwnerId),
      },
    },
  ],
});

export const mapOpportunityStage: MapRecord = (record, context) => ({
  rows: perPipeline(record, context, {
    object: 'deal',
    is_won: toBool(record.IsWon),
    probability: toShare(record.DefaultProbability),
  }),
});

export const mapCaseStatus: MapRecord = (record, context) => ({
  rows: perPipeline(record, context, { object: 'ticket', is_won: null, probability: null }),
});

/**
 * Records with a record type have it as their pipeline. Which stages a record type offers is not in the REST API, so
 * each pipeline gets them all.
 */
function perPipeline(
  record: SalesforceRecord,
  context: MapContext,
  own: { object: 'deal' | 'ticket'; is_won: number | null; probability: number | null },
): TableRow[] {
  const id = idOf(record.Id);
  return ['default', ...context.recordTypes].map((pipeline) => ({
    table: 'stage',
    row: {
      ...commonColumnsOf(record),
      id: pipeline === 'default' ? id : `${id}:${pipeline}`,
      ...own,
      pipeline,
      key: toText(record.ApiName) ?? toText(record.MasterLabel),
      label: toText(record.MasterLabel) ?? toText(record.ApiName),
      position: toInteger(record.SortOrder),
      is_closed: toBool(record.IsClosed),
      is_paused: null,
    },
  }));
}

/** ConversionRate is foreign currency per unit of the corporate one: amount / rate = corporate amount. */
function rateToBase(record: SalesforceRecord): number | null {
  const rate = toNumber(record.ConversionRate);
  return rate === null || rate === 0 ? null : 1 / rate;
}

/** Static rates have no first day: they hold wherever no dated rate does. */
export const mapCurrencyType: MapRecord = (record) => ({
  rows: [
    {
      table: 'fx_rate',
      row: {
        ...commonColumnsOf(record),
        currency: toText(record.IsoCode),
        day: '1970-01-01',
        rate_to_base: rateToBase(record),
      },
    },
  ],
});

export const mapDatedConversionRate: MapRecord = (record) => ({
  rows: [
    {
      table: 'fx_rate',
      row: {
        ...commonColumnsOf(record),
        currency: toText(record.IsoCode),
        day: toDate(record.StartDate),
        rate_to_base: rateToBase(record),
      },
    },
  ],
});
