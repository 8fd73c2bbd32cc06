import { describe, expect, it } from 'vitest';
import { createRandom } from '../../src/sandbox/random.ts';

const draw = <T>(count: number, next: () => T) => Array.from({ length: count }, next);

describe('createRandom', () => {
  it('repeats its draws for the same seed only', () => {
    const draws = draw(50, createRandom(7).next);
    expect(draw(50, createRandom(7).next)).toEqual(draws);
    expect(draw(50, createRandom(8).next)).not.toEqual(draws);
  });

  it('forks without moving on, one stream per label', () => {
    const random = createRandom(7);
    const forked = draw(5, random.fork('deals').next);
    expect(random.next()).toBe(createRandom(7).next());
    expect(draw(5, random.fork('deals').next)).toEqual(forked);
    expect(draw(5, random.fork('cases').next)).not.toEqual(forked);
  });

  it('draws whole numbers with both ends, and about evenly', () => {
    const random = createRandom(1);
    const counts = Map.groupBy(
      draw(6000, () => random.int(1, 6)),
      (face) => face,
    );
    expect([...counts.keys()].sort()).toEqual([1, 2, 3, 4, 5, 6]);
    for (const faces of counts.values()) expect(Math.abs(faces.length - 1000)).toBeLessThan(150);
  });

  it('picks by weight, never what weighs nothing', () => {
    const random = createRandom(1);
    const picked = draw(1000, () => random.pickWeighted([0, 1, 3], (weight) => weight));
    expect(picked).not.toContain(0);
    expect(picked.filter((weight) => weight === 3).length / 1000).toBeCloseTo(0.75, 1);
  });

  it('shuffles a copy and keeps every item', () => {
    const items = [1, 2, 3, 4, 5, 6, 7, 8];
    const shuffled = createRandom(3).shuffle(items);
    expect(items).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    expect(shuffled).not.toEqual(items);
    expect(shuffled.toSorted()).toEqual(items);
  });

  it('is log-normal around its median', () => {
    const random = createRandom(5);
    const draws = draw(4001, () => random.logNormal(100, 0.5)).sort((a, b) => a - b);
    expect(Math.abs((draws[2000] ?? 0) - 100)).toBeLessThan(5);
  });

  it('refuses to pick from nothing', () => {
    expect(() => createRandom(1).pick([])).toThrow(RangeError);
  });
});
