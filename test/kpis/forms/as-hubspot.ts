import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startSandbox } from '../../../connectors/hubspot/sandbox/index.ts';
import type { SqlValue, TableName } from '../../../src/model/entities.ts';
import { openAt } from '../../connectors/hubspot-open.ts';
import {
  type CaseRow,
  type FormCase,
  instantText,
  major,
  noonOf,
  requireTellable,
  type Told,
  toNdjson,
  Untellable,
} from './form.ts';

const places: Readonly<Partial<Record<TableName, readonly string[]>>> = {
  actor: ['kind', 'name', 'email', 'active', 'licensed'],
  account: ['name', 'category', 'country', 'owner_id'],
  deal: 'name account_id owner_id type amount_minor currency probability outcome closed_on closed_at expected_close_on expected_close_at source next_step cost_minor created_on'.split(
    ' ',
  ),
  lead: ['name', 'owner_id', 'source', 'status', 'converted_on', 'imported'],
  ticket:
    'name account_id owner_id priority category channel is_closed last_closed_at first_closed_at due_at first_reply_at article_count reply_count'.split(
      ' ',
    ),
  activity:
    'kind subject owner_id account_id deal_id ticket_id person_id due_on done_at status direction automated'.split(
      ' ',
    ),
};

const objects: Readonly<Partial<Record<TableName, string>>> = {
  account: 'companies',
  deal: 'deals',
  lead: 'contacts',
  ticket: 'tickets',
};

const mapped = {
  'deal.cost_minor': 'cost',
  'ticket.article_count': 'articles',
  'ticket.reply_count': 'replies',
} as const;

