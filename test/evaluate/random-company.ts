import type { LooseRow, LooseRows } from './workspace.ts';

const dayMs = 86_400_000;
export type Draw = () => number;

/** Numbers from 0 to 1 that follow from the seed alone (mulberry32). */
export function createDraw(seed: number): Draw {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

export interface RandomCompany {
  readonly people: LooseRows;
  readonly records: LooseRows;
}

/** Deals and cases of a year, some without an owner, an amount or a category, in three currencies. */
export function drawCompany(seed: number, shiftDays = 0): RandomCompany {
  const draw = createDraw(seed);
  const pick = <T>(values: readonly T[]): T | null => values[Math.floor(draw() * values.length)] ?? null;
  const first = Date.UTC(2025, 5, 1) + shiftDays * dayMs;
  const instant = () => Math.floor(first + draw() * 240 * dayMs);
  const dayOf = (at: number) => new Date(at).toISOString().slice(0, 10);
  const owner = () => pick(['U1', 'U2', 'U3', null]);

  function drawDeal(_: unknown, i: number): LooseRow {
    const createdAt = instant();
    const closedAt = createdAt + Math.floor(draw() * 90) * dayMs;
    const outcome = pick(['open', 'won', 'lost']) ?? 'open';
    return {
      id: `d${i}`,
      created_at: createdAt,
      created_on: dayOf(createdAt),
      outcome,
      closed_on: outcome === 'open' ? null : dayOf(closedAt),
      amount_minor: draw() < 0.1 ? null : Math.floor(draw() * 1_000_000),
      currency: pick(['EUR', 'USD', 'JPY']),
      owner_id: owner(),
      account_id: pick(['A1', 'A2', 'A3', null]),
      type: pick(['new', 'renewal', null]),
      source: pick(['web', 'fair', null]),
      pipeline: pick(['north', 'south']),
    };
  }

  function drawTicket(_: unknown, i: number): LooseRow {
    const createdAt = instant();
    const isClosed = draw() < 0.7;
    return {
      id: `t${i}`,
      created_at: createdAt,
      is_closed: isClosed ? 1 : 0,
      last_closed_at: isClosed ? createdAt + Math.floor(draw() * 200) * 3_600_000 : null,
      owner_id: owner(),
      account_id: pick(['A1', 'A2', 'A3', null]),
      priority: pick(['high', 'low', null]),
      category: pick(['bill', 'bug', null]),
      channel: pick(['mail', 'phone']),
    };
  }

  const rates = [
    { id: 'usd', currency: 'USD', day: '2020-01-01', rate_to_base: 0.9173 },
    { id: 'jpy', currency: 'JPY', day: '2020-01-01', rate_to_base: 0.00613 },
  ];
  const accounts = ['A1', 'A2', 'A3'].map((id, i) => ({ id, name: id, category: i === 2 ? null : `c${i}` }));
  return {
    people: {
      actor: ['U1', 'U2', 'U3'].map((id) => ({ id, name: id, kind: 'user', active: 1 })),
      team: [
        { id: 'T1', name: 'T1' },
        { id: 'T2', name: 'T2' },
      ],
      account: accounts,
      fx_rate: rates,
    },
    records: {
      deal: Array.from({ length: 120 }, drawDeal),
      ticket: Array.from({ length: 80 }, drawTicket),
    },
  };
}

/** The same values in another order. */
export function shuffle<T>(values: readonly T[], draw: Draw): T[] {
  return values
    .map((value) => ({ value, place: draw() }))
    .sort((a, b) => a.place - b.place)
    .map(({ value }) => value);
}
