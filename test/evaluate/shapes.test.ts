import { describe, expect, it } from 'vitest';
import { type LooseRows, openWorkspace, pick } from './workspace.ts';

const asOf = '2026-02-20T12:00:00Z';

function header(id: string, more: string): string {
  return `/*\nid: ${id}\nlabel: { en: Own, es: Propio }\n${more}\n*/\n`;
}

async function evaluateOwn(
  text: string,
  rows: LooseRows,
  grains: ('day' | 'month' | 'quarter' | 'year')[] = ['month'],
) {
  await using workspace = await openWorkspace('UTC');
  workspace.addKpi(text);
  await workspace.save(rows);
  await workspace.evaluate(asOf, { kpis: ['own'], grains, segments: ['company', 'owner'], history: 24 });
  return workspace.results(asOf);
}

const replies = `${header('own', 'unit: hours   better: lower   kind: cohort')}
select source_id, 'ticket' as object, id, created_at as at, first_reply_at as end_at,
       case when is_closed = 1 then last_closed_at end as observed_until
from ticket`;

describe('durations of a cohort', () => {
  it('have the Kaplan-Meier median 8 for 2, 3+, 4, 5+, 8, not the flattering 4', async () => {
    const at = (day: number, hour = 0) => Date.UTC(2026, 0, day, hour);
    const closed = (hours: number) => ({ is_closed: 1, created_at: at(5), last_closed_at: at(5, hours) });
    const results = await evaluateOwn(replies, {
      ticket: [
        { id: 'a', created_at: at(5), first_reply_at: at(5, 2) },
        { id: 'b', ...closed(3) },
        { id: 'c', created_at: at(5), first_reply_at: at(5, 4) },
        { id: 'd', ...closed(5) },
        { id: 'e', created_at: at(5), first_reply_at: at(5, 8) },
      ],
    });
    const result = pick(results, 'own', { period: '2026-01' });
    expect(result).toMatchObject({ value: 8, n: 5, num: 14, den: 3, flags: [] });
    expect(result.statistics).toEqual({ p50: 8, p90: 8, mean: null });
  });

  it('have no median, and the flag censored, while fewer than half have ended', async () => {
    const created = { created_at: '2026-01-05T00:00:00Z' };
    const results = await evaluateOwn(replies, {
      ticket: [
        { id: 'a', ...created, first_reply_at: '2026-01-05T02:00:00Z' },
        { id: 'b', ...created },
        { id: 'c', ...created },
      ],
    });
    expect(pick(results, 'own', { period: '2026-01' })).toMatchObject({
      value: null,
      n: 3,
      flags: ['censored'],
    });
  });

  it('take milliseconds and whether they go on from the file itself', async () => {
    const text = `${header('own', 'unit: hours   better: lower   kind: cohort')}
select source_id, 'deal' as object, id, created_at as at, amount_minor * 3600000 as value,
       case when outcome = 'open' then 1 else 0 end as censored
from deal`;
    const created = { created_at: '2026-01-05T00:00:00Z' };
    const results = await evaluateOwn(text, {
      deal: [
        { id: 'a', ...created, amount_minor: 2, outcome: 'won' },
        { id: 'b', ...created, amount_minor: 3, outcome: 'open' },
        { id: 'c', ...created, amount_minor: 4, outcome: 'lost' },
        { id: 'd', ...created, amount_minor: null, outcome: 'lost' },
      ],
    });
    expect(pick(results, 'own', { period: '2026-01' })).toMatchObject({ value: 4, n: 3, nMissing: 1 });
  });

  it('count in months of 30.4375 days', async () => {
    const text = `${header('own', 'unit: months   better: higher   kind: cohort')}
select source_id, 'deal' as object, id, created_on as day, created_on as start_at, closed_on as end_at from deal`;
    const results = await evaluateOwn(text, {
      deal: [
        { id: 'a', created_at: '2025-02-10T00:00:00Z', created_on: '2025-02-10', closed_on: '2026-02-10' },
      ],
    });
    expect(pick(results, 'own', { period: '2025-02' }).value).toBeCloseTo(365 / 30.4375, 9);
  });
});

