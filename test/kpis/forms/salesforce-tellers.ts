import type { TableName } from '../../../src/model/entities.ts';
import { createZone } from '../../../src/model/zone.ts';
import {
  baseCurrency,
  type CaseRow,
  type FormCase,
  instantText,
  type Link,
  major,
  Untellable,
} from './form.ts';

type Teller = (row: CaseRow, at: { readonly one: FormCase; readonly link: Link }) => object;

const types: Readonly<Record<string, string>> = {
  new: 'New Business',
  expansion: 'Existing Business',
  renewal: 'Renewal',
};

export const tellers: Readonly<Partial<Record<TableName, Teller>>> = {
  actor: (row, { one, link }) => {
    const team = one.memberships
      .find(({ actorId }) => actorId === row.id)
      ?.teams.find(({ primary }) => primary)?.teamId;
    const userType =
      row.kind === 'integration' ? 'AutomatedProcess' : row.licensed === 0 ? 'Guest' : 'Standard';
    if (row.kind === 'queue') return { Name: row.name ?? 'Queue', Type: 'Queue' };
    if (row.licensed === 1 && row.active === 0) throw new Untellable('who is inactive holds no licence');
    return {
      Name: row.name ?? 'Somebody',
      Email: row.email ?? null,
      IsActive: row.active !== 0,
      UserType: userType,
      UserRoleId: link('team', team),
    };
  },
  team: (row, { link }) => ({ Name: row.name ?? 'Team', ParentRoleId: link('team', row.parent_id) }),
  account: (row, { link }) => ({
    Name: row.name ?? 'Account',
    Industry: row.category ?? null,
    OwnerId: link('actor', row.owner_id),
  }),
  contract: (row, { link }) => ({
    ContractNumber: row.name ?? '1',
    AccountId: link('account', row.account_id),
    Status: row.status ?? 'Activated',
    StatusCode: row.active === 0 ? 'Draft' : 'Activated',
    StartDate: row.starts_on ?? null,
    EndDate: row.ends_on ?? null,
  }),
  campaign: (row, { link }) => ({
    Name: row.name ?? 'Campaign',
    Type: row.kind ?? null,
    ParentId: link('campaign', row.parent_id),
    OwnerId: link('actor', row.owner_id),
    StartDate: row.starts_on ?? null,
    EndDate: row.ends_on ?? null,
    ActualCost: major(row.cost_minor, row.currency ?? baseCurrency),
    BudgetedCost: major(row.budget_minor, row.currency ?? baseCurrency),
  }),
  campaign_member: (row, { link }) => ({
    CampaignId: link('campaign', row.campaign_id),
    LeadId: link('lead', row.person_id ?? row.id),
  }),
  deal: tellDeal,
  lead: (row, { link }) => ({
    LastName: row.name ?? 'Lead',
    Company: 'Company',
    LeadSource: row.source ?? null,
    Status: row.status ?? 'Open',
    IsConverted: (row.converted_on ?? null) !== null,
    ConvertedDate: row.converted_on ?? null,
    ConvertedOpportunityId: link('deal', row.deal_id),
    OwnerId: link('actor', row.owner_id),
  }),
  ticket: (row, { link }) => ({
    Subject: 'Case',
    Status: row.status ?? (row.is_closed === 1 ? 'Closed' : 'New'),
    IsClosed: row.is_closed === 1,
    Priority: row.priority ?? null,
    Type: row.category ?? null,
    Origin: row.channel ?? null,
    ClosedDate: instantText(row.last_closed_at),
    AccountId: link('account', row.account_id),
    OwnerId: link('actor', row.owner_id),
    CreatedById: link('actor', row.created_by_id),
  }),
  activity: (row, at) => (row.kind === 'meeting' ? tellEvent(row, at.link) : tellTask(row, at.link)),
  email_stat: (row, { link }) => ({
    Name: row.name ?? 'Mail',
    CampaignId: link('campaign', row.campaign_id),
    OwnerId: link('actor', row.owner_id),
    SentDate: instantText(row.sent_at),
    TotalSent: row.sent ?? null,
    TotalDelivered: row.delivered ?? null,
    UniqueOpens: row.opens_unique ?? null,
    UniqueTrackedLinkClicks: row.clickers_unique ?? null,
    UniqueOptOuts: row.unsubscribed ?? null,
    TotalHardBounced: row.bounced ?? null,
  }),
};

