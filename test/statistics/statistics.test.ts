import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { xmr } from '../../src/statistics/behaviour-chart.ts';
import { normalTwoSided } from '../../src/statistics/distributions.ts';
import {
  medianInterval,
  newcombe,
  quantile,
  recordsToDetect,
  wilson,
} from '../../src/statistics/intervals.ts';
import { countsDiffer, hodgesLehmann } from '../../src/statistics/shifts.ts';
import {
  kaplanMeierMedian,
  kaplanMeierSteps,
  survivalMedian,
  survivalQuantile,
  survivalQuantiles,
} from '../../src/statistics/survival.ts';
import { benjaminiHochberg, mannKendall, seasonalMannKendall } from '../../src/statistics/trend.ts';

function rounded(values: object, digits: number): number[] {
  return Object.values(values)
    .filter((value) => typeof value === 'number')
    .map((value) => Number(value.toFixed(digits)));
}

/** Whole numbers that look shuffled, always the same. */
function mixed(n: number, offset: number): number[] {
  return Array.from({ length: n }, (_, i) => ((i * 7919) % 10007) / 10 + offset);
}

describe('ratios', () => {
  it('have Wilson intervals', () => {
    expect(rounded(wilson(6, 40), 4)).toEqual([0.0706, 0.2907]);
    expect(rounded(wilson(60, 400), 4)).toEqual([0.1183, 0.1883]);
    expect(rounded(wilson(0, 5), 4)).toEqual([0, 0.4345]);
    expect(rounded(wilson(50, 50), 4)).toEqual([0.9287, 1]);
    expect(wilson(0, 0)).toEqual({ low: 0, high: 1 });
  });

  it('differ only where the Newcombe interval leaves zero out', () => {
    expect(rounded(newcombe(0.15, 100, 0.18, 100), 3)).toEqual([0.03, -0.074, 0.134]);
    expect(rounded(newcombe(0.15, 1000, 0.18, 1000), 3)).toEqual([0.03, -0.003, 0.063]);
    expect(rounded(newcombe(0.15, 2000, 0.18, 2000), 3)).toEqual([0.03, 0.007, 0.053]);
    expect(rounded(newcombe(30 / 200, 200, 50 / 200, 200), 3)).toEqual([0.1, 0.022, 0.177]);
  });

  it('need about 2,400 records to show 15 against 18 percent', () => {
    expect(recordsToDetect(0.15, 0.18)).toBe(2402);
    expect(recordsToDetect(0.2, 0.2)).toBeNull();
  });

  it('always lie inside their interval, which stays within 0 and 1', () => {
    const counts = fc
      .integer({ min: 1, max: 5000 })
      .chain((n) => fc.tuple(fc.integer({ min: 0, max: n }), fc.constant(n)));
    fc.assert(
      fc.property(counts, ([successes, n]) => {
        const { low, high } = wilson(successes, n);
        expect(low >= 0 && low <= successes / n && successes / n <= high && high <= 1).toBe(true);
      }),
    );
  });
});

