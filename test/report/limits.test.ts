import { describe, expect, it } from 'vitest';
import { intervalOf, limitsOf } from '../../src/report/limits.ts';
import { monthOf, monthsUntil, readCatalog } from './company.ts';

const catalog = await readCatalog();
const kpiOf = (id: string) => catalog.find((kpi) => kpi.id === id) ?? expect.fail(id);
const stored = (...args: Parameters<typeof monthOf>) => ({ id: 1, ...monthOf(...args) });

/** Worked figures of a process behaviour chart: mean 49, limits 37.6 to 60.4. */
const hours = [48, 52, 45, 50, 47, 53, 49, 48, 38];
const durations = (values: readonly number[]) =>
  monthsUntil('2026-10', values.length).map((label, place) =>
    stored(label, {
      kpi: 'case_resolution_hours',
      unit: 'hours',
      value: values[place] ?? null,
      den: 40,
      n: 40,
    }),
  );

describe('the limits of a history', () => {
  it('are those of a process behaviour chart without the newest point', () => {
    const limits = limitsOf(durations(hours), kpiOf('case_resolution_hours'));
    if (limits.kind !== 'common') return expect.fail(limits.kind);
    expect(limits.chart.mean).toBe(49);
    expect([limits.chart.low, limits.chart.high].map((limit) => limit.toFixed(1))).toEqual(['37.6', '60.4']);
    expect(limits.chart.n).toBe(8);
    expect(limits.chart.signals).toEqual([]);
  });

  it('leave out the running period and preliminary ones', () => {
    const history = [
      ...durations(hours),
      stored('2026-11', { kpi: 'case_resolution_hours', unit: 'hours', value: 500, complete: false }),
    ];
    const limits = limitsOf(history, kpiOf('case_resolution_hours'));
    expect(limits.kind === 'common' && limits.chart.mean).toBe(49);
  });

  it('begin anew where an action was started, and are silent until there are six periods again', () => {
    const values = [80, 82, 79, 81, 80, 83, ...hours];
    const [history, kpi] = [durations(values), kpiOf('case_resolution_hours')];
    const limits = limitsOf(history, kpi, ['2026-01-20']);
    if (limits.kind !== 'common') return expect.fail(limits.kind);
    // February to September: the month of the start is mixed.
    expect([limits.chart.n, limits.chart.mean]).toEqual([8, 49]);
    expect(limitsOf(history, kpi, ['2026-06-01'])).toEqual({ kind: 'few', have: 4, needed: 6 });
    expect(limitsOf(history, kpi, ['2026-11-01'])).toEqual(limitsOf(history, kpi));
  });

  it('begin with the first record: months before it are no zeros', () => {
    const empty = { kpi: 'cases_closed', unit: 'count', value: 0, num: 0, den: null, n: 0 } as const;
    const closed = (value: number) => ({ ...empty, value, num: value, n: value });
    const history = monthsUntil('2026-10', 15).map((label, place) =>
      stored(label, place < 6 ? empty : closed(hours[place - 6] ?? 0)),
    );
    const limits = limitsOf(history, kpiOf('cases_closed'));
    expect(limits.kind === 'common' && [limits.chart.n, limits.chart.mean]).toEqual([8, 49]);
  });

  it('are silent below six periods', () => {
    expect(limitsOf(durations(hours.slice(0, 6)), kpiOf('case_resolution_hours'))).toEqual({
      kind: 'few',
      have: 5,
      needed: 6,
    });
  });

  it('give way to an interval of each point where the numbers of records differ by more than two times', () => {
    const history = monthsUntil('2026-10', 14).map((label, place) =>
      stored(label, { den: place === 3 ? 210 : 100, num: place === 3 ? 42 : 18 }),
    );
    expect(limitsOf(history, kpiOf('win_rate'))).toMatchObject({ kind: 'uneven' });
  });
});

describe('the interval of a figure', () => {
  it('is Wilson, 6 of 40 between 7.1 and 29.1 %', () => {
    const range = intervalOf({ num: 6, den: 40 }, kpiOf('win_rate'));
    expect(range?.low.toFixed(4)).toBe('0.0706');
    expect(range?.high.toFixed(4)).toBe('0.2907');
  });

  it('is none for sums and for shares of amounts', () => {
    expect(intervalOf({ num: 6, den: 40 }, kpiOf('revenue_won'))).toBeNull();
    expect(intervalOf({ num: 6, den: 40 }, kpiOf('win_rate_value'))).toBeNull();
  });
});
