import { describe, expect, it } from 'vitest';
import type { JudgeInput } from '../../src/evaluate/judge.ts';
import { gapClosed, judge } from '../../src/evaluate/judge.ts';
import { movement } from '../../src/evaluate/movement.ts';
import { wilson } from '../../src/statistics/intervals.ts';

const ratio: JudgeInput = {
  shape: 'at_least',
  target: 0.2,
  value: 0.15,
  den: 100,
  n: 100,
  unit: 'ratio',
  mode: 'rate',
  minN: 5,
  warnTolerance: 0.1,
  exceedTolerance: 0.1,
  elapsedShare: 1,
  expectedShare: null,
  notStarted: false,
  incomplete: false,
  interval: null,
};
const hours: JudgeInput = { ...ratio, shape: 'at_most', target: 24, unit: 'hours', den: null, n: 45 };
const sum: JudgeInput = { ...ratio, target: 100, unit: 'count', mode: 'cumulative', den: null };

function statusOf(input: JudgeInput, values: readonly (number | null)[]): string[] {
  return values.map((value) => judge({ ...input, value }).status);
}

describe('the exercise with three KPIs', () => {
  it('judges conversion 15 % then 18 % against 20 %', () => {
    expect(judge(ratio)).toMatchObject({
      status: 'off_target',
      attainment: expect.closeTo(0.75, 12),
      final: true,
      expected: null,
    });
    expect(judge(ratio).deviation).toBeCloseTo(0.25, 12);
    const second = judge({ ...ratio, value: 0.18 });
    expect(second.status).toBe('at_risk');
    expect(second.deviation).toBeCloseTo(0.1, 12);
    expect(gapClosed(0.18, 0.15, 0.2)).toBeCloseTo(0.6, 12);
  });

  it('judges the open rate 25 % against 25 %, and no data as no data', () => {
    expect(judge({ ...ratio, target: 0.25, value: 0.25 })).toMatchObject({
      status: 'on_target',
      deviation: 0,
    });
    expect(judge({ ...ratio, target: 0.25, value: null, den: 0 })).toEqual({
      status: 'no_data',
      evidence: 'unknown',
      deviation: null,
      attainment: null,
      expected: null,
      final: true,
    });
  });

  it('judges resolution 48 h then 30 h against 24 h', () => {
    expect(judge({ ...hours, value: 48 })).toMatchObject({
      status: 'off_target',
      deviation: 1,
      attainment: 0.5,
    });
    expect(judge({ ...hours, value: 30 })).toMatchObject({
      status: 'off_target',
      deviation: 0.25,
      attainment: 0.8,
    });
    expect(gapClosed(30, 48, 24)).toBe(0.75);
  });
});

describe('a status', () => {
  it('gives the better one at every boundary, whatever binary fractions do', () => {
    expect(statusOf(ratio, [0.22, 0.2199, 0.2, 0.1999, 0.18, 0.1799, 0])).toEqual([
      'exceeded',
      'on_target',
      'on_target',
      'at_risk',
      'at_risk',
      'off_target',
      'off_target',
    ]);
    expect(statusOf({ ...ratio, target: 0.3 }, [0.1 + 0.2, 0.27])).toEqual(['on_target', 'at_risk']);
    expect(statusOf(hours, [21.6, 24, 26.4, 26.41])).toEqual([
      'exceeded',
      'on_target',
      'at_risk',
      'off_target',
    ]);
  });

  it('never exceeds a range or a target of zero', () => {
    const range: JudgeInput = { ...ratio, shape: 'between', target: { lo: 2, hi: 4 } };
    expect(statusOf(range, [2, 3, 4, 4.2, 1.8, 4.21])).toEqual([
      'on_target',
      'on_target',
      'on_target',
      'at_risk',
      'at_risk',
      'off_target',
    ]);
    expect(statusOf({ ...hours, target: 0 }, [0, -1, 0.5])).toEqual(['on_target', 'on_target', 'off_target']);
    expect(statusOf({ ...sum, target: 0 }, [5, 0, -1])).toEqual(['on_target', 'on_target', 'off_target']);
  });

  it('measures against the size of a target below zero', () => {
    const loss: JudgeInput = { ...ratio, target: -10, unit: 'points', den: 50 };
    expect(statusOf(loss, [-8, -10, -11, -12])).toEqual(['exceeded', 'on_target', 'at_risk', 'off_target']);
    expect(judge({ ...loss, value: -8 }).attainment).toBeNull();
  });

  it('is not started before its period, even with a value', () => {
    expect(judge({ ...ratio, notStarted: true }).status).toBe('not_started');
  });

  it('is insufficient on too few records, though the figures stand', () => {
    expect(judge({ ...ratio, den: 4, interval: { low: 0, high: 0.1 } })).toMatchObject({
      status: 'insufficient',
      evidence: 'unknown',
      attainment: expect.closeTo(0.75, 12),
    });
    expect(judge({ ...ratio, den: 5 }).status).toBe('off_target');
    expect(judge({ ...hours, value: 48, n: 4 }).status).toBe('insufficient');
    expect(judge({ ...hours, value: 48, n: 5 }).status).toBe('off_target');
  });

  it('asks no number of records of sums and snapshots', () => {
    expect(judge({ ...sum, value: 3, n: 3 }).status).toBe('off_target');
    expect(judge({ ...ratio, mode: 'snapshot', den: 1, n: 1 }).status).toBe('off_target');
  });

  it('is insufficient on incomplete data, and no data before that', () => {
    expect(judge({ ...ratio, incomplete: true }).status).toBe('insufficient');
    expect(judge({ ...ratio, incomplete: true, value: null }).status).toBe('no_data');
  });
});

