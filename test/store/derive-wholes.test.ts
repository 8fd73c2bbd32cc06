import { describe, expect, it } from 'vitest';
import { spreadAmount } from '../../src/store/cost-days.ts';
import { addMonths, listSpans } from '../../src/store/customer-spans.ts';
import type { StateSpan } from '../../src/store/derive-states.ts';
import { listVisits } from '../../src/store/stage-visits.ts';
import { at, openTempStore, signal } from './temp-store.ts';

const bought = (...days: string[]) => days.map((day, place) => ({ dealId: `d${place}`, day }));

describe('customers', () => {
  it('remain so for 12 months after each purchase', () => {
    const spans = listSpans(bought('2024-01-10', '2024-11-05'));
    expect(spans).toEqual([
      {
        fromOn: '2024-01-10',
        toOn: '2025-11-05',
        firstDealId: 'd0',
        lastOn: '2024-11-05',
        yearBeforeLastOn: '2023-11-05',
      },
    ]);
  });

  it('who buy again within 30 days after that were never away', () => {
    expect(listSpans(bought('2024-01-10', '2025-02-09'))).toHaveLength(1);
    expect(listSpans(bought('2024-01-10', '2025-02-10'))).toHaveLength(2);
  });

  it('months end on the last day that there is', () => {
    expect(addMonths('2024-02-29', 12)).toBe('2025-02-28');
    expect(addMonths('2024-12-31', -1)).toBe('2024-11-30');
  });

  it('follow a chain of merged accounts and a deal that moved to another one', async () => {
    await using temp = await openTempStore();
    const spans = () => temp.sql('SELECT account_id, from_on, number FROM customer_span ORDER BY 1, 2');
    const won = { outcome: 'won', closed_on: '2025-05-01' };
    await temp.fill({
      account: [{ id: 'a' }, { id: 'b' }, { id: 'c' }],
      deal: [{ id: 'd', account_id: 'a', ...won }],
    });
    await temp.save('account', {
      merged: [
        { id: 'a', into: 'b' },
        { id: 'b', into: 'c' },
      ],
    });
    await temp.store.derive(signal);
    expect(spans()).toEqual([{ account_id: 'c', from_on: '2025-05-01', number: 1 }]);
    await temp.fill({ account: [{ id: 'x' }], deal: [{ id: 'd', account_id: 'x', ...won }] });
    expect(spans()).toEqual([{ account_id: 'x', from_on: '2025-05-01', number: 1 }]);
    await temp.save('deal', { deleted: [{ id: 'd', at: at('2025-06-01') }] });
    await temp.store.derive(signal);
    expect(spans()).toEqual([]);
  });
});

describe('costs', () => {
  it('are spread in whole cents that add up', () => {
    expect(spreadAmount(1000, 3)).toEqual([333, 334, 333]);
    expect(spreadAmount(-1000, 3).reduce((sum, part) => sum + part)).toBe(-1000);
    expect(spreadAmount(5, 1)).toEqual([5]);
  });

  it('follow their entries and campaigns', async () => {
    await using temp = await openTempStore();
    const days = () => temp.sql('SELECT object, day, amount_minor FROM cost_day ORDER BY 1, 2');
    const entry = { kind: 'cost', purpose: 'Sales', from_on: '2026-01-01', to_on: '2026-01-02' };
    await temp.fill({
      entry: [{ id: 'e', amount_minor: 3, ...entry }],
      campaign: [{ id: 'k', starts_on: '2026-02-01', ends_on: null, cost_minor: 7 }],
    });
    expect(days()).toEqual([
      { object: 'campaign', day: '2026-02-01', amount_minor: 7 },
      { object: 'entry', day: '2026-01-01', amount_minor: 2 },
      { object: 'entry', day: '2026-01-02', amount_minor: 1 },
    ]);
    await temp.fill({ entry: [{ id: 'e', amount_minor: 4, ...entry, campaign_id: 'k' }] });
    expect(days().map(({ amount_minor }) => amount_minor)).toEqual([2, 2]);
    await temp.save('entry', { deleted: [{ id: 'e', at: at('2026-06-01') }] });
    await temp.store.derive(signal);
    expect(days()).toEqual([{ object: 'campaign', day: '2026-02-01', amount_minor: 7 }]);
  });
});

