import { definePeople, defineSetup, defineWork } from './org-schema.ts';
import { addRow, idOf, type Org } from './org-state.ts';

const dayMs = 86_400_000;
export const deals = 1_234;
export const activities = 600;

/** A company with its own habits: person accounts, a queue that owns its own records, people without a role. */
export function fillOrg(org: Org): void {
  definePeople(org);
  defineWork(org);
  defineSetup(org);
  fillPeople(org);
  fillSales(org);
  fillService(org);
}

export const userId = idOf('005', 1);
export const seller = idOf('005', 2);
export const queue = idOf('00G', 9);

function fillPeople(org: Org): void {
  const zone = 'America/St_Johns';
  addRow(org, 'Organization', {
    Id: idOf('00D', 1),
    Name: 'Elsewhere',
    TimeZoneSidKey: zone,
    FiscalYearStartMonth: 2,
    UsesStartDateAsFiscalYearName: true,
    OrganizationType: 'Unlimited Edition',
    IsSandbox: true,
    NamespacePrefix: org.dialect.namespace,
  });
  const role = addRow(org, 'UserRole', { Name: 'Sales East' });
  const common = { IsActive: true, UserType: 'Standard', TimeZoneSidKey: zone };
  addRow(org, 'User', { Id: userId, Name: 'Robot', Email: 'robot@elsewhere.example', ...common });
  addRow(org, 'User', {
    Id: seller,
    Name: 'Ada',
    Email: 'ada@elsewhere.example',
    UserRoleId: role,
    ...common,
  });
  addRow(org, 'User', { Name: 'No Role', Email: 'none@elsewhere.example', ...common });
  addRow(org, 'Group', { Id: queue, Name: 'First line', DeveloperName: 'First_line', Type: 'Queue' });
  for (let number = 0; number < 30; number += 1)
    addRow(org, 'Account', {
      Name: `Customer ${number}`,
      Industry: number % 2 ? 'Energy' : null,
      OwnerId: seller,
      IsPersonAccount: number % 3 === 0,
      acme__Segment__c: number % 2 ? 'Big' : 'Small',
    });
  if (!org.dialect.currencies) return;
  addRow(org, 'CurrencyType', { IsoCode: 'CAD', ConversionRate: 1, IsCorporate: true });
  addRow(org, 'CurrencyType', { IsoCode: 'USD', ConversionRate: 0.75, IsCorporate: false });
}

function fillSales(org: Org): void {
  const stages = [
    ['Prospecting', false, false],
    ['Closed Won', true, true],
    ['Closed Lost', true, false],
  ] as const;
  for (const [at, [ApiName, IsClosed, IsWon]] of stages.entries())
    addRow(org, 'OpportunityStage', {
      ApiName,
      MasterLabel: `${ApiName} (label)`,
      IsClosed,
      IsWon,
      SortOrder: at,
      DefaultProbability: at * 50,
    });
  const accounts = [...(org.objects.get('Account')?.rows.keys() ?? [])];
  const campaign = addRow(org, 'Campaign', {
    Name: 'Fair',
    Type: 'Email',
    StartDate: '2026-01-02',
    ActualCost: 1000,
  });
  for (let number = 0; number < deals; number += 1) {
    const at = org.now() - (number + 2) * 0.4 * dayMs;
    const [StageName, IsClosed, IsWon] = stages[number % 3] ?? stages[0];
    const CreatedDate = Math.floor(at / 1000) * 1000;
    addRow(org, 'Opportunity', {
      Name: number % 50 === 0 ? 'Two\nlines, "quoted"' : `Deal ${number}`,
      StageName,
      IsClosed,
      IsWon,
      Amount: number % 7 === 0 ? null : 15_000_000,
      Probability: 50,
      CloseDate: new Date(CreatedDate + dayMs).toISOString().slice(0, 10),
      AccountId: accounts[number % 30] ?? null,
      OwnerId: seller,
      CampaignId: campaign,
      CreatedDate,
      ...(org.dialect.currencies ? { CurrencyIsoCode: number % 2 ? 'USD' : 'CAD' } : {}),
    });
  }
  for (let number = 0; number < 40; number += 1) {
    const LeadId = addRow(org, 'Lead', {
      Name: `Lead ${number}`,
      Company: 'Small',
      OwnerId: number % 2 ? seller : queue,
      Status: 'Open',
      IsConverted: number % 4 === 0,
      ConvertedDate: number % 4 === 0 ? '2026-10-01' : null,
      ConvertedOpportunityId: number % 8 === 0 ? idOf('006', 999_999) : null,
    });
    addRow(org, 'CampaignMember', {
      CampaignId: campaign,
      LeadId,
      FirstRespondedDate: number % 2 ? '2026-10-02' : null,
    });
  }
}

function fillService(org: Org): void {
  for (const [at, ApiName] of ['New', 'Closed'].entries())
    addRow(org, 'CaseStatus', {
      ApiName,
      MasterLabel: ApiName,
      IsClosed: ApiName === 'Closed',
      SortOrder: at,
    });
  const opportunity = [...(org.objects.get('Opportunity')?.rows.keys() ?? [])][0] ?? null;
  for (let number = 0; number < 300; number += 1) {
    const CreatedDate = Math.floor((org.now() - (number + 1) * dayMs) / 1000) * 1000;
    const IsClosed = number % 2 === 0;
    const ParentId = addRow(org, 'Case', {
      CaseNumber: `000${number}`,
      Subject: 'Broken',
      Status: IsClosed ? 'Closed' : 'New',
      Priority: 'High',
      Origin: 'Web',
      IsClosed,
      ClosedDate: IsClosed ? CreatedDate + 7_200_000 : null,
      OwnerId: number % 5 === 0 ? queue : seller,
      CreatedDate,
    });
    if (number % 3 === 0)
      addRow(org, 'CaseComment', {
        ParentId,
        IsPublished: true,
        CreatedDate: CreatedDate + 600_000,
        CreatedById: seller,
      });
  }
  for (let number = 0; number < activities; number += 1) {
    const CreatedDate = Math.floor((org.now() - (number + 1) * 0.5 * dayMs) / 1000) * 1000;
    // A series, an invitee's copy and a pattern count no more than the series itself.
    const none = number % 100 === 0;
    addRow(org, 'Task', {
      Subject: 'Ring',
      IsClosed: true,
      TaskSubtype: 'Call',
      ActivityDate: new Date(CreatedDate).toISOString().slice(0, 10),
      CompletedDateTime: CreatedDate,
      OwnerId: seller,
      WhatId: opportunity,
      IsRecurrence: none,
      CreatedDate,
    });
    addRow(org, 'Event', {
      Subject: 'Meet',
      StartDateTime: CreatedDate,
      EndDateTime: CreatedDate + 1_800_000,
      IsAllDayEvent: false,
      OwnerId: seller,
      IsChild: none,
      IsRecurrence: false,
      CreatedDate,
    });
  }
  const year = addRow(org, 'FiscalYearSettings', {
    Name: '2026',
    IsStandardYear: false,
    StartDate: '2026-02-01',
    EndDate: '2027-01-30',
  });
  addRow(org, 'Period', {
    Type: 'Quarter',
    Number: 4,
    StartDate: '2026-11-01',
    EndDate: '2027-01-30',
    FiscalYearSettingsId: year,
  });
  addRow(org, 'BusinessHours', {
    Name: 'Default',
    IsDefault: true,
    IsActive: true,
    TimeZoneSidKey: 'America/St_Johns',
    MondayStartTime: '09:00:00.000Z',
    MondayEndTime: '17:00:00.000Z',
  });
}
