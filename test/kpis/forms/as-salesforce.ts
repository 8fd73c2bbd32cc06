import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { toId18 } from '../../../connectors/salesforce/sandbox/ids.ts';
import { startSandbox } from '../../../connectors/salesforce/sandbox/index.ts';
import type { SqlValue, TableName } from '../../../src/model/entities.ts';
import { openOrg } from '../../connectors/salesforce-org.ts';
import {
  type CaseRow,
  type FormCase,
  instantText,
  major,
  requireTellable,
  type Told,
  toNdjson,
  Untellable,
} from './form.ts';

const places: Readonly<Partial<Record<TableName, readonly string[]>>> = {
  actor: ['kind', 'name', 'email', 'active', 'licensed'],
  account: ['name', 'category', 'country', 'owner_id'],
  deal: 'name account_id owner_id type amount_minor currency probability outcome closed_on closed_at expected_close_on campaign_id source next_step cost_minor'.split(
    ' ',
  ),
  lead: 'name owner_id source status converted_on deal_id imported first_campaign_id closed_at contact_id'.split(
    ' ',
  ),
  ticket:
    'name account_id owner_id priority category channel is_closed last_closed_at first_closed_at due_at first_reply_at article_count reply_count reopened_at'.split(
      ' ',
    ),
  activity:
    'kind subject owner_id account_id deal_id ticket_id person_id due_on done_at status direction'.split(' '),
  campaign: ['name', 'kind', 'owner_id', 'starts_on', 'ends_on', 'cost_minor', 'budget_minor', 'currency'],
  email_stat:
    'name campaign_id owner_id sent_at sent delivered opens_unique clickers_unique bounced unsubscribed'.split(
      ' ',
    ),
};

const prefixes: Readonly<Partial<Record<TableName, string>>> = {
  actor: '005',
  account: '001',
  deal: '006',
  lead: '00Q',
  ticket: '500',
  activity: '00T',
  campaign: '701',
  email_stat: '0XB',
};

/** Columns that no standard field holds: fields of the organisation's own, mapped in the settings. */
const mapped = {
  'deal.cost_minor': 'Cost__c',
  'lead.imported': 'Imported__c',
  'lead.first_campaign_id': 'Campaign__c',
  'lead.closed_at': 'Closed_At__c',
  'ticket.due_at': 'Due__c',
  'ticket.first_reply_at': 'First_Reply__c',
  'ticket.first_closed_at': 'First_Closed__c',
  'ticket.reopened_at': 'Reopened__c',
  'ticket.article_count': 'Articles__c',
  'ticket.reply_count': 'Replies__c',
} as const;

