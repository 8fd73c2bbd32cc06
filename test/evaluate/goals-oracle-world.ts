import { dayMs, hourMs, localDay, plusDays } from './oracle-clock.ts';
import { createDraw, type Draw } from './random-company.ts';
import type { LooseRows } from './workspace.ts';

/** A sales office as plain lists: what became of each record, and when somebody entered it. */

export interface Deal {
  readonly id: string;
  readonly owner: string | null;
  readonly createdAt: number;
  readonly closesAt: number;
  readonly outcome: 'won' | 'lost';
  readonly amount: number;
  /** Not known to the CRM before. */
  readonly enteredAt: number;
}

export interface Ticket {
  readonly id: string;
  readonly owner: string | null;
  readonly createdAt: number;
  readonly closesAt: number;
  readonly enteredAt: number;
}

export interface Answer {
  readonly id: string;
  readonly owner: string | null;
  readonly answeredAt: number;
  readonly score: number;
  readonly enteredAt: number;
}

export interface Office {
  readonly deals: readonly Deal[];
  readonly tickets: readonly Ticket[];
  readonly answers: readonly Answer[];
}

export const people = ['P1', 'P2', 'P3', 'P4'] as const;
/** P1 and P2 in the city, which is part of the north; P3 in the south; P4 in no team. */
export const teamOf: Readonly<Record<string, string>> = { P1: 'city', P2: 'city', P3: 'south' };
export const parentOf: Readonly<Record<string, string | null>> = { north: null, city: 'north', south: null };

const firstAt = Date.parse('2024-02-03T08:00:00Z');
const lastAt = Date.parse('2026-07-31T00:00:00Z');

export function drawOffice(seed: number, size: number): Office {
  const draw = createDraw(seed);
  const owner = () => [...people, null][Math.floor(draw() * draw() * 5)] ?? null;
  const instant = () => wholeMinute(firstAt + draw() * (lastAt - firstAt));
  /** Most are entered at once; some a while after what they tell has happened. */
  const entered = (at: number) => at + (draw() < 0.08 ? Math.floor(draw() * 60 * dayMs) : 0);
  const made = <T>(count: number, make: (place: number) => T) =>
    Array.from({ length: count }, (_, place) => make(place));
  const wins = 0.15 + draw() * 0.4;
  const hours = 6 + draw() * 60;
  return {
    deals: made(size, (place) => {
      const createdAt = instant();
      const closesAt = wholeMinute(createdAt + draw() * 50 * dayMs);
      const outcome = draw() < wins ? 'won' : 'lost';
      const amount = 1 + Math.floor(draw() * draw() * 900_000);
      const enteredAt = entered(createdAt);
      return { id: `d${place}`, owner: owner(), createdAt, closesAt, outcome, amount, enteredAt };
    }),
    tickets: made(size, (place) => {
      const createdAt = instant();
      const closesAt = wholeMinute(createdAt + (0.2 - Math.log(1 - draw())) * hours * hourMs);
      return { id: `t${place}`, owner: owner(), createdAt, closesAt, enteredAt: entered(createdAt) };
    }),
    answers: made(Math.floor(size / 2), (place) => {
      const answeredAt = instant();
      const score = 1 + Math.floor(Math.sqrt(draw()) * 5);
      return { id: `s${place}`, owner: owner(), answeredAt, score, enteredAt: entered(answeredAt) };
    }),
  };
}

const wholeMinute = (at: number) => at - (at % 60_000);

export const baseRows: LooseRows = {
  actor: people.map((id) => ({ id, name: id, kind: 'user', active: 1, created_at: '2020-01-01T00:00:00Z' })),
  team: Object.entries(parentOf).map(([id, parent_id]) => ({ id, name: id, parent_id })),
};

export const memberships = Object.entries(teamOf).map(([actorId, teamId]) => ({
  actorId,
  teams: [{ teamId, primary: true }],
}));

/** What the CRM holds at an instant. */
export function knownAt({ deals, tickets, answers }: Office, asOf: number): Office {
  return {
    deals: deals.filter(({ createdAt, enteredAt }) => Math.max(createdAt, enteredAt) < asOf),
    tickets: tickets.filter(({ createdAt, enteredAt }) => Math.max(createdAt, enteredAt) < asOf),
    answers: answers.filter(({ answeredAt, enteredAt }) => Math.max(answeredAt, enteredAt) < asOf),
  };
}

export function recordRows(office: Office, asOf: number): LooseRows {
  const { deals, tickets, answers } = knownAt(office, asOf);
  return {
    deal: deals.map(({ id, owner, createdAt, closesAt, outcome, amount }) => ({
      id,
      owner_id: owner,
      created_at: createdAt,
      created_on: localDay(createdAt),
      outcome: closesAt < asOf ? outcome : 'open',
      closed_on: closesAt < asOf ? localDay(closesAt) : null,
      expected_close_on: closesAt < asOf ? null : plusDays(localDay(createdAt), 90),
      amount_minor: amount,
      currency: 'EUR',
    })),
    ticket: tickets.map(({ id, owner, createdAt, closesAt }) => ({
      id,
      owner_id: owner,
      created_at: createdAt,
      is_closed: closesAt < asOf ? 1 : 0,
      first_closed_at: closesAt < asOf ? closesAt : null,
      last_closed_at: closesAt < asOf ? closesAt : null,
    })),
    survey_answer: answers.map(({ id, owner, answeredAt, score }) => ({
      id,
      owner_id: owner,
      audience: 'customer',
      kind: 'csat',
      created_at: answeredAt,
      answered_at: answeredAt,
      score,
      scale_min: 1,
      scale_max: 5,
    })),
  };
}

export interface Hand {
  readonly draw: Draw;
  pick<T>(values: readonly T[]): T;
  chance(share: number): boolean;
  whole(from: number, to: number): number;
}

export function createHand(seed: number): Hand {
  const draw = createDraw(seed);
  return {
    draw,
    chance: (share) => draw() < share,
    whole: (from, to) => from + Math.floor(draw() * (to - from + 1)),
    pick: (values) => {
      const value = values[Math.floor(draw() * values.length)];
      if (value === undefined) throw new RangeError('nothing to pick');
      return value;
    },
  };
}
