import { describe, expect, it } from 'vitest';
import { composite } from '../../src/evaluate/score.ts';
import type { StoredResult } from '../../src/model/result-store.ts';
import { goalOf } from '../model/samples.ts';
import { closedCases, closedDeals } from './records.ts';
import { openWorkspace, pick } from './workspace.ts';

const exercise = [
  goalOf({ kpi: 'win_rate', baseline: { kind: 'fixed', value: 0.15, from: 'audit' } }),
  goalOf({
    kpi: 'email_open_rate',
    targets: { kind: 'constant', value: 0.25 },
    baseline: { kind: 'fixed', value: 0.25, from: 'audit' },
  }),
  goalOf({
    kpi: 'case_resolution_hours',
    shape: 'at_most',
    targets: { kind: 'constant', value: 24 },
    baseline: { kind: 'fixed', value: 48, from: 'audit' },
  }),
];

function of(results: readonly StoredResult[], period: string) {
  return ['win_rate', 'email_open_rate', 'case_resolution_hours'].map((kpi) =>
    pick(results, kpi, { period }),
  );
}

describe('the worked exercise', () => {
  it('judges month 1 and month 2 as the page does', async () => {
    await using workspace = await openWorkspace();
    await workspace.save({
      deal: [
        ...closedDeals('2026-01-15', { won: 15, lost: 85 }),
        ...closedDeals('2026-02-16', { won: 18, lost: 82 }),
      ],
      email_stat: [{ id: 'e', sent_at: '2026-01-10T00:00:00Z', delivered: 400, opens_unique: 100 }],
      ticket: [...closedCases('2026-01-12', 48, 10), ...closedCases('2026-02-10', 30, 10)],
    });
    await workspace.evaluate('2026-03-20T12:00:00Z', { goals: exercise });
    const results = await workspace.results('2026-03-20T12:00:00Z');
    const [win1, mail1, case1] = of(results, '2026-01');
    expect(win1).toMatchObject({
      value: 0.15,
      status: 'off_target',
      attainment: expect.closeTo(0.75, 9),
      target: 0.2,
      baseline: 0.15,
    });
    expect(mail1).toMatchObject({ value: 0.25, status: 'on_target', gapClosed: null });
    expect(case1).toMatchObject({ value: 48, status: 'off_target', attainment: 0.5, statistic: 'p50' });

    const [win2, mail2, case2] = of(results, '2026-02');
    expect(win2).toMatchObject({
      value: 0.18,
      status: 'at_risk',
      movement: 'no_evidence',
      previous: 0.15,
      trend: null,
    });
    expect(win2?.gapClosed).toBeCloseTo(0.6, 12);
    expect(mail2).toMatchObject({ value: null, status: 'no_data', gapClosed: null, attainment: null });
    expect(case2).toMatchObject({ value: 30, status: 'off_target', gapClosed: 0.75 });

    const score = (rows: readonly { attainment: number | null }[]) =>
      composite(rows.map(({ attainment }) => ({ weight: 1, attainment }))).score;
    expect(score([win1, mail1, case1].map((row) => row ?? { attainment: null }))).toBeCloseTo(75, 9);
    expect(score([win2, mail2, case2].map((row) => row ?? { attainment: null }))).toBeNull();
  });

  it('says beside the status whether the figures are evidence', async () => {
    await using workspace = await openWorkspace();
    await workspace.save({
      deal: [
        ...closedDeals('2026-01-15', { won: 6, lost: 34 }),
        ...closedDeals('2026-02-16', { won: 60, lost: 340 }),
      ],
    });
    await workspace.evaluate('2026-03-20T12:00:00Z', { goals: exercise.slice(0, 1) });
    const results = await workspace.results('2026-03-20T12:00:00Z');
    expect(pick(results, 'win_rate', { period: '2026-01' })).toMatchObject({
      status: 'off_target',
      evidence: 'within_noise',
    });
    expect(pick(results, 'win_rate', { period: '2026-02' })).toMatchObject({
      status: 'off_target',
      evidence: 'clear',
    });
  });
});

it('compares the oldest result too, with a month of which none is given', async () => {
  await using workspace = await openWorkspace();
  await workspace.save({
    deal: [
      ...closedDeals('2025-12-15', { won: 10, lost: 90 }),
      ...closedDeals('2026-01-15', { won: 40, lost: 60 }),
    ],
  });
  await workspace.evaluate('2026-03-20T12:00:00Z', { kpis: ['win_rate'], history: 2, segments: ['company'] });
  const results = await workspace.results('2026-03-20T12:00:00Z');
  expect(results.map(({ periodLabel }) => periodLabel)).not.toContain('2025-12');
  expect(pick(results, 'win_rate', { period: '2026-01' })).toMatchObject({
    previous: 0.1,
    movement: 'improved',
  });
});

