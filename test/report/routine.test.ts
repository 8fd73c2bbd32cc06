import { describe, expect, it } from 'vitest';
import { createFormat } from '../../src/report/format.ts';
import { limitsText } from '../../src/report/legend.ts';
import { limitsOf } from '../../src/report/limits.ts';
import { comparisonText, trendText } from '../../src/report/needed-data.ts';
import { judgeNewest, routineText } from '../../src/report/routine.ts';
import { monthOf, monthsUntil, readCatalog, winRateGoal } from './company.ts';

const catalog = await readCatalog();
const kpiOf = (id: string) => catalog.find((kpi) => kpi.id === id) ?? expect.fail(id);
const format = createFormat('en', 'Europe/Madrid');
const spanish = createFormat('es', 'Europe/Madrid');
type Over = Parameters<typeof monthOf>[1];

/** Months up to October 2026, oldest first. */
function history(overs: readonly Over[]) {
  const months = monthsUntil('2026-10', overs.length);
  return months.map((label, place) => ({ id: place + 1, ...monthOf(label, overs[place]) }));
}

const hours = (values: readonly number[], target = 40) =>
  history(
    values.map((value) => ({ kpi: 'case_resolution_hours', unit: 'hours', value, target, den: 40, n: 40 })),
  );
const open = (values: readonly number[]) =>
  history(
    values.map((value) => ({
      ...{ kpi: 'open_cases', unit: 'count', value, num: value, den: null, n: value },
      ...{ goal: null, target: null },
    })),
  );
const shares = (pairs: readonly (readonly [num: number, den: number])[]) =>
  history(pairs.map(([num, den]) => ({ num, den, n: den, value: num / den })));
const newestOf = <T>(rows: readonly T[]): T => rows.at(-1) ?? expect.fail('none');

/** Worked figures: mean 49, limits 37.6 to 60.4. */
const baseline = [48, 52, 45, 50, 47, 53, 49, 48];
const resolution = kpiOf('case_resolution_hours');

describe('the newest official period', () => {
  it('is a signal outside the limits, and routine within', () => {
    const [out, within] = [hours([...baseline, 61]), hours([...baseline, 38])];
    const told = (rows: typeof out, language = format) =>
      routineText(limitsOf(rows, resolution), { result: newestOf(rows) }, language);
    expect(told(out)).toBe('October 2026 lies outside the limits: look for a cause.');
    expect(told(out, spanish)).toBe('Octubre de 2026 queda fuera de los límites: conviene buscar la causa.');
    expect(told(within)).toBe('October 2026 lies within what is routine.');
  });

  it('is not judged while it is preliminary: the one before it is', () => {
    const rows = [...hours([...baseline, 61]), ...hours([900])].map((row, place, all) =>
      place === all.length - 1
        ? { ...row, ...monthOf('2026-11', { ...row, stage: 'preliminary', periodLabel: '2026-11' }) }
        : row,
    );
    expect(judgeNewest(limitsOf(rows, resolution))).toMatchObject({
      period: '2026-10',
      signals: ['outside'],
    });
  });

  it('is no call to act where the change is less than 5 % of the target', () => {
    const steady = [100, 100.1, 100, 100.1, 100, 100.1, 100, 100.1];
    const [small, large] = [hours([...steady, 101], 100), hours([...steady, 106], 100)];
    expect(judgeNewest(limitsOf(small, resolution))).toMatchObject({ signals: ['outside'], small: true });
    expect(judgeNewest(limitsOf(large, resolution))).toMatchObject({ signals: ['outside'], small: false });
    expect(routineText(limitsOf(small, resolution), { result: newestOf(small) }, format)).toContain(
      'It is less than 5 % of the target',
    );
  });

  it('of a state is judged by its change: a stock that grows as ever is no news, a jump is', () => {
    const kpi = kpiOf('open_cases');
    const grown = [100, 110, 119, 130, 139, 150, 159, 170, 180];
    const [usual, jump] = [open(grown), open([...grown.slice(0, -1), 260])];
    expect(judgeNewest(limitsOf(usual, kpi))).toMatchObject({ signals: [] });
    expect(judgeNewest(limitsOf(jump, kpi))).toMatchObject({ signals: ['outside'] });
    // Changes 10, 9, 11, 9, 11, 9, 11: mean 10, mean moving range 11 / 6.
    expect(routineText(limitsOf(jump, kpi), { result: newestOf(jump) }, format)).toBe(
      'A state rests on the one before, so its changes are judged: 7 of them set routine at 5.1 to 14.9 per period. The change to October 2026, 90, lies outside: look for a cause.',
    );
    expect(limitsOf(open(grown.slice(0, 7)), kpi)).toEqual({ kind: 'few', have: 6, needed: 7 });
  });

  it('of shares of very different numbers of records is held against all before it', () => {
    const kpi = kpiOf('win_rate');
    const even = Array.from({ length: 6 }, (): [number, number] => [20, 100]);
    const told = (pairs: readonly (readonly [number, number])[]) => {
      const rows = shares(pairs);
      return routineText(limitsOf(rows, kpi), { result: newestOf(rows) }, format);
    };
    expect(told([...even, [90, 300]])).toBe(
      'October 2026 lies above the 20.0 % of all periods before it, beyond chance.',
    );
    expect(told([...even, [61, 300]])).toContain('does not differ from the 20.0 %');
    expect(told([...even, [3, 15]])).toBe('');
  });
});