export async function asSalesforce(one: FormCase): Promise<Told> {
  requireTellable(one.rows, places);
  const folder = mkdtempSync(join(tmpdir(), 'crm-kpi-form-'));
  const files = tellRows(one);
  for (const [object, rows] of Object.entries(files))
    writeFileSync(join(folder, `${object}.ndjson`), toNdjson(rows));
  const sandbox = await startSandbox({
    port: 0,
    data: folder,
    seed: 1,
    size: 0,
    now: Date.parse('2030-01-01T00:00:00Z'),
    currency: one.currency,
    timeZone: one.timeZone,
    tier: null,
    without: [],
  });
  const fields = Object.fromEntries(
    Object.entries(mapped).filter(([key]) => {
      const [table = '', column = ''] = key.split('.');
      return one.rows[table as TableName]?.some((row) => (row[column] ?? null) !== null);
    }),
  );
  return {
    connector: 'salesforce',
    idOf,
    open: () =>
      openOrg(sandbox, {
        auth: sandbox.auth,
        context: { name: 'crm', currency: one.currency, timeZone: one.timeZone, fields },
      }),
    remove: async () => {},
    [Symbol.asyncDispose]: async () => {
      await sandbox[Symbol.asyncDispose]();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function idOf(table: TableName, id: string): string {
  const hex = Buffer.from(id).toString('hex').padStart(12, '0');
  const prefix = prefixes[table];
  if (!prefix || hex.length > 12) throw new Untellable(`no id for ${table} ${id}`);
  const found = toId18(`${prefix}${hex}`);
  if (!found) throw new Untellable(`no id for ${table} ${id}`);
  return found;
}

const link = (table: TableName, id: SqlValue | undefined) =>
  id === null || id === undefined ? null : idOf(table, String(id));

const types: Readonly<Record<string, string>> = {
  new: 'New Business',
  expansion: 'Existing Business',
  renewal: 'Renewal',
};

function tellRows({ rows, deleted, currency }: FormCase): Record<string, object[]> {
  const files: Record<string, object[]> = {};
  const add = (object: string, table: TableName, row: CaseRow, own: object) => {
    const created = instantText(row.created_at) ?? '2025-12-01T08:00:00.000Z';
    const list = files[object] ?? [];
    files[object] = list;
    list.push({
      Id: idOf(table, String(row.id)),
      CreatedDate: created,
      LastModifiedDate: created,
      IsDeleted: deleted[table]?.includes(String(row.id)) ?? false,
      ...own,
    });
  };
  for (const row of rows.actor ?? []) add('User', 'actor', row, tellUser(row));
  for (const row of rows.account ?? [])
    add('Account', 'account', row, {
      Name: row.name ?? 'Account',
      Industry: row.category ?? null,
      OwnerId: link('actor', row.owner_id),
    });
  for (const row of rows.campaign ?? []) add('Campaign', 'campaign', row, tellCampaign(row, currency));
  for (const row of rows.deal ?? []) add('Opportunity', 'deal', row, tellDeal(row, currency));
  for (const row of rows.lead ?? []) add('Lead', 'lead', row, tellLead(row));
  for (const row of rows.ticket ?? []) add('Case', 'ticket', row, tellCase(row));
  for (const row of rows.activity ?? []) add('Task', 'activity', row, tellTask(row));
  for (const row of rows.email_stat ?? []) add('ListEmail', 'email_stat', row, tellListEmail(row));
  return files;
}

function tellUser(row: CaseRow): object {
  if (row.kind !== undefined && row.kind !== null && row.kind !== 'user')
    throw new Untellable('only people are told');
  return {
    Name: row.name ?? 'Somebody',
    Email: row.email ?? null,
    IsActive: row.active !== 0,
    UserType: 'Standard',
  };
}

function sameCurrency(row: CaseRow, currency: string): void {
  if (row.currency && row.currency !== currency) throw new Untellable('the organisation has one currency');
}

function tellDeal(row: CaseRow, currency: string): object {
  sameCurrency(row, currency);
  const closeDate = row.closed_on ?? row.expected_close_on ?? null;
  if (closeDate === null && row.outcome !== 'open')
    throw new Untellable('every opportunity has a close date');
  if (row.closed_at) throw new Untellable('the close date is a day');
  return {
    Name: row.name ?? 'Deal',
    StageName: row.outcome === 'won' ? 'Closed Won' : row.outcome === 'lost' ? 'Closed Lost' : 'Prospecting',
    IsClosed: row.outcome !== 'open',
    IsWon: row.outcome === 'won',
    CloseDate: closeDate ?? '2099-12-31',
    Amount: major(row.amount_minor),
    Probability: typeof row.probability === 'number' ? row.probability * 100 : null,
    Type: row.type ? (types[String(row.type)] ?? row.type) : null,
    LeadSource: row.source ?? null,
    NextStep: row.next_step ?? null,
    AccountId: link('account', row.account_id),
    OwnerId: link('actor', row.owner_id),
    CampaignId: link('campaign', row.campaign_id),
    ...(row.cost_minor !== undefined && { Cost__c: major(row.cost_minor) }),
  };
}

function tellLead(row: CaseRow): object {
  if (row.contact_id) throw new Untellable('a contact comes by conversion alone');
  return {
    LastName: row.name ?? 'Lead',
    Company: 'Company',
    LeadSource: row.source ?? null,
    Status: row.status ?? 'Open',
    IsConverted: (row.converted_on ?? null) !== null,
    ConvertedDate: row.converted_on ?? null,
    OwnerId: link('actor', row.owner_id),
    ...(row.imported !== undefined && { Imported__c: row.imported === 1 }),
    ...(row.first_campaign_id !== undefined && { Campaign__c: link('campaign', row.first_campaign_id) }),
    ...(row.closed_at !== undefined && { Closed_At__c: instantText(row.closed_at) }),
  };
}

function tellCase(row: CaseRow): object {
  const closed = row.is_closed === 1;
  return {
    Subject: 'Case',
    Status: closed ? 'Closed' : 'New',
    IsClosed: closed,
    Priority: row.priority ?? null,
    Type: row.category ?? null,
    Origin: row.channel ?? null,
    ClosedDate: instantText(row.last_closed_at),
    AccountId: link('account', row.account_id),
    OwnerId: link('actor', row.owner_id),
    ...(row.due_at !== undefined && { Due__c: instantText(row.due_at) }),
    ...(row.first_reply_at !== undefined && { First_Reply__c: instantText(row.first_reply_at) }),
    ...(row.first_closed_at !== undefined && { First_Closed__c: instantText(row.first_closed_at) }),
    ...(row.reopened_at !== undefined && { Reopened__c: instantText(row.reopened_at) }),
    ...(row.article_count !== undefined && { Articles__c: row.article_count }),
    ...(row.reply_count !== undefined && { Replies__c: row.reply_count }),
  };
}

function tellTask(row: CaseRow): object {
  if (row.kind === 'meeting') throw new Untellable('meetings are events, told elsewhere');
  if (row.status === 'cancelled') throw new Untellable('no task is cancelled');
  const done = row.status === 'done' || (row.status === undefined && (row.done_at ?? null) !== null);
  if (!done && row.done_at) throw new Untellable('an open task has no completion date');
  const subtype = row.kind === 'call' ? 'Call' : row.kind === 'email' ? 'Email' : 'Task';
  if (row.kind === 'email' && row.direction === 'inbound')
    throw new Untellable('e-mails that are logged went out');
  return {
    Subject: row.subject ?? 'Task',
    TaskSubtype: subtype,
    CallType: row.kind === 'call' && row.direction ? capital(String(row.direction)) : null,
    Status: done ? 'Completed' : 'Not Started',
    IsClosed: done,
    CompletedDateTime: done ? instantText(row.done_at) : null,
    ActivityDate: row.due_on ?? null,
    OwnerId: link('actor', row.owner_id),
    WhatId: link('deal', row.deal_id) ?? link('ticket', row.ticket_id) ?? link('account', row.account_id),
    WhoId: link('lead', row.person_id),
  };
}

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

function tellCampaign(row: CaseRow, currency: string): object {
  sameCurrency(row, currency);
  return {
    Name: row.name ?? 'Campaign',
    Type: row.kind ?? null,
    OwnerId: link('actor', row.owner_id),
    StartDate: row.starts_on ?? null,
    EndDate: row.ends_on ?? null,
    ActualCost: major(row.cost_minor),
    BudgetedCost: major(row.budget_minor),
  };
}

function tellListEmail(row: CaseRow): object {
  return {
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
  };
}