describe('an open period', () => {
  it('judges a sum against what was due by now', () => {
    const open: JudgeInput = { ...sum, target: 110, expectedShare: 0.3, elapsedShare: 0.5 };
    const found = judge({ ...open, value: 35 });
    expect(found).toMatchObject({ status: 'on_target', final: false });
    expect(found.expected).toBeCloseTo(33, 12);
    expect(judge({ ...open, value: 35, expectedShare: 15 / 31 }).status).toBe('off_target');
    expect(judge({ ...open, value: 36.3 }).status).toBe('exceeded');
  });

  it('says nothing about a sum in its first tenth', () => {
    const at = (elapsedShare: number) =>
      judge({ ...sum, value: 0, elapsedShare, expectedShare: elapsedShare }).status;
    expect([at(2 / 31), at(3 / 31), at(0.1), at(4 / 31)]).toEqual([
      'insufficient',
      'insufficient',
      'off_target',
      'off_target',
    ]);
  });

  it('judges ratios, durations and snapshots directly', () => {
    expect(judge({ ...ratio, elapsedShare: 0.01, expectedShare: 0.01 })).toMatchObject({
      status: 'off_target',
      final: true,
      expected: null,
    });
    expect(judge({ ...ratio, mode: 'snapshot', elapsedShare: 0.01, expectedShare: 0.5 }).status).toBe(
      'off_target',
    );
  });

  it('scales both ends of a range', () => {
    const open: JudgeInput = { ...sum, shape: 'between', target: { lo: 80, hi: 120 }, elapsedShare: 0.5 };
    expect(statusOf({ ...open, expectedShare: 0.5 }, [40, 60, 61.9, 90])).toEqual([
      'on_target',
      'on_target',
      'at_risk',
      'off_target',
    ]);
  });
});

describe('attainment', () => {
  it('is a share of the target, turned round where less is better, never below zero', () => {
    const of = (input: JudgeInput, value: number) => judge({ ...input, value }).attainment;
    expect(of(ratio, 0.3)).toBeCloseTo(1.5, 12);
    expect(of(sum, -5)).toBe(0);
    expect(of(hours, 12)).toBe(2);
    expect(of(hours, 0)).toBe(1);
    expect([of({ ...hours, target: 0 }, 0), of({ ...hours, target: 0 }, 3)]).toEqual([1, 0]);
    expect(of({ ...sum, target: 0 }, 5)).toBeNull();
    expect(of({ ...hours, target: -1 }, -2)).toBeNull();
  });

  it('of a range is what its deviation leaves', () => {
    const range: JudgeInput = { ...ratio, shape: 'between', target: { lo: 2, hi: 4 } };
    const of = (value: number) => judge({ ...range, value }).attainment;
    expect([of(3), of(5), of(1.5), of(10)]).toEqual([1, 0.5, 0.75, 0]);
    expect(judge({ ...range, target: { lo: 4, hi: 4 }, value: 5 }).deviation).toBe(0.25);
  });
});

describe('evidence', () => {
  it('tells 6 of 40 from 60 of 400, both 15 % and off target', () => {
    expect(judge({ ...ratio, den: 40, interval: wilson(6, 40) })).toMatchObject({
      status: 'off_target',
      evidence: 'within_noise',
    });
    expect(judge({ ...ratio, den: 400, interval: wilson(60, 400) })).toMatchObject({
      status: 'off_target',
      evidence: 'clear',
    });
    expect(judge(ratio).evidence).toBe('unknown');
  });

  it('takes a target on the end of the interval for possible', () => {
    const found = [0.2, 0.2001].map(
      (low) => judge({ ...ratio, value: 0.3, interval: { low, high: 0.4 } }).evidence,
    );
    expect(found).toEqual(['within_noise', 'clear']);
  });

  it('of a range is clear where neither end lies inside the interval', () => {
    const range: JudgeInput = { ...ratio, shape: 'between', target: { lo: 0.1, hi: 0.3 }, value: 0.2 };
    expect(judge({ ...range, interval: { low: 0.15, high: 0.25 } }).evidence).toBe('clear');
    expect(judge({ ...range, interval: { low: 0.05, high: 0.25 } }).evidence).toBe('within_noise');
    expect(judge({ ...range, value: 0.5, interval: { low: 0.4, high: 0.6 } }).evidence).toBe('clear');
  });
});

