import type { TableName } from '../../../src/model/entities.ts';
import {
  type CaseRow,
  type FormCase,
  instantText,
  type Link,
  major,
  noonOf,
  ownColumns,
  ownTables,
  ownValue,
  type Places,
  Untellable,
} from './form.ts';
import { tellActivity } from './hubspot-activities.ts';
import { stageFor, tellDirectory } from './hubspot-directory.ts';
import { tellHistory } from './hubspot-history.ts';
import { add, type Files, fieldOf, numberOf, objectOf, type Teller } from './hubspot-ids.ts';

const standard: Places = {
  actor: ['kind', 'name', 'email', 'active', 'licensed'],
  team: ['name'],
  account: ['name', 'category', 'country', 'owner_id'],
  deal: 'name account_id owner_id created_by_id pipeline stage type amount_minor currency probability outcome closed_on closed_at expected_close_on expected_close_at campaign_id source next_step created_on'.split(
    ' ',
  ),
  lead: ['name', 'owner_id', 'source', 'status', 'converted_on', 'imported'],
  ticket:
    'name account_id owner_id created_by_id pipeline status priority category channel is_closed last_closed_at first_closed_at reopened_at due_at first_reply_at'.split(
      ' ',
    ),
  activity:
    'kind subject owner_id account_id deal_id ticket_id person_id starts_at due_on done_at status direction automated'.split(
      ' ',
    ),
  campaign: 'name owner_id starts_on ends_on cost_minor budget_minor currency'.split(' '),
  email_stat:
    'name campaign_id sent_at sent delivered opens_unique clickers_unique bounced unsubscribed spam'.split(
      ' ',
    ),
  stage: 'object pipeline key label position is_closed is_won probability'.split(' '),
  change: 'object record_id field at from_value to_value actor_id origin'.split(' '),
  fx_rate: ['currency', 'day', 'rate_to_base'],
  dimension: ['object', 'record_id', 'name', 'value'],
};

/** Counters that the vendor's statistics do not have come from an object of the portal's own, as all do then. */
export function placesOf({ rows }: FormCase): Places {
  if (ownColumns(rows, 'email_stat', standard).length === 0) return standard;
  const { email_stat: _, ...others } = standard;
  return others;
}

const objects: Readonly<Partial<Record<TableName, string>>> = {
  account: 'companies',
  deal: 'deals',
  lead: 'contacts',
  ticket: 'tickets',
};

