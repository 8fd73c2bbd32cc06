import { createDraw, type Draw } from './random-company.ts';

/** A company as plain lists, with what became of each record; the rows that a CRM would give of it are made elsewhere. */

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/** Half past noon in Madrid, in an open month: nothing is drawn from after it. */
export const lastInstant = Date.parse('2026-04-20T10:30:00Z');
const first = Date.parse('2024-02-01T00:00:00Z');

/** What held from an instant on. */
export interface Step<T> {
  readonly at: number;
  readonly value: T;
}

export interface Living {
  readonly id: string;
  readonly gone: 'deleted' | 'merged' | 'test' | null;
}

export interface Deal extends Living {
  readonly createdAt: number;
  readonly stages: readonly Step<string>[];
  readonly owners: readonly Step<string | null>[];
  readonly amounts: readonly Step<number | null>[];
  readonly dues: readonly Step<string>[];
  readonly currency: string;
  readonly cost: number | null;
  /** As the CRM has it; null while open. */
  readonly closedOn: string | null;
  readonly account: string | null;
  readonly type: string | null;
  readonly source: string | null;
  readonly campaign: string | null;
  readonly nextStep: string | null;
}

export interface Ticket extends Living {
  readonly createdAt: number;
  /** open, waiting or closed */
  readonly statuses: readonly Step<string>[];
  readonly owners: readonly Step<string | null>[];
  readonly priority: string | null;
  readonly category: string | null;
  readonly channel: string | null;
  readonly account: string | null;
  readonly dueAt: number | null;
  readonly repliedAt: number | null;
  readonly replies: number | null;
  readonly articles: number | null;
}

export interface Lead extends Living {
  readonly createdAt: number;
  readonly owner: string | null;
  readonly source: string | null;
  readonly campaign: string | null;
  readonly convertedOn: string | null;
  readonly closedAt: number | null;
}

export interface Activity extends Living {
  readonly createdAt: number;
  readonly kind: string;
  readonly owner: string | null;
  readonly deal: string | null;
  readonly person: string | null;
  readonly startsAt: number | null;
  readonly dueOn: string | null;
  readonly doneAt: number | null;
  readonly status: string;
  readonly direction: string | null;
  readonly automated: 0 | 1;
}

export interface Send extends Living {
  readonly sentAt: number;
  readonly owner: string;
  readonly campaign: string | null;
  readonly sent: number;
  readonly delivered: number | null;
  readonly opens: number | null;
  readonly unreliable: number | null;
  readonly clickers: number;
  readonly bounced: number;
  readonly unsubscribed: number;
}

export interface Answer extends Living {
  readonly audience: 'customer' | 'user';
  readonly kind: 'csat' | 'nps';
  readonly ticket: string | null;
  readonly account: string | null;
  readonly owner: string | null;
  readonly channel: string | null;
  readonly sentAt: number | null;
  readonly answeredAt: number | null;
  readonly score: number | null;
  readonly scale: readonly [number, number];
}

export interface Campaign extends Living {
  readonly startsOn: string;
  readonly endsOn: string;
  readonly cost: number | null;
  readonly currency: string;
  readonly owner: string;
}

export interface Entry extends Living {
  readonly kind: 'cost' | 'quota' | 'training';
  readonly fromOn: string;
  readonly toOn: string;
  readonly amount: number | null;
  readonly purpose: string | null;
  readonly actor: string | null;
}

export interface World {
  /** The first instant that no longer counts. */
  readonly asOf: number;
  readonly deals: readonly Deal[];
  readonly tickets: readonly Ticket[];
  readonly leads: readonly Lead[];
  readonly activities: readonly Activity[];
  readonly sends: readonly Send[];
  readonly answers: readonly Answer[];
  readonly campaigns: readonly Campaign[];
  readonly entries: readonly Entry[];
}

export const people = ['U1', 'U2', 'U3', 'U4'] as const;
/** U2 changes teams in November, U4 has none. T2 lies below T1. */
export const memberships: Readonly<Record<string, readonly Step<string>[]>> = {
  U1: [{ at: 0, value: 'T1' }],
  U2: [
    { at: 0, value: 'T2' },
    { at: Date.parse('2025-11-12T09:00:00Z'), value: 'T3' },
  ],
  U3: [{ at: 0, value: 'T2' }],
};
export const parents: Readonly<Record<string, string | null>> = { T1: null, T2: 'T1', T3: null };
export const accounts: Readonly<Record<string, string | null>> = {
  A0: 'gold',
  A1: 'gold',
  A2: 'silver',
  A3: null,
  A4: 'silver',
  A5: 'gold',
  A6: 'bronze',
  A7: 'bronze',
};
/** First day, last day (null: open-ended). Who has contracts is a customer while they run. */
export const contracts = [
  { account: 'A6', from: '2024-03-01', to: '2025-05-31' },
  { account: 'A6', from: '2025-06-20', to: '2025-12-31' },
  { account: 'A7', from: '2025-02-10', to: null },
] as const;
export const rates = [
  { currency: 'USD', day: '2020-01-01', rate: 0.9173 },
  { currency: 'USD', day: '2025-10-01', rate: 0.8842 },
  { currency: 'USD', day: '2026-03-10', rate: 0.9011 },
  { currency: 'JPY', day: '2020-01-01', rate: 0.00613 },
] as const;
export const openStages = ['s1', 's2', 's3'] as const;
export const probabilities: Readonly<Record<string, number>> = { s1: 0.1, s2: 0.4, s3: 0.7, won: 1, lost: 0 };

