import { expect, it } from 'vitest';
import { lessControl, lessDrift, projectTrend, standardise } from '../../src/improve/adjust.ts';
import { compareFigures, isComparison, type Sides } from '../../src/improve/compare.ts';
import { countsLessControl, shareLimits, twoSided } from '../../src/improve/counts.ts';
import type { Measured, SpanFigures } from '../../src/model/measure.ts';

const nothing = {
  num: null,
  den: null,
  value: null,
  n: 0,
  nMissing: 0,
  values: new Float64Array(),
  open: new Float64Array(),
  squares: 0,
  flags: [],
};

function share(num: number, den: number): Measured {
  return { ...nothing, num, den, value: num / den, n: den };
}

function hours(...values: number[]): Measured {
  const sorted = Float64Array.from(values).sort();
  return {
    ...nothing,
    n: sorted.length,
    values: sorted,
    value: sorted[Math.floor(sorted.length / 2)] ?? null,
  };
}

function sides(kind: Sides['kind'], before: Measured, after: Measured): Sides {
  return { kind, before, after, exposure: 1, earlier: [] };
}

function sizeOf(input: Sides) {
  const compared = compareFigures(input);
  if (!isComparison(compared)) throw new Error(compared.note);
  return compared;
}

it('says nothing of 15 and 18 of 100, and what it would take: about 2,400 each', () => {
  const compared = sizeOf(sides('proportion', share(15, 100), share(18, 100)));
  expect(compared.evident).toBe(false);
  expect(compared.size.low).toBeCloseTo(-0.074, 3);
  expect(compared.size.high).toBeCloseTo(0.131, 2);
  expect(compared.recordsNeeded).toBeGreaterThan(2300);
  expect(compared.recordsNeeded).toBeLessThan(2500);
});

it('recognises 300 and 360 of 2000', () => {
  const { evident, size } = sizeOf(sides('proportion', share(300, 2000), share(360, 2000)));
  expect(evident).toBe(true);
  expect(size.low).toBeCloseTo(0.007, 3);
  expect(size.high).toBeCloseTo(0.053, 3);
});

it('shows the smallest effect that windows of a size can show', () => {
  const { detectable } = sizeOf(sides('proportion', share(15, 100), share(15, 100)));
  expect(detectable).toBeGreaterThan(0.15);
  expect(detectable).toBeLessThan(0.18);
});

it('finds the shift of durations', () => {
  const before = hours(50, 44, 61, 38, 47, 72, 55, 49);
  const after = hours(33, 41, 28, 36, 30, 52, 27, 35);
  const { size, p, evident } = sizeOf(sides('duration', before, after));
  expect(size).toEqual({ effect: -16.5, low: -26, high: -8 });
  expect(p).toBeCloseTo(0.0047, 4);
  expect(evident).toBe(true);
});

it.each([
  [4, 9, 0.27],
  [10, 25, 0.017],
  [3, 12, 0.035],
])('of %i and then %i events says p %f', (first, second, p) => {
  expect(twoSided(second, { n: first + second, p: 0.5 })).toBeCloseTo(p, 2);
});

it('gives counts an interval that agrees with their p', () => {
  const counted = (num: number) => ({ ...nothing, num, value: num, n: num });
  const silent = sizeOf(sides('count', counted(4), counted(9)));
  const evident = sizeOf(sides('count', counted(10), counted(25)));
  expect([silent.evident, evident.evident]).toEqual([false, true]);
  expect(silent.size.low).toBeLessThan(0);
  expect(evident.size.low).toBeGreaterThan(0);
  expect(shareLimits(0, 10).high).toBeCloseTo(0.3085, 3);
});

it('takes what a control did from what the treated did, intervals by squares', () => {
  const treated = sizeOf(sides('proportion', share(30, 200), share(50, 200)));
  const control = sizeOf(sides('proportion', share(30, 200), share(40, 200)));
  expect(treated.evident).toBe(true);
  expect(treated.size.low).toBeCloseTo(0.022, 3);
  expect(treated.size.high).toBeCloseTo(0.177, 3);
  const size = lessControl(treated.size, control.size);
  expect(size.effect).toBeCloseTo(0.05, 9);
  expect(size.low).toBeCloseTo(-0.058, 3);
  expect(size.high).toBeCloseTo(0.158, 3);
});

