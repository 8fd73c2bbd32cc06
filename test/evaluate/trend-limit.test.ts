import { describe, expect, it } from 'vitest';
import { closedDeals } from './records.ts';
import { type LooseRow, openWorkspace, pick } from './workspace.ts';

const asOf = '2026-02-20T12:00:00Z';

/** 0 to n - 1 in an order with so many inversions: Mann-Kendall's S is n(n - 1)/2 less twice as many. */
function orderOf(n: number, inversions: number): readonly number[] {
  const order: number[] = [];
  let left = inversions;
  for (let value = n - 1; value >= 0; value--) {
    // The largest are placed first: one put behind k smaller ones later on makes k inversions fewer.
    const before = Math.min(left, order.length);
    left -= before;
    order.splice(before, 0, value);
  }
  return order;
}

interface Person {
  readonly id: string;
  readonly n: number;
  readonly s: number;
  /** Deals for each won one. */
  readonly scale?: number;
}

/** Deals of the months up to January 2026, so that the months' win rates come in an order with that S. */
function dealsOf({ id, n, s, scale = 1 }: Person): LooseRow[] {
  const order = orderOf(n, ((n * (n - 1)) / 2 - s) / 2);
  return order.flatMap((rank, place) => {
    const month = new Date(Date.UTC(2026, place - n + 1, 10)).toISOString().slice(0, 10);
    return closedDeals(month, { won: rank * scale, lost: (20 - rank) * scale, owner: id });
  });
}

async function trendsOf(people: readonly Person[]) {
  await using workspace = await openWorkspace();
  await workspace.save({
    actor: people.map(({ id }) => ({ id, active: 1 })),
    deal: people.flatMap(dealsOf),
  });
  await workspace.evaluate(asOf, { kpis: ['win_rate'], segments: ['company', 'owner'] });
  const results = await workspace.results(asOf);
  const trendOf = (segment: string) => pick(results, 'win_rate', { period: '2026-01', segment }).trend;
  return new Map(
    ['company', ...people.map(({ id }) => `owner:${id}`)].map((segment) => [segment, trendOf(segment)]),
  );
}

/** Whose many deals alone decide the company's order, which says nothing. */
const noise: Person = { id: 'noise', n: 11, s: 13, scale: 20 };

describe('of the trends of one run, at most one in ten is to be chance', () => {
  it('keeps the first four of p .001 .013 .025 .04 .36 .36', async () => {
    const trends = await trendsOf([
      { id: 'a', n: 11, s: 41 },
      { id: 'b', n: 9, s: 24 },
      { id: 'c', n: 9, s: 22 },
      { id: 'd', n: 11, s: 27 },
      noise,
    ]);
    const told = [...trends].map(([segment, trend]) => [
      segment,
      trend?.direction,
      Number(trend?.p.toFixed(4)),
    ]);
    expect(told).toEqual([
      ['company', 'none', expect.closeTo(0.36, 1)],
      ['owner:a', 'rising', 0.0008],
      ['owner:b', 'rising', 0.0127],
      ['owner:c', 'rising', 0.0247],
      ['owner:d', 'rising', 0.0405],
      ['owner:noise', 'none', 0.3587],
    ]);
  });

  it('takes p .04 for chance where it is the best of six', async () => {
    const flat = ['a', 'b', 'c'].map((id) => ({ id, n: 11, s: 13 }));
    const trends = await trendsOf([...flat, { id: 'd', n: 11, s: 27 }, noise]);
    expect(trends.get('owner:d')).toMatchObject({ direction: 'none', p: expect.closeTo(0.0405, 4) });
  });
});
