import { salesforceId } from './ids.ts';
import { nowSeconds, type Org, tableOf, tiers } from './org.ts';
import { addRow } from './records/table.ts';
import type { Value } from './schema/object.ts';

type Fields = Readonly<Record<string, Value>>;
const profileId = salesforceId('00e', 1);

/** What every organisation has, whatever data it holds: settings, statuses, the user of integrations. */
export function seedOrg(org: Org, name: string): void {
  const at = nowSeconds(org) - 3 * 366 * 86_400;
  const stamps = { CreatedDate: at, LastModifiedDate: at, SystemModstamp: at };
  const fill = (object: string, prefix: string, rows: readonly Fields[]) => {
    const table = tableOf(org, object);
    if (table.rows.length > 0) return;
    rows.forEach((row, index) => {
      addRow(table, { Id: salesforceId(prefix, index + 1), ...row, ...stamps });
    });
    table.lastNumber = rows.length;
  };
  fill('Organization', '00D', [organization(org, name)]);
  fill('Profile', '00e', [{ Name: 'Minimum Access - API Only Integrations', UserType: 'Standard' }]);
  fill('OpportunityStage', '01J', stages);
  fill('CaseStatus', '0Ar', statuses(['New', 'Working', 'Waiting', 'Closed'], 'Closed'));
  fill(
    'TaskStatus',
    '01T',
    statuses(['Not Started', 'In Progress', 'Completed', 'Waiting on someone else', 'Deferred'], 'Completed'),
  );
  fill('BusinessHours', '01m', [businessHours(org)]);
  if (org.currencies.length > 1) fill('CurrencyType', '01L', currencyTypes(org));
  seedFiscalYears(org, at);
  seedIntegrationUser(org, stamps);
}

function organization(org: Org, name: string): Fields {
  return {
    Name: name,
    DefaultLocaleSidKey: 'en_US',
    LanguageLocaleKey: 'en_US',
    TimeZoneSidKey: org.timeZone,
    FiscalYearStartMonth: 1,
    UsesStartDateAsFiscalYearName: false,
    OrganizationType: tiers[org.tier]?.edition ?? 'Enterprise Edition',
    NamespacePrefix: null,
    InstanceName: 'SBX1',
    IsSandbox: true,
  };
}

const stages: readonly Fields[] = [
  ['Qualification', 10, 'Pipeline'],
  ['Discovery', 25, 'Pipeline'],
  ['Proposal', 50, 'Best Case'],
  ['Negotiation', 75, 'Commit'],
  ['Closed Won', 100, 'Closed'],
  ['Closed Lost', 0, 'Omitted'],
].map(([label, probability, category], index) => ({
  MasterLabel: String(label),
  ApiName: String(label),
  IsActive: true,
  SortOrder: index + 1,
  IsClosed: index >= 4,
  IsWon: index === 4,
  DefaultProbability: Number(probability),
  ForecastCategory: forecastKey(String(category)),
  ForecastCategoryName: String(category),
}));

/** The forecast category's key behind its label. */
export function forecastKey(label: string): string {
  return label === 'Commit' ? 'Forecast' : label.replace(' ', '');
}

function statuses(labels: readonly string[], closed: string): Fields[] {
  return labels.map((label, index) => ({
    MasterLabel: label,
    ApiName: label,
    SortOrder: index + 1,
    IsDefault: index === 0,
    IsClosed: label === closed,
  }));
}

function businessHours(org: Org): Fields {
  const open = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday'].flatMap((day) => [
    [`${day}StartTime`, '09:00:00.000Z'],
    [`${day}EndTime`, '18:00:00.000Z'],
  ]);
  return {
    Name: 'Default',
    IsActive: true,
    IsDefault: true,
    TimeZoneSidKey: org.timeZone,
    ...Object.fromEntries(open),
  };
}

/** Rates against the corporate currency, which comes first. */
function currencyTypes(org: Org): Fields[] {
  return org.currencies.map((IsoCode, index) => ({
    IsoCode,
    ConversionRate: index === 0 ? 1 : 1 + index / 10,
    DecimalPlaces: IsoCode === 'JPY' ? 0 : 2,
    IsActive: true,
    IsCorporate: index === 0,
  }));
}

function seedFiscalYears(org: Org, at: number): void {
  const thisYear = new Date(org.now()).getUTCFullYear();
  for (let year = thisYear - 3; year <= thisYear + 2; year++) {
    const settings = salesforceId('022', year);
    const [StartDate, EndDate] = span(year, 1, 12);
    const common = { IsStandardYear: true, YearType: 'Standard', SystemModstamp: at };
    addRow(tableOf(org, 'FiscalYearSettings'), {
      Id: settings,
      Name: String(year),
      StartDate,
      EndDate,
      ...common,
    });
    for (const [Type, months] of [
      ['Year', 12],
      ['Quarter', 3],
      ['Month', 1],
    ] as const) {
      for (let month = 1; month <= 12; month += months)
        addPeriod(org, { settings, year, month, months, Type, at });
    }
  }
}

interface PeriodSeed {
  readonly settings: string;
  readonly year: number;
  readonly month: number;
  readonly months: number;
  readonly Type: string;
  readonly at: number;
}

function addPeriod(org: Org, { settings, year, month, months, Type, at }: PeriodSeed): void {
  const table = tableOf(org, 'Period');
  const [StartDate, EndDate] = span(year, month, months);
  addRow(table, {
    Id: salesforceId('026', table.rows.length + 1),
    FiscalYearSettingsId: settings,
    Type,
    StartDate,
    EndDate,
    Number: Math.ceil(month / months),
    IsForecastPeriod: Type === 'Month',
    SystemModstamp: at,
  });
}

/** First and last day. */
function span(year: number, month: number, months: number): readonly [string, string] {
  const day = (date: Date) => date.toISOString().slice(0, 10);
  return [day(new Date(Date.UTC(year, month - 1, 1))), day(new Date(Date.UTC(year, month - 1 + months, 0)))];
}

/** It owns nothing. */
function seedIntegrationUser(org: Org, stamps: Fields): void {
  const table = tableOf(org, 'User');
  org.integrationUserId = salesforceId('005', 900_001);
  addRow(table, {
    Id: org.integrationUserId,
    Username: 'integration@sandbox.example',
    FirstName: 'KPI',
    LastName: 'Integration',
    Name: 'KPI Integration',
    Alias: 'kpi',
    Email: 'integration@sandbox.example',
    IsActive: true,
    UserType: 'Standard',
    ProfileId: profileId,
    TimeZoneSidKey: org.timeZone,
    ...stamps,
  });
}
