import { dayMs, daysFrom, plusDays, type Span } from './oracle-clock.ts';
import {
  costDays,
  endOfDay,
  euros,
  heldAt,
  type Item,
  isOn,
  lives,
  type Oracle,
  within,
} from './oracle-count.ts';
import { customerSpans } from './oracle-customers.ts';
import { lastOf } from './oracle-rows.ts';
import { closings } from './oracle-sales.ts';
import { openStages, people, type Send, type World } from './oracle-world.ts';

/** A share of counters of the mailings of a period, once they are three days old. */
function mailRate(
  world: World,
  share: (send: Send) => readonly [num: number | null, den: number | null],
): Oracle {
  return {
    form: 'ratio',
    itemsIn: (span) =>
      lives(world.sends)
        .filter(({ sentAt }) => within(sentAt, span) && sentAt + 3 * dayMs <= world.asOf)
        .map((send): Item => {
          const [num, den] = share(send);
          return { at: send.sentAt, owner: send.owner, in: { campaign: send.campaign }, num, den };
        }),
  };
}

const less = (a: number | null, b: number | null) => (a === null || b === null ? null : a - b);

export function marketingOracles(world: World): Readonly<Record<string, Oracle>> {
  return {
    email_open_rate: mailRate(world, ({ opens, delivered }) => [opens, delivered]),
    email_open_rate_adj: mailRate(world, ({ opens, unreliable, delivered }) => [
      less(opens, unreliable),
      less(delivered, unreliable),
    ]),
    email_click_rate: mailRate(world, ({ clickers, delivered }) => [clickers, delivered]),
    email_cto_rate: mailRate(world, ({ clickers, opens }) => [clickers, opens]),
    email_bounce_rate: mailRate(world, ({ bounced, sent }) => [bounced, sent]),
    email_unsub_rate: mailRate(world, ({ unsubscribed, delivered }) => [unsubscribed, delivered]),
    campaign_roi: { form: 'ratio', itemsIn: (span) => campaignReturns(world, span) },
    campaign_setup_rate: {
      form: 'ratio',
      itemsIn: (span) =>
        world.campaigns
          .filter(({ startsOn }) => startsOn >= plusDays(span.untilOn, -90) && startsOn < span.untilOn)
          .map(({ owner, cost, id }) => ({
            at: span.untilAt - 1,
            owner,
            num: cost !== null && (joinedOn[id] ?? '9999') < span.untilOn ? 1 : 0,
            den: 1,
          })),
    },
    cost_per_lead: { form: 'ratio', itemsIn: (span) => leadCosts(world, span) },
    cac: {
      form: 'ratio',
      withheld: lacksCosts,
      itemsIn: (span) => [
        ...listCosts(world, span).map((num): Item => ({ at: 0, num, den: 0 })),
        ...customerSpans(world)
          .filter(({ number, from }) => number === 1 && isOn(from, span))
          .map((): Item => ({ at: 0, num: 0, den: 1 })),
      ],
    },
    sales_efficiency: {
      form: 'ratio',
      withheld: lacksCosts,
      itemsIn: (span) => [
        ...listCosts(world, span).map((den): Item => ({ at: 0, num: 0, den })),
        ...closings(world, ['won'], span)
          .filter(({ deal }) => deal.type !== 'renewal')
          .map(({ amount, own: { at, owner } }): Item => ({ at, owner, num: amount, den: 0 })),
      ],
    },
    training_coverage: { form: 'ratio', itemsIn: (span) => trainedPeople(world, span) },
    active_user_rate: {
      form: 'ratio',
      itemsIn: (span) =>
        people.map((owner) => {
          const deals = lives(world.deals).filter(({ owners }) => owners[0]?.value === owner);
          const done = lives(world.activities).filter((own) => own.owner === owner && !own.automated);
          const wrote = [...deals, ...done].some(({ createdAt }) => within(createdAt, span));
          return { at: span.untilAt - 1, owner, num: wrote ? 1 : 0, den: 1 };
        }),
    },
    next_step_rate: { form: 'ratio', itemsIn: (span) => nextSteps(world, span) },
  };
}

/** The day on which the first member came. */
const joinedOn: Readonly<Record<string, string>> = { C1: '2024-01-02', C2: '2025-12-24' };