/** Local midnights of Madrid around which much happens: month ends and both clock changes. */
const busy = [
  '2025-03-29T23:00:00Z',
  '2025-09-30T22:00:00Z',
  '2025-10-25T22:00:00Z',
  '2025-10-26T01:00:00Z',
  '2025-12-31T23:00:00Z',
  '2026-02-28T23:00:00Z',
  '2026-03-29T00:00:00Z',
  '2026-03-31T22:00:00Z',
].map((text) => Date.parse(text));

interface Hand {
  readonly draw: Draw;
  pick<T>(values: readonly T[]): T;
  chance(share: number): boolean;
  /** Before as_of, on whole minutes. */
  instant(from?: number): number;
  gone(): Living['gone'];
}

function createHand(seed: number): Hand {
  const draw = createDraw(seed);
  const minute = (at: number) => at - (at % 60_000);
  const pick = <T>(values: readonly T[]): T => {
    const value = values[Math.floor(draw() * values.length)];
    if (value === undefined) throw new RangeError('nothing to pick');
    return value;
  };
  return {
    draw,
    pick,
    chance: (share) => draw() < share,
    gone: () => (draw() < 0.06 ? pick(['deleted', 'merged', 'test']) : null),
    instant(from = first) {
      const near = busy.filter((at) => at > from);
      if (near.length > 0 && draw() < 0.25)
        return minute(pick(near) + Math.floor((draw() - 0.5) * 3 * hourMs));
      return minute(from + Math.floor(draw() * draw() * (lastInstant - from)));
    },
  };
}

const dayOf = (at: number) => new Date(at).toISOString().slice(0, 10);

/** Some steps after the first one, each later than the one before, none at as_of or after. */
function drawSteps<T>(hand: Hand, start: number, values: readonly T[], pauseDays: number): Step<T>[] {
  const steps: Step<T>[] = [];
  let at = start;
  for (const value of values) {
    if (at >= lastInstant) break;
    steps.push({ at, value });
    at += 60_000 * (1 + Math.floor(hand.draw() * pauseDays * 24 * 60));
  }
  return steps;
}

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

const campaigns: readonly Campaign[] = [
  {
    id: 'C1',
    gone: null,
    startsOn: '2025-01-15',
    endsOn: '2025-10-31',
    cost: 1_234_567,
    currency: 'EUR',
    owner: 'U1',
  },
  {
    id: 'C2',
    gone: null,
    startsOn: '2025-11-01',
    endsOn: '2026-02-28',
    cost: 800_000,
    currency: 'USD',
    owner: 'U2',
  },
  {
    id: 'C3',
    gone: null,
    startsOn: '2025-06-01',
    endsOn: '2026-01-10',
    cost: null,
    currency: 'EUR',
    owner: 'U3',
  },
];

/** Sales costs of every month but August 2025, quotas of two people by month and quarter, trainings. */
function listEntries(): readonly Entry[] {
  const entries: Entry[] = [];
  const lastDay = (year: number, month: number) =>
    new Date(Date.UTC(year, month, 0)).toISOString().slice(0, 10);
  const add = (entry: Omit<Entry, 'gone' | 'id'>) =>
    entries.push({ id: `x${entries.length}`, gone: null, ...entry });
  for (let at = 0; at < 27; at++) {
    const [year, month] = [2024 + Math.floor((at + 1) / 12), ((at + 1) % 12) + 1];
    const fromOn = `${year}-${String(month).padStart(2, '0')}-01`;
    const toOn = lastDay(year, month);
    const span = { fromOn, toOn };
    if (fromOn !== '2025-08-01')
      add({ kind: 'cost', ...span, amount: 100_001 + at, purpose: 'sales', actor: null });
    add({ kind: 'quota', ...span, amount: 5_000_000, purpose: null, actor: 'U1' });
    if (month % 3 === 1)
      add({
        kind: 'quota',
        fromOn,
        toOn: lastDay(year, month + 2),
        amount: 9_000_000,
        purpose: null,
        actor: 'U3',
      });
  }
  for (const [actor, day] of [
    ['U1', '2025-05-02'],
    ['U2', '2025-11-20'],
    ['U2', '2026-01-10'],
    ['U3', '2026-04-01'],
  ] as const)
    add({ kind: 'training', fromOn: day, toOn: day, amount: null, purpose: null, actor });
  return entries;
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
