import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createPeriodIndex } from '../../src/evaluate/period-index.ts';
import {
  completeDays,
  daysIn,
  firstDays,
  parsePeriodLabel,
  periodOf,
  periodsBetween,
} from '../../src/evaluate/periods.ts';
import type { CalendarRules, Grain } from '../../src/model/period.ts';
import { grains } from '../../src/model/period.ts';
import { addDays, createZone } from '../../src/model/zone.ts';

const madrid: CalendarRules = {
  timeZone: 'Europe/Madrid',
  weekStart: 'monday',
  fiscalYearStart: 1,
  fiscalYearName: 'end',
};
const zone = createZone('Europe/Madrid');
const hourMs = 3_600_000;

function labelOf(rules: Partial<CalendarRules>, grain: Grain, date: string): string {
  return periodOf({ ...madrid, ...rules }, zone, grain, date).label;
}

function hoursIn(grain: Grain, date: string): number {
  const { startAt, endAt } = periodOf(madrid, zone, grain, date);
  return (endAt - startAt) / hourMs;
}

describe('a period', () => {
  it('has its instants at local midnights: March 2026 in Madrid is 743 hours', () => {
    expect(periodOf(madrid, zone, 'month', '2026-03-17')).toEqual({
      grain: 'month',
      label: '2026-03',
      startOn: '2026-03-01',
      endOn: '2026-04-01',
      startAt: 1772319600000,
      endAt: 1774994400000,
    });
    expect(hoursIn('month', '2026-03-31')).toBe(743);
  });

  it('is 23 and 25 hours long on the days of a clock change', () => {
    expect([
      hoursIn('day', '2026-03-29'),
      hoursIn('day', '2026-10-25'),
      hoursIn('day', '2026-06-01'),
    ]).toEqual([23, 25, 24]);
  });

  it('starts at the first minute that exists where the clock skips midnight', () => {
    const cairo = createZone('Africa/Cairo');
    const day = periodOf({ ...madrid, timeZone: 'Africa/Cairo' }, cairo, 'day', '2026-04-24');
    expect((day.endAt - day.startAt) / hourMs).toBe(23);
    expect(new Date(day.startAt).toISOString()).toBe('2026-04-23T22:00:00.000Z');
  });

  it('names ISO weeks by the year of their Thursday', () => {
    const dates = ['2026-01-31', '2026-12-31', '2027-01-03', '2027-01-04', '2024-12-30', '2021-01-03'];
    const labels = ['2026-W05', '2026-W53', '2026-W53', '2027-W01', '2025-W01', '2020-W53'];
    expect(dates.map((date) => labelOf({}, 'week', date))).toEqual(labels);
  });

  it('names weeks that start on Sunday by the same rule, shifted', () => {
    const rules = { weekStart: 'sunday' } as const;
    const period = periodOf({ ...madrid, ...rules }, zone, 'week', '2026-01-03');
    expect(period).toMatchObject({ label: '2025-W53', startOn: '2025-12-28', endOn: '2026-01-04' });
    expect(labelOf(rules, 'week', '2026-01-04')).toBe('2026-W01');
  });

  it('is fiscal for quarters and years, named after the end', () => {
    const rules = { fiscalYearStart: 10 };
    const seen = ['2025-09-30', '2025-10-01', '2026-01-31', '2026-09-30'].map((date) => [
      labelOf(rules, 'quarter', date),
      labelOf(rules, 'year', date),
    ]);
    expect(seen).toEqual([
      ['2025-Q4', '2025'],
      ['2026-Q1', '2026'],
      ['2026-Q2', '2026'],
      ['2026-Q4', '2026'],
    ]);
  });

  it('is named after the start where the rules say so', () => {
    const rules = { fiscalYearStart: 4, fiscalYearName: 'start' } as const;
    expect(labelOf(rules, 'year', '2026-03-31')).toBe('2025');
    expect(labelOf(rules, 'quarter', '2026-04-01')).toBe('2026-Q1');
    expect(periodOf({ ...madrid, ...rules }, zone, 'quarter', '2026-02-14')).toMatchObject({
      label: '2025-Q4',
      startOn: '2026-01-01',
      endOn: '2026-04-01',
    });
  });

  it('bears the calendar year where the fiscal year is the calendar year, whichever rule names it', () => {
    expect(labelOf({ fiscalYearName: 'start' }, 'quarter', '2026-11-05')).toBe('2026-Q4');
    expect(labelOf({ fiscalYearName: 'end' }, 'quarter', '2026-11-05')).toBe('2026-Q4');
  });

  it('has no gap and no overlap with the next, in any calendar', () => {
    const rules = fc.record({
      fiscalYearStart: fc.integer({ min: 1, max: 12 }),
      fiscalYearName: fc.constantFrom('start' as const, 'end' as const),
      weekStart: fc.constantFrom('monday' as const, 'sunday' as const, 'saturday' as const),
    });
    const day = fc.integer({ min: 0, max: 20_000 });
    fc.assert(
      fc.property(rules, fc.constantFrom(...grains), day, (given, grain, days) => {
        const calendar = { ...madrid, ...given };
        const date = addDays('1990-01-01', days);
        const period = periodOf(calendar, zone, grain, date);
        const next = periodOf(calendar, zone, grain, period.endOn);
        expect(period.startOn <= date && date < period.endOn).toBe(true);
        expect([next.startOn, next.startAt]).toEqual([period.endOn, period.endAt]);
        expect(periodOf(calendar, zone, grain, addDays(next.startOn, -1))).toEqual(period);
        expect(parsePeriodLabel(calendar, zone, period.label)).toEqual(period);
      }),
      { numRuns: 300 },
    );
  });
});

