import { describe, expect, it } from 'vitest';
import type { Goal } from '../../src/model/goal.ts';
import { goalOf } from '../model/samples.ts';
import { closedDeals } from './records.ts';
import { type LooseRow, openWorkspace, pick } from './workspace.ts';

/** The worked figures of goals, as a company has them: records in, judgements out. */

const office = {
  weekdays: [1, 2, 3, 4, 5],
  fromMinute: 540,
  toMinute: 1080,
  timeZone: 'Europe/Madrid',
  holidays: ['2026-01-01', '2026-01-06'],
  teams: null,
  validFrom: null,
  validTo: null,
};

const won = (day: string, count: number) => closedDeals(day, { won: count, lost: 0 });

/** 100, 120 and 80 in three months, of which 30, 42 and 18 came by the ninth business day; 35 of January. */
const seasonalDeals = [
  ...[...won('2025-10-01', 30), ...won('2025-10-31', 70)],
  ...[...won('2025-11-13', 42), ...won('2025-11-14', 78)],
  ...[...won('2025-12-05', 18), ...won('2025-12-30', 62)],
  ...won('2026-01-12', 35),
];

async function judgeJanuary(deals: readonly LooseRow[], goal: Partial<Goal>) {
  await using workspace = await openWorkspace();
  const asOf = '2026-01-16T08:00:00Z';
  await workspace.save({ deal: deals });
  const goals = [goalOf({ kpi: 'deals_won', ...goal })];
  await workspace.evaluate(asOf, { goals, kpis: ['deals_won'], businessHours: [office] });
  return pick(await workspace.results(asOf), 'deals_won', { period: '2026-01' });
}

const constant = (value: number) => ({ kind: 'constant', value }) as const;

describe('fifteen days into January', () => {
  it('14.5 of 30 are due by days, and 13.5 by business days', async () => {
    const due = async (pacing: Goal['pacing']) => {
      const { attainment } = await judgeJanuary(won('2026-01-12', 9), { targets: constant(30), pacing });
      return 9 / (attainment ?? 0);
    };
    expect((await due('linear')).toFixed(1)).toBe('14.5');
    expect(await due('business')).toBeCloseTo(13.5, 9);
  });

  it('35 of 110 are on target where 30 % is usual, and come to 116.7 within 100 and 155.6', async () => {
    const seasonal = await judgeJanuary(seasonalDeals, { targets: constant(110), pacing: 'seasonal' });
    expect(seasonal).toMatchObject({ value: 35, target: 110, status: 'on_target' });
    expect(seasonal.attainment).toBeCloseTo(35 / 33, 9);
    expect(seasonal.forecast?.value.toFixed(1)).toBe('116.7');
    expect(seasonal.forecast?.low).toBeCloseTo(100, 9);
    expect(seasonal.forecast?.high?.toFixed(1)).toBe('155.6');
  });

  it('the same 35 of 110 would be off target by days', async () => {
    const linear = await judgeJanuary(seasonalDeals, { targets: constant(110) });
    expect(linear.status).toBe('off_target');
  });

  it('the gap closed is that of what the sum comes to at its pace', async () => {
    const baseline = { kind: 'fixed', value: 100, from: 'audit' } as const;
    const found = await judgeJanuary(seasonalDeals, {
      targets: constant(110),
      pacing: 'seasonal',
      baseline,
    });
    expect(found.gapClosed).toBeCloseTo((35 / 0.3 - 100) / 10, 9);
  });
});

it('9 of 10 in one team and 10 of 90 in another are 19 % of all above them, not 50.6 %', async () => {
  await using workspace = await openWorkspace();
  const member = (actorId: string, teamId: string) => ({ actorId, teams: [{ teamId, primary: true }] });
  await workspace.save(
    {
      team: [
        { id: 'north', name: 'North' },
        { id: 'A', name: 'A', parent_id: 'north' },
        { id: 'B', name: 'B', parent_id: 'north' },
      ],
      actor: ['ana', 'ben'].map((id) => ({ id, active: 1 })),
      deal: [
        ...closedDeals('2026-01-15', { won: 9, lost: 1, owner: 'ana' }),
        ...closedDeals('2026-01-16', { won: 10, lost: 80, owner: 'ben' }),
      ],
    },
    { memberships: [member('ana', 'A'), member('ben', 'B')] },
  );
  const asOf = '2026-02-20T12:00:00Z';
  await workspace.evaluate(asOf, { kpis: ['win_rate'] });
  const results = await workspace.results(asOf);
  const of = (segment: string) => pick(results, 'win_rate', { period: '2026-01', segment }).value;
  expect([of('team:A'), of('team:B'), of('team:north'), of('company')]).toEqual([0.9, 1 / 9, 0.19, 0.19]);
});

it('20 of 100 become 21 of 99 by two deletions and a stale close date, with the status as published', async () => {
  await using workspace = await openWorkspace();
  const january = closedDeals('2026-01-15', { won: 20, lost: 80 });
  const goals = [goalOf({ kpi: 'win_rate' })];
  const [official, march] = ['2026-02-15T12:00:00Z', '2026-03-15T12:00:00Z'];
  await workspace.save({ deal: [...january, { id: 'late', outcome: 'open' }] });
  await workspace.evaluate(official, { goals, kpis: ['win_rate'] });
  await workspace.remove('deal', ['2026-01-15-98', '2026-01-15-99']);
  await workspace.save({ deal: [{ id: 'late', outcome: 'won', closed_on: '2026-01-31' }] });
  await workspace.evaluate(march, { goals, kpis: ['win_rate'] });
  const found = pick(await workspace.results(march), 'win_rate', { period: '2026-01' });
  expect(found).toMatchObject({
    num: 21,
    den: 99,
    stage: 'restated',
    status: 'on_target',
    restatement: {
      official: { num: 20, den: 100, value: 0.2 },
      causes: [
        { cause: 'deletions', num: 0, den: -2 },
        { cause: 'edits', num: 1, den: 1 },
      ],
    },
  });
  expect((found.value ?? 0).toFixed(3)).toBe('0.212');
});
