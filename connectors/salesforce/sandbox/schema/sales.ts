import {
  anyType,
  currency,
  date,
  datetime,
  email,
  type FieldSpec,
  flag,
  link,
  longText,
  percent,
  phone,
  pick,
  readOnly,
  required,
  text,
  unfilterable,
  whole,
} from './fields.ts';
import type { ObjectSpec } from './object.ts';

const forecast = 'Omitted|Pipeline|BestCase|MostLikely|Forecast|Closed';
const sources = 'Web|Phone Inquiry|Partner Referral|Purchased List|Other|Event|Advertisement';
export const industries =
  'Agriculture|Banking|Construction|Consulting|Education|Energy|Manufacturing|Retail|Technology|Other';

/** The parts of an address and the compound that only REST returns. */
function address(prefix: string, compound: string): Readonly<Record<string, FieldSpec>> {
  const part = (length: number): FieldSpec => ({ ...text(length), compoundFieldName: compound });
  return {
    [`${prefix}Street`]: { ...longText(255), filterable: true, compoundFieldName: compound },
    [`${prefix}City`]: part(40),
    [`${prefix}State`]: part(80),
    [`${prefix}PostalCode`]: part(20),
    [`${prefix}Country`]: part(80),
    [compound]: { type: 'address', ...readOnly, sortable: false, groupable: false },
  };
}

/** First and last name, and the name that they make. */
export const personName = {
  LastName: { ...text(80, required), compoundFieldName: 'Name' },
  FirstName: { ...text(40), compoundFieldName: 'Name' },
  Name: { ...text(121, readOnly), nameField: true },
} as const satisfies Record<string, FieldSpec>;

const name = (length: number): FieldSpec => ({ ...text(length, required), nameField: true });
const owner = { OwnerId: link('Owner', 'User', { nillable: false }) };
const month = (row: { [field: string]: unknown }) => Number(String(row.CloseDate ?? '').slice(5, 7));
const quarter = (row: { [field: string]: unknown }) => (row.CloseDate ? Math.ceil(month(row) / 3) : null);
const year = (row: { [field: string]: unknown }) =>
  row.CloseDate ? Number(String(row.CloseDate).slice(0, 4)) : null;

