import {
  baseCurrency,
  type CaseRow,
  type FormCase,
  instantText,
  type Link,
  major,
  Untellable,
} from './form.ts';
import { add, type Files, numberOf } from './hubspot-ids.ts';

/** What is no CRM record in HubSpot: owners with their teams, pipelines, campaigns, e-mails, rates. */
export function tellDirectory(files: Files, one: FormCase, link: Link): void {
  for (const row of one.rows.actor ?? []) {
    if (!one.deleted.actor?.includes(String(row.id))) add(files, 'owners', tellOwner(row, one));
  }
  tellPipelines(files, one);
  for (const row of one.rows.campaign ?? []) {
    if (!one.deleted.campaign?.includes(String(row.id))) add(files, 'campaigns', tellCampaign(row, link));
  }
  for (const row of one.rows.email_stat ?? []) {
    if (row.opens_unreliable === undefined) add(files, 'marketing_emails', tellEmail(row, one));
  }
  for (const row of one.rows.fx_rate ?? [])
    add(files, 'exchange_rates', {
      id: String(row.id),
      fromCurrencyCode: row.currency,
      toCurrencyCode: baseCurrency,
      conversionRate: row.rate_to_base,
      effectiveAt: `${row.day}T11:00:00.000Z`,
    });
}

function tellOwner(row: CaseRow, one: FormCase): object {
  if (row.kind === 'integration') throw new Untellable('owners are people and queues');
  const teams = one.memberships.find(({ actorId }) => actorId === row.id)?.teams ?? [];
  const nameOf = (id: string) => one.rows.team?.find((team) => team.id === id)?.name ?? id;
  return {
    id: String(numberOf(String(row.id))),
    email: row.email ?? `${row.id}@example.test`,
    firstName: row.name ?? String(row.id),
    lastName: '',
    type: row.kind === 'queue' ? 'QUEUE' : 'PERSON',
    userId: numberOf(String(row.id)),
    archived: row.active === 0,
    createdAt: instantText(row.created_at) ?? '2025-01-01T08:00:00.000Z',
    teams: teams.map(({ teamId, primary }) => ({
      id: String(numberOf(teamId)),
      name: nameOf(teamId),
      primary,
    })),
  };
}

function tellPipelines(files: Files, one: FormCase): void {
  for (const [object, rows] of Map.groupBy([...(one.rows.stage ?? []), ...standardStages(one)], (row) =>
    String(row.object),
  )) {
    const pipelines = Map.groupBy(rows, (row) => String(row.pipeline));
    for (const [id, stages] of pipelines)
      add(files, `pipelines_${object}s`, {
        id,
        label: id,
        stages: stages.map((row) => ({
          id: row.key,
          label: row.label ?? row.key,
          displayOrder: row.position ?? 0,
          metadata: metadataOf(object, row),
        })),
      });
  }
}

/** A deal's probability is that of its stage. */
export const stageFor = (probability: CaseRow[string] | undefined) =>
  typeof probability === 'number' ? `at_${probability * 100}` : 'appointmentscheduled';

function standardStages(one: FormCase): readonly CaseRow[] {
  const deals = (one.rows.deal ?? []).filter(({ outcome, stage }) => outcome === 'open' && !stage);
  const shares = [...new Set(deals.flatMap(({ probability }) => probability ?? []))];
  if (shares.length === 0) return [];
  const common = { object: 'deal', pipeline: 'default' };
  return [
    { ...common, key: 'appointmentscheduled', is_closed: 0, probability: 0.2 },
    ...shares.map((probability) => ({ ...common, key: stageFor(probability), is_closed: 0, probability })),
    { ...common, key: 'closedwon', is_closed: 1, is_won: 1 },
    { ...common, key: 'closedlost', is_closed: 1, is_won: 0 },
  ];
}

function metadataOf(object: string, row: CaseRow): object {
  const isClosed = row.is_closed === 1;
  if (object === 'ticket') return { ticketState: isClosed ? 'CLOSED' : 'OPEN', isClosed: String(isClosed) };
  const probability = isClosed ? (row.is_won === 1 ? 1 : 0) : (row.probability ?? 0.5);
  return { isClosed: String(isClosed), probability: String(probability) };
}

function tellCampaign(row: CaseRow, link: Link): object {
  return {
    id: String(numberOf(String(row.id))),
    createdAt: instantText(row.created_at) ?? '2025-01-01T08:00:00.000Z',
    properties: {
      hs_name: row.name ?? 'Campaign',
      hs_owner: link('actor', row.owner_id),
      hs_start_date: row.starts_on ?? null,
      hs_end_date: row.ends_on ?? null,
      hs_spend_items_sum_amount: major(row.cost_minor, row.currency ?? undefined),
      hs_budget_items_sum_amount: major(row.budget_minor, row.currency ?? undefined),
      hs_currency_code: row.currency ?? null,
    },
  };
}

const counters = {
  sent: 'sent',
  delivered: 'delivered',
  opens_unique: 'open',
  clickers_unique: 'click',
  bounced: 'bounce',
  unsubscribed: 'unsubscribed',
  spam: 'spamreport',
} as const;

function tellEmail(row: CaseRow, { deleted }: FormCase): object {
  const told = Object.entries(counters).flatMap(([column, name]) =>
    typeof row[column] === 'number' ? [[name, row[column]]] : [],
  );
  return {
    id: String(numberOf(String(row.id))),
    name: row.name ?? 'Mail',
    state: 'PUBLISHED',
    type: 'BATCH_EMAIL',
    publishDate: instantText(row.sent_at),
    campaign: row.campaign_id ? String(numberOf(String(row.campaign_id))) : null,
    archived: deleted.email_stat?.includes(String(row.id)) ?? false,
    stats: { counters: Object.fromEntries(told) },
  };
}
