import { describe, expect, it } from 'vitest';
import { composite } from '../../src/evaluate/score.ts';

const even = (...attainments: (number | null)[]) =>
  composite(attainments.map((attainment) => ({ weight: 1, attainment }))).score;

describe('the composite score', () => {
  it('is 75 in month 1 and 90 with the open rate measured again', () => {
    expect(even(0.75, 1, 0.5)).toBe(75);
    expect(even(0.9, 1, 0.8)).toBeCloseTo(90, 10);
  });

  it('is nothing in month 2, where two thirds of the weight have data', () => {
    expect(composite([0.9, null, 0.8].map((attainment) => ({ weight: 1, attainment })))).toEqual({
      score: null,
      coverage: 2 / 3,
    });
  });

  it('stands at exactly 70 % of the weights', () => {
    const seven = Array.from({ length: 7 }, () => ({ weight: 0.1, attainment: 0.5 }));
    const three = Array.from({ length: 3 }, () => ({ weight: 0.1, attainment: null }));
    expect(composite([...seven, ...three]).score).toBeCloseTo(50, 10);
  });

  it('caps each goal, so that one excess hides no failure', () => {
    expect(even(3, 0.5)).toBe(75);
    expect(even(-1, 0.5)).toBe(25);
  });

  it('weighs goals, and is nothing without any', () => {
    expect(
      composite([
        { weight: 3, attainment: 1 },
        { weight: 1, attainment: 0 },
      ]).score,
    ).toBe(75);
    expect(composite([])).toEqual({ score: null, coverage: 0 });
    expect(composite([{ weight: 0, attainment: 1 }]).score).toBeNull();
  });
});