export function tellPortal(one: FormCase, link: Link): Files {
  const files: Files = {};
  for (const table of ['actor', 'team', 'campaign', 'email_stat', 'stage'] as const)
    for (const column of placesOf(one)[table] ? ownColumns(one.rows, table, placesOf(one)) : [])
      throw new Untellable(`no place for ${table}.${column}`);
  tellDirectory(files, one, link);
  const rows = { ...one.rows, account: withLinked(one.rows) };
  for (const [table, list] of Object.entries(rows) as [TableName, readonly CaseRow[]][])
    for (const row of list) tellRow(files, { one, link, table, row });
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

interface Telling {
  readonly one: FormCase;
  readonly link: Link;
  readonly table: TableName;
  readonly row: CaseRow;
}

function tellRow(files: Files, { one, link, table, row }: Telling): void {
  const isOwn = ownTables(one.rows, placesOf(one)).includes(table);
  const object = isOwn ? objectOf(table) : table === 'activity' ? `${row.kind}s` : objects[table];
  // A record that was merged away is gone; its id stands with the survivor.
  if (!object || one.merged[table]?.[String(row.id)] !== undefined) return;
  const created = instantText(row.created_at) ?? noonOf(row.created_on) ?? '2025-12-01T08:00:00.000Z';
  const at = { one, link };
  const own = ownColumns(one.rows, table, placesOf(one)).map((column) => [
    fieldOf(column),
    ownValue({ table, column, row }, link),
  ]);
  const dimensions = (one.rows.dimension ?? [])
    .filter((each) => each.object === table && each.record_id === row.id)
    .map((each) => [fieldOf(String(each.name)), each.value]);
  const isDeleted = one.deleted[table]?.includes(String(row.id)) ?? false;
  add(files, object, {
    id: String(numberOf(String(row.id))),
    createdAt: created,
    updatedAt: instantText(row.updated_at) ?? created,
    ...(isDeleted && { archived: true, archivedAt: '2029-01-01T00:00:00.000Z' }),
    properties: {
      createdate: created,
      hs_createdate: created,
      hs_merged_object_ids: mergedInto(one, table, row),
      ...Object.fromEntries([...own, ...dimensions]),
      ...tellers[table]?.(row, at),
    },
    ...((table === 'deal' || table === 'ticket') && {
      propertiesWithHistory: tellHistory({ object: table, row, created }, at),
    }),
    associations: isOwn ? {} : associationsOf(row, link),
  });
}

function mergedInto({ merged }: FormCase, table: TableName, row: CaseRow): string | null {
  const gone = Object.entries(merged[table] ?? {}).filter(([, into]) => into === row.id);
  return gone.map(([from]) => numberOf(from)).join(';') || null;
}

function associationsOf(row: CaseRow, link: Link): object {
  const ends = {
    companies: link('account', row.account_id),
    deals: link('deal', row.deal_id),
    tickets: link('ticket', row.ticket_id),
    contacts: link('lead', row.person_id),
  };
  const known = Object.entries(ends).filter(([, id]) => id !== null);
  return Object.fromEntries(known.map(([object, id]) => [object, { results: [{ id }] }]));
}

const types: Readonly<Record<string, string>> = { new: 'newbusiness', expansion: 'existingbusiness' };

const tellers: Readonly<Partial<Record<TableName, Teller>>> = {
  account: (row, { link }) => ({
    name: row.name ?? 'Company',
    industry: row.category ?? null,
    hubspot_owner_id: link('actor', row.owner_id),
  }),
  deal: (row, { link }) => ({
    dealname: row.name ?? 'Deal',
    pipeline: row.pipeline ?? 'default',
    dealstage:
      row.stage ?? { won: 'closedwon', lost: 'closedlost' }[String(row.outcome)] ?? stageFor(row.probability),
    closedate:
      instantText(row.closed_at) ??
      noonOf(row.closed_on) ??
      instantText(row.expected_close_at) ??
      noonOf(row.expected_close_on),
    amount: major(row.amount_minor, row.currency ?? undefined),
    deal_currency_code: row.currency ?? null,
    dealtype: row.type ? (types[String(row.type)] ?? row.type) : null,
    hs_analytics_source: row.source ?? null,
    hs_next_step: row.next_step ?? null,
    hs_campaign: link('campaign', row.campaign_id),
    hubspot_owner_id: link('actor', row.owner_id),
    hs_created_by_user_id: link('actor', row.created_by_id),
  }),
  lead: (row, { link }) => ({
    lastname: row.name ?? 'Contact',
    hs_analytics_source: row.source ?? null,
    lifecyclestage: 'lead',
    hs_lead_status: row.status ?? null,
    hubspot_owner_id: link('actor', row.owner_id),
    hs_v2_date_entered_opportunity: noonOf(row.converted_on),
    hs_object_source: row.imported === 1 ? 'IMPORT' : 'CRM_UI',
  }),
  ticket: (row, { link }) => ({
    subject: 'Ticket',
    hs_pipeline: row.pipeline ?? '0',
    hs_pipeline_stage: row.status ?? (row.is_closed === 1 ? '4' : '1'),
    hs_ticket_priority: row.priority ?? null,
    hs_ticket_category: row.category ?? null,
    source_type: row.channel ?? null,
    closed_date: instantText(row.last_closed_at),
    first_agent_reply_date: instantText(row.first_reply_at),
    hs_time_to_close_sla_at: instantText(row.due_at),
    hubspot_owner_id: link('actor', row.owner_id),
    hs_created_by_user_id: link('actor', row.created_by_id),
  }),
  activity: tellActivity,
};
