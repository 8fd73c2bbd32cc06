import { nowSeconds, type Org, tableOf } from '../org.ts';
import type { Row } from '../schema/object.ts';
import { RecordRefusal } from './refusal.ts';
import { rowById } from './table.ts';
import type { Values } from './validate.ts';

interface Save {
  /** What is to be saved; derived fields are added. */
  readonly values: Values;
  /** null: a new row */
  readonly before: Row | null;
}
type Rule = (org: Org, save: Save) => void;

/** Fields that the platform sets by itself when others change. Values given on purpose stay. */
export function derive(org: Org, object: string, save: Save): void {
  rules[object]?.(org, save);
}

const rules: Readonly<Record<string, Rule>> = {
  Opportunity: deriveOpportunity,
  Case: deriveCase,
  Task: deriveTask,
  Event: deriveEvent,
  Contract: deriveContract,
  CampaignMember: deriveMember,
  PermissionSetAssignment: refuseSecondAssignment,
  Lead: (org, save) => {
    if (save.before?.IsConverted === true) {
      throw new RecordRefusal('CANNOT_UPDATE_CONVERTED_LEAD', 'cannot reference converted lead');
    }
    if (!save.before) save.values.Status ??= 'Open - Not Contacted';
    joinName(org, save);
  },
  Contact: joinName,
  User: (org, save) => {
    if (!save.before) {
      save.values.IsActive ??= true;
      save.values.UserType ??= 'Standard';
      save.values.TimeZoneSidKey ??= org.timeZone;
    }
    joinName(org, save);
  },
};

/** The status has a category; the last day follows from the term in months (Object Reference: Contract). */
function deriveContract(_org: Org, { values, before }: Save): void {
  const status = String(values.Status ?? before?.Status ?? 'Draft');
  values.Status ??= status;
  values.StatusCode ??= status === 'In Approval Process' ? 'InApproval' : status;
  const start = values.StartDate ?? before?.StartDate;
  const term = values.ContractTerm ?? before?.ContractTerm;
  if (values.EndDate !== undefined || typeof start !== 'string' || typeof term !== 'number') return;
  const end = new Date(`${start}T00:00:00Z`);
  end.setUTCMonth(end.getUTCMonth() + term);
  end.setUTCDate(end.getUTCDate() - 1);
  values.EndDate = end.toISOString().slice(0, 10);
}

function deriveOpportunity(org: Org, { values, before }: Save): void {
  const stage = values.StageName;
  if (stage === undefined || stage === before?.StageName) return;
  const known = tableOf(org, 'OpportunityStage').rows.find((row) => row.MasterLabel === stage);
  values.IsClosed ??= known?.IsClosed ?? false;
  values.IsWon ??= known?.IsWon ?? false;
  values.Probability ??= known?.DefaultProbability ?? 0;
  values.ForecastCategory ??= known?.ForecastCategory ?? 'Pipeline';
  values.ForecastCategoryName ??= known?.ForecastCategoryName ?? 'Pipeline';
  if (before) values.LastStageChangeDate = nowSeconds(org);
}

function deriveCase(org: Org, { values, before }: Save): void {
  if (!before) {
    values.Status ??= 'New';
    values.Priority ??= 'Medium';
  }
  const status = values.Status;
  if (status === undefined || status === before?.Status) return;
  const closed = tableOf(org, 'CaseStatus').rows.find((row) => row.MasterLabel === status)?.IsClosed === true;
  values.IsClosed ??= closed;
  if (closed !== (before?.IsClosed === true)) values.ClosedDate ??= closed ? nowSeconds(org) : null;
}

function deriveTask(org: Org, { values, before }: Save): void {
  if (!before) {
    values.Status ??= 'Not Started';
    values.Priority ??= 'Normal';
    values.TaskSubtype ??= 'Task';
  }
  deriveAccount(org, values);
  const status = values.Status;
  if (status === undefined || status === before?.Status) return;
  const closed = tableOf(org, 'TaskStatus').rows.find((row) => row.MasterLabel === status)?.IsClosed === true;
  values.IsClosed ??= closed;
  values.CompletedDateTime ??= closed ? nowSeconds(org) : null;
}

function deriveEvent(org: Org, { values, before }: Save): void {
  if (!before) values.EventSubtype ??= 'Event';
  deriveAccount(org, values);
  const start = values.StartDateTime ?? before?.StartDateTime;
  const end = values.EndDateTime ?? before?.EndDateTime;
  if (typeof start !== 'number') return;
  values.ActivityDateTime = start;
  values.ActivityDate ??= new Date(start * 1000).toISOString().slice(0, 10);
  if (typeof end === 'number') values.DurationInMinutes = Math.round((end - start) / 60);
}

/** An activity belongs to the account of what it is about. */
function deriveAccount(org: Org, values: Values): void {
  const { WhatId: what } = values;
  if (typeof what !== 'string' || values.AccountId !== undefined) return;
  if (what.startsWith('001')) values.AccountId = what;
  for (const object of ['Opportunity', 'Case', 'Contract']) {
    const parent = rowById(tableOf(org, object), what);
    if (parent) values.AccountId = parent.AccountId ?? null;
  }
}

function deriveMember(org: Org, { values, before }: Save): void {
  if (!before) {
    values.Status ??= 'Sent';
    values.LeadOrContactId ??= values.ContactId ?? values.LeadId ?? null;
    values.Type ??= values.ContactId ? 'Contact' : 'Lead';
    const person = rowById(
      tableOf(org, values.ContactId ? 'Contact' : 'Lead'),
      String(values.LeadOrContactId),
    );
    values.FirstName ??= person?.FirstName ?? null;
    values.LastName ??= person?.LastName ?? null;
    values.Name ??= person?.Name ?? null;
  }
  if (values.Status === undefined) return;
  values.HasResponded ??= values.Status === 'Responded';
  const first = before?.FirstRespondedDate ?? null;
  if (values.HasResponded === true && first === null) {
    values.FirstRespondedDate ??= new Date(org.now()).toISOString().slice(0, 10);
  }
}

function refuseSecondAssignment(org: Org, { values, before }: Save): void {
  if (before) return;
  const same = tableOf(org, 'PermissionSetAssignment').rows.find(
    (row) => row.AssigneeId === values.AssigneeId && row.PermissionSetId === values.PermissionSetId,
  );
  if (!same) return;
  const message = `duplicate value found: PermissionSetId duplicates value on record with id: ${same.Id}`;
  throw new RecordRefusal('DUPLICATE_VALUE', message, []);
}

function joinName(_org: Org, { values, before }: Save): void {
  if (values.FirstName === undefined && values.LastName === undefined) return;
  const parts = [values.FirstName ?? before?.FirstName, values.LastName ?? before?.LastName];
  values.Name = parts.filter((part) => typeof part === 'string').join(' ');
}