export const salesObjects: Readonly<Record<string, ObjectSpec>> = {
  Account: {
    prefix: '001',
    fields: {
      MasterRecordId: link('MasterRecord', 'Account', readOnly),
      Name: name(255),
      Type: pick('Prospect|Customer - Direct|Customer - Channel|Partner|Competitor|Other'),
      ParentId: link('Parent', 'Account'),
      ...address('Billing', 'BillingAddress'),
      Phone: phone(),
      Website: { type: 'url', length: 255 },
      Industry: pick(industries),
      AnnualRevenue: currency({ scale: 0 }),
      NumberOfEmployees: whole(),
      Description: longText(),
      ...owner,
      LastActivityDate: date(readOnly),
    },
  },
  Contact: {
    prefix: '003',
    fields: {
      MasterRecordId: link('MasterRecord', 'Contact', readOnly),
      AccountId: link('Account', 'Account'),
      ...personName,
      ...address('Mailing', 'MailingAddress'),
      Phone: phone(),
      Email: email(),
      Title: text(128),
      LeadSource: pick(sources),
      ...owner,
      LastActivityDate: date(readOnly),
    },
  },
  Lead: {
    prefix: '00Q',
    fields: {
      MasterRecordId: link('MasterRecord', 'Lead', readOnly),
      ...personName,
      Title: text(128),
      Company: text(255, required),
      ...address('', 'Address'),
      Phone: phone(),
      Email: email(),
      LeadSource: pick(sources),
      Status: pick('Open - Not Contacted|Working - Contacted|Closed - Converted|Closed - Not Converted', {
        nillable: false,
      }),
      Industry: pick(industries),
      Rating: pick('Hot|Warm|Cold'),
      NumberOfEmployees: whole(),
      OwnerId: link('Owner', 'Group|User', { nillable: false }),
      IsConverted: flag(readOnly),
      ConvertedDate: date(readOnly),
      ConvertedAccountId: link('ConvertedAccount', 'Account', readOnly),
      ConvertedContactId: link('ConvertedContact', 'Contact', readOnly),
      ConvertedOpportunityId: link('ConvertedOpportunity', 'Opportunity', readOnly),
      LastActivityDate: date(readOnly),
    },
  },
  Opportunity: {
    prefix: '006',
    label: 'Opportunity',
    labelPlural: 'Opportunities',
    fields: {
      AccountId: link('Account', 'Account'),
      IsPrivate: flag(),
      Name: name(120),
      Description: longText(),
      StageName: pick('', required),
      Amount: currency(),
      Probability: percent(),
      ExpectedRevenue: currency({
        ...readOnly,
        compute: (row) =>
          typeof row.Amount === 'number' ? (row.Amount * Number(row.Probability ?? 0)) / 100 : null,
      }),
      CloseDate: date(required),
      Type: pick('New Business|Existing Business|Renewal'),
      NextStep: text(),
      LeadSource: pick(sources),
      IsClosed: flag(readOnly),
      IsWon: flag(readOnly),
      ForecastCategory: pick(forecast, readOnly),
      ForecastCategoryName: pick('Omitted|Pipeline|Best Case|Most Likely|Commit|Closed'),
      CampaignId: link('Campaign', 'Campaign'),
      HasOpportunityLineItem: flag(readOnly),
      Pricebook2Id: link('Pricebook2', 'Pricebook2', { filterable: true }),
      ...owner,
      FiscalQuarter: whole({ ...readOnly, compute: quarter }),
      FiscalYear: whole({ ...readOnly, compute: year }),
      Fiscal: text(6, {
        ...readOnly,
        compute: (row) => (row.CloseDate ? `${year(row)} ${quarter(row)}` : null),
      }),
      ContactId: link('Contact', 'Contact', { updateable: false }),
      LastActivityDate: date(readOnly),
      LastStageChangeDate: datetime(readOnly),
      HasOverdueTask: flag({ ...readOnly, ...unfilterable }),
    },
  },
  OpportunityStage: {
    prefix: '01J',
    audit: 'undeletable',
    writable: false,
    fields: {
      MasterLabel: text(255),
      ApiName: text(255),
      IsActive: flag(),
      SortOrder: whole(),
      IsClosed: flag(),
      IsWon: flag(),
      ForecastCategory: pick(forecast),
      ForecastCategoryName: pick('Omitted|Pipeline|Best Case|Most Likely|Commit|Closed'),
      DefaultProbability: percent(),
      Description: text(255),
    },
  },
  OpportunityHistory: {
    prefix: '008',
    audit: 'created',
    writable: false,
    hardDelete: true,
    fields: {
      OpportunityId: link('Opportunity', 'Opportunity'),
      StageName: pick(''),
      Amount: currency(),
      ExpectedRevenue: currency({
        compute: (row) =>
          typeof row.Amount === 'number' ? (row.Amount * Number(row.Probability ?? 0)) / 100 : null,
      }),
      CloseDate: date(),
      Probability: percent(),
      ForecastCategory: pick(forecast),
      PrevAmount: currency(),
      PrevCloseDate: date(),
      SystemModstamp: datetime({ ...readOnly, compute: (row) => row.CreatedDate ?? null }),
    },
  },
  OpportunityFieldHistory: {
    prefix: '017',
    audit: 'created',
    writable: false,
    hardDelete: true,
    fields: {
      OpportunityId: link('Opportunity', 'Opportunity'),
      Field: pick(''),
      DataType: pick('DynamicEnum|EntityId|Text|Currency|DateOnly'),
      OldValue: anyType(),
      NewValue: anyType(),
    },
  },
  Contract: {
    prefix: '800',
    fields: {
      AccountId: link('Account', 'Account', required),
      ContractNumber: text(30, { ...readOnly, autoNumber: true, nameField: true }),
      Status: pick('In Approval Process|Activated|Draft'),
      StatusCode: pick('InApproval|Activated|Draft', readOnly),
      StartDate: date(),
      EndDate: date(readOnly),
      ContractTerm: whole(),
      ...owner,
    },
  },
  Product2: {
    prefix: '01t',
    label: 'Product',
    fields: {
      Name: name(255),
      ProductCode: text(255),
      Description: longText(4000),
      IsActive: flag(),
      Family: pick('None'),
    },
  },
  Pricebook2: {
    prefix: '01s',
    label: 'Price Book',
    fields: { Name: name(255), IsActive: flag(), IsStandard: flag() },
  },
};