export async function asHubspot(one: FormCase): Promise<Told> {
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
    connector: 'hubspot',
    idOf: (_, id) => String(numberOf(id)),
    open: () => openAt(sandbox, { currency: one.currency, timeZone: one.timeZone, fields, unpaced: true }),
    remove: async () => {},
    [Symbol.asyncDispose]: async () => {
      await sandbox[Symbol.asyncDispose]();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function numberOf(id: string): number {
  return Number.parseInt(Buffer.from(id).toString('hex'), 16) % 2_000_000_000;
}

const link = (id: SqlValue | undefined) =>
  id === null || id === undefined ? null : String(numberOf(String(id)));

function tellRows({ rows, deleted, currency }: FormCase): Record<string, object[]> {
  const files: Record<string, object[]> = {};
  const add = (object: string, table: TableName, row: CaseRow, properties: object) => {
    const created = instantText(row.created_at) ?? noonOf(row.created_on) ?? '2025-12-01T08:00:00.000Z';
    const archived = deleted[table]?.includes(String(row.id)) ?? false;
    const list = files[object] ?? [];
    files[object] = list;
    list.push({
      id: link(row.id),
      createdAt: created,
      updatedAt: created,
      ...(archived && { archived, archivedAt: '2029-01-01T00:00:00.000Z' }),
      properties: { createdate: created, ...properties },
      associations: associationsOf(row),
    });
  };
  for (const row of rows.actor ?? []) files.owners = [...(files.owners ?? []), tellOwner(row)];
  for (const row of withLinked(rows))
    add('companies', 'account', row, {
      name: row.name ?? 'Company',
      industry: row.category ?? null,
      hubspot_owner_id: link(row.owner_id),
    });
  for (const row of rows.deal ?? []) add('deals', 'deal', row, tellDeal(row, currency));
  for (const row of rows.lead ?? []) add('contacts', 'lead', row, tellContact(row));
  for (const row of rows.ticket ?? []) add('tickets', 'ticket', row, tellTicket(row));
  for (const row of rows.activity ?? []) add(`${row.kind}s`, 'activity', row, tellActivity(row));
  return files;
}

/** A link has two ends: companies that a case only names are there, too. */
function withLinked(rows: FormCase['rows']): readonly CaseRow[] {
  const told = rows.account ?? [];
  const known = new Set(told.map(({ id }) => id));
  const named = Object.values(rows).flatMap((list) => list.map((row) => row.account_id ?? null));
  const missing = [...new Set(named)].filter((id) => id !== null && !known.has(id));
  return [...told, ...missing.map((id) => ({ id }))];
}

function associationsOf(row: CaseRow): object {
  const to = (column: string, table: TableName) => {
    const id = link(row[column]);
    return id === null ? {} : { [objects[table] ?? '']: { results: [{ id }] } };
  };
  return {
    ...to('account_id', 'account'),
    ...to('deal_id', 'deal'),
    ...to('ticket_id', 'ticket'),
    ...to('person_id', 'lead'),
  };
}

function tellOwner(row: CaseRow): object {
  if (row.kind !== undefined && row.kind !== null && row.kind !== 'user')
    throw new Untellable('only people are told');
  return {
    id: link(row.id),
    email: row.email ?? `${row.id}@example.test`,
    firstName: row.name ?? 'Somebody',
    lastName: '',
    userId: numberOf(String(row.id)),
    archived: row.active === 0,
  };
}

const types: Readonly<Record<string, string>> = { new: 'newbusiness', expansion: 'existingbusiness' };

function tellDeal(row: CaseRow, currency: string): object {
  if (row.currency && row.currency !== currency) throw new Untellable('the portal has one currency');
  const outcome = String(row.outcome);
  const closeDate =
    instantText(row.closed_at) ??
    noonOf(row.closed_on) ??
    instantText(row.expected_close_at) ??
    noonOf(row.expected_close_on);
  return {
    dealname: row.name ?? 'Deal',
    pipeline: 'default',
    dealstage: outcome === 'won' ? 'closedwon' : outcome === 'lost' ? 'closedlost' : 'appointmentscheduled',
    closedate: closeDate,
    amount: major(row.amount_minor),
    dealtype: row.type ? (types[String(row.type)] ?? row.type) : null,
    hs_analytics_source: row.source ?? null,
    hs_next_step: row.next_step ?? null,
    hubspot_owner_id: link(row.owner_id),
    ...(row.probability !== undefined && { hs_deal_stage_probability: row.probability }),
    ...(row.cost_minor !== undefined && { cost: major(row.cost_minor) }),
  };
}

function tellContact(row: CaseRow): object {
  return {
    lastname: row.name ?? 'Contact',
    hs_analytics_source: row.source ?? null,
    lifecyclestage: 'lead',
    hs_lead_status: row.status ?? null,
    hubspot_owner_id: link(row.owner_id),
    hs_v2_date_entered_opportunity: noonOf(row.converted_on),
    hs_object_source: row.imported === 1 ? 'IMPORT' : 'CRM_UI',
  };
}

function tellTicket(row: CaseRow): object {
  if (row.first_closed_at && row.first_closed_at !== row.last_closed_at)
    throw new Untellable('closings follow from the history of the stage');
  return {
    subject: 'Ticket',
    hs_pipeline: '0',
    hs_pipeline_stage: row.is_closed === 1 ? '4' : '1',
    hs_ticket_priority: row.priority ?? null,
    hs_ticket_category: row.category ?? null,
    source_type: row.channel ?? null,
    closed_date: instantText(row.last_closed_at),
    first_agent_reply_date: instantText(row.first_reply_at),
    hs_time_to_close_sla_at: instantText(row.due_at),
    hubspot_owner_id: link(row.owner_id),
    ...(row.article_count !== undefined && { articles: row.article_count }),
    ...(row.reply_count !== undefined && { replies: row.reply_count }),
  };
}

function tellActivity(row: CaseRow): object {
  const done = row.status === 'done' || (row.status === undefined && (row.done_at ?? null) !== null);
  const shared = {
    hubspot_owner_id: link(row.owner_id),
    hs_object_source: row.automated === 1 ? 'AUTOMATION_PLATFORM' : 'CRM_UI',
  };
  if (row.status === 'cancelled') throw new Untellable('cancelling has several names');
  if (row.kind !== 'task' && !done) throw new Untellable('what is logged took place');
  if (row.kind === 'task')
    return {
      ...shared,
      hs_task_subject: row.subject ?? 'Task',
      hs_task_status: done ? 'COMPLETED' : 'NOT_STARTED',
      hs_timestamp: noonOf(row.due_on),
      hs_task_completion_date: instantText(row.done_at),
    };
  if (row.kind === 'meeting')
    return {
      ...shared,
      hs_timestamp: instantText(row.done_at),
      hs_meeting_start_time: instantText(row.done_at),
      hs_meeting_end_time: instantText(row.done_at),
      hs_meeting_outcome: 'COMPLETED',
    };
  if (row.kind === 'email')
    return {
      ...shared,
      hs_timestamp: instantText(row.done_at),
      hs_email_direction: row.direction === 'inbound' ? 'INCOMING_EMAIL' : 'EMAIL',
      hs_email_status: 'SENT',
    };
  return {
    ...shared,
    hs_timestamp: instantText(row.done_at),
    hs_call_status: 'COMPLETED',
    hs_call_direction: row.direction ? String(row.direction).toUpperCase() : null,
  };
}
