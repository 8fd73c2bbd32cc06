import { describe, expect, it } from 'vitest';
import { goalOf } from '../model/samples.ts';
import { closedDeals } from './records.ts';
import { type LooseRow, openWorkspace, pick, type Workspace } from './workspace.ts';

/** Five wins in each month from January to August 2026, and none before: the company is new to its CRM. */
const youngDeals = (perMonth = 5): LooseRow[] =>
  Array.from({ length: 8 }, (_, i) =>
    closedDeals(`2026-0${i + 1}-10`, { won: perMonth, lost: 0, owner: 'u1' }),
  ).flat();

describe('what lies before the first record', () => {
  it('is no trend, no improvement and no part of the baseline', async () => {
    await using workspace = await openWorkspace();
    const asOf = '2026-08-20T12:00:00Z';
    await workspace.save({ deal: youngDeals() });
    const goals = [goalOf({ kpi: 'deals_won', targets: { kind: 'constant', value: 5 } })];
    await workspace.evaluate(asOf, { goals, kpis: ['deals_won'], history: 24 });
    const results = await workspace.results(asOf);
    expect(pick(results, 'deals_won', { period: '2025-12' })).toMatchObject({
      num: 0,
      movement: 'no_evidence',
    });
    expect(pick(results, 'deals_won', { period: '2026-01' })).toMatchObject({
      num: 5,
      movement: 'no_evidence',
      baseline: 5,
    });
    expect(pick(results, 'deals_won', { period: '2026-07' }).trend).toMatchObject({
      direction: 'none',
      n: 7,
    });
  });

  it('is 0 and not judged: nobody could have written anything down', async () => {
    await using workspace = await openWorkspace();
    const asOf = '2026-08-20T12:00:00Z';
    const settled = youngDeals().map((deal) => ({ ...deal, created_at: '2026-01-05T00:00:00Z' }));
    await workspace.save({
      actor: [
        { id: 'u1', kind: 'user', active: 1 },
        { id: 'u2', kind: 'user', active: 1, created_at: '2026-05-04T00:00:00Z' },
      ],
      deal: settled,
    });
    const rows = ['2025-12', '2026-01', '2026-04', '2026-05'].flatMap((period) => [
      { period, segmentKind: 'company', segmentId: '', target: 2 },
      { period, segmentKind: 'owner', segmentId: 'u2', target: 2 },
    ]);
    const goals = [
      goalOf({ kpi: 'deals_won', targets: { kind: 'list', rows }, segments: ['company', 'owner'] }),
    ];
    await workspace.evaluate(asOf, { goals, kpis: ['deals_won'], history: 24 });
    const results = await workspace.results(asOf);
    const told = (period: string, segment = 'company') => {
      const { num, status, previous, flags } = pick(results, 'deals_won', { period, segment });
      return { num, status, previous, flags };
    };
    const before = { num: 0, status: 'insufficient', previous: null, flags: ['before_first_record'] };
    expect(told('2025-12')).toEqual(before);
    expect(told('2026-01')).toEqual({ num: 5, status: 'exceeded', previous: null, flags: [] });
    // Who came in May sold nothing in April, and is not told off for it.
    expect(told('2026-04', 'owner:u2')).toEqual(before);
    expect(told('2026-05', 'owner:u2')).toEqual({ num: 0, status: 'off_target', previous: null, flags: [] });
  });

  it('is looked at again when an older record comes, be it one that does not count', async () => {
    const nights = ['2026-08-20T12:00:00Z', '2026-08-21T12:00:00Z'] as const;
    const older = [
      ...closedDeals('2025-10-10', { won: 12, lost: 0 }),
      { id: 'open', outcome: 'open', created_at: '2024-11-05T00:00:00Z' },
    ];
    const settings = { kpis: ['deals_won'], history: 24 };
    const live = async (workspace: Workspace, how: { readonly afresh: boolean }) => {
      await workspace.save({ deal: youngDeals() });
      await workspace.evaluate(nights[0], settings);
      await workspace.save({ deal: older });
      await workspace.evaluate(nights[1], settings, how);
      return told(workspace);
    };
    await using nightly = await openWorkspace();
    await using whole = await openWorkspace();
    const told = async (workspace: Workspace) =>
      (await workspace.results(nights[1])).map(({ periodLabel, segment, num, flags, movement, trend }) => ({
        ...{ periodLabel, segment, num, flags, movement, trend },
      }));
    expect(await live(nightly, { afresh: false })).toEqual(await live(whole, { afresh: true }));
  });
});

