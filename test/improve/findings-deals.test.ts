import { describe, expect, it } from 'vitest';
import type { LooseRow } from '../store/temp-store.ts';
import { ago, dateAgo, dayMs, openDeal, openFindingsStore, times } from './findings-store.ts';

/** A stay in each stage, in days, told by the history. */
function history(
  id: string,
  createdAt: number,
  stays: readonly (readonly [string, number])[],
  end?: string,
): LooseRow[] {
  let at = createdAt;
  const moves = stays.map(([stage, days]) => {
    const move = { stage, at };
    at += days * dayMs;
    return move;
  });
  const all = end === undefined ? moves : [...moves, { stage: end, at }];
  return all.map((move) => ({
    ...{ id: `${id}-${move.stage}-${move.at}`, object: 'deal', record_id: id, field: 'stage', at: move.at },
    ...{ from_value: null, to_value: move.stage, origin: 'history' },
  }));
}

const stages: readonly LooseRow[] = ['new', 'demo', 'offer', 'won', 'lost'].map((key, position) => ({
  ...{ id: key, object: 'deal', pipeline: 'sales', key, label: key.toUpperCase(), position },
  ...{ is_closed: position > 2 ? 1 : 0, is_won: key === 'won' ? 1 : 0 },
}));

function wonDeal(id: string, daysAgo: number, row: LooseRow = {}): LooseRow {
  const closed = { outcome: 'won', stage: 'won', closed_on: dateAgo(daysAgo), closed_at: ago(daysAgo) };
  return openDeal(id, { ...closed, created_at: ago(daysAgo + 30), updated_at: ago(daysAgo), ...row });
}

describe('stage_bottleneck', () => {
  it('names the stage that holds 40 % of the time of won deals', async () => {
    await using store = await openFindingsStore();
    const ids = times(10, (i) => wonDeal(`d${i}`, 20 + i));
    await store.fill({
      stage: stages,
      deal: ids,
      change: ids.flatMap((_, i) =>
        history(
          `d${i}`,
          ago(50 + i),
          [
            ['new', 8],
            ['demo', 10],
            ['offer', 12],
          ],
          'won',
        ),
      ),
    });
    const [found, ...others] = await store.found('stage_bottleneck');
    expect(others).toEqual([]);
    expect(found).toMatchObject({
      id: 'stage_bottleneck|pipeline:sales|offer',
      segment: { kind: 'pipeline', id: 'sales', source: 'crm' },
      evidence: { stage: 'OFFER', won_visits: 10, won_time_share: expect.closeTo(0.4, 9), median_hours: 288 },
      reach: 1,
    });
  });

  it('is silent below 8 visits', async () => {
    await using store = await openFindingsStore();
    const ids = times(7, (i) => wonDeal(`d${i}`, 20 + i));
    await store.fill({
      stage: stages,
      deal: ids,
      change: ids.flatMap((_, i) =>
        history(
          `d${i}`,
          ago(50 + i),
          [
            ['new', 2],
            ['demo', 2],
            ['offer', 26],
          ],
          'won',
        ),
      ),
    });
    expect(await store.found('stage_bottleneck')).toEqual([]);
    expect(await store.silence('stage_bottleneck')).toEqual([
      'Only 7 visits to one stage with a history; at least 8 are needed.',
    ]);
  });

  it('names a stage that has become 1.5 times slower, with evidence', async () => {
    await using store = await openFindingsStore();
    const slow = (i: number) => (i < 12 ? 9 + (i % 3) : 5 + (i % 3));
    const created = (i: number) => ago(i < 12 ? 60 + i : 300 + i);
    const deals = times(24, (i) =>
      openDeal(`d${i}`, {
        outcome: 'lost',
        stage: 'lost',
        closed_on: dateAgo(i < 12 ? 30 : 250),
        created_at: created(i),
      }),
    );
    await store.fill({
      stage: stages,
      deal: deals,
      change: deals.flatMap((_, i) => history(`d${i}`, created(i), [['new', slow(i)]], 'lost')),
    });
    const [found] = await store.found('stage_bottleneck');
    expect(found?.evidence).toMatchObject({ median_hours: 240, median_hours_before: 144, shift_hours: 96 });
    expect(Number(found?.evidence.shift_low)).toBeGreaterThan(0);
  });
});

