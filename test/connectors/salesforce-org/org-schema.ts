import { defineObject, type Org } from './org-state.ts';

const money = (org: Org) => (org.dialect.currencies ? ['CurrencyIsoCode picklist'] : []);

export function definePeople(org: Org): void {
  defineObject(org, 'Organization', '00D', [
    'Name',
    'TimeZoneSidKey',
    'FiscalYearStartMonth int',
    'UsesStartDateAsFiscalYearName boolean',
    'OrganizationType',
    'IsSandbox boolean',
    'NamespacePrefix',
  ]);
  defineObject(org, 'UserRole', '00E', ['Name', 'ParentRoleId reference UserRole']);
  defineObject(org, 'Profile', '00e', ['Name']);
  defineObject(org, 'User', '005', [
    'Name',
    'Email email',
    'IsActive boolean',
    'UserType picklist',
    'UserRoleId reference UserRole',
    'ManagerId reference User',
    'TimeZoneSidKey picklist',
    'LastLoginDate datetime',
    'ProfileId reference Profile',
  ]);
  defineObject(org, 'Group', '00G', ['Name', 'DeveloperName', 'Type picklist', 'Email email']);
  defineObject(org, 'Account', '001', [
    'Name',
    'Industry picklist',
    'OwnerId reference User',
    'MasterRecordId reference Account',
    'IsPersonAccount boolean',
    'PersonEmail email',
    'acme__Segment__c picklist',
  ]);
  if (org.dialect.currencies) {
    defineObject(org, 'CurrencyType', '01L', [
      'IsoCode picklist',
      'ConversionRate double',
      'IsCorporate boolean',
    ]);
    defineObject(org, 'DatedConversionRate', '04w', [
      'IsoCode picklist',
      'ConversionRate double',
      'StartDate date',
      'NextStartDate date',
    ]);
  }
}

export function defineWork(org: Org): void {
  defineObject(org, 'OpportunityStage', '01J', [
    'ApiName',
    'MasterLabel',
    'IsClosed boolean',
    'IsWon boolean',
    'SortOrder int',
    'DefaultProbability percent',
  ]);
  defineObject(org, 'Opportunity', '006', [
    'Name',
    'StageName picklist',
    'Amount currency',
    'Probability percent',
    'CloseDate date',
    'Type picklist',
    'LeadSource picklist',
    'IsClosed boolean',
    'IsWon boolean',
    'AccountId reference Account',
    'OwnerId reference User',
    'CampaignId reference Campaign',
    ...money(org),
  ]);
  defineObject(org, 'Campaign', '701', [
    'Name',
    'Type picklist',
    'StartDate date',
    'EndDate date',
    'ActualCost currency',
    'OwnerId reference User',
    ...money(org),
  ]);
  defineObject(org, 'CampaignMember', '00v', [
    'CampaignId reference Campaign',
    'LeadId reference Lead',
    'ContactId reference Contact',
    'FirstRespondedDate date',
  ]);
  defineObject(org, 'Lead', '00Q', [
    'Name',
    'Company',
    'OwnerId reference User Group',
    'LeadSource picklist',
    'Status picklist',
    'IsConverted boolean',
    'ConvertedDate date',
    'ConvertedOpportunityId reference Opportunity',
    'ConvertedContactId reference Contact',
    'MasterRecordId reference Lead',
  ]);
  defineObject(org, 'Task', '00T', [
    'Subject',
    'IsClosed boolean',
    'ActivityDate date',
    'CompletedDateTime datetime',
    'TaskSubtype picklist',
    'OwnerId reference User Group',
    'WhatId reference Account Opportunity Case',
    'WhoId reference Contact Lead',
    'AccountId reference Account',
    'IsRecurrence boolean',
    'Status picklist',
    'Priority picklist',
    'Description textarea',
  ]);
  defineObject(org, 'Event', '00U', [
    'Subject',
    'StartDateTime datetime',
    'EndDateTime datetime',
    'IsAllDayEvent boolean',
    'OwnerId reference User',
    'WhatId reference Account Opportunity Case',
    'IsChild boolean',
    'GroupEventType picklist',
    'IsRecurrence boolean',
  ]);
  defineObject(org, 'CaseStatus', '01K', ['ApiName', 'MasterLabel', 'IsClosed boolean', 'SortOrder int']);
  defineObject(org, 'Case', '500', [
    'CaseNumber',
    'Subject',
    'Status picklist',
    'Priority picklist',
    'Origin picklist',
    'IsClosed boolean',
    'ClosedDate datetime',
    'OwnerId reference User Group',
    'AccountId reference Account',
    'MasterRecordId reference Case',
  ]);
  defineObject(org, 'CaseComment', '00a', ['ParentId reference Case', 'IsPublished boolean']);
}

export function defineSetup(org: Org): void {
  defineObject(org, 'FiscalYearSettings', '022', [
    'Name',
    'IsStandardYear boolean',
    'StartDate date',
    'EndDate date',
  ]);
  defineObject(org, 'Period', '026', [
    'Type picklist',
    'Number int',
    'StartDate date',
    'EndDate date',
    'FiscalYearSettingsId reference FiscalYearSettings',
  ]);
  defineObject(org, 'BusinessHours', '01m', [
    'Name',
    'IsDefault boolean',
    'IsActive boolean',
    'TimeZoneSidKey picklist',
    'MondayStartTime time',
    'MondayEndTime time',
  ]);
  defineObject(org, 'PermissionSet', '0PS', ['Name', 'Description']);
  defineObject(org, 'PermissionSetAssignment', '0Pa', [
    'AssigneeId reference User',
    'PermissionSetId reference PermissionSet',
  ]);
  defineObject(org, 'FieldPermissions', '01k', ['ParentId reference PermissionSet', 'Field']);
  defineObject(org, 'Report', '00O', [
    'Name',
    'DeveloperName',
    'FolderName',
    'Description',
    'LastRunDate datetime',
  ]);
  defineObject(org, 'Folder', '00l', ['Name', 'DeveloperName']);
}