describe('results are appended', () => {
  const goals = exercise.slice(0, 1);

  it('only when figures or stage changed, official ten days after the end', async () => {
    await using workspace = await openWorkspace();
    await workspace.save({ deal: closedDeals('2026-01-15', { won: 20, lost: 80 }) });
    const settings = { goals, kpis: ['win_rate'], history: 1, segments: ['company'] };
    const first = await workspace.evaluate('2026-02-05T12:00:00Z', settings);
    expect(first.kpis).toMatchObject([{ kpi: 'win_rate', appended: 2 }]);
    const second = await workspace.evaluate('2026-02-06T12:00:00Z', settings);
    expect(second.kpis).toMatchObject([{ appended: 0, restated: 0, withdrawn: 0 }]);
    const third = await workspace.evaluate('2026-02-11T00:00:00Z', settings);
    expect(third.kpis).toMatchObject([{ appended: 1 }]);
    const results = await workspace.results('2026-02-11T00:00:00Z');
    expect(pick(results, 'win_rate', { period: '2026-01' })).toMatchObject({
      stage: 'official',
      num: 20,
      den: 100,
    });
  });

  it('as restated beside the official row, whose status stands', async () => {
    await using workspace = await openWorkspace();
    const january = closedDeals('2026-01-15', { won: 20, lost: 80 });
    await workspace.save({ deal: january });
    const settings = { goals, kpis: ['win_rate'], segments: ['company'] };
    await workspace.evaluate('2026-02-15T12:00:00Z', settings);
    const official = pick(await workspace.results('2026-02-15T12:00:00Z'), 'win_rate', { period: '2026-01' });
    expect(official).toMatchObject({ value: 0.2, status: 'on_target', stage: 'official' });

    await workspace.remove('deal', ['2026-01-15-98', '2026-01-15-99']);
    await workspace.save({ deal: closedDeals('2026-01-31', { won: 1, lost: 0 }) });
    const report = await workspace.evaluate('2026-03-15T12:00:00Z', settings);
    expect(report.kpis).toMatchObject([{ restated: 1 }]);
    const results = await workspace.results('2026-03-15T12:00:00Z');
    const restated = pick(results, 'win_rate', { period: '2026-01' });
    expect(restated).toMatchObject({
      num: 21,
      den: 99,
      stage: 'restated',
      status: 'on_target',
      attainment: 1,
      restatement: {
        official: { num: 20, den: 100, value: 0.2 },
        causes: [
          { cause: 'deletions', num: 0, den: -2 },
          { cause: 'late', num: 1, den: 1 },
        ],
      },
    });
    const id = (restated as StoredResult).id;
    expect(await workspace.store.officialResult(id)).toMatchObject({ value: 0.2, status: 'on_target' });
    expect((await workspace.evaluate('2026-03-16T12:00:00Z', settings)).kpis).toMatchObject([
      { restated: 0 },
    ]);
  });

  it('and withdrawn when the goal or the KPI is gone; what was official of an owner without facts now is 0', async () => {
    await using workspace = await openWorkspace();
    await workspace.save({
      actor: [{ id: 'u1', name: 'Ana', active: 0 }],
      deal: [
        ...closedDeals('2026-01-15', { won: 5, lost: 5 }),
        ...closedDeals('2026-01-16', { won: 1, lost: 0, owner: 'u1' }),
      ],
    });
    await workspace.evaluate('2026-02-15T12:00:00Z', { goals, kpis: ['win_rate', 'deals_won'] });
    await workspace.remove('deal', ['2026-01-16-u10']);
    const report = await workspace.evaluate('2026-02-16T12:00:00Z', { goals: [], kpis: ['win_rate'] });
    expect(report.kpis.find(({ kpi }) => kpi === 'deals_won')?.withdrawn).toBeGreaterThan(0);
    const results = await workspace.results('2026-02-16T12:00:00Z');
    expect(results.some(({ kpi }) => kpi === 'deals_won')).toBe(false);
    expect(results.some(({ goal }) => goal !== null)).toBe(false);
    const gone = { period: '2026-01', segment: 'owner:u1' };
    expect(pick(results, 'win_rate', gone)).toMatchObject({
      num: 0,
      den: 0,
      value: null,
      n: 0,
      stage: 'restated',
      restatement: {
        official: { num: 1, den: 1, value: 1 },
        causes: [{ cause: 'deletions', num: -1, den: -1 }],
      },
    });
    expect(pick(results, 'win_rate', { period: '2026-01' })).toMatchObject({
      goal: null,
      status: null,
      num: 5,
    });
  });

  it('the same whatever the order in which records arrived', async () => {
    const deals = [
      ...closedDeals('2026-01-15', { won: 7, lost: 5 }),
      ...closedDeals('2026-01-16', { won: 3, lost: 2, owner: 'u1' }),
    ];
    const rows: unknown[] = [];
    for (const order of [deals, deals.toReversed()]) {
      await using workspace = await openWorkspace();
      for (const deal of order) await workspace.save({ deal: [deal] });
      await workspace.evaluate('2026-02-15T12:00:00Z', { goals });
      rows.push(await workspace.results('2026-02-15T12:00:00Z'));
    }
    expect(rows[0]).toEqual(rows[1]);
  });
});

