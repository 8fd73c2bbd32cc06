import { describe, expect, it } from 'vitest';
import { planQuery } from '../../src/evaluate/fact-query.ts';
import { loadOwnership } from '../../src/evaluate/ownership.ts';
import { loadRates } from '../../src/evaluate/rates.ts';
import { openWorkspace, pick } from './workspace.ts';

const at = (text: string) => Date.parse(text);

describe('owners', () => {
  it('are those at the instant, told by the changes, and the present one after the last', async () => {
    await using workspace = await openWorkspace();
    await workspace.save({
      change: [
        {
          id: '1',
          object: 'deal',
          record_id: 'a',
          field: 'owner_id',
          at: '2026-01-10T00:00:00Z',
          to_value: 'u1',
        },
        {
          ...{ id: '2', object: 'deal', record_id: 'a', field: 'owner_id', at: '2026-02-10T00:00:00Z' },
          ...{ from_value: 'u1', to_value: 'u2' },
        },
      ],
    });
    const { ownerAt, prepare } = await loadOwnership(workspace.store);
    await prepare(['deal']);
    const deal = { source: 'crm', object: 'deal', id: 'a' };
    expect(ownerAt(deal, 'u3', at('2026-01-01T00:00:00Z'))).toBe('u1');
    expect(ownerAt(deal, 'u3', at('2026-02-09T23:59:59Z'))).toBe('u1');
    expect(ownerAt(deal, 'u3', at('2026-02-10T00:00:00Z'))).toBe('u3');
    expect(ownerAt({ ...deal, id: 'b' }, 'u9', at('2026-01-01T00:00:00Z'))).toBe('u9');
  });

  it('belong to the primary team at the instant, the first one seen holding for all earlier time', async () => {
    await using workspace = await openWorkspace();
    await workspace.save(
      { team: [{ id: 'top' }, { id: 'north', parent_id: 'top' }, { id: 'south', parent_id: 'top' }] },
      {
        memberships: [
          {
            actorId: 'u1',
            teams: [
              { teamId: 'north', primary: true },
              { teamId: 'south', primary: false },
            ],
          },
        ],
      },
    );
    await workspace.store.saveBatch(
      { connection: 'crm', stream: 'actor' },
      'actor',
      {
        tables: [],
        deleted: [],
        memberships: [
          { actorId: 'u1', at: at('2026-02-01T00:00:00Z'), teams: [{ teamId: 'south', primary: true }] },
        ],
        cursor: null,
      },
      { runId: 1, at: at('2026-02-02T00:00:00Z') },
    );
    const { teamsOf } = await loadOwnership(workspace.store);
    expect(teamsOf('crm', 'u1', at('2020-01-01T00:00:00Z'))).toEqual(['north', 'top']);
    expect(teamsOf('crm', 'u1', at('2026-01-31T23:59:59Z'))).toEqual(['north', 'top']);
    expect(teamsOf('crm', 'u1', at('2026-03-01T00:00:00Z'))).toEqual(['south', 'top']);
    expect(teamsOf('crm', 'nobody', at('2026-03-01T00:00:00Z'))).toEqual([]);
  });

  it('are found above teams that stand above each other', async () => {
    await using workspace = await openWorkspace();
    await workspace.save({
      team: [
        { id: 'a', parent_id: 'b' },
        { id: 'b', parent_id: 'a' },
      ],
    });
    const { withAncestors } = await loadOwnership(workspace.store);
    expect(withAncestors('crm', 'a')).toEqual(['a', 'b']);
  });
});

describe('rates', () => {
  async function convert(reporting: string, from: { currency: string | null; amount: number; day?: string }) {
    await using workspace = await openWorkspace();
    await workspace.save({
      fx_rate: [
        { id: '1', currency: 'USD', day: '2026-01-01', rate_to_base: 0.9 },
        { id: '2', currency: 'USD', day: '2026-02-01', rate_to_base: 0.8 },
        { id: '3', currency: 'JPY', day: '2025-01-01', rate_to_base: 0.006 },
      ],
    });
    await workspace.save(
      { fx_rate: [{ id: '1', currency: 'GBP', day: '2025-01-01', rate_to_base: 2 }] },
      { source: 'second', currency: 'USD' },
    );
    const rates = await loadRates(workspace.store, await workspace.store.sources(), reporting);
    const { currency, amount, day = '2026-01-15' } = from;
    return rates.convert(amount, { source: 'crm', currency, dayOf: () => day });
  }

  it('hold from their day until the next', async () => {
    expect(await convert('EUR', { currency: 'USD', amount: 1000, day: '2026-01-31' })).toBe(900);
    expect(await convert('EUR', { currency: 'USD', amount: 1000, day: '2026-02-01' })).toBe(800);
  });

  it('do not hold before their first day', async () => {
    expect(await convert('EUR', { currency: 'USD', amount: 1000, day: '2025-12-31' })).toBeNull();
  });

  it('mind that currencies have different decimal places', async () => {
    expect(await convert('EUR', { currency: 'JPY', amount: 1000 })).toBe(600);
    expect(await convert('JPY', { currency: 'EUR', amount: 600 })).toBe(1000);
  });

  it('take an amount without a currency as one of the base currency', async () => {
    expect(await convert('EUR', { currency: null, amount: 77 })).toBe(77);
  });

  it("go through another connection's rates where the record's own knows the currency not", async () => {
    expect(await convert('USD', { currency: 'GBP', amount: 100 })).toBe(200);
  });

  it('round halves away from zero', async () => {
    expect(await convert('EUR', { currency: 'USD', amount: 5 })).toBe(5);
    expect(await convert('EUR', { currency: 'USD', amount: -5 })).toBe(-5);
  });
});

describe('a completed query', () => {
  it('joins each record by key, once', async () => {
    await using workspace = await openWorkspace();
    const kpi = (await workspace.catalog()).find(({ id }) => id === 'win_rate');
    if (!kpi) throw new Error('no win_rate');
    const columns = ['source_id', 'object', 'id', 'day', 'num', 'den'];
    const plan = { kpi, columns, objects: ['deal'], kinds: ['company', 'team', 'category', 'type'], asOf: 1 };
    const { query } = planQuery(plan);
    // The deal's own columns come from the row itself.
    expect(query.sql).not.toContain('left join deal ');
    expect(query.sql.match(/left join account /g)).toHaveLength(1);
    expect(await workspace.store.checkQuery(query.sql)).not.toHaveProperty('problem');
  });

  it('puts names of mapped dimensions in as parameters', async () => {
    await using workspace = await openWorkspace();
    await workspace.save({
      deal: [{ id: 'a', outcome: 'won', closed_on: '2026-01-05' }],
      dimension: [{ id: 'd', object: 'deal', record_id: 'a', name: "o'clock", value: 'x' }],
    });
    await workspace.evaluate('2026-02-15T12:00:00Z', { kpis: ['deals_won'], segments: ["o'clock"] });
    const results = await workspace.results('2026-02-15T12:00:00Z');
    expect(pick(results, 'deals_won', { period: '2026-01', segment: "o'clock:x" }).value).toBe(1);
  });
});
