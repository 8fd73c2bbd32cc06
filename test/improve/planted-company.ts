import { createRandom, type Random } from '../../src/sandbox/random.ts';
import type { LooseRow } from '../store/temp-store.ts';
import { ago, asOf, dateAgo, dayMs, type FindingsStore, hourMs, zone } from './findings-store.ts';

export const stageKeys = ['qualify', 'demo', 'offer', 'terms'] as const;

/** Two teams of a few people have bad luck; East does not log; the others work alike. */
const sellers: Readonly<Record<string, { readonly people: number; readonly weight: number }>> = {
  North: { people: 9, weight: 0.3 },
  South: { people: 8, weight: 0.25 },
  East: { people: 8, weight: 0.25 },
  West: { people: 6, weight: 0.14 },
  TinyOne: { people: 3, weight: 0.03 },
  TinyTwo: { people: 2, weight: 0.03 },
};
const agents: Readonly<Record<string, number>> = { DeskA: 8, DeskB: 7 };
const categories = [
  { name: 'billing', weight: 0.3, hasArticle: true },
  { name: 'access', weight: 0.25, hasArticle: true },
  { name: 'delivery', weight: 0.2, hasArticle: true },
  { name: 'invoicing', weight: 0.15, hasArticle: false },
  { name: 'hardware', weight: 0.08, hasArticle: true },
  // Too rare to deserve an article.
  { name: 'rare', weight: 0.02, hasArticle: false },
];

export interface Planted {
  /** Ids of the findings that must be there. */
  readonly problems: readonly string[];
  /** The only team that may be named. */
  readonly team: string;
}

interface Plan {
  readonly random: Random;
  readonly rows: Record<string, LooseRow[]>;
  readonly slowStage: string;
}

/** Fills a store with a company that has four problems, and small teams with bad luck that are none. */
export async function plantCompany(store: FindingsStore, seed: number): Promise<Planted> {
  const random = createRandom(seed);
  const plan: Plan = { random, rows: {}, slowStage: random.pick(stageKeys) };
  addStages(plan);
  for (let i = 0; i < 1800; i++) addDeal(plan, i);
  for (let i = 0; i < 1500; i++) addTicket(plan, i);
  addRoutine(plan);
  addRest(plan);
  await store.staff(rosters());
  await store.fill({
    actor: [
      { id: 'robot', kind: 'integration', name: 'robot', active: 1, licensed: 0, created_at: ago(900) },
      ...['queueA', 'queueB'].map((id) => ({
        id,
        kind: 'queue',
        name: id,
        active: 1,
        licensed: 0,
        created_at: ago(900),
      })),
    ],
  });
  await store.fill(plan.rows);
  return {
    problems: [
      `stage_bottleneck|pipeline:sales|${plan.slowStage}`,
      'no_next_step|company',
      'idle_users|company',
      'kb_gap|case_category:invoicing',
      'response_lag|owner:queueB|saturday',
    ],
    team: 'East',
  };
}

function rosters(): Record<string, string[]> {
  const list = (team: string, people: number) => Array.from({ length: people }, (_, i) => `${team}-${i}`);
  const sales = Object.entries(sellers).map(([team, { people }]) => [team, list(team, people)]);
  const service = Object.entries(agents).map(([team, people]) => [team, list(team, people)]);
  return Object.fromEntries([...sales, ...service]);
}

function put({ rows }: Plan, table: string, row: LooseRow): void {
  const list = rows[table] ?? [];
  rows[table] = list;
  list.push(row);
}

function addStages(plan: Plan): void {
  for (const [position, key] of [...stageKeys, 'won', 'lost'].entries()) {
    const closed = position >= stageKeys.length ? 1 : 0;
    const row = { object: 'deal', pipeline: 'sales', key, label: key, position };
    put(plan, 'stage', { id: key, ...row, is_closed: closed, is_won: key === 'won' ? 1 : 0 });
  }
  for (const [position, key] of ['new', 'closed'].entries()) {
    const row = { object: 'ticket', pipeline: 'desk', key, label: key, position };
    put(plan, 'stage', { id: `t-${key}`, ...row, is_closed: position, is_won: 0 });
  }
}

interface Course {
  readonly moves: readonly { readonly stage: string; readonly at: number }[];
  readonly outcome: 'open' | 'won' | 'lost';
  readonly endAt: number;
}

