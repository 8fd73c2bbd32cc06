import { describe, expect, it } from 'vitest';
import { at, type LooseRow, openTempStore, signal, type TempStore } from './temp-store.ts';

const stages: readonly LooseRow[] = [
  stage('new', 0, 0),
  stage('offer', 0, 0),
  stage('won', 1, 1),
  stage('lost', 1, 0),
];

function stage(key: string, closed: number, won: number): LooseRow {
  return { id: key, object: 'deal', pipeline: 'p', key, is_closed: closed, is_won: won };
}

const january = (day: number): number => Date.UTC(2026, 0, day, 9);
const dayOf = (instant: unknown) =>
  instant === null ? null : new Date(Number(instant)).toISOString().slice(5, 10);

function deal(row: LooseRow = {}): LooseRow {
  const open = { id: 'd', pipeline: 'p', stage: 'new', outcome: 'open', amount_minor: 100, currency: 'EUR' };
  return {
    ...open,
    owner_id: 'ann',
    created_at: january(5),
    updated_at: january(5),
    closed_at: null,
    ...row,
  };
}

function change(day: number, field: string, to: string | null, from: string | null = null): LooseRow {
  const id = `${day}:${field}:${to}`;
  return { id, object: 'deal', record_id: 'd', field, at: january(day), from_value: from, to_value: to };
}

/** [from, to, outcome, stage, inferred] and, where asked for, one more column. */
function states({ sql }: TempStore, column?: string) {
  const rows = sql(
    `SELECT from_at, to_at, outcome, stage, inferred, ${column ?? 'NULL'} AS more FROM deal_state ORDER BY id, from_at`,
  );
  return rows.map((row) => [
    dayOf(row.from_at),
    dayOf(row.to_at),
    row.outcome,
    row.stage,
    row.inferred,
    ...(column ? [row.more] : []),
  ]);
}

async function derive(record: LooseRow, changes: readonly LooseRow[] = []): Promise<TempStore> {
  const temp = await openTempStore();
  await temp.fill({ stage: stages, deal: [record], change: changes });
  return temp;
}

describe('with a full history', () => {
  it('every move is a state', async () => {
    await using temp = await derive(
      deal({ stage: 'won', outcome: 'won', closed_at: january(20), updated_at: january(20) }),
      [change(5, 'stage', 'new'), change(10, 'stage', 'offer', 'new'), change(20, 'stage', 'won', 'offer')],
    );
    expect(states(temp)).toEqual([
      ['01-05', '01-10', 'open', 'new', 0],
      ['01-10', '01-20', 'open', 'offer', 0],
      ['01-20', null, 'won', 'won', 0],
    ]);
  });

  it('a reopened deal was closed in between', async () => {
    await using temp = await derive(deal({ stage: 'offer', updated_at: january(15) }), [
      change(5, 'stage', 'new'),
      change(10, 'stage', 'lost', 'new'),
      change(15, 'stage', 'offer', 'lost'),
    ]);
    expect(states(temp)).toEqual([
      ['01-05', '01-10', 'open', 'new', 0],
      ['01-10', '01-15', 'lost', 'lost', 0],
      ['01-15', null, 'open', 'offer', 0],
    ]);
  });

  it('owner, amount and due day are those of the time', async () => {
    await using temp = await derive(
      deal({ owner_id: 'bob', amount_minor: 300, expected_close_on: '2026-03-31', updated_at: january(12) }),
      [
        change(5, 'stage', 'new'),
        change(8, 'owner_id', 'bob', 'ann'),
        change(12, 'amount_minor', '300', '200'),
        change(12, 'expected_close_on', '2026-03-31', '2026-02-28'),
      ],
    );
    expect(states(temp, "owner_id || ' ' || amount_minor || ' ' || expected_close_on")).toEqual([
      ['01-05', '01-08', 'open', 'new', 0, 'ann 200 2026-02-28'],
      ['01-08', '01-12', 'open', 'new', 0, 'bob 200 2026-02-28'],
      ['01-12', null, 'open', 'new', 0, 'bob 300 2026-03-31'],
    ]);
  });

  it('due instants of the history become local days', async () => {
    const night = String(at('2026-02-28T23:30:00Z'));
    await using temp = await derive(
      deal({ expected_close_at: at('2026-03-31T10:00:00Z'), updated_at: january(12) }),
      [
        change(5, 'stage', 'new'),
        change(5, 'expected_close_at', night),
        change(12, 'expected_close_at', String(at('2026-03-31T10:00:00Z')), night),
      ],
    );
    expect(states(temp, 'expected_close_on').map((state) => state.at(-1))).toEqual([
      '2026-03-01',
      '2026-03-31',
    ]);
  });

  it('changes told from before the creation hold at the creation', async () => {
    await using temp = await derive(deal({ stage: 'offer' }), [
      change(1, 'stage', 'new'),
      change(3, 'stage', 'offer', 'new'),
    ]);
    expect(states(temp)).toEqual([['01-05', null, 'open', 'offer', 0]]);
  });

  it('an amount that is no number of minor units is not known', async () => {
    await using temp = await derive(deal({ updated_at: january(12) }), [
      change(5, 'stage', 'new'),
      change(8, 'amount_minor', '12.5', 'much'),
      change(12, 'amount_minor', '100', '12.5'),
    ]);
    expect(states(temp, 'amount_minor')).toEqual([
      ['01-05', '01-12', 'open', 'new', 0, null],
      ['01-12', null, 'open', 'new', 0, 100],
    ]);
  });
});

