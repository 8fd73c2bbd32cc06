import { describe, expect, it } from 'vitest';
import { fisherGreater } from '../../src/statistics/fisher.ts';
import { countToDetect, medianInterval, newcombe, quantile, wilson } from '../../src/statistics/intervals.ts';
import { countsDiffer, hodgesLehmann } from '../../src/statistics/shifts.ts';
import { kaplanMeierMedian, survivalMedian } from '../../src/statistics/survival.ts';
import { benjaminiHochberg, mannKendall } from '../../src/statistics/trend.ts';

/** Figures that others have published, or that R 4.2.2 (with survival 3.5) and SciPy 1.17.1 give. */

describe('published figures', () => {
  // Newcombe, Statistics in Medicine 17 (1998) 873-890, table II, method 10: p1 less p2.
  it.each([
    [56, 70, 48, 80, 0.0524, 0.3339],
    [9, 10, 3, 10, 0.1705, 0.809],
    [6, 7, 2, 7, 0.0582, 0.8062],
    [5, 56, 0, 29, -0.0381, 0.1926],
    [0, 10, 0, 20, -0.1611, 0.2775],
    [0, 10, 0, 10, -0.2775, 0.2775],
    [10, 10, 0, 20, 0.6791, 1],
    [10, 10, 0, 10, 0.6075, 1],
  ])('Newcombe: %i of %i against %i of %i', (a, m, b, n, low, high) => {
    const found = newcombe(b / n, n, a / m, m);
    expect([found.low, found.high].map((end) => Number(end.toFixed(4)))).toEqual([low, high]);
  });

  // The same author, pages 857-872, table I, method 3.
  it.each([
    [81, 263, 0.2553, 0.3662],
    [15, 148, 0.0624, 0.1605],
    [0, 20, 0, 0.1611],
    [1, 29, 0.0061, 0.1718],
  ])('Wilson: %i of %i', (k, n, low, high) => {
    const found = wilson(k, n);
    expect([found.low, found.high].map((end) => Number(end.toFixed(4)))).toEqual([low, high]);
  });

  it('Benjamini and Hochberg 1995: of fifteen tests of a heart trial four stand at 5 %', () => {
    const ps = [1, 4, 19, 95, 201, 278, 298, 344, 459, 3240, 4262, 5719, 6528, 7590, 10_000];
    const stands = benjaminiHochberg(
      ps.map((p) => p / 10_000),
      0.05,
    );
    expect(stands.filter(Boolean)).toHaveLength(4);
    expect(stands.slice(0, 4)).toEqual([true, true, true, true]);
  });

  // Conover, Practical Nonparametric Statistics, confidence interval of a median: ranks from either end.
  it.each([
    [6, 1],
    [15, 4],
    [25, 8],
    [30, 10],
    [50, 18],
  ])('the median of %i values lies between the ranks %i from either end', (n, rank) => {
    const ranks = Float64Array.from({ length: n }, (_, place) => place + 1);
    expect(medianInterval(ranks)).toEqual({ low: rank, high: n + 1 - rank });
  });

  it('Fisher 1935: the lady tasting tea, three of four right', () => {
    expect(fisherGreater({ num: 3, den: 4 }, { num: 1, den: 4 })).toBeCloseTo(17 / 70, 12);
  });
});