/** Days in each stage are much alike; in the slow one they have tripled in the window. */
function takeCourse({ random, slowStage }: Plan, createdAt: number): Course {
  const moves: { stage: string; at: number }[] = [];
  let at = createdAt;
  for (const stage of stageKeys) {
    moves.push({ stage, at });
    const slow = stage === slowStage && at >= ago(180);
    at += Math.round(random.logNormal(slow ? 18 : 6, 0.5) * dayMs);
    if (at >= asOf) return { moves, outcome: 'open', endAt: asOf };
    if (random.chance(0.12)) return { moves, outcome: 'lost', endAt: at };
  }
  return { moves, outcome: 'won', endAt: at };
}

function addDeal(plan: Plan, i: number): void {
  const { random } = plan;
  const [team, { people }] = random.pickWeighted(Object.entries(sellers), ([, { weight }]) => weight);
  const owner = `${team}-${random.int(0, people - 1)}`;
  const id = `d${i}`;
  const createdAt = Math.round(ago(random.between(1, 540)));
  const course = takeCourse(plan, createdAt);
  const writer = team === 'East' ? 'robot' : owner;
  const { outcome, endAt } = course;
  for (const { stage, at } of course.moves) addMove(plan, { id, at, stage, writer });
  if (outcome !== 'open') addMove(plan, { id, at: endAt, stage: outcome, writer });
  put(plan, 'deal', {
    id,
    name: id,
    account_id: `a${random.int(0, 99)}`,
    owner_id: owner,
    created_by_id: writer,
    pipeline: 'sales',
    stage: outcome === 'open' ? (course.moves.at(-1)?.stage ?? null) : outcome,
    type: 'new',
    source: random.pick(['web', 'fair', 'partner']),
    amount_minor: Math.round(random.logNormal(1_000_000, 0.6)),
    currency: 'EUR',
    outcome,
    lost_reason: outcome === 'lost' ? 'price' : null,
    expected_close_on: dateAgo(-random.int(5, 60)),
    closed_on: outcome === 'open' ? null : zone.dateOf(endAt),
    closed_at: outcome === 'open' ? null : endAt,
    created_at: createdAt,
    created_on: zone.dateOf(createdAt),
    updated_at: endAt,
  });
  const unlucky = team.startsWith('Tiny') && random.chance(0.4);
  if (team !== 'East' && !unlucky && endAt >= ago(200)) addWork(plan, { id, owner, createdAt, course });
}

interface Move {
  readonly id: string;
  readonly at: number;
  readonly stage: string;
  readonly writer: string;
}

function addMove(plan: Plan, { id, at, stage, writer }: Move): void {
  const row = { object: 'deal', record_id: id, field: 'stage', at, from_value: null, to_value: stage };
  put(plan, 'change', { id: `${id}-${at}`, ...row, actor_id: writer, origin: 'history' });
}

interface Work {
  readonly id: string;
  readonly owner: string;
  readonly createdAt: number;
  readonly course: Course;
}

/** A call every few days, and mostly something planned. */
function addWork(plan: Plan, { id, owner, createdAt, course }: Work): void {
  const { random } = plan;
  let at = createdAt;
  for (let n = 0; at < course.endAt; n++) {
    at += Math.round(random.between(2, 8) * dayMs);
    if (at >= course.endAt) break;
    if (at < ago(200)) continue;
    const done = {
      kind: 'call',
      subject: `About ${random.int(1, 9999)}`,
      status: 'done',
      direction: 'outbound',
    };
    const row = { ...done, owner_id: owner, created_by_id: owner, deal_id: id, automated: 0 };
    put(plan, 'activity', {
      id: `${id}-c${n}`,
      ...row,
      starts_at: at,
      done_at: at,
      created_at: at + hourMs,
      due_on: null,
    });
  }
  if (course.outcome !== 'open' || random.chance(0.25)) return;
  const overdue = random.chance(owner.startsWith('Tiny') ? 0.6 : 0.04);
  put(plan, 'activity', {
    ...{
      id: `${id}-p`,
      kind: 'task',
      subject: letters(random),
      status: 'open',
      direction: null,
      automated: 0,
    },
    ...{ owner_id: owner, created_by_id: owner, deal_id: id, starts_at: null, done_at: null },
    ...{ created_at: ago(3), due_on: dateAgo(overdue ? 4 : -random.int(1, 12)) },
  });
}

function letters(random: Random): string {
  return Array.from({ length: 8 }, () => String.fromCharCode(97 + random.int(0, 25))).join('');
}