describe('comparisons', () => {
  it('lists every period that overlaps a span, both ends included', () => {
    const labels = periodsBetween(madrid, zone, 'month', '2025-11-30', '2026-02-01').map(
      ({ label }) => label,
    );
    expect(labels).toEqual(['2025-11', '2025-12', '2026-01', '2026-02']);
    expect(periodsBetween(madrid, zone, 'day', '2026-01-02', '2026-01-01')).toEqual([]);
  });

  it('sets 31 days of March against 28 of February, and says that they are fewer', () => {
    const february = periodOf(madrid, zone, 'month', '2026-02-10');
    expect(firstDays(february, 31)).toEqual({ startOn: '2026-02-01', endOn: '2026-03-01', shorter: true });
    expect(firstDays(february, 15)).toEqual({ startOn: '2026-02-01', endOn: '2026-02-16', shorter: false });
  });

  it('counts complete local days only', () => {
    const march = periodOf(madrid, zone, 'month', '2026-03-10');
    const at = (text: string) => completeDays(zone, march, Date.parse(text));
    expect(at('2026-03-15T22:59:59+01:00')).toBe(14);
    expect(at('2026-03-16T00:00:00+01:00')).toBe(15);
    expect(at('2026-02-20T00:00:00Z')).toBe(0);
    expect(at('2026-05-01T00:00:00Z')).toBe(31);
    expect(daysIn(march)).toBe(31);
  });
});

describe("a calendar of one's own", () => {
  const table = Array.from({ length: 26 }, (_, index) => ({
    grain: 'month' as const,
    label: `${2025 + Math.floor(index / 13)}-P${String((index % 13) + 1).padStart(2, '0')}`,
    startOn: addDays('2024-12-30', index * 28),
    endOn: addDays('2024-12-30', index * 28 + 28),
  }));
  const rules = { ...madrid, table };

  it('decides the periods of its grains, and of no others', () => {
    const period = periodOf(rules, zone, 'month', '2026-01-26');
    expect(period).toMatchObject({ label: '2026-P02', startOn: '2026-01-26', endOn: '2026-02-23' });
    expect(periodOf(rules, zone, 'month', '2026-01-25').label).toBe('2026-P01');
    expect(periodOf(rules, zone, 'quarter', '2026-01-26').label).toBe('2026-Q1');
    expect(parsePeriodLabel(rules, zone, '2026-p02')).toEqual(period);
    expect(parsePeriodLabel(rules, zone, '2026-02')).toBeNull();
  });

  it('that ends too early is told as a mistake in the settings', () => {
    expect(() => periodOf(rules, zone, 'month', '2030-01-01')).toThrow('has no month that holds 2030-01-01');
  });
});

describe('a period label', () => {
  it('is understood whatever its letters, and refused where there is no such period', () => {
    expect(parsePeriodLabel(madrid, zone, ' 2026-q2 ')?.startOn).toBe('2026-04-01');
    expect(parsePeriodLabel(madrid, zone, '2026-w53')?.startOn).toBe('2026-12-28');
    const wrong = [
      '2026-13',
      '2026-00',
      '2026-Q5',
      '2026-Q0',
      '2025-W53',
      '2026-W00',
      '2026-02-30',
      'May',
      '26',
      '',
    ];
    expect(wrong.filter((label) => parsePeriodLabel(madrid, zone, label) !== null)).toEqual([]);
  });
});

describe('the index of periods', () => {
  const index = createPeriodIndex(periodsBetween(madrid, zone, 'month', '2026-02-01', '2026-04-30'));

  it('finds the period of a date and of an instant, at the very bounds', () => {
    expect(['2026-02-01', '2026-02-28', '2026-03-01', '2026-04-30'].map(index.indexOfDate)).toEqual([
      0, 0, 1, 2,
    ]);
    expect(
      [1772319600000 - 1, 1772319600000, 1774994400000 - 1, 1774994400000].map(index.indexOfInstant),
    ).toEqual([0, 1, 1, 2]);
  });

  it('answers -1 outside', () => {
    expect([
      index.indexOfDate('2026-01-31'),
      index.indexOfDate('2026-05-01'),
      index.indexOfInstant(0),
    ]).toEqual([-1, -1, -1]);
    expect(createPeriodIndex([]).indexOfDate('2026-01-01')).toBe(-1);
  });
});