describe('a cohort rate', () => {
  const text = `${header('own', 'unit: ratio   better: higher   kind: cohort   within: 30d')}
select source_id, 'lead' as object, id, created_at as at, created_at as start_at, converted_on as end_at from lead`;

  it('counts a member from its 30th day on, early success or not', async () => {
    const results = await evaluateOwn(text, {
      lead: [
        { id: 'a', created_at: '2026-01-05T09:00:00Z', converted_on: '2026-02-04' },
        { id: 'b', created_at: '2026-01-05T09:00:00Z', converted_on: '2026-02-05' },
        { id: 'c', created_at: '2026-01-28T09:00:00Z', converted_on: '2026-01-29' },
      ],
    });
    expect(pick(results, 'own', { period: '2026-01' })).toMatchObject({ num: 1, den: 2 });
  });

  it('counts a member from the instant on that the row gives', async () => {
    const own = `${header('own', 'unit: ratio   better: higher   kind: cohort')}
select source_id, 'ticket' as object, id, created_at as at, due_at as mature_at, 1 as num, 1 as den from ticket`;
    const results = await evaluateOwn(own, {
      ticket: [
        { id: 'a', created_at: '2026-02-05T09:00:00Z', due_at: '2026-02-20T11:00:00Z' },
        { id: 'b', created_at: '2026-02-05T09:00:00Z', due_at: '2026-02-20T13:00:00Z' },
      ],
    });
    expect(pick(results, 'own', { period: '2026-02' })).toMatchObject({ den: 1 });
  });
});

describe('facts by period', () => {
  it('join the table of periods, months not adding up to the quarter', async () => {
    const text = `${header('own', 'unit: ratio   better: higher   kind: cohort   dimensions: [owner]')}
select d.source_id, 'deal' as object, d.id, p.period, case when d.closed_on is null or d.closed_on >= p.until_on then 1 else 0 end as num, 1 as den
from period p join deal d on d.created_on < p.start_on and (d.closed_on is null or d.closed_on >= p.start_on)`;
    const results = await evaluateOwn(
      text,
      {
        deal: [
          { id: 'a', owner_id: 'U', created_at: '2025-06-01T00:00:00Z', created_on: '2025-06-01' },
          {
            id: 'b',
            owner_id: 'U',
            created_at: '2025-06-01T00:00:00Z',
            created_on: '2025-06-01',
            closed_on: '2025-11-10',
          },
          {
            id: 'c',
            owner_id: 'V',
            created_at: '2025-11-20T00:00:00Z',
            created_on: '2025-11-20',
            closed_on: '2026-02-10',
          },
        ],
      },
      ['month', 'quarter'],
    );
    expect(pick(results, 'own', { period: '2025-11' })).toMatchObject({ num: 1, den: 2 });
    expect(pick(results, 'own', { period: '2025-12' })).toMatchObject({ num: 2, den: 2 });
    expect(pick(results, 'own', { period: '2025-Q4' })).toMatchObject({ num: 1, den: 2 });
    expect(pick(results, 'own', { period: '2026-02' })).toMatchObject({ num: 1, den: 2 });
    expect(pick(results, 'own', { period: '2026-02', segment: 'owner:V' })).toMatchObject({ num: 0, den: 1 });
  });

  it('know the years, 180 and 90 days before the period ends, or before tomorrow where it is open', async () => {
    const text = `${header('own', 'unit: count   better: higher   kind: flow')}
select d.source_id, 'deal' as object, d.id, p.period, case d.id
  when 'year' then case when p.year_ago_on = '2025-02-21' and p.year_ago_at = 1740096000000 then 1 else 0 end
  when 'two' then case when p.two_years_ago_on = '2024-02-21' then 1 else 0 end
  when 'half' then case when p.half_year_ago_on = '2025-08-25' then 1 else 0 end
  when 'quarter' then case when p.quarter_ago_on = '2025-11-23' then 1 else 0 end
  else case when p.until_on = '2026-02-21' and p.end_on = '2026-03-01' then 1 else 0 end end as num
from period p join deal d on p.label = '2026-02'`;
    const deals = ['year', 'two', 'half', 'quarter', 'until'].map((id) => ({
      id,
      created_at: '2025-06-01T00:00:00Z',
    }));
    const results = await evaluateOwn(text, { deal: deals });
    expect(pick(results, 'own', { period: '2026-02' }).value).toBe(5);
  });
});

it('a rolling window reaches back from each period end, in local days', async () => {
  const text = `${header('own', 'unit: count   better: higher   kind: flow   window: 90d')}
select source_id, 'ticket' as object, id, created_at as at, 1 as num from ticket`;
  const results = await evaluateOwn(text, {
    ticket: [
      { id: 'a', created_at: '2025-11-02T23:59:59Z' },
      { id: 'b', created_at: '2025-11-03T00:00:00Z' },
      { id: 'c', created_at: '2026-01-31T23:59:59Z' },
      { id: 'd', created_at: '2026-02-01T00:00:00Z' },
    ],
  });
  expect(pick(results, 'own', { period: '2026-01' }).value).toBe(2);
  expect(pick(results, 'own', { period: '2026-02' }).value).toBe(2);
  expect(pick(results, 'own', { period: '2025-11' }).value).toBe(2);
});