function addTicket(plan: Plan, i: number): void {
  const { random } = plan;
  const id = `t${i}`;
  const desk = random.pick(['A', 'B']);
  const owner = `Desk${desk}-${random.int(0, (agents[`Desk${desk}`] ?? 1) - 1)}`;
  const category = random.pickWeighted(categories, ({ weight }) => weight);
  const day = zone.dateOf(ago(random.int(1, 400)));
  const createdAt = zone.startOf(day) + Math.round(random.between(8, 19) * hourMs);
  const isSaturday = new Date(`${day}T00:00:00Z`).getUTCDay() === 6;
  const slow = desk === 'B' && isSaturday;
  const reply = createdAt + Math.round((slow ? random.between(10, 50) : random.logNormal(1.5, 0.7)) * hourMs);
  const closed = reply + Math.round(random.logNormal(20, 0.8) * hourMs);
  const isClosed = closed < asOf;
  const told = (field: string, at: number, to: string, actor: string | null) =>
    put(plan, 'change', {
      ...{ id: `${id}-${field}-${at}`, object: 'ticket', record_id: id, field, at, origin: 'history' },
      ...{ from_value: field === 'owner_id' && actor ? `queue${desk}` : null, to_value: to, actor_id: actor },
    });
  told('owner_id', createdAt, `queue${desk}`, null);
  if (createdAt + hourMs / 2 < asOf) told('owner_id', createdAt + hourMs / 2, owner, owner);
  told('status', createdAt, 'new', null);
  if (isClosed) told('status', closed, 'closed', owner);
  put(plan, 'ticket', {
    ...{ id, name: id, account_id: `a${random.int(0, 99)}`, owner_id: owner, created_by_id: 'robot' },
    ...{ pipeline: 'desk', status: isClosed ? 'closed' : 'new', priority: 'normal', category: category.name },
    ...{ channel: random.pick(['mail', 'phone', 'web']), is_closed: isClosed ? 1 : 0 },
    ...{ first_reply_at: reply < asOf ? reply : null, first_closed_at: isClosed ? closed : null },
    ...{
      last_closed_at: isClosed ? closed : null,
      created_at: createdAt,
      updated_at: Math.min(closed, asOf - 1),
    },
    article_count: category.hasArticle && random.chance(0.4) ? 1 : 0,
  });
  if (isClosed && random.chance(0.7))
    put(plan, 'survey_answer', {
      id: `s${i}`,
      audience: 'customer',
      ticket_id: id,
      sent_at: closed,
      created_at: closed,
    });
}

/** Everybody but East, and but one person on leave, writes something every week. */
function addRoutine(plan: Plan): void {
  for (const [team, people] of Object.entries(rosters())) {
    for (const person of people) {
      if (team === 'East' || person === 'TinyOne-0') continue;
      for (let week = 0; week < 8; week++) {
        const at = Math.round(ago(7 * week + plan.random.between(0.1, 6.9)));
        const row = {
          kind: 'task',
          subject: letters(plan.random),
          status: 'done',
          done_at: at,
          created_at: at,
        };
        put(plan, 'activity', {
          ...{ id: `${person}-w${week}`, ...row, owner_id: person, created_by_id: person, automated: 0 },
          ...{ deal_id: null, starts_at: null, due_on: null, direction: null },
        });
      }
    }
  }
}

function addRest(plan: Plan): void {
  for (let i = 0; i < 100; i++) {
    const owner = { owner_id: 'North-0', created_at: ago(10 + 3 * i) };
    put(plan, 'account', { id: `a${i}`, name: `a${i}`, category: 'smb', country: 'ES', ...owner });
    put(plan, 'lead', { id: `l${i}`, name: `l${i}`, source: 'web', ...owner });
  }
  for (const { name, hasArticle } of categories) {
    if (hasArticle)
      put(plan, 'article', {
        id: name,
        name,
        category: name,
        views: 50,
        created_at: ago(300),
        updated_at: ago(30),
      });
  }
  put(plan, 'article', {
    id: 'new',
    name: 'new',
    category: 'billing',
    views: 5,
    created_at: ago(20),
    updated_at: ago(20),
  });
  for (let i = 0; i < 5; i++) {
    const row = {
      kind: 'Email',
      cost_minor: 50_000,
      currency: 'EUR',
      owner_id: 'North-1',
      created_at: ago(30 * i + 31),
    };
    put(plan, 'campaign', {
      id: `g${i}`,
      name: `g${i}`,
      starts_on: dateAgo(30 * i + 30),
      ends_on: dateAgo(30 * i),
      ...row,
    });
    put(plan, 'campaign_member', {
      id: `m${i}`,
      campaign_id: `g${i}`,
      person_id: `l${i}`,
      created_at: ago(30 * i + 29),
    });
  }
}
