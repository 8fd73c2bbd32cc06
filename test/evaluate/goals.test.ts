import { describe, expect, it } from 'vitest';
import { goalOf } from '../model/samples.ts';
import { closedDeals } from './records.ts';
import { openWorkspace, pick } from './workspace.ts';

describe('goals', () => {
  it('below the company are judged for ratios, with a row for active people without facts', async () => {
    await using workspace = await openWorkspace();
    await workspace.save({
      actor: [
        { id: 'u1', name: 'Ana', active: 1, kind: 'user' },
        { id: 'u2', name: 'Ben', active: 1, kind: 'user' },
        { id: 'u3', name: 'Gone', active: 0, kind: 'user' },
        { id: 'q', name: 'Queue', active: 1, kind: 'queue' },
      ],
      deal: closedDeals('2026-01-15', { won: 3, lost: 7, owner: 'u1' }),
    });
    const goals = [goalOf({ kpi: 'win_rate', segments: ['company', 'owner'] })];
    await workspace.evaluate('2026-02-15T12:00:00Z', { goals, kpis: ['win_rate'] });
    const results = await workspace.results('2026-02-15T12:00:00Z');
    expect(pick(results, 'win_rate', { period: '2026-01', segment: 'owner:u1' })).toMatchObject({
      status: 'exceeded',
    });
    expect(pick(results, 'win_rate', { period: '2026-01', segment: 'owner:u2' })).toMatchObject({
      status: 'no_data',
      value: null,
      segment: { name: 'Ben' },
    });
    const owners = new Set(
      results.filter(({ segment }) => segment.kind === 'owner').map(({ segment }) => segment.id),
    );
    expect([...owners].sort()).toEqual(['u1', 'u2']);
  });

  it('on sums promise for the company alone, and below it only what a list says', async () => {
    await using workspace = await openWorkspace();
    await workspace.save({
      actor: [{ id: 'u1', name: 'Ana', active: 1, kind: 'user' }],
      deal: closedDeals('2026-01-15', { won: 3, lost: 0, owner: 'u1' }),
    });
    const constant = goalOf({
      kpi: 'deals_won',
      targets: { kind: 'constant', value: 4 },
      segments: ['company', 'owner'],
    });
    const list = goalOf({
      kpi: 'deals_won',
      id: 'quota',
      segments: ['owner'],
      targets: {
        kind: 'list',
        rows: [{ period: '2026-01', segmentKind: 'owner', segmentId: 'u1', target: 2 }],
      },
    });
    await workspace.evaluate('2026-02-15T12:00:00Z', { goals: [constant, list], kpis: ['deals_won'] });
    const results = await workspace.results('2026-02-15T12:00:00Z');
    expect(pick(results, 'deals_won', { period: '2026-01' })).toMatchObject({
      goal: 'deals_won.month',
      status: 'off_target',
    });
    expect(pick(results, 'deals_won', { period: '2026-01', segment: 'owner:u1' })).toMatchObject({
      goal: 'quota',
      status: 'exceeded',
      target: 2,
    });
  });

  it('on money are typed in major units; a running period is judged by the pace', async () => {
    await using workspace = await openWorkspace();
    await workspace.save({
      deal: [{ id: 'a', outcome: 'won', closed_on: '2026-01-05', amount_minor: 145_000, currency: 'EUR' }],
    });
    const goals = [goalOf({ kpi: 'revenue_won', targets: { kind: 'constant', value: 3000 } })];
    await workspace.evaluate('2026-01-15T23:00:00Z', { goals, kpis: ['revenue_won'] });
    const result = pick(await workspace.results('2026-01-15T23:00:00Z'), 'revenue_won', {
      period: '2026-01',
    });
    // 15 of 31 days: 1451.61 of 3000 are due, 1450 are there.
    expect(result).toMatchObject({ target: 300_000, value: 145_000, status: 'at_risk', complete: false });
    expect(result.forecast?.value).toBeCloseTo((145_000 / 15) * 31, 6);
    expect(result.forecast).toMatchObject({ low: null, high: null });
  });

  it('of a year are shared out so that the months add up', async () => {
    await using workspace = await openWorkspace();
    await workspace.save({ deal: closedDeals('2026-01-15', { won: 1, lost: 0 }) });
    const goals = [goalOf({ kpi: 'revenue_won', targets: { kind: 'yearly', year: 1000, spread: 'even' } })];
    await workspace.evaluate('2027-01-20T12:00:00Z', { goals, kpis: ['revenue_won'], segments: ['company'] });
    const rows = (await workspace.results('2027-01-20T12:00:00Z')).filter(({ periodLabel }) =>
      periodLabel.startsWith('2026-'),
    );
    expect(rows).toHaveLength(12);
    expect(rows.map(({ target }) => target)).toContain(8333);
    expect(rows.map(({ target }) => Number(target)).reduce((a, b) => a + b)).toBe(100_000);
  });

  it('that change hold from the start of the period on; earlier results keep theirs', async () => {
    await using workspace = await openWorkspace();
    await workspace.save({ deal: closedDeals('2026-01-15', { won: 20, lost: 80 }) });
    const settings = { kpis: ['win_rate'] };
    await workspace.evaluate('2026-02-15T12:00:00Z', { ...settings, goals: [goalOf({ kpi: 'win_rate' })] });
    const raised = goalOf({ kpi: 'win_rate', targets: { kind: 'constant', value: 0.3 } });
    await workspace.evaluate('2026-02-16T12:00:00Z', { ...settings, goals: [raised] });
    const results = await workspace.results('2026-02-16T12:00:00Z');
    expect(pick(results, 'win_rate', { period: '2026-01' })).toMatchObject({
      target: 0.2,
      goalVersion: 1,
      status: 'on_target',
    });
    expect(pick(results, 'win_rate', { period: '2026-02' })).toMatchObject({ target: 0.3, goalVersion: 2 });
  });

  it('freeze their baseline from three official periods on, and keep it when those are restated', async () => {
    await using workspace = await openWorkspace();
    const months = ['2025-10', '2025-11', '2025-12'];
    await workspace.save({
      deal: months.flatMap((month, i) => closedDeals(`${month}-10`, { won: 10 + i * 10, lost: 90 - i * 10 })),
    });
    const settings = { goals: [goalOf({ kpi: 'win_rate' })], kpis: ['win_rate'] };
    await workspace.evaluate('2025-12-20T12:00:00Z', settings);
    const early = await workspace.results('2025-12-20T12:00:00Z');
    expect(pick(early, 'win_rate', { period: '2025-12' }).baseline).toBeNull();
    await workspace.evaluate('2026-01-20T12:00:00Z', settings);
    await workspace.save({ deal: closedDeals('2025-10-11', { won: 50, lost: 0 }) });
    await workspace.evaluate('2026-01-21T12:00:00Z', settings);
    const results = await workspace.results('2026-01-21T12:00:00Z');
    expect(pick(results, 'win_rate', { period: '2026-01' }).baseline).toBeCloseTo(0.2, 12);
  });

  it('with a ramp ask for as much of the way from the baseline as is over', async () => {
    await using workspace = await openWorkspace();
    await workspace.save({ deal: closedDeals('2026-01-15', { won: 16, lost: 84 }) });
    const goals = [
      goalOf({
        kpi: 'win_rate',
        baseline: { kind: 'fixed', value: 0.1, from: 'audit' },
        ramp: { from: '2026-01-01', to: '2026-03-04' },
      }),
    ];
    await workspace.evaluate('2026-02-15T12:00:00Z', { goals, kpis: ['win_rate'] });
    const results = await workspace.results('2026-02-15T12:00:00Z');
    const january = pick(results, 'win_rate', { period: '2026-01' });
    expect(january.target).toBeCloseTo(0.15, 12);
    expect(january.status).toBe('on_target');
    expect(pick(results, 'win_rate', { period: '2025-12' }).target).toBe(0.1);
  });

  it('whose parts do not add up to the whole say so', async () => {
    await using workspace = await openWorkspace();
    await workspace.save({ deal: closedDeals('2026-01-15', { won: 3, lost: 0 }) });
    const row = (segmentKind: string, segmentId: string, target: number) => ({
      period: '*',
      segmentKind,
      segmentId,
      target,
    });
    const goalWith = (id: string, b: number) =>
      goalOf({
        kpi: 'deals_won',
        id,
        targets: { kind: 'list', rows: [row('company', '', 10), row('team', 'A', 6), row('team', 'B', b)] },
      });
    await workspace.evaluate('2026-02-15T12:00:00Z', {
      goals: [goalWith('whole', 4), goalWith('gap', 3)],
      kpis: ['deals_won'],
    });
    const results = await workspace.results('2026-02-15T12:00:00Z');
    expect(pick(results, 'deals_won', { period: '2026-01', goal: 'whole' }).flags).toEqual([]);
    expect(pick(results, 'deals_won', { period: '2026-01', goal: 'gap' }).flags).toEqual(['unallocated']);
  });

  it('paced by business days leave the company holidays out: 13.5 of 30 by mid-January 2026', async () => {
    await using workspace = await openWorkspace();
    await workspace.save({ deal: closedDeals('2026-01-05', { won: 13, lost: 0 }) });
    const office = {
      weekdays: [1, 2, 3, 4, 5],
      fromMinute: 540,
      toMinute: 1080,
      timeZone: 'Europe/Madrid',
      teams: null,
      validFrom: null,
      validTo: null,
    };
    const goals = [
      goalOf({ kpi: 'deals_won', targets: { kind: 'constant', value: 30 }, pacing: 'business' }),
    ];
    await workspace.evaluate('2026-01-16T08:00:00Z', {
      goals,
      kpis: ['deals_won'],
      businessHours: [{ ...office, holidays: ['2026-01-01', '2026-01-06'] }],
    });
    const result = pick(await workspace.results('2026-01-16T08:00:00Z'), 'deals_won', { period: '2026-01' });
    expect(result.attainment).toBeCloseTo(13 / 13.5, 12);
  });
});
