import { describe, expect, it } from 'vitest';
import type { ListedPeriod } from '../../src/model/period.ts';
import { goalOf } from '../model/samples.ts';
import { closedDeals } from './records.ts';
import { baseSettings, type LooseRow, openWorkspace, pick } from './workspace.ts';

const months = ['2025-10', '2025-11', '2025-12'];
const rates = months.flatMap((month, i) =>
  closedDeals(`${month}-10`, { won: 10 + i * 10, lost: 90 - i * 10 }),
);

describe('where a goal set out from', () => {
  it('stays when the target is raised, and moves when it is asked for otherwise', async () => {
    await using workspace = await openWorkspace();
    await workspace.save({ deal: rates });
    const kpis = ['win_rate'];
    const baselineOn = async (asOf: string, changed: Parameters<typeof goalOf>[0]) => {
      await workspace.evaluate(asOf, { kpis, goals: [goalOf({ kpi: 'win_rate', ...changed })] });
      const period = asOf.slice(0, 7);
      return pick(await workspace.results(asOf), 'win_rate', { period }).baseline;
    };
    expect(await baselineOn('2026-01-20T12:00:00Z', {})).toBeCloseTo(0.2, 12);
    await workspace.save({ deal: closedDeals('2026-01-22', { won: 90, lost: 10 }) });
    const targets = { kind: 'constant', value: 0.3 } as const;
    expect(await baselineOn('2026-02-20T12:00:00Z', { targets })).toBeCloseTo(0.2, 12);
    const baseline = { kind: 'auto', periods: 3 } as const;
    // December and January; February is among the three, and empty.
    expect(await baselineOn('2026-03-20T12:00:00Z', { targets, baseline })).toBeCloseTo(120 / 200, 12);
  });

  it('is of the last periods, though one of them has no records', async () => {
    await using workspace = await openWorkspace();
    await workspace.save({
      deal: [
        ...closedDeals('2025-08-10', { won: 90, lost: 10 }),
        ...closedDeals('2025-10-10', { won: 10, lost: 90 }),
        ...closedDeals('2025-11-10', { won: 20, lost: 80 }),
      ],
    });
    const asOf = '2025-12-20T12:00:00Z';
    const goals = [goalOf({ kpi: 'win_rate', baseline: { kind: 'auto', periods: 3 } })];
    await workspace.evaluate(asOf, { kpis: ['win_rate'], goals });
    const found = pick(await workspace.results(asOf), 'win_rate', { period: '2025-12' });
    expect(found.baseline).toBeCloseTo(0.15, 12);
  });
});

/** Three years of 13 periods of four weeks, the last one longer. */
function thirteenPeriods(): ListedPeriod[] {
  const plus = (day: string, days: number) =>
    new Date(Date.parse(day) + days * 86_400_000).toISOString().slice(0, 10);
  const table: ListedPeriod[] = [];
  let startOn = '2024-12-30';
  for (const year of [2025, 2026]) {
    const from = startOn;
    for (let month = 1; month <= 13; month++) {
      const endOn = plus(startOn, 28);
      table.push({ grain: 'month', label: `${year}-P${month}`, startOn, endOn });
      startOn = endOn;
    }
    table.push({ grain: 'year', label: `FY${year}`, startOn: from, endOn: startOn });
  }
  return table;
}

describe("one's own table of periods", () => {
  const calendar = { ...baseSettings.calendar, table: thirteenPeriods() };
  const asOf = '2026-01-20T12:00:00Z';

  it('may begin after the history and after what a baseline asks for: results begin with it', async () => {
    await using workspace = await openWorkspace();
    await workspace.save({ deal: rates });
    const goals = [goalOf({ kpi: 'win_rate' }), goalOf({ kpi: 'win_rate', id: 'yearly', every: 'year' })];
    await workspace.evaluate(asOf, { calendar, goals, kpis: ['win_rate'], grains: ['month'], history: 24 });
    const results = await workspace.results(asOf);
    const company = results.filter(({ segment }) => segment.kind === 'company');
    expect(company.filter(({ grain }) => grain === 'month')[0]?.periodLabel).toBe('2025-P1');
    expect(pick(results, 'win_rate', { period: 'FY2025', goal: 'yearly' })).toMatchObject({
      value: 0.2,
      baseline: null,
    });
  });

  it('may end before a quota does', async () => {
    await using workspace = await openWorkspace();
    const quota = (id: string, from_on: string, to_on: string, amount_minor: number): LooseRow => ({
      ...{ id, kind: 'quota', actor_id: 'u1', currency: 'EUR', from_on, to_on, amount_minor },
    });
    await workspace.save({
      actor: [{ id: 'u1', active: 1 }],
      deal: [{ id: 'a', outcome: 'won', closed_on: '2026-01-10', amount_minor: 500, currency: 'EUR' }],
      entry: [quota('now', '2025-12-29', '2026-01-25', 1000), quota('far', '2031-01-01', '2031-01-31', 7000)],
    });
    const goals = [goalOf({ kpi: 'revenue_won', targets: { kind: 'quotas' } })];
    await workspace.evaluate(asOf, { calendar, goals, kpis: ['revenue_won'] });
    const found = pick(await workspace.results(asOf), 'revenue_won', { period: '2026-P1' });
    expect(found).toMatchObject({ target: 1000, details: { targetFrom: 'owner' } });
  });
});