describe('a derived KPI', () => {
  const text = header(
    'own',
    'unit: money   better: higher   kind: flow\nderive: { num: revenue_won.num, den: deals_won.num }\ndimensions: [owner]',
  );
  const deals = {
    deal: [
      {
        id: 'a',
        outcome: 'won',
        closed_on: '2026-01-10',
        amount_minor: 10000,
        owner_id: 'U',
        created_at: '2025-06-01T00:00:00Z',
      },
      {
        id: 'b',
        outcome: 'won',
        closed_on: '2026-01-11',
        amount_minor: 5000,
        owner_id: 'V',
        created_at: '2025-06-01T00:00:00Z',
      },
      {
        id: 'c',
        outcome: 'won',
        closed_on: '2025-12-11',
        amount_minor: 600,
        owner_id: 'V',
        created_at: '2025-06-01T00:00:00Z',
      },
    ],
  };

  it('divides the sums of two others, for the company and each segment alike', async () => {
    const results = await evaluateOwn(text, deals, ['month', 'quarter']);
    expect(pick(results, 'own', { period: '2026-01' })).toMatchObject({ num: 15000, den: 2, value: 7500 });
    expect(pick(results, 'own', { period: '2026-01', segment: 'owner:V' })).toMatchObject({
      num: 5000,
      den: 1,
    });
    expect(pick(results, 'own', { period: '2025-11' })).toMatchObject({ value: null });
  });

  it.each([
    ['{ num: revenue_lost.num }', 'derives from revenue_lost, which is no KPI'],
    ['{ num: "revenue_won.num +" }', 'has a num that cannot read its end'],
    ['{ num: revenue_won.total }', 'has a num that cannot read "revenue_won.total"'],
    ['{ num: email_cto_rate.num }', 'has the dimension team, which email_cto_rate lacks'],
  ])('that cannot be is refused: %s', async (derive, message) => {
    const wrong = header(
      'own',
      `unit: count   better: higher   kind: flow\nderive: ${derive}\ndimensions: [team]`,
    );
    await expect(evaluateOwn(wrong, deals)).rejects.toThrow(message);
  });
});

describe('costs', () => {
  const text = `${header('own', 'unit: ratio   better: higher   kind: flow   complete: cost   money: [num, den]')}
select source_id, 'deal' as object, id, closed_on as day, amount_minor as num, 0 as den, currency from deal
union all
select source_id, 'entry' as object, id, day, 0 as num, amount_minor as den, currency from entry`;
  const days = (month: string, count: number) =>
    Array.from({ length: count }, (_, i) => ({
      id: `${month}${i}`,
      kind: 'cost',
      day: `${month}-${String(i + 1).padStart(2, '0')}`,
      amount_minor: 100,
      currency: 'EUR',
    }));

  it('give a value only where every day has one', async () => {
    const results = await evaluateOwn(text, {
      deal: [
        {
          id: 'a',
          closed_on: '2026-01-10',
          amount_minor: 6200,
          currency: 'EUR',
          created_at: '2025-06-01T00:00:00Z',
        },
      ],
      entry: [...days('2026-01', 31), ...days('2025-12', 30)],
    });
    expect(pick(results, 'own', { period: '2026-01' })).toMatchObject({ value: 2, flags: [] });
    expect(pick(results, 'own', { period: '2025-12' })).toMatchObject({
      value: null,
      flags: ['cost_incomplete'],
    });
  });
});

it('points have an interval of their mean, and movement by it', async () => {
  const text = `${header('own', 'unit: points   better: higher   kind: flow')}
select source_id, 'survey_answer' as object, id, answered_at as at,
       case when score >= 9 then 100 when score <= 6 then -100 else 0 end as num, 1 as den
from survey_answer`;
  const answers = (month: string, scores: readonly number[]) =>
    scores.map((score, i) => ({ id: `${month}${i}`, answered_at: `${month}-10T00:00:00Z`, score }));
  const many = (score: number, count: number) => Array.from({ length: count }, () => score);
  const results = await evaluateOwn(text, {
    survey_answer: [
      ...answers('2025-12', [...many(10, 10), ...many(3, 30)]),
      ...answers('2026-01', [...many(10, 30), ...many(8, 5), ...many(3, 5)]),
    ],
  });
  expect(pick(results, 'own', { period: '2026-01' })).toMatchObject({
    value: 62.5,
    num: 2500,
    den: 40,
    movement: 'improved',
  });
});
