import { type Living, lastInstant, type Step } from './oracle-world.ts';
import { createDraw, type Draw } from './random-company.ts';

export const hourMs = 3_600_000;
export const dayMs = 24 * hourMs;
export const first = Date.parse('2024-02-01T00:00:00Z');

/** Local midnights of Madrid around which much happens: month ends and both clock changes. */
const busy = [
  '2025-03-29T23:00:00Z',
  '2025-09-30T22:00:00Z',
  '2025-10-25T22:00:00Z',
  '2025-10-26T01:00:00Z',
  '2025-12-31T23:00:00Z',
  '2026-02-28T23:00:00Z',
  '2026-03-29T00:00:00Z',
  '2026-03-31T22:00:00Z',
].map((text) => Date.parse(text));

export interface Hand {
  readonly draw: Draw;
  pick<T>(values: readonly T[]): T;
  chance(share: number): boolean;
  /** Before as_of, on whole minutes. */
  instant(from?: number): number;
  gone(): Living['gone'];
}

export function createHand(seed: number): Hand {
  const draw = createDraw(seed);
  const minute = (at: number) => at - (at % 60_000);
  const pick = <T>(values: readonly T[]): T => {
    const value = values[Math.floor(draw() * values.length)];
    if (value === undefined) throw new RangeError('nothing to pick');
    return value;
  };
  return {
    draw,
    pick,
    chance: (share) => draw() < share,
    gone: () => (draw() < 0.06 ? pick(['deleted', 'merged', 'test']) : null),
    instant(from = first) {
      const near = busy.filter((at) => at > from);
      if (near.length > 0 && draw() < 0.25)
        return minute(pick(near) + Math.floor((draw() - 0.5) * 3 * hourMs));
      return minute(from + Math.floor(draw() * draw() * (lastInstant - from)));
    },
  };
}

export const dayOf = (at: number) => new Date(at).toISOString().slice(0, 10);

/** Some steps after the first one, each later than the one before, none at as_of or after. */
export function drawSteps<T>(hand: Hand, start: number, values: readonly T[], pauseDays: number): Step<T>[] {
  const steps: Step<T>[] = [];
  let at = start;
  for (const value of values) {
    if (at >= lastInstant) break;
    steps.push({ at, value });
    at += 60_000 * (1 + Math.floor(hand.draw() * pauseDays * 24 * 60));
  }
  return steps;
}
