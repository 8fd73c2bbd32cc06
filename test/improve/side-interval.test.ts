import { expect, it } from 'vitest';
import { sideInterval } from '../../src/improve/side-interval.ts';
import type { Measured } from '../../src/model/measure.ts';

const measured = (over: Partial<Measured> = {}): Measured => ({
  ...{ num: null, den: null, value: null, n: 0, nMissing: 0, squares: 0, flags: [] },
  ...{ values: new Float64Array(), open: new Float64Array(), ...over },
});

it('a share has the score interval of its records; a ratio above one has none', () => {
  const interval = sideInterval('proportion', measured({ num: 15, den: 100 }));
  expect(interval?.low).toBeCloseTo(0.0931, 4);
  expect(interval?.high).toBeCloseTo(0.2328, 4);
  expect(sideInterval('proportion', measured({ num: 15, den: 10 }))).toBeNull();
});

it('a median has the interval of its order statistics, from six values on', () => {
  const values = Float64Array.from([1, 2, 3, 4, 5, 6, 7, 8]);
  expect(sideInterval('duration', measured({ values }))).toEqual({ low: 1, high: 8 });
  expect(sideInterval('duration', measured({ values: values.slice(0, 5) }))).toBeNull();
});

it('a median of which too much goes on has no upper end', () => {
  const values = Float64Array.from([1, 2, 3, 4, 5, 6]);
  const open = Float64Array.from([7, 7, 7, 7, 7]);
  expect(sideInterval('duration', measured({ values, open }))).toEqual({ low: 2, high: null });
});

it('a number of events has the score interval of a Poisson count', () => {
  const interval = sideInterval('count', measured({ num: 28 }));
  // 28 + z²/2 ± z √(28 + z²/4) with z = 1.96
  expect(interval?.low).toBeCloseTo(19.37, 2);
  expect(interval?.high).toBeCloseTo(40.47, 2);
  expect(sideInterval('count', measured({ num: 0 }))?.low).toBe(0);
});

it('sums of money and states have none of their own', () => {
  expect(sideInterval('series', measured({ value: 100, num: 100 }))).toBeNull();
});