describe('durations', () => {
  const sorted = [2, 3, 5, 8, 12, 20, 30, 44, 60, 216];

  it('have quantiles of type 7', () => {
    expect(quantile(sorted, 0.5)).toBe(16);
    expect(quantile(sorted, 0.9)).toBeCloseTo(75.6, 10);
    expect(quantile([7], 0.9)).toBe(7);
    expect(quantile([], 0.5)).toBeNull();
  });

  it('have a median interval from order statistics, from six values on', () => {
    const ranks = [6, 8, 9, 10, 12, 20].map((n) =>
      medianInterval(Array.from({ length: n }, (_, i) => i + 1)),
    );
    expect(ranks.map((found) => [found?.low, found?.high])).toEqual([
      [1, 6],
      [1, 8],
      [2, 8],
      [2, 9],
      [3, 10],
      [6, 15],
    ]);
    expect(medianInterval([1, 2, 3, 4, 5])).toBeNull();
  });

  it('shift by the median of pairwise differences', () => {
    const before = [50, 44, 61, 38, 47, 72, 55, 49];
    const after = [33, 41, 28, 36, 30, 52, 27, 35];
    const found = hodgesLehmann(before, after);
    expect(found).toMatchObject({ shift: -16.5, low: -26, high: -8 });
    expect(found?.p).toBeCloseTo(0.004662, 6);
    expect(hodgesLehmann(before, after.slice(1))).toBeNull();
  });

  it('agree with SciPy: exact without ties, normal with them, and for large samples', () => {
    const small = hodgesLehmann([1.5, 2.5, 4, 7, 9.1, 11, 13, 2], [3, 5, 6, 8, 10, 12, 14, 15, 16]);
    expect(small?.p).toBeCloseTo(0.113944878650761, 10);
    const tied = hodgesLehmann(
      [3, 5, 5, 8, 12, 12, 13, 20, 21, 40],
      [4, 5, 9, 14, 14, 22, 23, 30, 41, 41, 55],
    );
    expect([tied?.shift, tied?.p.toFixed(9)]).toEqual([9, '0.112282831']);
    expect(hodgesLehmann(mixed(300, 0), mixed(300, 5))?.p).toBeCloseTo(0.7994097530125225, 10);
  });

  it('find the shift of a hundred million pairs without listing them', () => {
    expect(hodgesLehmann(mixed(10_000, 0), mixed(10_000, 5))?.shift).toBeCloseTo(5, 9);
  });

  it('find the same differences as listing them would', () => {
    const values = fc.array(fc.integer({ min: 0, max: 40 }), { minLength: 8, maxLength: 30 });
    fc.assert(
      fc.property(values, values, (before, after) => {
        const all = before.flatMap((x) => after.map((y) => y - x)).sort((a, b) => a - b);
        const found = hodgesLehmann(before, after);
        expect(found?.shift).toBe(quantile(all, 0.5));
        expect(all).toContain(found?.low);
        expect((found?.low ?? 1) <= (found?.shift ?? 0) && (found?.shift ?? 1) <= (found?.high ?? 0)).toBe(
          true,
        );
      }),
    );
  });

  it('that are still open stay in the Kaplan-Meier median', () => {
    const times = [2, 3, 4, 5, 8];
    const open = [false, true, false, true, false];
    expect(kaplanMeierMedian(times, open)).toBe(8);
    expect(
      kaplanMeierSteps(times, open).map(({ time, survival }) => [time, Number(survival.toFixed(3))]),
    ).toEqual([
      [2, 0.8],
      [4, 0.533],
      [8, 0],
    ]);
    expect(kaplanMeierMedian([2, 4, 8], [false, false, false])).toBe(4);
  });

  it('have no median where not even half have ended', () => {
    expect(kaplanMeierMedian([1, 5, 9, 9], [false, true, true, true])).toBeNull();
    expect(kaplanMeierMedian([1, 5], [0, 1])).toBe(1);
    expect(kaplanMeierMedian([], [])).toBeNull();
  });

  it('comes out the same of ended and open times that are in order already', () => {
    const ended = Float64Array.of(2, 4, 4, 7, 9);
    const open = Float64Array.of(1, 4, 8, 9, 12);
    const steps = kaplanMeierSteps([...ended, ...open], [0, 0, 0, 0, 0, 1, 1, 1, 1, 1]);
    const shares = [0.1, 0.3, 0.5, 0.9];
    expect(survivalQuantiles(ended, open, shares)).toEqual(shares.map((q) => survivalQuantile(steps, q)));
    expect(survivalQuantiles(ended, open, shares)).toEqual([2, 4, 9, null]);
    expect(survivalQuantiles(new Float64Array(), open, [0.5])).toEqual([null]);
  });

  it('gives the median an interval, without an end where too few have ended', () => {
    // Remission with acute myelogenous leukaemia (Miller 1981), in weeks.
    const ended = Float64Array.from([5, 5, 8, 8, 12, 23, 27, 30, 33, 43, 45]);
    expect(survivalMedian(ended, Float64Array.from([16]))).toEqual({ median: 23, low: 5, high: 33 });
    const maintained = Float64Array.from([9, 13, 18, 23, 31, 34, 48]);
    const open = Float64Array.from([13, 28, 45, 161]);
    expect(survivalMedian(maintained, open)).toEqual({ median: 31, low: 13, high: null });
    expect(survivalMedian(Float64Array.from([1]), Float64Array.from([5, 9, 9]))).toBeNull();
  });
});

