import { describe, expect, it } from 'vitest';
import {
  businessDays,
  businessDaysDone,
  businessShare,
  dateAtBusinessDay,
  expectedShare,
  forecast,
  glidePath,
  linearShare,
  seasonalShare,
} from '../../src/evaluate/pace.ts';
import { periodOf } from '../../src/evaluate/periods.ts';
import { createZone } from '../../src/model/zone.ts';

const rules = {
  timeZone: 'Europe/Madrid',
  weekStart: 'monday',
  fiscalYearStart: 1,
  fiscalYearName: 'end',
} as const;
const january = periodOf(rules, createZone('Europe/Madrid'), 'month', '2026-01-10');
const holidays = new Set(['2026-01-01', '2026-01-06']);
const past = [
  { atPosition: 30, total: 100 },
  { atPosition: 42, total: 120 },
  { atPosition: 18, total: 80 },
];

describe('pace', () => {
  it('expects 14.5 of 30 by days and 13.5 by business days after 15 days of January', () => {
    expect((30 * linearShare(january, 15)).toFixed(1)).toBe('14.5');
    expect(30 * businessShare(january, 15, holidays)).toBe(13.5);
    expect([
      businessDaysDone(january, 15, holidays),
      businessDays('2026-01-01', '2026-02-01', holidays),
    ]).toEqual([9, 20]);
  });

  it('runs from nothing to everything', () => {
    expect([-1, 0, 31, 40].map((days) => linearShare(january, days))).toEqual([0, 0, 1, 1]);
    expect([-1, 0, 1, 31, 40].map((days) => businessShare(january, days, holidays))).toEqual([0, 0, 0, 1, 1]);
  });

  it('goes by days where a period has no business day', () => {
    const sunday = { ...january, startOn: '2026-01-04', endOn: '2026-01-05' };
    expect(businessShare(sunday, 1, holidays)).toBe(1);
  });

  it('learns the season from three past periods', () => {
    expect(seasonalShare(past)).toBe(0.3);
    expect(seasonalShare(past.slice(1))).toBeNull();
    expect(seasonalShare(past.map(() => ({ atPosition: 0, total: 0 })))).toBeNull();
    const input = { period: january, days: 15, holidays, past };
    expect(110 * expectedShare('seasonal', input)).toBe(33);
    expect(expectedShare('seasonal', { ...input, past: [] })).toBe(0.45);
    expect(expectedShare('business', input)).toBe(0.45);
    expect(expectedShare('linear', input)).toBe(15 / 31);
  });

  it('cuts past periods at the same business day', () => {
    expect(dateAtBusinessDay(january, 9, holidays)).toBe('2026-01-16');
    expect(dateAtBusinessDay(january, 0, holidays)).toBe('2026-01-02');
    expect(dateAtBusinessDay(january, 99, holidays)).toBe('2026-02-01');
  });
});

describe('a forecast', () => {
  it('is the actual by the share due, with the range of past periods', () => {
    const found = forecast({ actual: 35, share: 0.3, past });
    expect(found?.value).toBeCloseTo(116.67, 2);
    expect(found?.low).toBeCloseTo(100, 10);
    expect(found?.high).toBeCloseTo(155.56, 2);
  });

  it('is a run rate without a range where the past is short or bounds nothing', () => {
    expect(forecast({ actual: 15, share: 0.5, past: past.slice(1) })).toEqual({
      value: 30,
      low: null,
      high: null,
    });
    const late = [...past, { atPosition: 0, total: 50 }];
    expect(forecast({ actual: 15, share: 0.5, past: late })).toEqual({ value: 30, low: null, high: null });
    expect(forecast({ actual: 15, share: 0, past })).toBeNull();
  });
});

it('a glide path leads from the baseline to the target', () => {
  expect([0, 0.5, 1, 2].map((share) => glidePath(40, 20, share))).toEqual([40, 30, 20, 20]);
});
