import { describe, expect, it } from 'vitest';
import type { Fact } from '../../src/evaluate/facts.ts';
import { createPeriodIndex } from '../../src/evaluate/period-index.ts';
import { periodsBetween } from '../../src/evaluate/periods.ts';
import { createSpotter } from '../../src/evaluate/spots.ts';
import { createZone } from '../../src/model/zone.ts';

const zone = createZone('Europe/Madrid');
const rules = {
  timeZone: 'Europe/Madrid',
  weekStart: 'monday',
  fiscalYearStart: 1,
  fiscalYearName: 'end',
} as const;
const asOf = Date.parse('2026-03-15T10:00:00Z');
const indexes = (['month', 'quarter'] as const).map((grain) =>
  createPeriodIndex(periodsBetween(rules, zone, grain, '2026-01-01', '2026-03-31')),
);
const eventAt = (instant: string): Fact => {
  const at = Date.parse(instant);
  return { source: 'crm', object: 'deal', id: '1', part: null, anchor: at, at, row: [] };
};
const labels = (spotter: ReturnType<typeof createSpotter>, instant: string) =>
  spotter.spotsAt(eventAt(instant)).map(({ grain, period }) => indexes[grain]?.periods[period]?.label);

describe('the periods of an event', () => {
  it('begin at local midnight and end before the next', () => {
    const spotter = createSpotter(indexes, null, { zone, asOf });
    expect(labels(spotter, '2026-01-31T22:59:59.999Z')).toEqual(['2026-01', '2026-Q1']);
    expect(labels(spotter, '2026-01-31T23:00:00Z')).toEqual(['2026-02', '2026-Q1']);
    expect(labels(spotter, '2025-12-31T22:59:59.999Z')).toEqual([]);
    expect(labels(spotter, '2026-03-31T22:00:00Z')).toEqual([]);
  });

  it('are the same list for all events between the same bounds', () => {
    const { spotsAt } = createSpotter(indexes, null, { zone, asOf });
    expect(spotsAt(eventAt('2026-02-02T08:00:00Z'))).toBe(spotsAt(eventAt('2026-02-20T08:00:00Z')));
  });

  it('of a rolling window are all whose end lies so many local days after it', () => {
    const spotter = createSpotter(indexes, 45, { zone, asOf });
    // 45 days before 1 February, 1 March, 1 April and, for the open ones, 16 March.
    expect(labels(spotter, '2026-01-16T12:00:00Z')).toEqual(['2026-01', '2026-02']);
    expect(labels(spotter, '2026-02-10T12:00:00Z')).toEqual(['2026-02', '2026-03', '2026-Q1']);
    expect(labels(spotter, '2026-03-15T10:00:00Z')).toEqual([]);
  });
});