describe('counts', () => {
  it('differ by the exact binomial test', () => {
    const p = [countsDiffer(4, 9), countsDiffer(10, 25), countsDiffer(3, 12)];
    expect(p.map((value) => Number(value.toFixed(3)))).toEqual([0.267, 0.017, 0.035]);
    expect(countsDiffer(9, 4)).toBeCloseTo(countsDiffer(4, 9), 12);
    expect([countsDiffer(0, 0), countsDiffer(5, 5)]).toEqual([1, 1]);
  });

  it('agree with SciPy where the exposure differs', () => {
    expect(countsDiffer(5, 10, 0.7)).toBeCloseTo(0.7813768686602051, 10);
    expect(countsDiffer(28, 2, 0.25)).toBeCloseTo(0.0187750627148012, 10);
    expect(countsDiffer(300, 700, 0.68)).toBeCloseTo(0.18614489305979198, 9);
  });

  it('stay exact for millions', () => {
    expect(countsDiffer(1_000_000, 1_003_000)).toBeCloseTo(0.03409, 4);
  });
});

describe('trends', () => {
  it('are found by Mann-Kendall with the slope of Theil and Sen', () => {
    const falling = mannKendall([48, 45, 46, 41, 38, 36, 33, 30]);
    expect(falling).toMatchObject({ s: -26, direction: 'falling', n: 8, method: 'exact' });
    expect(falling?.p).toBeCloseTo(0.0004, 5);
    expect(falling?.slope).toBeCloseTo(-2.536, 3);
  });

  it('stay silent without evidence', () => {
    expect(mannKendall([20, 19, 21, 18, 20, 19])).toMatchObject({ direction: 'none' });
    const close = mannKendall([0.15, 0.16, 0.155, 0.17, 0.165, 0.18]);
    expect(close).toMatchObject({ s: 11, direction: 'none' });
    expect(close?.p).toBeCloseTo(0.0556, 4);
    expect(mannKendall([1, 2, 3, 4, 5])).toBeNull();
    expect(mannKendall([5, 5, 5, 5, 5, 5])).toMatchObject({ s: 0, p: 1, slope: 0, direction: 'none' });
  });

  it('count every order of tied values', () => {
    const tied = mannKendall([3, 3, 4, 5, 5, 6]);
    expect(tied).toMatchObject({ s: 13, direction: 'rising', method: 'exact' });
    expect(tied?.p).toBeCloseTo(0.0111, 4);
    expect(tied?.slope).toBeCloseTo(0.667, 3);
  });

  it('need the published |S| at 5 percent', () => {
    const smallest = [6, 7, 8, 9, 10, 12].map((n) => {
      const rising = Array.from({ length: n }, (_, i) => i);
      let least = Number.POSITIVE_INFINITY;
      // Each swap of neighbours costs 2 of S.
      for (const xs of swapsOf(rising)) {
        const found = mannKendall(xs);
        if (found && found.p <= 0.05) least = Math.min(least, Math.abs(found.s));
      }
      return least;
    });
    expect(smallest).toEqual([13, 15, 18, 20, 23, 30]);
  });

  it('go by the normal approximation beyond twelve values, and look at the last 24 only', () => {
    const xs = [12, 15, 14, 16, 18, 17, 19, 22, 21, 24, 23, 25, 27];
    const found = mannKendall(xs);
    // S 70, variance 13 * 12 * 31 / 18 = 268.667, z = 69 / 16.391 = 4.2096
    expect(found).toMatchObject({ s: 70, method: 'normal' });
    expect(found?.p).toBeCloseTo(2.558e-5, 8);
    expect(found?.slope).toBeCloseTo(1.1666666666666667, 12);
    expect(mannKendall([...mixed(30, 0), ...xs])?.n).toBe(24);
  });

  it('are not seen in a season that repeats itself', () => {
    const months = Array.from({ length: 12 }, (_, month) => month * 10);
    const same = seasonalMannKendall(months.map((x) => [x, x, x]));
    const growing = seasonalMannKendall(months.map((x) => [x, x + 1, x + 2]));
    expect(same).toMatchObject({ s: 0, p: 1, direction: 'none' });
    expect(growing).toMatchObject({ s: 36, slope: 1, direction: 'rising' });
    expect(seasonalMannKendall(months.map((x) => [x]))).toBeNull();
  });

  it('under 24 values looks at pairs of a month and that of the year before, six at least', () => {
    const pairs = (count: number, step: number) =>
      Array.from({ length: 12 }, (_, i) => (i < count ? [i, i + step] : [i]));
    expect(seasonalMannKendall(pairs(5, 1))).toBeNull();
    expect(seasonalMannKendall(pairs(6, 1))).toMatchObject({
      direction: 'rising',
      s: 6,
      p: expect.closeTo(0.03125, 12),
      slope: 1,
      n: 18,
    });
    const mixed = [...pairs(5, -2), [30, 31]].filter((_, i) => i !== 11);
    expect(seasonalMannKendall(mixed)).toMatchObject({
      direction: 'none',
      s: -4,
      p: expect.closeTo(0.21875, 12),
      slope: -2,
    });
  });

  it('pass Benjamini-Hochberg together', () => {
    expect(benjaminiHochberg([0.001, 0.012, 0.021, 0.04, 0.3], 0.1)).toEqual([true, true, true, true, false]);
    expect(benjaminiHochberg([0.3, 0.04, 0.001], 0.1)).toEqual([false, true, true]);
    expect(benjaminiHochberg([], 0.1)).toEqual([]);
  });
});

