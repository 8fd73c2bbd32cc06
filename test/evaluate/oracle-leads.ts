import { dayMs, daysFrom, hourMs, localDay, type Span } from './oracle-clock.ts';
import { type Item, lives, type Oracle, within } from './oracle-count.ts';
import type { World } from './oracle-world.ts';

export function leadOracles(world: World): Readonly<Record<string, Oracle>> {
  return {
    new_leads: {
      form: 'sum',
      itemsIn: (span) => leadsIn(world, span).map(({ own }): Item => ({ ...own, num: 1 })),
    },
    lead_conversion_rate: {
      form: 'ratio',
      itemsIn: (span) =>
        leadsIn(world, span)
          .filter(({ lead }) => lead.createdAt + 30 * dayMs <= world.asOf)
          .map(({ lead, own }): Item => {
            const days =
              lead.convertedOn === null ? null : daysFrom(localDay(lead.createdAt), lead.convertedOn);
            return { ...own, num: days !== null && days <= 30 ? 1 : 0, den: 1 };
          }),
    },
    lead_response_hours: { form: 'survival', itemsIn: (span) => leadResponses(world, span) },
    activities_completed: { form: 'sum', itemsIn: (span) => activitiesDone(world, span) },
  };
}

function leadsIn(world: World, span: Span) {
  return lives(world.leads)
    .filter(({ createdAt }) => within(createdAt, span))
    .map((lead) => {
      const { source, campaign } = lead;
      return { lead, own: { at: lead.createdAt, owner: lead.owner, in: { source, campaign } } };
    });
}

function leadResponses(world: World, span: Span): readonly Item[] {
  return leadsIn(world, span).map(({ lead, own }): Item => {
    const [first] = lives(world.activities)
      .filter(
        ({ person, kind, status, automated, direction }) =>
          person === lead.id && kind !== 'task' && status === 'done' && !automated && direction !== 'inbound',
      )
      .map(({ doneAt, kind }) => ({ at: doneAt ?? 0, kind }))
      .filter(({ at }) => at >= lead.createdAt && at < world.asOf)
      .sort((a, b) => a.at - b.at || (a.kind < b.kind ? -1 : 1));
    const told = { ...own, in: { ...own.in, channel: first?.kind ?? null } };
    if (first) return { ...told, hours: (first.at - lead.createdAt) / hourMs };
    return { ...told, hours: ((lead.closedAt ?? world.asOf) - lead.createdAt) / hourMs, goesOn: true };
  });
}

function activitiesDone(world: World, span: Span): readonly Item[] {
  const deals = new Map(lives(world.deals).map((deal) => [deal.id, deal]));
  return lives(world.activities)
    .filter(
      ({ status, automated, kind, direction, doneAt }) =>
        status === 'done' &&
        !automated &&
        !(kind === 'email' && direction === 'inbound') &&
        within(doneAt, span),
    )
    .map(({ doneAt, owner, kind, deal }) => ({
      at: doneAt ?? 0,
      owner,
      num: 1,
      in: { channel: kind, pipeline: deal !== null && deals.has(deal) ? 'north' : null, category: null },
    }));
}
