import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addDays, createZone, daysBetween } from '../../src/model/zone.ts';

const hourMs = 3_600_000;
const hoursOf = (zone: string, from: string, to: string) =>
  (createZone(zone).startOf(to) - createZone(zone).startOf(from)) / hourMs;

describe('days of Madrid', () => {
  const madrid = createZone('Europe/Madrid');

  it('March 2026 begins and ends at local midnight, 743 hours apart', () => {
    expect(madrid.startOf('2026-03-01')).toBe(1_772_319_600_000);
    expect(madrid.startOf('2026-04-01')).toBe(1_774_994_400_000);
    expect(hoursOf('Europe/Madrid', '2026-03-01', '2026-04-01')).toBe(743);
  });

  it('29 March has 23 hours, 25 October has 25', () => {
    expect(hoursOf('Europe/Madrid', '2026-03-29', '2026-03-30')).toBe(23);
    expect(hoursOf('Europe/Madrid', '2026-10-25', '2026-10-26')).toBe(25);
  });

  it('the last millisecond of a day is still of that day', () => {
    const midnight = madrid.startOf('2026-03-30');
    expect([madrid.dateOf(midnight - 1), madrid.dateOf(midnight)]).toEqual(['2026-03-29', '2026-03-30']);
  });
});

it.each([
  ['where midnight is skipped', 'America/Sao_Paulo', '2018-11-04', '2018-11-04T03:00:00Z'],
  ['where midnight comes twice on the same date', 'America/Havana', '2026-11-01', '2026-11-01T04:00:00Z'],
  ['where the hour before midnight comes twice', 'America/Sao_Paulo', '2018-02-18', '2018-02-18T03:00:00Z'],
  ['half an hour off', 'Asia/Kolkata', '2026-01-01', '2025-12-31T18:30:00Z'],
  ['where half an hour is moved', 'Australia/Lord_Howe', '2026-04-05', '2026-04-04T13:00:00Z'],
  ['a date that was skipped as a whole', 'Pacific/Apia', '2011-12-30', '2011-12-30T10:00:00Z'],
  ['before 1970', 'Europe/Madrid', '1960-06-01', '1960-05-31T23:00:00Z'],
])('a day begins at its first instant: %s', (_, zone, date, start) => {
  expect(new Date(createZone(zone).startOf(date)).toISOString()).toBe(start.replace('Z', '.000Z'));
});

it('every instant lies in the day that it is told to be of', () => {
  const zones = [
    'Europe/Madrid',
    'America/New_York',
    'America/Sao_Paulo',
    'Asia/Kolkata',
    'Pacific/Chatham',
    'UTC',
  ];
  const made = new Map(zones.map((name) => [name, createZone(name)]));
  const instant = fc.integer({ min: Date.UTC(2000, 0, 1), max: Date.UTC(2035, 0, 1) });
  fc.assert(
    fc.property(fc.constantFrom(...zones), instant, (name, at) => {
      const zone = made.get(name) ?? createZone(name);
      const date = zone.dateOf(at);
      expect(zone.startOf(date)).toBeLessThanOrEqual(at);
      expect(zone.startOf(addDays(date, 1))).toBeGreaterThan(at);
      expect(zone.dateOf(zone.startOf(date))).toBe(date);
    }),
    { numRuns: 500 },
  );
});

it('a name that is no zone is refused', () => {
  expect(() => createZone('Europe/Atlantis')).toThrow(RangeError);
});

it('dates move by days whatever the clocks do', () => {
  expect(addDays('2026-03-28', 2)).toBe('2026-03-30');
  expect(addDays('2024-02-28', 1)).toBe('2024-02-29');
  expect(addDays('2026-01-01', -1)).toBe('2025-12-31');
  expect(daysBetween('2026-03-28', '2026-03-30')).toBe(2);
  expect(daysBetween('2026-12-31', '2026-01-01')).toBe(-364);
});