function tellDeal(row: CaseRow, { one, link }: Parameters<Teller>[1]): object {
  const zone = createZone(one.timeZone);
  const dayOf = (at: CaseRow[string] | undefined) => {
    const text = instantText(at);
    return text === null ? null : zone.dateOf(Date.parse(text));
  };
  const closes =
    row.closed_on ?? dayOf(row.closed_at) ?? row.expected_close_on ?? dayOf(row.expected_close_at) ?? null;
  if (closes === null && row.outcome !== 'open') throw new Untellable('every opportunity has a close date');
  const stages = { won: 'Closed Won', lost: 'Closed Lost', open: 'Prospecting' };
  return {
    Name: row.name ?? 'Deal',
    StageName: row.stage ?? stages[row.outcome as keyof typeof stages],
    IsClosed: row.outcome !== 'open',
    IsWon: row.outcome === 'won',
    CloseDate: closes ?? '2099-12-31',
    Amount: major(row.amount_minor, row.currency ?? baseCurrency),
    Probability: typeof row.probability === 'number' ? row.probability * 100 : null,
    Type: row.type ? (types[String(row.type)] ?? row.type) : null,
    LeadSource: row.source ?? null,
    NextStep: row.next_step ?? null,
    AccountId: link('account', row.account_id),
    OwnerId: link('actor', row.owner_id),
    CreatedById: link('actor', row.created_by_id),
    CampaignId: link('campaign', row.campaign_id),
  };
}

function linksOf(row: CaseRow, link: Link): object {
  return {
    OwnerId: link('actor', row.owner_id),
    CreatedById: link('actor', row.created_by_id),
    WhatId: link('deal', row.deal_id) ?? link('ticket', row.ticket_id) ?? link('account', row.account_id),
    WhoId: link('lead', row.person_id),
  };
}

function tellEvent(row: CaseRow, link: Link): object {
  const starts = instantText(row.starts_at) ?? instantText(row.done_at);
  if (row.status === 'cancelled') throw new Untellable('an event that is cancelled is deleted');
  if (row.status === 'done' && !row.done_at) throw new Untellable('an event has an end');
  return {
    Subject: row.subject ?? 'Meeting',
    StartDateTime: starts,
    EndDateTime: instantText(row.done_at) ?? starts,
    ActivityDate: starts?.slice(0, 10) ?? row.due_on ?? null,
    ...linksOf(row, link),
  };
}

function tellTask(row: CaseRow, link: Link): object {
  if (row.status === 'cancelled') throw new Untellable('no task is cancelled');
  const done = row.status === 'done' || (row.status === undefined && (row.done_at ?? null) !== null);
  if (row.kind === 'email' && row.direction === 'inbound')
    throw new Untellable('e-mails that are logged went out');
  const subtypes: Readonly<Record<string, string>> = { call: 'Call', email: 'Email' };
  const direction = String(row.direction ?? '');
  return {
    Subject: row.subject ?? 'Task',
    TaskSubtype: subtypes[String(row.kind)] ?? 'Task',
    CallType:
      row.kind === 'call' && direction ? `${direction.charAt(0).toUpperCase()}${direction.slice(1)}` : null,
    Status: done ? 'Completed' : 'Not Started',
    IsClosed: done,
    CompletedDateTime: instantText(row.done_at),
    ActivityDate: row.due_on ?? null,
    ...linksOf(row, link),
  };
}
