import { describe, expect, it } from 'vitest';
import { proposeGoal } from '../../src/evaluate/proposals.ts';
import { type KpiStock, takeStock } from '../../src/evaluate/stock.ts';
import { closedDeals } from './records.ts';
import { baseSettings, type LooseRow, openWorkspace, quiet, type Workspace } from './workspace.ts';

const asOf = Date.parse('2026-02-20T12:00:00Z');

/** Deals closed in each of so many months before February 2026, the first of them in the newest month. */
function months(rates: readonly (readonly [won: number, lost: number])[]): LooseRow[] {
  return rates.flatMap(([won, lost], back) => {
    const month = new Date(Date.UTC(2026, 0 - back, 10)).toISOString().slice(0, 10);
    return closedDeals(month, { won, lost });
  });
}

async function stockOf(
  workspace: Workspace,
  kpi: string,
  years = 1,
  settings = baseSettings,
): Promise<KpiStock | undefined> {
  const { stocks } = await takeStock({
    store: workspace.store,
    settings,
    catalog: await workspace.catalog(),
    asOf,
    log: quiet,
    years,
    kpi,
    kinds: null,
  });
  return stocks[0];
}

describe('the baseline', () => {
  it('pools the twelve months to the last complete one, and the years before', async () => {
    await using workspace = await openWorkspace();
    await workspace.save({
      deal: [
        ...closedDeals('2026-02-10', { won: 50, lost: 0 }),
        ...closedDeals('2026-01-31', { won: 9, lost: 1 }),
        ...closedDeals('2025-02-01', { won: 10, lost: 90 }),
        ...closedDeals('2025-01-31', { won: 1, lost: 3 }),
      ],
    });
    const stock = await stockOf(workspace, 'win_rate', 2);
    expect(stock?.years).toMatchObject([
      { from: '2025-02-01', to: '2026-02-01', num: 19, den: 110 },
      { from: '2024-02-01', to: '2025-02-01', num: 1, den: 4, value: 0.25 },
    ]);
    expect(stock?.months).toHaveLength(12);
    expect(stock?.months.at(-1)).toMatchObject({ from: '2026-01-01', value: 0.9 });
  });

  it('weighs a team within another as a part of it, and names a team without any', async () => {
    await using workspace = await openWorkspace();
    const member = (actorId: string, teamId: string) => ({ actorId, teams: [{ teamId, primary: true }] });
    await workspace.save(
      {
        team: [
          { id: 'sales', name: 'Sales' },
          { id: 'city', name: 'City', parent_id: 'sales' },
          { id: 'shop', name: 'Shop' },
        ],
        actor: ['ana', 'ben'].map((id) => ({ id, active: 1 })),
        deal: [
          ...closedDeals('2026-01-10', { won: 2, lost: 6, owner: 'ana' }),
          ...closedDeals('2026-01-11', { won: 2, lost: 4, owner: 'ben' }),
        ],
      },
      { memberships: [member('ana', 'city'), member('ben', 'shop')] },
    );
    const stock = await stockOf(workspace, 'win_rate', 1, { ...baseSettings, segments: ['team'] });
    const teams = stock?.segments.filter(({ segment }) => segment.kind === 'team');
    const weights = teams?.map(({ segment, weight }) => [segment.id, weight]);
    expect(weights).toEqual([
      ['city', 0.6],
      ['sales', 0.6],
      ['shop', 0.4],
    ]);
    expect(stock?.weighsMost?.segment.id).toBe('city');
  });

  it("begins with the first period of a table of one's own", async () => {
    await using workspace = await openWorkspace();
    await workspace.save({ deal: closedDeals('2026-01-15', { won: 3, lost: 1 }) });
    const month = (label: string, startOn: string, endOn: string) => ({
      ...({ grain: 'month', label, startOn, endOn } as const),
    });
    const table = [month('P1', '2025-12-29', '2026-01-26'), month('P2', '2026-01-26', '2026-02-23')];
    const settings = { ...baseSettings, calendar: { ...baseSettings.calendar, table } };
    const stock = await stockOf(workspace, 'win_rate', 3, settings);
    expect(stock?.months).toMatchObject([{ from: '2025-12-29', value: 0.75 }]);
    expect(stock?.years).toMatchObject([{ from: '2025-12-29', to: '2026-01-26', num: 3, den: 4 }]);
  });

  it('names the category that weighs most: the largest part of what is missing, not the worst rate', async () => {
    await using workspace = await openWorkspace();
    const of = (account: string, rows: readonly LooseRow[]) =>
      rows.map((row) => ({ ...row, id: `${account}${row.id}`, account_id: account }));
    await workspace.save({
      account: [
        { id: 'A', category: 'small' },
        { id: 'B', category: 'large' },
      ],
      deal: [
        ...of('A', closedDeals('2026-01-10', { won: 0, lost: 4 })),
        ...of('B', closedDeals('2026-01-10', { won: 20, lost: 16 })),
      ],
    });
    const stock = await stockOf(workspace, 'win_rate');
    expect(stock?.weighsMost).toMatchObject({ segment: { kind: 'category', id: 'large' }, weight: 0.8 });
  });

  it('writes nothing', async () => {
    await using workspace = await openWorkspace();
    await workspace.save({ deal: months([[1, 1]]) });
    await stockOf(workspace, 'win_rate');
    expect(await workspace.store.latestEvaluation(asOf)).toBeNull();
  });
});