describe('KPIs', () => {
  it('without any source are skipped with the reason, others go on', async () => {
    await using workspace = await openWorkspace();
    await workspace.save({ deal: closedDeals('2026-01-15', { won: 1, lost: 0 }), ticket: [] });
    const report = await workspace.evaluate('2026-02-15T12:00:00Z');
    expect(report.skipped).toContainEqual({
      kpi: 'email_open_rate',
      reason: 'no connection delivers email_stat',
    });
    expect(report.skipped).toContainEqual({ kpi: 'cases_created', reason: 'there are no records of ticket' });
    expect(report.kpis.map(({ kpi }) => kpi)).toContain('win_rate');
  });

  it('that nobody defined are named', async () => {
    await using workspace = await openWorkspace();
    await expect(workspace.evaluate('2026-02-15T12:00:00Z', { kpis: ['win_rat'] })).rejects.toMatchObject({
      kind: 'config',
      message: 'There is no KPI called win_rat.',
    });
  });

  it('show a trend only over official periods', async () => {
    await using workspace = await openWorkspace();
    const months = ['2025-07', '2025-08', '2025-09', '2025-10', '2025-11', '2025-12', '2026-01'];
    await workspace.save({
      deal: months.flatMap((month, i) => closedDeals(`${month}-10`, { won: 10 + i, lost: 90 - i })),
    });
    await workspace.evaluate('2026-02-05T12:00:00Z', { kpis: ['win_rate'] });
    const results = await workspace.results('2026-02-05T12:00:00Z');
    expect(pick(results, 'win_rate', { period: '2026-01' }).trend).toMatchObject({
      direction: 'rising',
      n: 6,
    });
    expect(pick(results, 'win_rate', { period: '2025-12' }).trend).toBeNull();
  });

  it('tell no trend beside a share of fewer records than are judged', async () => {
    await using workspace = await openWorkspace();
    const months = ['2025-07', '2025-08', '2025-09', '2025-10', '2025-11', '2025-12'];
    await workspace.save({
      deal: [
        ...months.flatMap((month, i) => closedDeals(`${month}-10`, { won: 10 + i, lost: 90 - i })),
        ...closedDeals('2026-01-10', { won: 2, lost: 2 }),
      ],
    });
    await workspace.evaluate('2026-02-15T12:00:00Z', { kpis: ['win_rate', 'deals_won'] });
    const results = await workspace.results('2026-02-15T12:00:00Z');
    expect(pick(results, 'win_rate', { period: '2026-01' }).trend).toBeNull();
    expect(pick(results, 'deals_won', { period: '2026-01' }).trend).toMatchObject({ n: 7 });
  });

  it('split by mapped dimensions of their records only', async () => {
    await using workspace = await openWorkspace();
    await workspace.save({
      deal: closedDeals('2026-01-15', { won: 2, lost: 0 }),
      ticket: closedCases('2026-01-12', 5, 2),
      dimension: [{ id: 'd', object: 'deal', record_id: '2026-01-15-0', name: 'region', value: 'North' }],
    });
    await workspace.evaluate('2026-02-15T12:00:00Z', {
      segments: ['region'],
      kpis: ['deals_won', 'cases_closed'],
    });
    const results = await workspace.results('2026-02-15T12:00:00Z');
    expect(pick(results, 'deals_won', { period: '2026-01', segment: 'region:North' }).value).toBe(1);
    expect(pick(results, 'deals_won', { period: '2026-01', segment: 'region:(none)' }).value).toBe(1);
    expect(results.some(({ kpi, segment }) => kpi === 'cases_closed' && segment.kind === 'region')).toBe(
      false,
    );
  });
});
