import { describe, expect, it } from 'vitest';
import { change, deal, derive, january, states } from './deal-history.ts';
import { at } from './temp-store.ts';

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
