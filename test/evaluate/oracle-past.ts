import { localDay } from './oracle-clock.ts';
import { lastOf } from './oracle-rows.ts';
import type { Activity, Answer, Deal, Lead, Step, Ticket, World } from './oracle-world.ts';

/** The world as it stood at an earlier instant: what came at it or later has not happened. */
export function worldAt(world: World, asOf: number): World {
  const before = <T>(steps: readonly Step<T>[]) => steps.filter(({ at }) => at < asOf);
  const known = <T extends { readonly createdAt: number }>(records: readonly T[]) =>
    records.filter(({ createdAt }) => createdAt < asOf);
  const already = (at: number | null) => (at !== null && at < asOf ? at : null);

  function dealThen(deal: Deal): Deal {
    const stages = before(deal.stages);
    const stage = lastOf(stages);
    const isClosed = stage === 'won' || stage === 'lost';
    const closingAt = stages.at(-1)?.at ?? 0;
    const closedOn = stages.length === deal.stages.length ? deal.closedOn : localDay(closingAt);
    return {
      ...deal,
      stages,
      owners: before(deal.owners),
      amounts: before(deal.amounts),
      dues: before(deal.dues),
      closedOn: isClosed ? closedOn : null,
    };
  }

  const ticketThen = (ticket: Ticket): Ticket => ({
    ...ticket,
    statuses: before(ticket.statuses),
    owners: before(ticket.owners),
    repliedAt: already(ticket.repliedAt),
  });
  const leadThen = (lead: Lead): Lead => {
    const hasConverted = lead.convertedOn !== null && lead.convertedOn <= localDay(asOf - 1);
    return { ...lead, convertedOn: hasConverted ? lead.convertedOn : null, closedAt: already(lead.closedAt) };
  };
  const activityThen = (activity: Activity): Activity =>
    activity.doneAt === null || activity.doneAt < asOf
      ? activity
      : { ...activity, doneAt: null, status: 'open' };
  const answerThen = (answer: Answer): Answer =>
    answer.answeredAt === null || answer.answeredAt < asOf
      ? answer
      : { ...answer, answeredAt: null, score: null };

  return {
    ...world,
    asOf,
    deals: known(world.deals).map(dealThen),
    tickets: known(world.tickets).map(ticketThen),
    leads: known(world.leads).map(leadThen),
    activities: known(world.activities).map(activityThen),
    answers: world.answers.map(answerThen),
  };
}
