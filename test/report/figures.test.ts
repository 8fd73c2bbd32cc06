import { describe, expect, it } from 'vitest';
import { readFigures } from '../../src/report/figures.ts';
import { yearBefore } from '../../src/report/kpi-view.ts';
import { company, type Selection } from '../../src/report/selection.ts';
import { monthOf, monthsUntil, openDesk } from './company.ts';

const all: Selection = {
  language: 'en',
  kpis: [],
  grain: null,
  period: null,
  segment: company,
  status: null,
};
const months = monthsUntil('2026-10', 14).map((label) => monthOf(label));
const running = monthOf('2026-11', { complete: false, status: 'off_target', value: 0.1 });

describe('the figures of a page', () => {
  it('are of the latest complete period, with the running one beside it', async () => {
    await using fixture = await openDesk({ results: [...months, running] });
    const [figure] = readFigures(fixture.desk, all);
    expect(figure?.result.periodLabel).toBe('2026-10');
    expect(figure?.running?.periodLabel).toBe('2026-11');
    expect(figure?.history).toHaveLength(15);
    expect(figure?.goal?.id).toBe('win_rate.month');
  });

  it('end with an earlier period when that is chosen', async () => {
    await using fixture = await openDesk({ results: [...months, running] });
    const [figure] = readFigures(fixture.desk, { ...all, period: '2026-03' });
    expect(figure?.result.periodLabel).toBe('2026-03');
    expect(figure?.running).toBeNull();
    expect(figure?.history.at(-1)?.periodLabel).toBe('2026-03');
    expect(readFigures(fixture.desk, { ...all, period: '1999-01' })).toEqual([]);
  });

  it('are those that stood then, for one as of an earlier day', async () => {
    await using fixture = await openDesk({ results: months });
    expect(readFigures({ ...fixture.desk, asOf: months[0]?.asOf ?? 0 }, all)).toHaveLength(1);
    expect(readFigures({ ...fixture.desk, asOf: (months[0]?.asOf ?? 0) - 1 }, all)).toEqual([]);
  });

  it('are of one segment, found by its id in any connection', async () => {
    const team = monthOf('2026-10', {
      segment: { kind: 'team', id: 'T1', name: 'Iberia', source: null },
      value: 0.4,
    });
    await using fixture = await openDesk({ results: [...months, team] });
    const [figure] = readFigures(fixture.desk, { ...all, segment: { kind: 'team', id: 'T1' } });
    expect(figure?.result.value).toBe(0.4);
    expect(readFigures(fixture.desk, { ...all, segment: { kind: 'team', id: 'T2' } })).toEqual([]);
  });

  it('hold no results without a goal beside those with one', async () => {
    const bare = monthOf('2026-10', { goal: null, goalVersion: null, status: null, target: null });
    await using fixture = await openDesk({ results: [...months, bare] });
    expect(readFigures(fixture.desk, all).map(({ result }) => result.goal)).toEqual(['win_rate.month']);
  });

  it('have limits from where the filter of a connection was switched, if they count what it hides', async () => {
    const mails = months.map((month) => ({
      ...month,
      kpi: 'email_open_rate',
      goal: null,
      goalVersion: null,
    }));
    const connection = {
      name: 'crm',
      connector: 'hubspot',
      own: {},
      objects: [],
      since: null,
      apiBudget: null,
      fields: {},
      entities: {},
      publish: false,
      emailBotFilter: [{ since: '2026-04-10', on: false }],
    } as const;
    await using fixture = await openDesk({
      results: [...months, ...mails],
      settings: { connections: [connection] },
    });
    const from = new Map(readFigures(fixture.desk, all).map(({ kpi, limitsFrom }) => [kpi.id, limitsFrom]));
    expect(from.get('email_open_rate')).toEqual(['2026-04-10']);
    expect(from.get('win_rate')).toEqual([]);
  });
});

describe('the year before', () => {
  const row = (
    id: number,
    periodStart: string,
    periodEnd: string,
    grain: 'day' | 'month' | 'year' = 'month',
  ) => ({
    ...monthOf('2026-01', { periodStart, periodEnd, grain }),
    id,
  });

  it('is the same month, and the same period of a table of one’s own', () => {
    const months = [row(1, '2025-01-01', '2025-02-01'), row(2, '2025-02-01', '2025-03-01')];
    expect(yearBefore(months, row(3, '2026-02-01', '2026-03-01'))?.id).toBe(2);
    const listed = [row(1, '2025-01-05', '2025-02-02'), row(2, '2025-02-02', '2025-03-02')];
    expect(yearBefore(listed, row(3, '2026-02-01', '2026-03-01'))?.id).toBe(2);
  });

  it('is the same date of a day, and the year of a year', () => {
    const days = [row(1, '2023-02-28', '2023-03-01', 'day')];
    expect(yearBefore(days, row(2, '2024-02-29', '2024-03-01', 'day'))?.id).toBe(1);
    const years = [row(1, '2024-01-01', '2025-01-01', 'year'), row(2, '2025-01-01', '2026-01-01', 'year')];
    expect(yearBefore(years, row(3, '2026-01-01', '2027-01-01', 'year'))?.id).toBe(2);
  });
});