function* swapsOf(sorted: readonly number[]): Generator<number[]> {
  const xs = [...sorted];
  for (let pass = xs.length - 1; pass > 0; pass--) {
    for (let i = 0; i < pass; i++) {
      const [a = 0, b = 0] = [xs[i], xs[i + 1]];
      xs[i] = b;
      xs[i + 1] = a;
      yield [...xs];
    }
  }
}

describe('the behaviour chart', () => {
  const baseline = [48, 52, 45, 50, 47, 53, 49, 48];

  it('sets limits from the moving range', () => {
    const chart = xmr({ baseline, point: 61 });
    expect(chart).toMatchObject({ n: 8, mean: 49, provisional: true, signals: ['outside'] });
    expect(chart?.movingRange).toBeCloseTo(30 / 7, 10);
    expect([chart?.low.toFixed(1), chart?.high.toFixed(1), chart?.rangeLimit.toFixed(1)]).toEqual([
      '37.6',
      '60.4',
      '14.0',
    ]);
    expect(xmr({ baseline, point: 38 })?.signals).toEqual([]);
  });

  it('is silent under six points and looks for one signal under twelve', () => {
    expect(xmr({ baseline: baseline.slice(0, 5), point: 100 })).toBeNull();
    expect(xmr({ baseline: [50, 51, 52, 51, 52, 53, 52, 53], point: 53 })?.signals).toEqual([]);
  });

  it('sees a run of eight on one side from twelve points on', () => {
    const steady = [40, 60, 40, 60, 40, 53, 52, 53, 52, 53, 52, 53];
    expect(xmr({ baseline: steady, point: 52 })).toMatchObject({ provisional: false, signals: ['run'] });
    expect(xmr({ baseline: steady, point: 49 })?.signals).toEqual([]);
  });

  it('sees three of four nearer a limit than the mean', () => {
    const quiet = [50, 51, 49, 50, 51, 49, 50, 51, 49, 50, 53, 53];
    expect(xmr({ baseline: quiet, point: 53 })?.signals).toContain('near_limit');
    expect(xmr({ baseline: quiet, point: 50.2 })?.signals).not.toContain('near_limit');
  });

  it('clamps limits to what is possible, and takes any change of a constant for a signal', () => {
    const chart = xmr({ baseline: [0.1, 0.3, 0.1, 0.3, 0.1, 0.3], point: 0.2, possible: { min: 0, max: 1 } });
    expect([chart?.low, chart?.high && chart.high < 1]).toEqual([0, true]);
    const flat = [0.1, 0.1, 0.1, 0.1, 0.1, 0.1];
    expect([
      xmr({ baseline: flat, point: 0.1 })?.signals,
      xmr({ baseline: flat, point: 0.2 })?.signals,
    ]).toEqual([[], ['outside']]);
  });
});

it('the normal tail agrees with SciPy near and far out', () => {
  expect(normalTwoSided(0)).toBe(1);
  expect(normalTwoSided(-1.96)).toBeCloseTo(0.0499957903, 9);
  expect(normalTwoSided(5) / 5.73303144e-7).toBeCloseTo(1, 6);
  expect(normalTwoSided(8) / 1.24419211e-15).toBeCloseTo(1, 6);
});