describe('R gives the same', () => {
  // wilcox.test(after, before, conf.int = TRUE, exact = TRUE)
  it.each([
    {
      before: [12.1, 9.4, 15.3, 8.8, 22.6, 17.2, 31.5, 11.9],
      after: [7.7, 10.3, 6.1, 9.9, 5.2, 14.8, 8.1, 12.6, 4.4],
      told: [-5.6, -12.7, -1.3, 0.020649938297],
    },
    {
      before: [0.5, 3.25, 9.75, 1.5, 2.25, 7.5, 4.125, 6.625, 30.5, 12.75],
      after: [5.5, 11.25, 19.5, 8.875, 25.125, 3.875, 16.75, 21.375, 40.25, 13.5, 10.0625],
      told: [7.90625, 1.375, 15.375, 0.0241554111523],
    },
    {
      before: [1e-6, 2e6, 3e-6, 4e6, 5, 6, 7, 8.5],
      after: [9, 10.25, 11.5, 12.75, 1e7, 2e7, 0.125, 0.0625],
      told: [4.25, -8.375, 9999991.5, 0.234498834499],
    },
  ])('shift of two samples: $told', ({ before, after, told }) => {
    const { shift = 0, low = 0, high = 0, p = 0 } = hodgesLehmann(before, after) ?? {};
    for (const [place, value] of [shift, low, high, p].entries())
      expect(value / (told[place] ?? 0)).toBeCloseTo(1, 9);
  });

  // survfit(..., conf.type = "log-log"): leukaemia patients of Freireich 1963, in weeks of remission.
  it('medians of times that go on', () => {
    const treated = [6, 6, 6, 7, 10, 13, 16, 22, 23];
    const goOn = [6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35];
    const found = survivalMedian(Float64Array.from(treated), Float64Array.from(goOn));
    expect(found).toEqual({ median: 23, low: 13, high: null });
    const placebo = [1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23];
    expect(survivalMedian(Float64Array.from(placebo), new Float64Array())).toEqual({
      median: 8,
      low: 4,
      high: 11,
    });
    expect(kaplanMeierMedian([...treated, ...goOn], [...treated.map(() => 0), ...goOn.map(() => 1)])).toBe(
      23,
    );
  });

  // binom.test(second, first + second, share)
  it.each([
    [7, 1, 0.5, 0.0703125],
    [0, 6, 0.5, 0.03125],
    [3, 9, 31 / 59, 0.152237022701],
    [120, 160, 0.5, 0.0196067272903],
    [2, 30, 0.9, 0.766377616617],
    [1000, 1100, 0.5, 0.0307207078642],
  ])('counts %i and %i with the share %d of the exposure', (first, second, share, p) => {
    expect(countsDiffer(first, second, share)).toBeCloseTo(p, 11);
  });

  // fisher.test(alternative = "greater")
  it.each([
    [30, 100, 15, 100, 0.0085745113842],
    [5, 45, 0, 955, 1.48086772085e-7],
  ])('%i of %i against %i of %i', (a, m, b, n, p) => {
    expect(fisherGreater({ num: a, den: m }, { num: b, den: n }) / p).toBeCloseTo(1, 9);
  });
});

describe('SciPy gives the same', () => {
  // kendalltau(method="exact") and theilslopes; with ties every order of the values is counted.
  it.each([
    [[3.1, 2.7, 4.4, 5.9, 4.8, 6.6], 0.0555555555556, 0.7],
    [[9, 8.5, 8.8, 7.2, 7.9, 6.1, 6.4], 0.0301587301587, -0.5],
    [[10, 12, 11, 15, 14, 13, 18, 17, 16, 21, 20, 19], 0.000974481087328, 1],
    [[5, 5, 5, 7, 7, 9, 9], 0.00952380952381, 0.8],
  ])('trend of %j', (values, p, slope) => {
    const found = mannKendall(values);
    expect(found?.p).toBeCloseTo(p, 11);
    expect(found?.slope).toBeCloseTo(slope, 12);
  });

  // quantile(method="linear")
  it('quantiles of values with ties and extremes', () => {
    const values = [0, 0, 0, 1e-9, 2, 2, 7, 1e12];
    expect([0, 0.1, 0.5, 0.9, 1].map((q) => quantile(values, q))).toEqual([
      0, 0, 1.0000000005, 300000000004.89984, 1e12,
    ]);
  });
});

it('a count that shows a change in its proportion with 80 % power does so four times in five', () => {
  // From 16 to 36: the difference of the square roots is 2, of standard deviation 0.7071: 2.83 of them.
  expect(countToDetect(4, 9)).toBe(16);
  expect(countsDiffer(16, 36)).toBeLessThan(0.01);
  expect(countToDetect(9, 4)).toBe(36);
  expect([countToDetect(5, 5), countToDetect(0, 3)]).toEqual([null, null]);
});
