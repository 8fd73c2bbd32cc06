import type { Membership } from '../../src/model/connector.ts';
import type { TableName } from '../../src/model/entities.ts';
import type { Draw } from './random-company.ts';
import type { LooseRow, LooseRows, Workspace } from './workspace.ts';

const dayMs = 86_400_000;
const hourMs = 3_600_000;

/** What one night's sync brings. */
export interface Night {
  readonly at: number;
  readonly rows: LooseRows;
  readonly gone: Readonly<Partial<Record<TableName, readonly string[]>>>;
  readonly merged: readonly (readonly [from: string, into: string])[];
  readonly memberships: readonly Omit<Membership, 'at'>[];
}

interface World {
  readonly draw: Draw;
  readonly until: number;
}

const memberships = [
  { actorId: 'U1', teams: [{ teamId: 'T1', primary: true }] },
  { actorId: 'U2', teams: [{ teamId: 'T2', primary: true }] },
];

const pauses = [0, hourMs, 3 * hourMs, dayMs, dayMs, dayMs, 9 * dayMs, 26 * dayMs, 70 * dayMs];

/** In Madrid in winter: 23:00 UTC. */
function midnightBefore(at: number, after: number): number {
  const midnight = at - ((at + hourMs) % dayMs);
  return midnight > after ? midnight : at;
}

/** A first night with everything, then nights that change some of it: recent and old, edited, closed, deleted, late. */
export function drawNights(draw: Draw, { first, count }: { first: number; count: number }): readonly Night[] {
  const nights: Night[] = [];
  for (let i = 0; i < count; i++) {
    // Sometimes twice within a night, sometimes at the very end of a day, sometimes into another month or quarter.
    const pause = pickOf({ draw, until: 0 }, pauses) ?? 0;
    const next = (nights.at(-1)?.at ?? first) + pause;
    const at =
      i === 0 ? first : pause > 0 && draw() < 0.2 ? midnightBefore(next, nights.at(-1)?.at ?? first) : next;
    nights.push(i === 0 ? firstNight({ draw, until: at }) : laterNight({ draw, until: at }));
  }
  return nights;
}

export async function live(workspace: Workspace, night: Night): Promise<void> {
  const syncedAt = new Date(night.at).toISOString();
  await workspace.save(night.rows, { syncedAt, memberships: night.memberships });
  for (const [table, ids] of Object.entries(night.gone))
    await workspace.remove(table as TableName, ids ?? []);
  for (const [from, into] of night.merged) await workspace.remove('account', [from], { into });
}

function firstNight(world: World): Night {
  const { until } = world;
  const many = <T>(count: number, make: (i: number) => T) => Array.from({ length: count }, (_, i) => make(i));
  const deals = many(45, (i) => drawDeal(world, `d${i}`));
  const tickets = many(35, (i) => drawTicket(world, `t${i}`));
  const rows: LooseRows = {
    actor: ['U1', 'U2', 'U3'].map((id) => ({
      id,
      name: id,
      email: `${id}@example.com`,
      kind: 'user',
      active: 1,
      licensed: 1,
      created_at: until - 900 * dayMs,
    })),
    team: [
      { id: 'T1', name: 'T1' },
      { id: 'T2', name: 'T2', parent_id: 'T1' },
    ],
    account: ['A1', 'A2', 'A3', 'A4'].map((id, i) => ({ id, name: id, category: i === 2 ? null : `c${i}` })),
    fx_rate: [
      { id: 'usd', currency: 'USD', day: '2020-01-01', rate_to_base: 0.9173 },
      { id: 'usd2', currency: 'USD', day: '2025-09-15', rate_to_base: 0.8842 },
    ],
    stage: stages.map(({ key, isClosed, isWon, object }, position) => ({
      id: `${object}${key}`,
      object,
      pipeline: 'north',
      key,
      label: key,
      position,
      is_closed: isClosed,
      is_won: isWon,
    })),
    campaign: ['C1', 'C2'].map((id, i) => ({
      id,
      name: id,
      kind: 'Email',
      owner_id: 'U1',
      starts_on: dayOf(until - 150 * dayMs),
      ends_on: dayOf(until - 60 * dayMs + i * 40 * dayMs),
      cost_minor: 500_000,
      currency: 'EUR',
      created_at: until - 160 * dayMs,
    })),
    campaign_member: [{ id: 'M1', campaign_id: 'C1', person_id: 'L1', sent_at: until - 100 * dayMs }],
    entry: [
      ...many(9, (i) => ({
        id: `cost${i}`,
        kind: 'cost',
        from_on: dayOf(until - i * 30 * dayMs),
        to_on: dayOf(until - i * 30 * dayMs + 29 * dayMs),
        amount_minor: 90_000,
        currency: 'EUR',
        purpose: 'sales',
      })),
      ...many(9, (i) => ({
        id: `quota${i}`,
        kind: 'quota',
        ...monthAround(until - i * 30 * dayMs),
        amount_minor: 900_000,
        currency: 'EUR',
        actor_id: 'U1',
      })),
      { id: 'training', kind: 'training', day: dayOf(until - 90 * dayMs), actor_id: 'U2' },
    ],
    deal: deals,
    ticket: tickets,
    lead: many(15, (i) => drawLead(world, `L${i}`)),
    activity: many(50, (i) => drawActivity(world, `a${i}`)),
    email_stat: many(6, (i) => drawSend(world, `e${i}`)),
    survey_answer: many(14, (i) => drawAnswer(world, `s${i}`)),
    change: [...deals, ...tickets].flatMap((row) => drawHistory(world, row)),
    dimension: [{ id: 'x1', object: 'ticket', record_id: 't1', name: 'complaint', value: 'yes' }],
  };
  return { at: until, rows, gone: {}, merged: [], memberships };
}

