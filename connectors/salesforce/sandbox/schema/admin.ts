import {
  date,
  datetime,
  double,
  email,
  flag,
  link,
  phone,
  pick,
  readOnly,
  required,
  text,
  whole,
} from './fields.ts';
import type { ObjectSpec } from './object.ts';
import { personName } from './sales.ts';
import { setupObjects } from './setup.ts';

const name = (length: number) => text(length, { ...required, nameField: true });

const people: Readonly<Record<string, ObjectSpec>> = {
  Organization: {
    prefix: '00D',
    audit: 'undeletable',
    writable: false,
    fields: {
      Name: text(80, { nillable: false, nameField: true }),
      Country: text(80),
      PrimaryContact: text(80),
      DefaultLocaleSidKey: pick(''),
      LanguageLocaleKey: pick(''),
      TimeZoneSidKey: pick(''),
      FiscalYearStartMonth: whole(),
      UsesStartDateAsFiscalYearName: flag(),
      OrganizationType: pick('Developer Edition|Professional Edition|Enterprise Edition|Unlimited Edition'),
      NamespacePrefix: text(15),
      InstanceName: text(5),
      IsSandbox: flag(),
      TrialExpirationDate: datetime(),
    },
  },
  User: {
    prefix: '005',
    audit: 'undeletable',
    fields: {
      Username: text(80, required),
      ...personName,
      CompanyName: text(80),
      Department: text(80),
      Title: text(80),
      Email: email(required),
      Phone: phone(),
      Alias: text(8, { nillable: false }),
      IsActive: flag(),
      TimeZoneSidKey: pick('', { nillable: false }),
      LocaleSidKey: pick(''),
      LanguageLocaleKey: pick(''),
      EmailEncodingKey: pick(''),
      UserRoleId: link('UserRole', 'UserRole'),
      ProfileId: link('Profile', 'Profile', { nillable: false }),
      UserType: pick('Standard|PowerPartner|CsnOnly|AutomatedProcess|Guest|CloudIntegrationUser', readOnly),
      EmployeeNumber: text(20),
      ManagerId: link('Manager', 'User'),
      LastLoginDate: datetime(readOnly),
    },
  },
  UserRole: {
    prefix: '00E',
    label: 'Role',
    audit: 'modified',
    fields: {
      Name: name(80),
      ParentRoleId: link(null, 'UserRole'),
      DeveloperName: text(80),
      RollupDescription: text(80),
    },
  },
  Profile: {
    prefix: '00e',
    audit: 'undeletable',
    writable: false,
    fields: { Name: name(255), UserType: pick('') },
  },
  Group: {
    prefix: '00G',
    audit: 'undeletable',
    fields: {
      Name: name(40),
      DeveloperName: text(80),
      RelatedId: link('Related', 'User|UserRole', readOnly),
      Type: pick('Regular|Role|RoleAndSubordinates|Organization|Queue'),
      Email: email(),
    },
  },
};

/** What a relationship that points to several objects offers: columns that its owners share. */
const polymorphic: Readonly<Record<string, ObjectSpec>> = {
  Name: {
    prefix: '',
    audit: 'none',
    writable: false,
    queryable: false,
    fields: {
      Name: text(255, { nameField: true }),
      Type: pick(''),
      FirstName: text(40),
      LastName: text(80),
      Email: email(),
      Phone: phone(),
      Title: text(80),
      Alias: text(8),
      Username: text(80),
      IsActive: flag(),
      UserRoleId: link('UserRole', 'UserRole'),
      ProfileId: link('Profile', 'Profile'),
    },
  },
};

const fiscal: Readonly<Record<string, ObjectSpec>> = {
  FiscalYearSettings: {
    prefix: '022',
    audit: 'none',
    writable: false,
    fields: {
      Name: text(80),
      PeriodId: link('Period', 'Period'),
      StartDate: date(),
      EndDate: date(),
      IsStandardYear: flag(),
      YearType: pick('Standard|Custom'),
      SystemModstamp: datetime(readOnly),
    },
  },
  Period: {
    prefix: '026',
    audit: 'none',
    writable: false,
    fields: {
      FiscalYearSettingsId: link('FiscalYearSettings', 'FiscalYearSettings'),
      Type: pick('Month|Quarter|Week|Year'),
      StartDate: date(),
      EndDate: date(),
      Number: whole(),
      IsForecastPeriod: flag(),
      SystemModstamp: datetime(readOnly),
    },
  },
};

/** Only in organisations with several currencies. */
export const currencyObjects: Readonly<Record<string, ObjectSpec>> = {
  CurrencyType: {
    prefix: '01L',
    audit: 'undeletable',
    fields: {
      IsoCode: pick('', required),
      ConversionRate: double(18, 6),
      DecimalPlaces: whole(),
      IsActive: flag(),
      IsCorporate: flag(readOnly),
    },
  },
  DatedConversionRate: {
    prefix: '04w',
    audit: 'undeletable',
    fields: {
      IsoCode: pick('', required),
      StartDate: date(),
      NextStartDate: date(readOnly),
      ConversionRate: double(18, 6),
    },
  },
};

export const adminObjects: Readonly<Record<string, ObjectSpec>> = {
  ...people,
  ...polymorphic,
  ...fiscal,
  ...setupObjects,
};