/** Campaigns with a cost that ended in the period, and what was won in deals that name them. */
function campaignReturns(world: World, span: Span): readonly Item[] {
  return world.campaigns
    .filter(({ cost, endsOn }) => cost !== null && isOn(endsOn, span))
    .flatMap((campaign): Item[] => {
      const own = {
        at: endOfDay(campaign.endsOn, world),
        owner: campaign.owner,
        in: { campaign: campaign.id },
      };
      const cost = euros(campaign.cost, campaign.currency, campaign.endsOn);
      const deals = lives(world.deals).filter(
        (deal) => deal.campaign === campaign.id && lastOf(deal.stages) === 'won',
      );
      return [
        { ...own, num: cost === null ? null : -cost, den: cost },
        ...deals.map(({ amounts, currency, closedOn }) => ({
          ...own,
          num: euros(lastOf(amounts), currency, closedOn ?? ''),
          den: 0,
        })),
      ];
    });
}

/** Spread over the days of the campaign; leads of a campaign whose cost nobody knows are missing. */
function leadCosts(world: World, span: Span): readonly Item[] {
  const known = world.campaigns.filter(({ cost }) => cost !== null);
  const costs = known.flatMap(({ id, startsOn, endsOn, cost, currency }) =>
    costDays(startsOn, endsOn, cost ?? 0)
      .filter(({ day }) => isOn(day, span))
      .map(
        ({ day, amount }): Item => ({
          at: 0,
          num: euros(amount, currency, day),
          den: 0,
          in: { campaign: id },
        }),
      ),
  );
  const leads = lives(world.leads)
    .filter(({ createdAt, campaign }) => campaign !== null && within(createdAt, span))
    .map(({ campaign }): Item => {
      const isKnown = known.some(({ id }) => id === campaign);
      return { at: 0, num: isKnown ? 0 : null, den: 1, in: { campaign } };
    });
  return [...costs, ...leads];
}

/** Sales and marketing costs by day: of entries, and of campaigns. */
function listCosts(world: World, span: Span): readonly (number | null)[] {
  const entered = world.entries
    .filter(({ kind }) => kind === 'cost')
    .map(({ fromOn, toOn, amount }) => ({ fromOn, toOn, amount: amount ?? 0, currency: 'EUR' }));
  const spent = world.campaigns
    .filter(({ cost }) => cost !== null)
    .map(({ startsOn, endsOn, cost, currency }) => ({
      fromOn: startsOn,
      toOn: endsOn,
      amount: cost ?? 0,
      currency,
    }));
  return [...entered, ...spent].flatMap(({ fromOn, toOn, amount, currency }) =>
    costDays(fromOn, toOn, amount)
      .filter(({ day }) => isOn(day, span))
      .map((part) => euros(part.amount, currency, part.day)),
  );
}

/** Only in August 2025 there is a time in which nothing but a campaign cost anything: all its days have a cost. */
function lacksCosts({ startOn, untilOn }: Span): boolean {
  const covered = (day: string) => day >= '2024-02-01' && day < '2026-05-01';
  return Array.from({ length: daysFrom(startOn, untilOn) }, (_, i) => plusDays(startOn, i)).some(
    (day) => !covered(day),
  );
}

function trainedPeople(world: World, { untilOn, untilAt }: Span): readonly Item[] {
  return people.map((owner) => {
    const trained = world.entries.some(
      ({ kind, actor, fromOn }) =>
        kind === 'training' && actor === owner && fromOn >= plusDays(untilOn, -180) && fromOn < untilOn,
    );
    return { at: untilAt - 1, owner, num: trained ? 1 : 0, den: 1 };
  });
}

/** A text of the next step counts for a month. */
function nextSteps(world: World, { untilAt, untilOn }: Span): readonly Item[] {
  const lastDay = plusDays(untilOn, -1);
  return lives(world.deals)
    .filter(({ stages }) => openStages.some((open) => open === heldAt(stages, untilAt - 1)))
    .map((deal) => {
      const isPlanned = lives(world.activities).some(
        ({ deal: id, createdAt, status, doneAt, startsAt, dueOn }) =>
          id === deal.id &&
          createdAt < untilAt &&
          status !== 'cancelled' &&
          (doneAt === null || doneAt >= untilAt) &&
          ((startsAt ?? 0) >= untilAt || (dueOn ?? '') >= lastDay),
      );
      const isFresh = deal.nextStep === 'call' && untilAt - deal.createdAt <= 30 * dayMs;
      const at = untilAt - 1;
      return {
        at,
        owner: heldAt(deal.owners, at),
        in: { pipeline: 'north' },
        num: isPlanned || isFresh ? 1 : 0,
        den: 1,
      };
    });
}