describe('without a history', () => {
  it('an open deal has been open since its creation, as far as can be concluded', async () => {
    await using temp = await derive(deal());
    expect(states(temp)).toEqual([['01-05', null, 'open', 'new', 1]]);
  });

  it('a closed deal was open, in stages not known, until its close date', async () => {
    await using temp = await derive(deal({ stage: 'lost', outcome: 'lost', closed_at: january(20) }));
    expect(states(temp)).toEqual([
      ['01-05', '01-20', 'open', null, 1],
      ['01-20', null, 'lost', 'lost', 1],
    ]);
  });

  it('a close date alone closes at the start of that local day', async () => {
    await using temp = await derive(deal({ stage: 'won', outcome: 'won', closed_on: '2026-01-20' }));
    expect(temp.sql('SELECT from_at, outcome FROM deal_state ORDER BY from_at')).toEqual([
      { from_at: january(5), outcome: 'open' },
      { from_at: at('2026-01-19T23:00:00Z'), outcome: 'won' },
    ]);
  });

  it.each([
    ['before its creation', { closed_on: '2025-12-01' }],
    ['on no known day', {}],
    ['on a day that is none', { closed_on: 'soon' }],
  ])('a deal closed %s was never open', async (_, dates) => {
    await using temp = await derive(deal({ stage: 'won', outcome: 'won', ...dates }));
    expect(states(temp)).toEqual([['01-05', null, 'won', 'won', 1]]);
  });

  it('other fields have their history all the same', async () => {
    await using temp = await derive(
      deal({
        stage: 'won',
        outcome: 'won',
        closed_at: january(20),
        owner_id: 'bob',
        updated_at: january(25),
      }),
      [change(8, 'owner_id', 'eve', 'ann'), change(25, 'owner_id', 'bob', 'eve')],
    );
    expect(states(temp, 'owner_id')).toEqual([
      ['01-05', '01-08', 'open', null, 1, 'ann'],
      ['01-08', '01-20', 'open', null, 1, 'eve'],
      ['01-20', '01-25', 'won', 'won', 1, 'eve'],
      ['01-25', null, 'won', 'won', 1, 'bob'],
    ]);
  });
});