describe('an open period', () => {
  it('is compared with as many days of the one before, and says where that is shorter', async () => {
    await using workspace = await openWorkspace();
    const asOf = '2026-03-30T22:30:00Z';
    await workspace.save({
      deal: [
        ...closedDeals('2026-01-20', { won: 30, lost: 0 }),
        ...closedDeals('2026-02-27', { won: 10, lost: 0 }),
        ...closedDeals('2026-03-29', { won: 25, lost: 0 }),
        ...closedDeals('2026-03-31', { won: 40, lost: 0 }),
      ],
    });
    await workspace.evaluate(asOf, { kpis: ['deals_won'], history: 4 });
    const results = await workspace.results(asOf);
    expect(pick(results, 'deals_won', { period: '2026-03' })).toMatchObject({
      num: 65,
      movement: 'improved',
      previous: 10,
      flags: ['shorter_period'],
    });
    expect(pick(results, 'deals_won', { period: '2026-02' })).toMatchObject({
      movement: 'worsened',
      flags: [],
    });
  });

  it('has as its previous value what as many days of the one before had brought', async () => {
    await using workspace = await openWorkspace();
    const asOf = '2026-03-10T12:00:00Z';
    await workspace.save({
      deal: [
        ...closedDeals('2026-02-09', { won: 3, lost: 0 }),
        ...closedDeals('2026-02-10', { won: 20, lost: 0 }),
        ...closedDeals('2026-03-02', { won: 4, lost: 4 }),
      ],
    });
    await workspace.evaluate(asOf, {
      kpis: ['deals_won', 'revenue_won', 'win_rate', 'open_deals'],
      history: 4,
    });
    const results = await workspace.results(asOf);
    // Nine days of March are over.
    expect(pick(results, 'deals_won', { period: '2026-03' }).previous).toBe(3);
    expect(pick(results, 'deals_won', { period: '2026-02' })).toMatchObject({ num: 23, previous: 0 });
    expect(pick(results, 'win_rate', { period: '2026-03' })).toMatchObject({ value: 0.5, previous: null });
    // A state is never a part: those of March were still open.
    expect(pick(results, 'open_deals', { period: '2026-03' }).previous).toBe(8);
  });

  it('is no evidence about a rate before it is over', async () => {
    await using workspace = await openWorkspace();
    const asOf = '2026-02-20T12:00:00Z';
    await workspace.save({
      deal: [
        ...closedDeals('2026-01-10', { won: 5, lost: 45 }),
        ...closedDeals('2026-02-10', { won: 30, lost: 20 }),
      ],
    });
    await workspace.evaluate(asOf, { kpis: ['win_rate'], history: 4 });
    const results = await workspace.results(asOf);
    expect(pick(results, 'win_rate', { period: '2026-02' }).movement).toBe('no_evidence');
  });

  it('of customers lost, known a month later, is paced by the days that can be known', async () => {
    await using workspace = await openWorkspace();
    const bought = Array.from({ length: 4 }, (_, i) => ({
      id: `d${i}`,
      outcome: 'won',
      account_id: `A${i}`,
      created_at: '2024-12-01T00:00:00Z',
      closed_on: `2025-01-0${i + 2}`,
    }));
    await workspace.save({ account: bought.map(({ account_id }) => ({ id: account_id })), deal: bought });
    const goals = [
      goalOf({ kpi: 'lost_customers', shape: 'at_most', targets: { kind: 'constant', value: 4 } }),
    ];
    const judge = async (asOf: string) => {
      await workspace.evaluate(asOf, { goals, kpis: ['lost_customers'], history: 4 });
      return pick(await workspace.results(asOf), 'lost_customers', { period: '2026-01' });
    };
    expect(await judge('2026-01-31T12:00:00Z')).toMatchObject({ num: 0, status: 'insufficient' });
    expect(await judge('2026-02-15T12:00:00Z')).toMatchObject({
      num: 4,
      status: 'off_target',
      stage: 'preliminary',
    });
    expect(await judge('2026-03-10T12:00:00Z')).toMatchObject({
      num: 4,
      status: 'on_target',
      stage: 'official',
    });
  });
});

it('a rolling count does not grow through its period', async () => {
  await using workspace = await openWorkspace();
  workspace.addKpi(`/*
id: recent_wins
label: { en: Recent wins, es: Ventas recientes }
domain: sales   unit: count   better: higher   kind: flow
window: 28d
*/
select source_id, 'deal' as object, id, closed_on as day, 1 as num from deal where outcome = 'won'
`);
  const asOf = '2026-02-03T12:00:00Z';
  await workspace.save({ deal: closedDeals('2026-01-20', { won: 8, lost: 0 }) });
  const goals = [goalOf({ kpi: 'recent_wins', targets: { kind: 'constant', value: 10 } })];
  await workspace.evaluate(asOf, { goals, kpis: ['recent_wins'], history: 4 });
  expect(pick(await workspace.results(asOf), 'recent_wins', { period: '2026-02' })).toMatchObject({
    num: 8,
    status: 'off_target',
    attainment: 0.8,
    forecast: null,
  });
});

it('a season is no trend where the goal says that there is one', async () => {
  await using workspace = await openWorkspace();
  const asOf = '2026-01-20T12:00:00Z';
  // Two years alike, each rising from 1 win in January to 12 in December.
  const deals = [2024, 2025].flatMap((year) =>
    Array.from({ length: 12 }, (_, i) =>
      closedDeals(`${year}-${String(i + 1).padStart(2, '0')}-10`, { won: i + 1, lost: 0 }),
    ).flat(),
  );
  await workspace.save({ deal: deals });
  const targets = { kind: 'constant', value: 5 } as const;
  const trendOf = async (pacing: 'linear' | 'seasonal') => {
    const goals = [goalOf({ kpi: 'deals_won', id: pacing, targets, pacing })];
    await workspace.evaluate(asOf, { goals, kpis: ['deals_won'], history: 24 });
    return pick(await workspace.results(asOf), 'deals_won', { period: '2025-12', goal: pacing }).trend;
  };
  expect(await trendOf('linear')).toMatchObject({ direction: 'rising', n: 24 });
  expect(await trendOf('seasonal')).toMatchObject({ direction: 'none', n: 24, slope: 0 });
});