describe('the gap closed', () => {
  it('may be negative or above one, and is nothing where there was no gap', () => {
    expect(gapClosed(0.1, 0.15, 0.2)).toBeCloseTo(-1, 12);
    expect(gapClosed(12, 48, 24)).toBe(1.5);
    expect(gapClosed(5, 3, 3)).toBeNull();
    expect([gapClosed(null, 1, 2), gapClosed(1, null, 2), gapClosed(1, 2, null)]).toEqual([null, null, null]);
  });

  it('leads to the nearer end of a range', () => {
    expect(gapClosed(3, 2, { lo: 4, hi: 6 })).toBe(0.5);
    expect(gapClosed(7, 8, { lo: 4, hi: 6 })).toBe(0.5);
    expect(gapClosed(7, 5, { lo: 4, hi: 6 })).toBeNull();
  });
});

describe('movement', () => {
  const conversion = (before: readonly [number, number], after: readonly [number, number]) =>
    movement({
      better: 'higher',
      band: null,
      before: before[0] / before[1],
      after: after[0] / after[1],
      comparison: { by: 'ratio', before: pair(before), after: pair(after) },
    });
  const pair = ([num, den]: readonly [number, number]) => ({ num, den });

  it('from 15 to 18 % needs 2,000 deals a month to be seen', () => {
    expect(conversion([15, 100], [18, 100])).toBe('no_evidence');
    expect(conversion([150, 1000], [180, 1000])).toBe('no_evidence');
    expect(conversion([300, 2000], [360, 2000])).toBe('improved');
    expect(conversion([360, 2000], [300, 2000])).toBe('worsened');
  });

  it('is not claimed for fewer than 20 records, or for what is no proportion', () => {
    expect(conversion([0, 19], [19, 19])).toBe('no_evidence');
    expect(conversion([0, 20], [20, 20])).toBe('improved');
    expect(conversion([10, 100], [150, 100])).toBe('no_evidence');
  });

  it('of durations follows the shift, and shorter is better where less is', () => {
    const ended = (...times: number[]) => ({ times: Float64Array.from(times), goesOn: new Float64Array() });
    const before = ended(50, 44, 61, 38, 47, 72, 55, 49);
    const after = ended(33, 41, 28, 36, 30, 52, 27, 35);
    const input = { better: 'lower', band: null, before: 49.5, after: 34 } as const;
    expect(movement({ ...input, comparison: { by: 'durations', before, after } })).toBe('improved');
    expect(movement({ ...input, comparison: { by: 'durations', before: after, after: before } })).toBe(
      'worsened',
    );
    expect(movement({ ...input, comparison: { by: 'durations', before: ended(50), after: ended(3) } })).toBe(
      'no_evidence',
    );
  });

  it('of counts follows the exact test, by exposure', () => {
    const counts = (before: number, after: number, exposureShare = 0.5) =>
      movement({
        better: 'lower',
        band: null,
        before,
        after,
        comparison: { by: 'counts', before, after, exposureShare },
      });
    expect([counts(4, 9), counts(10, 25), counts(25, 10)]).toEqual(['no_evidence', 'worsened', 'improved']);
    expect(counts(10, 25, 5 / 7)).toBe('no_evidence');
  });

  it('towards a range is better, away from it is worse, and within it is neither', () => {
    const band = { lo: 10, hi: 20 };
    const counts = (before: number, after: number) =>
      movement({ better: 'range', band, before, after, comparison: { by: 'counts', before, after } });
    expect([counts(60, 20), counts(15, 60), counts(3, 15), counts(10, 11)]).toEqual([
      'improved',
      'worsened',
      'improved',
      'no_evidence',
    ]);
  });

  it('of money is never claimed, nor without a value', () => {
    const input = { better: 'higher', band: null, before: 1, after: 100 } as const;
    expect(movement({ ...input, comparison: { by: 'none' } })).toBe('no_evidence');
    expect(movement({ ...input, before: null, comparison: { by: 'counts', before: 0, after: 100 } })).toBe(
      'no_evidence',
    );
  });
});
