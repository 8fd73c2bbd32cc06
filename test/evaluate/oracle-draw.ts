import { campaigns, listEntries } from './oracle-costs.ts';
import { createHand, dayMs, dayOf, drawSteps, type Hand, hourMs } from './oracle-hand.ts';
import {
  type Activity,
  type Answer,
  accounts,
  type Deal,
  type Lead,
  lastInstant,
  people,
  type Send,
  type Ticket,
  type World,
} from './oracle-world.ts';

const stageWays = [
  ['s1'],
  ['s1', 's2'],
  ['s1', 's2', 's3', 'won'],
  ['s1', 's3', 'won'],
  ['s1', 's2', 'lost'],
  ['s1', 's2', 's1', 's2', 's3', 'won'],
  ['s2', 'lost', 's3', 'won'],
  ['s1', 'won', 's2'],
  ['s1', 'lost'],
  ['s2', 's3', 's2'],
  ['s1', 's2', 'won'],
];

function drawDeal(hand: Hand, i: number, localDay: (at: number) => string): Deal {
  const { pick, chance } = hand;
  const createdAt = hand.instant();
  const stages = drawSteps(hand, createdAt, pick(stageWays), pick([5, 40, 90]));
  const last = stages.at(-1);
  const isClosed = last?.value === 'won' || last?.value === 'lost';
  // Now and then typed days off the fact.
  const closedAt = isClosed && last ? last.at - (chance(0.15) ? pick([5, 40]) * dayMs : 0) : null;
  const owners = drawSteps(
    hand,
    createdAt,
    chance(0.3) ? [pick(people), pick(people)] : [pick([...people, null])],
    60,
  );
  const amount = () => (chance(0.1) ? null : (1 + Math.floor(hand.draw() * 900)) * 10_000);
  return {
    id: `d${i}`,
    gone: hand.gone(),
    createdAt,
    stages,
    owners: owners.filter(({ value }, place) => place === 0 || value !== owners[place - 1]?.value),
    amounts: drawSteps(hand, createdAt, chance(0.4) ? [amount(), amount()] : [amount()], 50),
    dues: drawSteps(
      hand,
      createdAt,
      Array.from({ length: pick([1, 1, 2, 3]) }, () =>
        dayOf(createdAt + Math.floor(hand.draw() * 150) * dayMs),
      ),
      50,
    ),
    currency: pick(['EUR', 'EUR', 'USD', 'JPY', 'GBP']),
    cost: chance(0.3) ? null : Math.floor(hand.draw() * 300) * 10_000,
    closedOn: closedAt === null ? null : localDay(closedAt),
    account: pick([...Object.keys(accounts), null]),
    type: pick(['new', 'expansion', 'renewal', null]),
    source: pick(['web', 'fair', null]),
    campaign: pick(['C1', 'C2', 'C3', null]),
    nextStep: pick(['call', '-', null, null]),
  };
}

const statusWays = [
  ['open'],
  ['open', 'waiting'],
  ['open', 'closed'],
  ['open', 'closed'],
  ['open', 'waiting', 'open', 'closed'],
  ['open', 'closed', 'open', 'closed'],
  ['open', 'closed', 'open'],
  ['open', 'closed', 'open', 'closed', 'open', 'closed'],
];

function drawTicket(hand: Hand, i: number): Ticket {
  const { pick, chance } = hand;
  const createdAt = hand.instant();
  const statuses = drawSteps(hand, createdAt, pick(statusWays), pick([1, 6, 20]));
  const owners = drawSteps(
    hand,
    createdAt,
    chance(0.5) ? ['Q1', pick(people), pick(people)] : [pick([...people, null])],
    pick([1, 8]),
  );
  const repliedAt = createdAt + 60_000 * Math.floor(hand.draw() * pick([600, 10_000]));
  return {
    id: `t${i}`,
    gone: hand.gone(),
    createdAt,
    statuses,
    owners: owners.filter(({ value }, place) => place === 0 || value !== owners[place - 1]?.value),
    priority: pick(['high', 'low', null]),
    category: pick(['bill', 'bug', 'complaint', 'Other', null]),
    channel: pick(['mail', 'phone', null]),
    account: pick([...Object.keys(accounts), null]),
    dueAt: chance(0.25) ? null : createdAt + pick([8, 24, 200, 2000]) * hourMs,
    repliedAt: chance(0.3) || repliedAt >= lastInstant ? null : repliedAt,
    replies: chance(0.1) ? null : Math.floor(hand.draw() * 3),
    articles: chance(0.1) ? null : Math.floor(hand.draw() * 2),
  };
}