describe('actors', () => {
  it('are as first seen for all earlier time, and change when the CRM says so', async () => {
    await using temp = await openTempStore();
    const actor = { id: 'u', kind: 'user', role: 'agent' };
    await temp.fill({ actor: [{ ...actor, active: 1, licensed: 1, updated_at: at('2026-01-01') }] });
    await temp.fill({ actor: [{ ...actor, active: 1, licensed: 1, updated_at: at('2026-02-01') }] });
    await temp.fill({ actor: [{ ...actor, active: 0, licensed: 0, updated_at: at('2026-03-01') }] });
    expect(temp.sql('SELECT from_at, to_at, active FROM actor_state ORDER BY from_at')).toEqual([
      { from_at: 0, to_at: at('2026-03-01'), active: 1 },
      { from_at: at('2026-03-01'), to_at: null, active: 0 },
    ]);
  });

  it('who are deleted are active no longer', async () => {
    await using temp = await openTempStore();
    await temp.fill({ actor: [{ id: 'u', kind: 'user', active: 1, licensed: 1 }] });
    await temp.save('actor', { deleted: [{ id: 'u', at: at('2026-03-01') }] });
    await temp.store.derive(signal);
    expect(temp.sql('SELECT to_at, active FROM actor_state ORDER BY from_at')).toEqual([
      { to_at: at('2026-03-01'), active: 1 },
      { to_at: null, active: 0 },
    ]);
  });
});

describe('stage visits', () => {
  const positions: Readonly<Record<string, number>> = { new: 1, offer: 2, talk: 3 };
  const span = (from: number, to: number | null, stage: string, outcome = 'open'): StateSpan => ({
    from,
    to,
    values: { outcome, stage, pipeline: 'p' },
    inferred: false,
  });
  const visitsOf = (...spans: StateSpan[]) =>
    listVisits(spans, (_, stage) => positions[stage] ?? null).map((visit) => [
      visit.stage,
      visit.enteredAt,
      visit.leftAt,
      visit.passedAt,
    ]);

  it('join the states of one stay, and are passed by a higher stage or a win', () => {
    expect(
      visitsOf(span(1, 2, 'new'), span(2, 5, 'new'), span(5, 9, 'talk'), span(9, null, 'won', 'won')),
    ).toEqual([
      ['new', 1, 5, 5],
      ['talk', 5, 9, 9],
    ]);
  });

  it('going back is no passing', () => {
    expect(visitsOf(span(1, 2, 'offer'), span(2, 4, 'new'), span(4, null, 'lost', 'lost'))).toEqual([
      ['offer', 1, 2, null],
      ['new', 2, 4, null],
    ]);
  });

  it('a stay after a reopening is a new one', () => {
    expect(visitsOf(span(1, 2, 'new'), span(2, 4, 'lost', 'lost'), span(4, null, 'new'))).toEqual([
      ['new', 1, 2, null],
      ['new', 4, null, null],
    ]);
  });
});

describe('a state that turns without a trace', () => {
  it('has the values in force then, and those of today only since they were entered', async () => {
    await using temp = await openTempStore();
    const day = (number: number) => at(`2026-01-${String(number).padStart(2, '0')}`);
    const change = (number: number, field: string, values: { from?: string; to: string }) => ({
      id: `${number}:${field}`,
      object: 'deal',
      record_id: 'd',
      field,
      at: day(number),
      from_value: values.from ?? null,
      to_value: values.to,
    });
    await temp.fill({
      stage: [
        { id: 'n', object: 'deal', pipeline: 'p', key: 'new', is_closed: 0, is_won: 0 },
        { id: 'w', object: 'deal', pipeline: 'p', key: 'won', is_closed: 1, is_won: 1 },
      ],
      deal: [
        {
          id: 'd',
          pipeline: 'p',
          stage: 'won',
          outcome: 'won',
          amount_minor: 900,
          owner_id: 'bob',
          created_at: day(2),
          closed_at: day(10),
          updated_at: day(20),
        },
      ],
      change: [change(2, 'stage', { to: 'new' }), change(5, 'amount_minor', { from: '400', to: '500' })],
    });
    const states = temp.sql('SELECT from_at, outcome, amount_minor FROM deal_state ORDER BY from_at');
    expect(states).toEqual([
      { from_at: day(2), outcome: 'open', amount_minor: 400 },
      { from_at: day(5), outcome: 'open', amount_minor: 500 },
      { from_at: day(10), outcome: 'won', amount_minor: 500 },
      { from_at: day(20), outcome: 'won', amount_minor: 900 },
    ]);
  });
});