function laterNight(world: World): Night {
  const { draw, until } = world;
  const some = (prefix: string, known: number, make: (id: string) => LooseRow): LooseRow[] =>
    Array.from({ length: Math.floor(draw() * 4) }, () =>
      make(`${prefix}${Math.floor(draw() * known * 1.2)}`),
    );
  const deal = some('d', 45, (id) => drawDeal(world, id));
  const ticket = some('t', 35, (id) => drawTicket(world, id));
  const rare = (rows: LooseRows): LooseRows => (draw() < 0.15 ? rows : {});
  const rows: LooseRows = {
    deal,
    ticket,
    activity: some('a', 50, (id) => drawActivity(world, id)),
    lead: some('L', 15, (id) => drawLead(world, id)),
    survey_answer: some('s', 14, (id) => drawAnswer(world, id)),
    email_stat: draw() < 0.3 ? [drawSend(world, 'e2')] : [],
    change: [...deal, ...ticket].flatMap((row) => drawHistory(world, row)),
    ...rare({ account: [{ id: 'A2', name: 'A2', category: pickOf(world, ['c0', 'c9']) }] }),
    ...(draw() < 0.35 ? { fx_rate: [drawRate(world)] } : {}),
    ...rare({
      entry: [
        {
          id: 'late',
          kind: 'cost',
          day: dayOf(until - 40 * dayMs),
          amount_minor: 7,
          currency: 'EUR',
          purpose: 'sales',
        },
      ],
    }),
    ...rare({ actor: [{ id: 'U3', name: `U3 ${until}`, kind: 'user', active: 0, licensed: 1 }] }),
  };
  const lost = (prefix: string, known: number) =>
    draw() < 0.3 ? [`${prefix}${Math.floor(draw() * known)}`] : [];
  return {
    at: until,
    rows,
    gone: {
      deal: lost('d', 45),
      ticket: lost('t', 35),
      activity: lost('a', 50),
      lead: lost('L', 15),
      survey_answer: lost('s', 14),
    },
    merged: draw() < 0.1 ? [['A4', 'A1']] : [],
    memberships: draw() < 0.3 ? [drawMembership(world)] : [],
  };
}

/** Comes to a team for the first time, changes it, or is in none from then on. */
function drawMembership(world: World): Night['memberships'][number] {
  const team = pickOf(world, ['T1', 'T2', null]);
  const actorId = pickOf(world, ['U1', 'U2', 'U3']) ?? 'U1';
  return { actorId, teams: team === null ? [] : [{ teamId: team, primary: true }] };
}

const stages = [
  { object: 'deal', key: 'new', isClosed: 0, isWon: 0 },
  { object: 'deal', key: 'offer', isClosed: 0, isWon: 0 },
  { object: 'deal', key: 'won', isClosed: 1, isWon: 1 },
  { object: 'deal', key: 'lost', isClosed: 1, isWon: 0 },
  { object: 'ticket', key: 'fresh', isClosed: 0, isWon: null },
  { object: 'ticket', key: 'done', isClosed: 1, isWon: null },
];