describe('a proposed goal', () => {
  it('is what a quarter of the months reached, with the year as its baseline', async () => {
    await using workspace = await openWorkspace();
    const rates = [10, 12, 14, 16, 18, 20, 22, 24].map((won) => [won, 100 - won] as const);
    await workspace.save({ deal: months(rates) });
    const stock = await stockOf(workspace, 'win_rate');
    expect(stock && proposeGoal(stock)).toMatchObject({
      shape: 'at_least',
      target: 0.205,
      baseline: 0.17,
      months: 8,
      met: 2,
      best: 0.24,
    });
  });

  it('is less where less is better', async () => {
    await using workspace = await openWorkspace();
    const counts = [4, 6, 8, 10, 12, 14, 16, 18];
    const ticket = counts.flatMap((count, back) =>
      Array.from({ length: count }, (_, i) => ({
        id: `${back}-${i}`,
        created_at: Date.UTC(2026, 0 - back, 10),
      })),
    );
    await workspace.save({ ticket });
    const stock = await stockOf(workspace, 'cases_created');
    // Of twelve months, four lie before the first case.
    expect(stock && proposeGoal(stock)).toMatchObject({
      shape: 'at_most',
      baseline: 11,
      months: 8,
      target: 8,
      met: 3,
    });
  });

  it('takes a month without a case for a month of none, once there was one', async () => {
    await using workspace = await openWorkspace();
    const counts = [0, 6, 0, 10, 0, 14, 0, 18];
    const ticket = counts.flatMap((count, back) =>
      Array.from({ length: count }, (_, i) => ({
        id: `${back}-${i}`,
        created_at: Date.UTC(2026, 0 - back, 10),
      })),
    );
    await workspace.save({ ticket });
    const stock = await stockOf(workspace, 'cases_created');
    expect(stock && proposeGoal(stock)).toMatchObject({ baseline: 6, months: 8, target: 0, met: 4 });
  });

  it('is rounded to the easier side, so that a quarter of the months met it', async () => {
    await using workspace = await openWorkspace();
    // 13 of 17 is 76.47 %: half a per cent more was never reached.
    const level = Array.from({ length: 9 }, () => [13, 4] as const);
    await workspace.save({ deal: months([...level, [10, 10], [10, 10], [10, 10]]) });
    const stock = await stockOf(workspace, 'win_rate');
    expect(stock && proposeGoal(stock)).toMatchObject({ target: 0.76, met: 9, months: 12 });
  });

  it('of small shares keeps two digits', async () => {
    await using workspace = await openWorkspace();
    const shares = [2, 3, 4, 5, 6, 7, 8, 9].map((won) => [won, 1000 - won] as const);
    await workspace.save({ deal: months(shares) });
    const stock = await stockOf(workspace, 'win_rate');
    // The upper quartile is 7.25 in a thousand.
    expect(stock && proposeGoal(stock)).toMatchObject({ target: 0.0072, met: 2 });
  });

  it('is not made from fewer than six months', async () => {
    await using workspace = await openWorkspace();
    await workspace.save({
      deal: months([
        [1, 9],
        [2, 8],
        [3, 7],
        [4, 6],
        [5, 5],
      ]),
    });
    const stock = await stockOf(workspace, 'win_rate');
    expect(stock && proposeGoal(stock)).toEqual({
      kpi: 'win_rate',
      reason: {
        en: 'it has 5 complete months with data, and takes 6',
        es: 'tiene 5 meses completos con datos y hacen falta 6',
      },
    });
  });
});