describe('where nothing is said', () => {
  const kpi = kpiOf('win_rate');

  it('the number of periods that limits and a trend would take is told', () => {
    const rows = shares([
      [20, 100],
      [21, 100],
      [19, 100],
    ]);
    const figure = { kpi, goal: winRateGoal, result: newestOf(rows), past: rows, changedOn: [] };
    expect(limitsText(limitsOf(rows, kpi), figure, format)).toBe(
      'Control limits take 6 complete official periods before the newest; there are 2. Periods with fewer than 10 records are left out.',
    );
    expect(trendText(figure, format)).toBe(
      'A trend takes 6 complete official periods with a value; there are 3 so far.',
    );
    expect(trendText(figure, spanish)).toContain('requiere 6 periodos completos');
  });

  it('the number of records that a comparison would take is told', () => {
    const result = (over: Over) => ({ id: 1, ...monthOf('2026-10', { movement: 'no_evidence', ...over }) });
    const told = (over: Over, id = 'win_rate') =>
      comparisonText({ kpi: kpiOf(id), result: result(over) }, format);
    expect(told({ num: 18, den: 100, n: 100, value: 0.18, previous: 0.15 })).toBe(
      'To tell 15.0 % from 18.0 % takes about 2,402 records per period.',
    );
    expect(told({ num: 3, den: 12, n: 12, value: 0.25, previous: 0.15 })).toBe(
      'To compare with the period before takes 20 records in each of the two.',
    );
    const wins = { unit: 'count', den: null, num: 9, n: 9, value: 9, previous: 4 } as const;
    expect(told(wins, 'deals_won')).toBe(
      'From 4 to 9 may be chance: a change in this proportion shows from about 16 on.',
    );
    const times = { unit: 'hours', n: 6, den: 6, value: 30, previous: 48 } as const;
    expect(told(times, 'case_resolution_hours')).toContain('takes 8 records in each');
    expect(told({ num: 36, den: 200, value: 0.18, previous: 0.15, movement: 'improved' })).toBe('');
  });

  it('a trend that does not stand among all that were tested is named as such', () => {
    const rows = shares(Array.from({ length: 8 }, (_, place): [number, number] => [20 + place, 100]));
    const result = {
      ...newestOf(rows),
      trend: { direction: 'none', p: 0.02, slope: 0.01, n: 8 },
    } as const;
    const figure = { kpi, goal: null, result, past: rows };
    expect(trendText(figure, format)).toContain('does not stand among all that were tested');
    const silent = { ...figure, result: { ...result, trend: { ...result.trend, p: 0.4 } } };
    expect(trendText(silent, format)).toBe('No trend over 8 periods (Mann-Kendall, p = 0.400).');
  });
});