function pickOf<T>({ draw }: World, values: readonly T[]): T | null {
  return values[Math.floor(draw() * values.length)] ?? null;
}

const dayOf = (at: number) => new Date(at).toISOString().slice(0, 10);

function monthAround(at: number): LooseRow {
  const date = new Date(at);
  const from = Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), 1);
  const to = Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0);
  return { from_on: dayOf(from), to_on: dayOf(to) };
}

/** In the last eight months, the newest weeks more often; seldom in the future, as people type it. */
function instantIn({ draw, until }: World): number {
  const back = draw() < 0.5 ? 30 : 240;
  return Math.floor((until - draw() * back * dayMs + (draw() < 0.05 ? 20 * dayMs : 0)) / 1000) * 1000;
}

function drawDeal(world: World, id: string): LooseRow {
  const { draw, until } = world;
  const createdAt = Math.min(instantIn(world), until - 1000);
  const closedAt = createdAt + Math.floor(draw() * 60) * dayMs;
  const outcome = pickOf(world, ['open', 'won', 'won', 'lost']) ?? 'open';
  return {
    id,
    created_at: createdAt,
    created_on: dayOf(createdAt),
    updated_at: until - 1000,
    outcome,
    pipeline: 'north',
    stage: outcome === 'open' ? pickOf(world, ['new', 'offer']) : outcome,
    closed_on: outcome === 'open' ? null : dayOf(closedAt),
    expected_close_on: dayOf(closedAt + 10 * dayMs),
    amount_minor: draw() < 0.1 ? null : Math.floor(draw() * 1_000_000),
    cost_minor: draw() < 0.3 ? null : Math.floor(draw() * 500_000),
    probability: pickOf(world, [0.2, 0.55]),
    currency: pickOf(world, ['EUR', 'EUR', 'USD']),
    owner_id: pickOf(world, ['U1', 'U2', 'U3', null]),
    created_by_id: pickOf(world, ['U1', 'U2']),
    account_id: pickOf(world, ['A1', 'A2', 'A3', 'A4', null]),
    campaign_id: pickOf(world, ['C1', 'C2', null]),
    type: pickOf(world, ['new', 'renewal', null]),
    source: pickOf(world, ['web', 'fair', null]),
    next_step: pickOf(world, ['call', '-', null]),
  };
}

function drawTicket(world: World, id: string): LooseRow {
  const { draw, until } = world;
  const createdAt = Math.min(instantIn(world), until - 1000);
  const closedAt = createdAt + Math.floor(draw() * 200) * hourMs;
  const isClosed = closedAt < until && draw() < 0.7;
  const reopened = isClosed && draw() < 0.2;
  return {
    id,
    created_at: createdAt,
    updated_at: until - 1000,
    is_closed: isClosed ? 1 : 0,
    pipeline: 'north',
    status: isClosed ? 'done' : 'fresh',
    first_closed_at: isClosed ? closedAt - hourMs : null,
    last_closed_at: isClosed ? closedAt : null,
    reopened_at: reopened ? closedAt - hourMs / 2 : null,
    first_reply_at: draw() < 0.6 ? createdAt + Math.floor(draw() * 40) * hourMs : null,
    due_at: createdAt + Math.floor(draw() * 9) * dayMs,
    reply_count: Math.floor(draw() * 3),
    article_count: pickOf(world, [0, 1, null]),
    owner_id: pickOf(world, ['U1', 'U2', 'U3', null]),
    account_id: pickOf(world, ['A1', 'A2', 'A3', null]),
    priority: pickOf(world, ['high', 'low', null]),
    category: pickOf(world, ['bill', 'complaint', 'other', null]),
    channel: pickOf(world, ['mail', 'phone']),
  };
}

function drawLead(world: World, id: string): LooseRow {
  const { draw } = world;
  const createdAt = instantIn(world);
  return {
    id,
    created_at: createdAt,
    owner_id: pickOf(world, ['U1', 'U2', null]),
    source: pickOf(world, ['web', null]),
    first_campaign_id: pickOf(world, ['C1', 'C2', null]),
    contact_id: pickOf(world, ['P1', 'P2', 'P3', null]),
    converted_on: draw() < 0.4 ? dayOf(createdAt + Math.floor(draw() * 50) * dayMs) : null,
  };
}

