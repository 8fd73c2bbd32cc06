import { localDay } from './oracle-clock.ts';
import { type Deal, type Living, probabilities, type Step, type Ticket, type World } from './oracle-world.ts';
import type { LooseRow, LooseRows } from './workspace.ts';

/** The world as a CRM would give it: present records, and a row for each change of a field. */

export const lastOf = <T>(steps: readonly Step<T>[]): T | null => steps.at(-1)?.value ?? null;

/** When a ticket was closed, and when it was opened again. */
export function turnsOf({ statuses }: Pick<Ticket, 'statuses'>) {
  const closed: number[] = [];
  const opened: number[] = [];
  for (const [place, { at, value }] of statuses.entries()) {
    const wasClosed = statuses[place - 1]?.value === 'closed';
    if (value === 'closed' && !wasClosed) closed.push(at);
    if (value !== 'closed' && wasClosed) opened.push(at);
  }
  return { closed, opened };
}

const common = ({ id, gone }: Living) => ({ id, is_test: gone === 'test' ? 1 : 0 });

function latest(...lists: readonly (readonly Step<unknown>[])[]): number {
  return Math.max(...lists.flat().map(({ at }) => at));
}

function dealRow(deal: Deal): LooseRow {
  const stage = lastOf(deal.stages) ?? 's1';
  return {
    ...common(deal),
    created_at: deal.createdAt,
    created_on: localDay(deal.createdAt),
    updated_at: latest(deal.stages, deal.owners, deal.amounts, deal.dues),
    outcome: stage === 'won' || stage === 'lost' ? stage : 'open',
    stage,
    pipeline: 'north',
    probability: probabilities[stage] ?? null,
    owner_id: lastOf(deal.owners),
    created_by_id: deal.owners[0]?.value ?? null,
    amount_minor: lastOf(deal.amounts),
    currency: deal.currency,
    cost_minor: deal.cost,
    expected_close_on: lastOf(deal.dues),
    closed_on: deal.closedOn,
    account_id: deal.account,
    type: deal.type,
    source: deal.source,
    campaign_id: deal.campaign,
    next_step: deal.nextStep,
  };
}

function ticketRow(ticket: Ticket): LooseRow {
  const { closed, opened } = turnsOf(ticket);
  const isClosed = lastOf(ticket.statuses) === 'closed';
  return {
    ...common(ticket),
    created_at: ticket.createdAt,
    updated_at: latest(ticket.statuses, ticket.owners),
    status: lastOf(ticket.statuses),
    pipeline: 'desk',
    is_closed: isClosed ? 1 : 0,
    owner_id: lastOf(ticket.owners),
    priority: ticket.priority,
    category: ticket.category,
    channel: ticket.channel,
    account_id: ticket.account,
    due_at: ticket.dueAt,
    first_reply_at: ticket.repliedAt,
    reply_count: ticket.replies,
    article_count: ticket.articles,
    first_closed_at: closed[0] ?? null,
    last_closed_at: isClosed ? (closed.at(-1) ?? null) : null,
    reopened_at: opened.at(-1) ?? null,
  };
}

function changesOf(
  object: string,
  { id }: Living,
  fields: Readonly<Record<string, readonly Step<string | number | null>[]>>,
): LooseRow[] {
  return Object.entries(fields).flatMap(([field, steps]) =>
    steps.map(({ at, value }, place) => ({
      id: `${object}-${id}-${field}-${place}`,
      object,
      record_id: id,
      field,
      at,
      from_value: textOf(steps[place - 1]?.value),
      to_value: textOf(value),
      origin: 'history',
    })),
  );
}

const textOf = (value: string | number | null | undefined) =>
  value === null || value === undefined ? null : String(value);

const dealChanges = (deal: Deal) =>
  changesOf('deal', deal, {
    stage: deal.stages,
    probability: deal.stages.map(({ at, value }) => ({ at, value: probabilities[value] ?? 0 })),
    owner_id: deal.owners,
    amount_minor: deal.amounts,
    expected_close_on: deal.dues,
    next_step: [{ at: deal.createdAt, value: deal.nextStep }],
  });

const ticketChanges = (ticket: Ticket) =>
  changesOf('ticket', ticket, { status: ticket.statuses, owner_id: ticket.owners });

export function recordRows(world: World): LooseRows {
  const { deals, tickets, leads, activities, sends, answers, campaigns, entries } = world;
  return {
    deal: deals.map(dealRow),
    ticket: tickets.map(ticketRow),
    change: [...deals.flatMap(dealChanges), ...tickets.flatMap(ticketChanges)],
    lead: leads.map((lead) => ({
      ...common(lead),
      created_at: lead.createdAt,
      owner_id: lead.owner,
      source: lead.source,
      first_campaign_id: lead.campaign,
      converted_on: lead.convertedOn,
      closed_at: lead.closedAt,
    })),
    activity: activities.map((activity) => ({
      ...common(activity),
      created_at: activity.createdAt,
      created_by_id: activity.owner,
      kind: activity.kind,
      owner_id: activity.owner,
      deal_id: activity.deal,
      person_id: activity.person,
      starts_at: activity.startsAt,
      due_on: activity.dueOn,
      done_at: activity.doneAt,
      status: activity.status,
      direction: activity.direction,
      automated: activity.automated,
    })),
    email_stat: sends.map((send) => ({
      ...common(send),
      sent_at: send.sentAt,
      owner_id: send.owner,
      campaign_id: send.campaign,
      sent: send.sent,
      delivered: send.delivered,
      opens_unique: send.opens,
      opens_unreliable: send.unreliable,
      clickers_unique: send.clickers,
      bounced: send.bounced,
      unsubscribed: send.unsubscribed,
    })),
    survey_answer: answers.map((answer) => ({
      ...common(answer),
      audience: answer.audience,
      kind: answer.kind,
      ticket_id: answer.ticket,
      account_id: answer.account,
      owner_id: answer.owner,
      channel: answer.channel,
      sent_at: answer.sentAt,
      answered_at: answer.answeredAt,
      score: answer.score,
      scale_min: answer.scale[0],
      scale_max: answer.scale[1],
    })),
    campaign: campaigns.map((campaign) => ({
      id: campaign.id,
      name: campaign.id,
      created_at: Date.parse('2024-01-01T00:00:00Z'),
      starts_on: campaign.startsOn,
      ends_on: campaign.endsOn,
      cost_minor: campaign.cost,
      currency: campaign.currency,
      owner_id: campaign.owner,
    })),
    campaign_member: [
      { id: 'M1', campaign_id: 'C1', person_id: 'l1', created_at: Date.parse('2024-01-02T00:00:00Z') },
      { id: 'M2', campaign_id: 'C2', person_id: 'l2', created_at: Date.parse('2025-12-24T00:00:00Z') },
    ],
    entry: entries.map((entry) => ({
      id: entry.id,
      kind: entry.kind,
      from_on: entry.fromOn,
      to_on: entry.toOn,
      day: entry.fromOn,
      amount_minor: entry.amount,
      currency: 'EUR',
      purpose: entry.purpose,
      actor_id: entry.actor,
    })),
  };
}