it('compares counts with those of a control by their ratios', () => {
  const size = countsLessControl({ first: 100, second: 150 }, { first: 200, second: 300 });
  expect(size?.effect).toBeCloseTo(0, 9);
  expect(size?.low).toBeLessThan(0);
  expect(countsLessControl({ first: 0, second: 3 }, { first: 5, second: 5 })).toBeNull();
});

function mixed(parts: Readonly<Record<string, readonly [num: number, den: number]>>): SpanFigures {
  const strata = Object.entries(parts).map(([id, [num, den]]) => ({
    segment: { kind: 'category', id, name: id, source: null },
    figure: share(num, den),
  }));
  const num = strata.reduce((sum, { figure }) => sum + (figure.num ?? 0), 0);
  const den = strata.reduce((sum, { figure }) => sum + (figure.den ?? 0), 0);
  return { span: { from: '2026-01-01', to: '2026-01-29' }, whole: share(num, den), strata };
}

it('weights by the mix before: 17 % is 19.3 %, not 13 %', () => {
  const before = mixed({ SMB: [16, 80], ENT: [1, 20] });
  const after = mixed({ SMB: [9, 40], ENT: [4, 60] });
  const standard = standardise('proportion', before, after);
  expect((before.whole.value ?? 0) + (standard?.comparison?.size.effect ?? 0)).toBeCloseTo(0.1933, 4);
  expect(standard?.moved).toBeCloseTo(0.4, 9);
});

it('does not weight a mix of which too little is left', () => {
  const before = mixed({ SMB: [16, 80], ENT: [10, 50] });
  const standard = standardise('proportion', before, mixed({ SMB: [9, 40], ENT: [1, 3] }));
  expect(standard?.comparison).toBeNull();
});

it('takes a trend for what it would have brought anyway', () => {
  const falling = [48, 45, 46, 41, 38, 36, 33, 30];
  const trend = projectTrend(falling, 8);
  expect(trend?.expected).toBeCloseTo(28.2, 0);
  const size = lessDrift({ effect: -20, low: -25, high: -15 }, -18, trend?.spread ?? 0);
  expect(size.effect).toBe(-2);
  expect(size.high).toBeGreaterThan(0);
  expect(projectTrend([20, 19, 21, 18, 20, 19], 6)).toBeNull();
});

it('judges money by what earlier windows show to be usual', () => {
  const earlier = [48, 52, 45, 50, 47, 53, 49, 48];
  const money = (value: number) => ({ ...nothing, num: value, value, n: 5 });
  const at = (value: number) => sizeOf({ ...sides('series', money(48), money(value)), earlier });
  expect(at(61).evident).toBe(true);
  expect(at(38).evident).toBe(false);
  expect(at(61).size.effect).toBe(12);
  expect(compareFigures({ ...sides('series', money(48), money(61)), earlier: [1, 2, 3] })).toEqual({
    note: 'too_few',
  });
});

it('stays silent below its sizes', () => {
  expect(compareFigures(sides('proportion', share(3, 19), share(9, 30)))).toEqual({ note: 'too_few' });
  expect(compareFigures(sides('duration', hours(1, 2, 3), hours(1, 2, 3)))).toEqual({ note: 'too_few' });
  expect(compareFigures(sides('proportion', share(3, 19), nothing))).toEqual({ note: 'no_data' });
});

/** 40 durations, evenly spread; those beyond the limit go on. */
function cut(scale: number, limit: number): Measured {
  const times = Array.from({ length: 40 }, (_, i) => (i + 1) * scale);
  const open = Float64Array.from(times.filter((time) => time > limit).map(() => limit));
  return { ...hours(...times.filter((time) => time <= limit)), n: 40, open };
}

it('compares durations of which some go on by their Kaplan-Meier medians', () => {
  const compared = sizeOf(sides('duration', cut(2, 60), cut(1, 30)));
  expect(compared).toMatchObject({ method: 'kaplan_meier', size: { effect: -20 }, evident: true });
  expect(sizeOf(sides('duration', cut(2, 60), cut(2, 60)))).toMatchObject({
    size: { effect: 0 },
    evident: false,
  });
});

it('says so where not even half have ended', () => {
  expect(compareFigures(sides('duration', cut(2, 60), cut(2, 20)))).toEqual({ note: 'not_comparable' });
  expect(compareFigures(sides('duration', cut(2, 60), cut(5, 20)))).toEqual({ note: 'too_few' });
});