function drawActivity(world: World, id: string): LooseRow {
  const { draw } = world;
  const createdAt = instantIn(world);
  const done = draw() < 0.6;
  return {
    id,
    created_at: createdAt,
    kind: pickOf(world, ['task', 'task', 'call', 'meeting', 'email']),
    owner_id: pickOf(world, ['U1', 'U2', null]),
    created_by_id: pickOf(world, ['U1', 'U3', null]),
    deal_id: draw() < 0.6 ? `d${Math.floor(draw() * 45)}` : null,
    person_id: draw() < 0.3 ? `L${Math.floor(draw() * 15)}` : pickOf(world, ['P1', 'P2', null, null]),
    starts_at: draw() < 0.3 ? createdAt + Math.floor(draw() * 20) * dayMs : null,
    due_on: draw() < 0.6 ? dayOf(createdAt + Math.floor(draw() * 20) * dayMs) : null,
    done_at: done ? createdAt + Math.floor(draw() * 10) * dayMs : null,
    status: done ? 'done' : pickOf(world, ['open', 'cancelled']),
    direction: pickOf(world, ['inbound', 'outbound', null]),
    automated: pickOf(world, [0, 0, 1, null]),
  };
}

function drawSend(world: World, id: string): LooseRow {
  const opens = Math.floor(world.draw() * 90);
  return {
    id,
    sent_at: instantIn(world),
    campaign_id: pickOf(world, ['C1', 'C2']),
    owner_id: 'U1',
    sent: 110,
    delivered: 100,
    opens_unique: opens,
    opens_unreliable: Math.floor(opens / 3),
    clickers_unique: Math.floor(opens / 5),
    bounced: 10,
    unsubscribed: 1,
  };
}

function drawAnswer(world: World, id: string): LooseRow {
  const sentAt = instantIn(world);
  const nps = world.draw() < 0.4;
  return {
    id,
    kind: nps ? 'nps' : 'csat',
    audience: pickOf(world, ['customer', 'customer', 'user']),
    ticket_id: world.draw() < 0.6 ? `t${Math.floor(world.draw() * 9)}` : null,
    account_id: pickOf(world, ['A1', 'A2', null]),
    owner_id: pickOf(world, ['U1', 'U2', null]),
    sent_at: sentAt,
    answered_at: world.draw() < 0.7 ? sentAt + Math.floor(world.draw() * 20) * dayMs : null,
    score: Math.floor(world.draw() * (nps ? 11 : 6)),
    scale_min: 0,
    scale_max: nps ? 10 : 5,
  };
}

/** Of today, of another day, or an old one that was wrong. */
function drawRate({ draw, until }: World): LooseRow {
  const day = dayOf(until - Math.floor(draw() < 0.6 ? 0 : draw() * 120) * dayMs);
  return { id: draw() < 0.2 ? 'usd2' : `usd ${day}`, currency: 'USD', day, rate_to_base: 0.5 + draw() };
}

/** Moves between stages and owners, as the CRM's history tells them. */
function drawHistory(world: World, row: LooseRow): LooseRow[] {
  const { draw, until } = world;
  const object = String(row.id).startsWith('d') ? 'deal' : 'ticket';
  const [field, value, first] =
    object === 'deal' ? (['stage', row.stage, 'new'] as const) : (['status', row.status, 'fresh'] as const);
  const createdAt = Number(row.created_at);
  const movedAt = Math.floor(createdAt + draw() * (until - createdAt));
  const change = {
    object,
    record_id: row.id ?? null,
    origin: 'history',
    actor_id: pickOf(world, ['U1', null]),
  };
  const told: LooseRow[] = [];
  if (draw() < 0.7)
    told.push(
      { ...change, id: `${row.id}-0`, field, at: createdAt, from_value: null, to_value: first },
      { ...change, id: `${row.id}-1`, field, at: movedAt, from_value: first, to_value: value ?? null },
    );
  if (draw() < 0.3)
    told.push({
      ...change,
      id: `${row.id}-2`,
      field: 'owner_id',
      at: movedAt,
      from_value: pickOf(world, ['U1', 'U2']),
      to_value: row.owner_id ?? null,
    });
  return told;
}