function drawLead(hand: Hand, i: number, localDay: (at: number) => string): Lead {
  const createdAt = hand.instant();
  const closedAt = createdAt + 60_000 * Math.floor(hand.draw() * 60 * 24 * 60);
  const converted = hand.chance(0.4) && closedAt < lastInstant;
  return {
    id: `l${i}`,
    gone: hand.gone(),
    createdAt,
    owner: hand.pick([...people, null]),
    source: hand.pick(['web', 'fair', null]),
    campaign: hand.pick(['C1', 'C2', 'C3', null]),
    convertedOn: converted ? localDay(closedAt) : null,
    closedAt: (converted || hand.chance(0.3)) && closedAt < lastInstant ? closedAt : null,
  };
}

/** Something that was there by then. */
function earlier(
  hand: Hand,
  records: readonly { id: string; createdAt: number }[],
  at: number,
): string | null {
  const known = records.filter(({ createdAt }) => createdAt <= at);
  return known.length === 0 ? null : hand.pick(known).id;
}

interface Others {
  readonly leads: readonly Lead[];
  readonly deals: readonly Deal[];
}

function drawActivity(hand: Hand, i: number, { leads, deals }: Others): Activity {
  const { pick, chance } = hand;
  const createdAt = hand.instant();
  const kind = pick(['task', 'task', 'call', 'meeting', 'email']);
  const doneAt = createdAt + 60_000 * Math.floor(hand.draw() * 20 * 24 * 60);
  const status = doneAt < lastInstant ? pick(['done', 'done', 'open', 'cancelled']) : 'open';
  return {
    id: `a${i}`,
    gone: hand.gone(),
    createdAt,
    kind,
    owner: pick([...people, null]),
    deal: chance(0.7) ? earlier(hand, deals, createdAt) : null,
    person: chance(0.6) ? earlier(hand, leads, createdAt) : null,
    startsAt: kind === 'meeting' ? createdAt + pick([1, 20, 200]) * hourMs : null,
    dueOn: kind === 'task' && chance(0.8) ? dayOf(createdAt + Math.floor(hand.draw() * 60) * dayMs) : null,
    doneAt: status === 'done' ? doneAt : null,
    status,
    direction: kind === 'email' || kind === 'call' ? pick(['inbound', 'outbound']) : null,
    automated: chance(0.2) ? 1 : 0,
  };
}

function drawSend(hand: Hand, i: number): Send {
  const sent = 100 + Math.floor(hand.draw() * 900);
  const bounced = Math.floor(sent * 0.05 * hand.draw());
  const delivered = sent - bounced;
  const opens = Math.floor(delivered * hand.draw());
  const split = hand.chance(0.6);
  return {
    id: `e${i}`,
    gone: hand.gone(),
    sentAt: hand.chance(0.2) ? lastInstant - Math.floor(hand.draw() * 5 * dayMs) : hand.instant(),
    owner: hand.pick(people),
    campaign: hand.pick(['C1', 'C2', null]),
    sent,
    delivered: hand.chance(0.05) ? null : delivered,
    opens: hand.chance(0.05) ? null : opens,
    unreliable: split ? Math.floor(opens * hand.draw()) : null,
    clickers: Math.floor(opens * hand.draw()),
    bounced,
    unsubscribed: Math.floor(hand.draw() * 5),
  };
}

function drawAnswer(hand: Hand, i: number, tickets: readonly Ticket[]): Answer {
  const { pick, chance } = hand;
  const kind = pick(['csat', 'csat', 'nps'] as const);
  const scale =
    kind === 'nps' ? ([0, 10] as const) : pick([[1, 5] as const, [1, 7] as const, [0, 10] as const]);
  const sentAt = hand.instant();
  const answeredAt = sentAt + 60_000 * Math.floor(hand.draw() * 10 * 24 * 60);
  const isAnswered = chance(0.7) && answeredAt < lastInstant;
  return {
    id: `s${i}`,
    gone: hand.gone(),
    audience: chance(0.15) ? 'user' : 'customer',
    kind,
    ticket: chance(0.8) ? earlier(hand, tickets, sentAt) : null,
    account: pick([...Object.keys(accounts), null]),
    owner: pick([...people, null]),
    channel: pick(['mail', 'web', null]),
    sentAt: chance(0.9) ? sentAt : null,
    answeredAt: isAnswered ? answeredAt : null,
    score:
      !isAnswered || chance(0.05) ? null : scale[0] + Math.floor(hand.draw() * (scale[1] - scale[0] + 1)),
    scale,
  };
}

export function drawWorld(seed: number, localDay: (at: number) => string): World {
  const hand = createHand(seed);
  const many = <T>(count: number, make: (i: number) => T) => Array.from({ length: count }, (_, i) => make(i));
  const deals = many(220, (i) => drawDeal(hand, i, localDay));
  const tickets = many(200, (i) => drawTicket(hand, i));
  const leads = many(120, (i) => drawLead(hand, i, localDay));
  return {
    asOf: lastInstant,
    deals,
    tickets,
    leads,
    activities: many(350, (i) => drawActivity(hand, i, { leads, deals })),
    sends: many(40, (i) => drawSend(hand, i)),
    answers: many(160, (i) => drawAnswer(hand, i, tickets)),
    campaigns,
    entries: listEntries(),
  };
}