describe('stalled_deals', () => {
  const touched = (deal: string, daysAgo: number): LooseRow => ({
    ...{
      id: `a-${deal}-${daysAgo}`,
      kind: 'call',
      status: 'done',
      deal_id: deal,
      done_at: ago(daysAgo),
      starts_at: ago(daysAgo),
    },
    ...{ created_at: ago(daysAgo), due_on: null },
  });

  it('counts deals that nobody touched for 14 days and with nothing planned, by value', async () => {
    await using store = await openFindingsStore();
    const deals = times(10, (i) => openDeal(`d${i}`, { amount_minor: i < 2 ? 800 : 1000, currency: 'EUR' }));
    const planned = {
      id: 'p',
      kind: 'task',
      status: 'open',
      deal_id: 'd2',
      created_at: ago(20),
      due_on: dateAgo(-3),
      done_at: null,
      starts_at: null,
    };
    await store.fill({
      deal: deals,
      activity: [...times(7, (i) => touched(`d${i + 3}`, 5)), touched('d1', 15), planned],
    });
    const [found] = await store.found('stalled_deals');
    expect(found?.evidence).toMatchObject({
      stalled_deals: 2,
      open_deals: 10,
      stalled_minor: 1600,
      open_minor: 9600,
      value_share: expect.closeTo(1 / 6, 9),
    });
    expect(found?.records).toEqual([
      { source: 'crm', table: 'deal', id: 'd0', measure: expect.closeTo(60, 6) },
      { source: 'crm', table: 'deal', id: 'd1', measure: expect.closeTo(15, 6) },
    ]);
  });

  it('waits twice the median gap of a slow pipeline', async () => {
    await using store = await openFindingsStore();
    const deals = times(10, (i) =>
      openDeal(`d${i}`, { amount_minor: 1000, currency: 'EUR', created_at: ago(170) }),
    );
    // Every 20 days: what was touched 35 days ago is still in time.
    await store.fill({
      deal: deals,
      activity: deals.flatMap((_, i) => [75, 55, 35].map((days) => touched(`d${i}`, days))),
    });
    expect(await store.found('stalled_deals')).toEqual([]);
  });

  it('says that it cannot tell without activities', async () => {
    await using store = await openFindingsStore();
    await store.fill({ deal: times(20, (i) => openDeal(`d${i}`)) });
    expect(await store.silence('stalled_deals')).toEqual([
      'No activity from crm: left out of `objects`, not permitted, or unknown to this kind of CRM.',
    ]);
  });
});

describe('no_next_step', () => {
  it('takes a plan or text of the last 30 days as a next step, and nothing else', async () => {
    await using store = await openFindingsStore();
    const step = (text: string, days: number): LooseRow => ({ next_step: text, updated_at: ago(days) });
    const deals = times(10, (i) =>
      openDeal(`d${i}`, {
        ...{ amount_minor: 1000, currency: 'EUR', next_step: null },
        ...(i < 6 ? step('call Ana', 10) : i === 6 ? step('tbd', 10) : i === 7 ? step('call Ana', 40) : {}),
      }),
    );
    await store.fill({ deal: deals, activity: [] });
    const [found] = await store.found('no_next_step');
    expect(found?.evidence).toMatchObject({ without_step: 4, open_deals: 10, value_share: 0.4 });
  });

  it('is content with 30 %', async () => {
    await using store = await openFindingsStore();
    const deals = times(10, (i) =>
      openDeal(`d${i}`, {
        amount_minor: 1000,
        currency: 'EUR',
        next_step: i < 7 ? 'call' : null,
        updated_at: ago(1),
      }),
    );
    await store.fill({ deal: deals });
    expect(await store.found('no_next_step')).toEqual([]);
  });
});

