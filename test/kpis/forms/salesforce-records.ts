import { toId18 } from '../../../connectors/salesforce/sandbox/ids.ts';
import type { TableName } from '../../../src/model/entities.ts';
import {
  type CaseRow,
  type FormCase,
  instantText,
  ownColumns,
  ownTables,
  ownValue,
  type Places,
  Untellable,
} from './form.ts';
import { tellHistories } from './salesforce-history.ts';
import { add, createdOf, currenciesOf, type Files, fieldOf, type Ids, objectOf } from './salesforce-ids.ts';
import { tellers } from './salesforce-tellers.ts';

/** Columns that standard fields feed. */
export const places: Places = {
  actor: ['kind', 'name', 'email', 'active', 'licensed'],
  team: ['name', 'parent_id'],
  account: ['name', 'category', 'country', 'owner_id'],
  deal: 'name account_id owner_id created_by_id pipeline stage type amount_minor currency probability outcome closed_on closed_at expected_close_on expected_close_at campaign_id source next_step created_on'.split(
    ' ',
  ),
  lead: 'name owner_id source status converted_on deal_id'.split(' '),
  ticket:
    'name account_id owner_id created_by_id pipeline status priority category channel is_closed last_closed_at'.split(
      ' ',
    ),
  activity:
    'kind subject owner_id created_by_id account_id deal_id ticket_id person_id starts_at due_on done_at status direction'.split(
      ' ',
    ),
  campaign: 'name kind parent_id owner_id starts_on ends_on cost_minor budget_minor currency'.split(' '),
  campaign_member: ['campaign_id', 'person_id'],
  email_stat:
    'name campaign_id owner_id sent_at sent delivered opens_unique clickers_unique bounced unsubscribed'.split(
      ' ',
    ),
  stage: 'object pipeline key label position is_closed is_won probability'.split(' '),
  change: 'object record_id field at from_value to_value actor_id origin'.split(' '),
  fx_rate: ['currency', 'day', 'rate_to_base'],
  dimension: ['object', 'record_id', 'name', 'value'],
  contract: ['name', 'account_id', 'owner_id', 'status', 'active', 'starts_on', 'ends_on'],
};

const objects: Readonly<Partial<Record<TableName, string>>> = {
  team: 'UserRole',
  account: 'Account',
  campaign: 'Campaign',
  campaign_member: 'CampaignMember',
  contract: 'Contract',
  deal: 'Opportunity',
  lead: 'Lead',
  ticket: 'Case',
  email_stat: 'ListEmail',
};

export function tellOrganisation(one: FormCase, ids: Ids): Files {
  for (const table of ['deal', 'campaign', 'activity'] as const)
    if (one.merged[table]) throw new Untellable(`${table}s are not merged`);
  const files: Files = {};
  for (const [table, rows] of Object.entries(one.rows) as [TableName, readonly CaseRow[]][])
    for (const row of rows) tellRow(files, { one, ids, table, row });
  tellTeams(files, one, ids);
  tellRates(files, one, ids);
  tellStages(files, one, ids);
  tellHistories(files, one, ids);
  return files;
}

interface Telling {
  readonly one: FormCase;
  readonly ids: Ids;
  readonly table: TableName;
  readonly row: CaseRow;
}

function tellRow(files: Files, { one, ids, table, row }: Telling): void {
  const teller = tellers[table];
  const isOwn = ownTables(one.rows, places).includes(table);
  if (!teller && !isOwn) return;
  const object = isOwn ? objectOf(table) : (objects[table] ?? objectFor(table, row));
  const id = String(row.id);
  const survivor = one.merged[table]?.[id];
  const created = createdOf(row);
  const own = ownColumns(one.rows, table, places).map((column) => [
    fieldOf(column),
    ownValue({ table, column, row }, ids.link),
  ]);
  const dimensions = (one.rows.dimension ?? [])
    .filter((each) => each.object === table && each.record_id === row.id)
    .map((each) => [fieldOf(String(each.name)), each.value]);
  add(files, object, {
    Id: ids.idOf(table, id),
    CreatedDate: created,
    LastModifiedDate: instantText(row.updated_at) ?? created,
    IsDeleted: survivor !== undefined || (one.deleted[table]?.includes(id) ?? false),
    ...(survivor !== undefined && { MasterRecordId: ids.idOf(table, survivor) }),
    ...(row.currency && currenciesOf(one).length > 1 && { CurrencyIsoCode: row.currency }),
    ...Object.fromEntries([...own, ...dimensions]),
    ...teller?.(row, { one, link: ids.link }),
  });
}

function objectFor(table: TableName, row: CaseRow): string {
  if (table === 'actor') return row.kind === 'queue' ? 'Group' : 'User';
  return row.kind === 'meeting' ? 'Event' : 'Task';
}

/** Roles that a case names only by who has them. */
function tellTeams(files: Files, one: FormCase, ids: Ids): void {
  const known = new Set(one.rows.team?.map(({ id }) => id));
  const named = one.memberships.flatMap(({ teams }) => teams.map(({ teamId }) => teamId));
  for (const id of new Set(named)) {
    if (!known.has(id)) add(files, 'UserRole', { Id: ids.idOf('team', id), Name: id });
  }
}

/** ConversionRate is units of the foreign currency for one of the corporate one. */
function tellRates(files: Files, one: FormCase, ids: Ids): void {
  for (const row of one.rows.fx_rate ?? [])
    add(files, 'DatedConversionRate', {
      Id: ids.idOf('fx_rate', String(row.id)),
      IsoCode: row.currency,
      StartDate: row.day,
      ConversionRate: 1 / Number(row.rate_to_base),
    });
  const codes = currenciesOf(one);
  if (codes.length < 2) return;
  files.CurrencyType = codes.map((IsoCode, index) => ({
    Id: toId18(`01L${String(index).padStart(12, '0')}`),
    IsoCode,
    IsActive: true,
    IsCorporate: index === 0,
    // Without a rate in the case there is none here either.
    ConversionRate: index === 0 ? 1 : null,
  }));
}

/** Stages belong to the whole organisation, whatever the record type. */
function tellStages(files: Files, one: FormCase, ids: Ids): void {
  const stages = one.rows.stage ?? [];
  const pipelines = new Set(stages.map(({ object, pipeline }) => `${object} ${pipeline}`));
  const objectsOfStages = new Set(stages.map(({ object }) => object));
  if (pipelines.size > objectsOfStages.size) throw new Untellable('all pipelines have the same stages');
  for (const row of stages)
    add(files, row.object === 'ticket' ? 'CaseStatus' : 'OpportunityStage', {
      Id: ids.idOf('stage', String(row.id)),
      MasterLabel: row.label ?? row.key,
      ApiName: row.key,
      IsActive: true,
      SortOrder: row.position ?? null,
      IsClosed: row.is_closed === 1,
      ...(row.object === 'deal' && {
        IsWon: row.is_won === 1,
        DefaultProbability: typeof row.probability === 'number' ? row.probability * 100 : null,
      }),
    });
}