describe('with a history that does not reach back', () => {
  it('only being open is concluded of the time before', async () => {
    await using temp = await derive(deal({ stage: 'offer', updated_at: january(15) }), [
      change(15, 'stage', 'offer'),
    ]);
    expect(states(temp)).toEqual([
      ['01-05', '01-15', 'open', null, 1],
      ['01-15', null, 'open', 'offer', 0],
    ]);
  });

  it('a first change that names the stage before it tells that one too', async () => {
    await using temp = await derive(deal({ stage: 'offer', updated_at: january(15) }), [
      change(15, 'stage', 'offer', 'new'),
    ]);
    expect(states(temp)).toEqual([
      ['01-05', '01-15', 'open', 'new', 0],
      ['01-15', null, 'open', 'offer', 0],
    ]);
  });

  it('a deal imported as closed closed at its own date', async () => {
    await using temp = await derive(
      deal({ stage: 'won', outcome: 'won', closed_at: january(10), updated_at: january(25) }),
      [change(25, 'stage', 'won')],
    );
    expect(states(temp)).toEqual([
      ['01-05', '01-10', 'open', null, 1],
      ['01-10', '01-25', 'won', null, 1],
      ['01-25', null, 'won', 'won', 0],
    ]);
  });

  it('a close date set back before the first open stage closes nothing early', async () => {
    await using temp = await derive(
      deal({ stage: 'won', outcome: 'won', closed_at: at('2025-12-01'), updated_at: january(20) }),
      [change(8, 'stage', 'new'), change(20, 'stage', 'won', 'new')],
    );
    expect(states(temp)).toEqual([
      ['01-05', '01-08', 'open', null, 1],
      ['01-08', '01-20', 'open', 'new', 0],
      ['01-20', null, 'won', 'won', 0],
    ]);
  });
});

describe('with a history that disagrees with the record', () => {
  it('a deal that its history leaves open closed at its date', async () => {
    await using temp = await derive(
      deal({ stage: 'won', outcome: 'won', closed_at: january(20), updated_at: january(22) }),
      [change(5, 'stage', 'new')],
    );
    expect(states(temp)).toEqual([
      ['01-05', '01-20', 'open', 'new', 0],
      ['01-20', null, 'won', 'won', 1],
    ]);
  });

  it('a deal that its history leaves closed was opened at its last modification', async () => {
    await using temp = await derive(deal({ stage: 'offer', updated_at: january(22) }), [
      change(5, 'stage', 'new'),
      change(10, 'stage', 'lost', 'new'),
    ]);
    expect(states(temp)).toEqual([
      ['01-05', '01-10', 'open', 'new', 0],
      ['01-10', '01-22', 'lost', 'lost', 0],
      ['01-22', null, 'open', 'offer', 1],
    ]);
  });

  it('an amount that changed without a trace holds since the last modification', async () => {
    await using temp = await derive(deal({ amount_minor: 900, updated_at: january(22) }), [
      change(5, 'stage', 'new'),
      change(5, 'amount_minor', '100'),
    ]);
    expect(states(temp, 'amount_minor')).toEqual([
      ['01-05', '01-22', 'open', 'new', 0, 100],
      ['01-22', null, 'open', 'new', 0, 900],
    ]);
  });

  it('a history newer than the record is believed', async () => {
    await using temp = await derive(deal({ updated_at: january(6) }), [
      change(5, 'stage', 'new'),
      change(9, 'stage', 'offer', 'new'),
    ]);
    expect(states(temp).at(-1)).toEqual(['01-09', null, 'open', 'offer', 0]);
  });

  it('a stage that the CRM no longer lists means what the record in it says', async () => {
    await using temp = await derive(
      deal({ stage: 'gone', outcome: 'lost', closed_at: january(20), updated_at: january(20) }),
      [change(5, 'stage', 'new'), change(20, 'stage', 'gone', 'new')],
    );
    expect(states(temp).at(-1)).toEqual(['01-20', null, 'lost', 'gone', 0]);
  });
});