describe('date_pushing', () => {
  it('counts moves into a later month within the window', async () => {
    await using store = await openFindingsStore();
    const deals = times(10, (i) =>
      openDeal(`d${i}`, {
        created_at: ago(120),
        updated_at: ago(1),
        expected_close_on: i < 2 ? '2026-12-10' : '2026-09-28',
      }),
    );
    const due = (deal: string, days: number, to: string): LooseRow => ({
      ...{
        id: `${deal}-${days}`,
        object: 'deal',
        record_id: deal,
        field: 'expected_close_on',
        at: ago(days),
      },
      ...{ from_value: null, to_value: to, origin: 'history' },
    });
    const stage = (deal: string): LooseRow => ({
      ...{
        id: `${deal}-s`,
        object: 'deal',
        record_id: deal,
        field: 'stage',
        at: ago(120),
        from_value: null,
        to_value: 'new',
      },
    });
    await store.fill({
      stage: stages,
      deal: deals,
      change: [
        ...deals.map((_, i) => stage(`d${i}`)),
        ...deals.map((_, i) => due(`d${i}`, 120, i < 2 ? '2026-08-20' : '2026-09-01')),
        ...[0, 1].flatMap((i) => [due(`d${i}`, 80, '2026-10-01'), due(`d${i}`, 20, '2026-12-10')]),
        // Within a month is no push.
        ...times(8, (i) => due(`d${i + 2}`, 50, '2026-09-28')),
      ],
    });
    const [found] = await store.found('date_pushing');
    expect(found?.evidence).toMatchObject({ pushed: 2, open_deals: 10, share: 0.2 });
    expect(found?.records.map(({ id, measure }) => [id, measure])).toEqual([
      ['d0', 2],
      ['d1', 2],
    ]);
  });
});

describe('ageing', () => {
  it('compares open deals with nine in ten of those that closed', async () => {
    await using store = await openFindingsStore();
    // Closed after 1 to 20 days: p90 is 18.1.
    const closed = times(20, (i) =>
      wonDeal(`c${i}`, 30, { created_at: ago(31 + i), created_on: dateAgo(31 + i) }),
    );
    const open = times(10, (i) => openDeal(`o${i}`, { created_at: ago(i < 2 ? 19 : 10) }));
    await store.fill({ deal: [...closed, ...open] });
    const [found] = await store.found('ageing');
    expect(found).toMatchObject({
      id: 'ageing|pipeline:sales|deal',
      evidence: { old: 2, open: 10, limit_days: expect.closeTo(18.1, 9), limit_by: 'p90', closed: 20 },
    });
  });

  it('takes twice the median below 20 closed ones, and nothing below 8', async () => {
    await using store = await openFindingsStore();
    const closed = (count: number, pipeline: string) =>
      times(count, (i) =>
        wonDeal(`${pipeline}${i}`, 30, { pipeline, created_at: ago(40), created_on: dateAgo(40) }),
      );
    const open = (pipeline: string) =>
      times(10, (i) => openDeal(`o${pipeline}${i}`, { pipeline, created_at: ago(i < 3 ? 21 : 19) }));
    await store.fill({
      deal: [...closed(8, 'eight'), ...open('eight'), ...closed(7, 'seven'), ...open('seven')],
    });
    const found = await store.found('ageing');
    expect(found.map(({ segment, evidence }) => [segment.id, evidence.limit_days, evidence.old])).toEqual([
      ['eight', 20, 3],
    ]);
  });
});

describe('rework', () => {
  it('sets backward stage moves against the year before', async () => {
    await using store = await openFindingsStore();
    const when = (i: number) => (i < 30 ? ago(100 + i) : ago(300 + i));
    const goesBack = (i: number) => (i < 30 ? i < 15 : i < 34);
    const deals = times(70, (i) =>
      openDeal(`d${i}`, { created_at: when(i), stage: goesBack(i) ? 'new' : 'demo' }),
    );
    await store.fill({
      stage: stages,
      deal: deals,
      change: deals.flatMap((_, i) =>
        history(
          `d${i}`,
          when(i),
          goesBack(i)
            ? [
                ['demo', 3],
                ['new', 50],
              ]
            : [
                ['new', 3],
                ['demo', 50],
              ],
        ),
      ),
    });
    const [found] = await store.found('rework');
    expect(found).toMatchObject({
      id: 'rework|company|backward_moves',
      evidence: { num: 15, den: 30, baseline_num: 4, baseline_den: 40, baseline: 0.1 },
    });
  });
});

it('says in both languages what it found', async () => {
  await using store = await openFindingsStore();
  await store.fill({
    activity: times(10, (i) => ({
      id: `t${i}`,
      kind: 'task',
      status: 'open',
      due_on: dateAgo(i < 3 ? 4 : 0),
      created_at: ago(9),
    })),
  });
  const [found] = await store.found('overdue_tasks');
  expect(found?.title).toEqual({
    en: '30 % of the open tasks are overdue: 3 of 10.',
    es: 'El 30 % de las tareas abiertas están vencidas: 3 de 10.',
  });
});