describe('kept up to date', () => {
  it('a deletion removes the states, a restored deal has them again', async () => {
    await using temp = await derive(deal());
    await temp.save('deal', { deleted: [{ id: 'd', at: january(30) }] });
    expect(await temp.store.derive(signal)).toBe(1);
    expect(states(temp)).toEqual([]);
    await temp.fill({ deal: [deal()] });
    expect(states(temp)).toHaveLength(1);
  });

  it.each([
    ['merged', { merged: [{ id: 'd', into: 'e' }] }],
    ['missing from the whole set', { complete: [] }],
    ['marked as a test', { rows: [deal({ is_test: 1 })] }],
  ])('a deal that is %s has no states', async (_, batch) => {
    await using temp = await derive(deal());
    await temp.save('deal', batch);
    await temp.store.derive(signal);
    expect(states(temp)).toEqual([]);
  });

  it('a change that is taken back counts no more', async () => {
    const moved = change(10, 'stage', 'offer', 'new');
    await using temp = await derive(deal({ updated_at: january(4) }), [change(5, 'stage', 'new'), moved]);
    await temp.save('change', { deleted: [{ id: String(moved.id), at: january(11) }] });
    await temp.store.derive(signal);
    expect(states(temp)).toEqual([['01-05', null, 'open', 'new', 0]]);
  });

  it('a stage that begins to mean something else derives its deals anew, a new label does not', async () => {
    await using temp = await derive(deal({ stage: 'won', outcome: 'won', closed_at: january(20) }), [
      change(5, 'stage', 'new'),
      change(10, 'stage', 'offer', 'new'),
      change(20, 'stage', 'won', 'offer'),
    ]);
    await temp.save('stage', { rows: [{ ...stage('offer', 0, 0), label: 'Proposal' }] });
    expect(await temp.store.derive(signal)).toBe(0);
    await temp.save('stage', { rows: [stage('offer', 1, 0)] });
    expect(await temp.store.derive(signal)).toBe(1);
    expect(states(temp).map(([from, , outcome]) => [from, outcome])).toEqual([
      ['01-05', 'open'],
      ['01-10', 'lost'],
      ['01-20', 'won'],
    ]);
  });

  it('the same stage key means in each connection what that one says', async () => {
    await using temp = await openTempStore();
    const history = [change(5, 'stage', 'won')];
    await temp.fill({ stage: stages, deal: [deal({ stage: 'won' })], change: history });
    await temp.save('stage', { rows: [stage('won', 0, 0)], source: 'other' });
    await temp.save('deal', { rows: [deal({ stage: 'won' })], source: 'other' });
    await temp.save('change', { rows: history, source: 'other' });
    await temp.store.derive(signal);
    const outcomes = temp.sql("SELECT outcome, inferred FROM deal_state WHERE source_id = 'other'");
    expect(outcomes).toEqual([{ outcome: 'open', inferred: 0 }]);
  });

  it('deriving again finds nothing to do', async () => {
    await using temp = await derive(deal(), [change(5, 'stage', 'new')]);
    expect(await temp.store.derive(signal)).toBe(0);
    await temp.save('deal', { rows: [deal()] });
    expect(await temp.store.derive(signal)).toBe(0);
  });

  it('stopped half way and finished later equals undisturbed', async () => {
    const many = Array.from({ length: 1203 }, (_, index) => deal({ id: `d${index}` }));
    await using undisturbed = await openTempStore();
    await undisturbed.fill({ stage: stages, deal: many });
    await using temp = await openTempStore();
    await temp.save('stage', { rows: stages });
    await temp.save('deal', { rows: many });
    const stop = new AbortController();
    const stopped = temp.store.derive(stop.signal);
    stop.abort(new Error('stop'));
    await expect(stopped).rejects.toThrow('stop');
    const half = states(temp).length;
    expect(half).toBeGreaterThan(0);
    expect(half).toBeLessThan(many.length);
    expect(await temp.store.derive(signal)).toBe(many.length - half);
    const all = 'SELECT * FROM deal_state ORDER BY id, from_at';
    expect(temp.sql(all)).toEqual(undisturbed.sql(all));
  });
});
