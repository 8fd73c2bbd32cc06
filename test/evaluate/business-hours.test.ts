import { describe, expect, it } from 'vitest';
import { createSchedule, createSchedules } from '../../src/evaluate/business-hours.ts';
import type { WorkingHours } from '../../src/model/settings.ts';
import { goalOf } from '../model/samples.ts';
import { openWorkspace, pick } from './workspace.ts';

const hourMs = 3_600_000;
const office: WorkingHours = {
  weekdays: [1, 2, 3, 4, 5],
  fromMinute: 9 * 60,
  toMinute: 18 * 60,
  timeZone: 'Europe/Madrid',
  holidays: [],
  teams: null,
  validFrom: null,
  validTo: null,
};
const hours = (set: WorkingHours | readonly WorkingHours[], from: string, until: string) =>
  createSchedule([set].flat()).workedMs(Date.parse(from), Date.parse(until)) / hourMs;

describe('working hours', () => {
  it('are 2 from Friday 17:00 to Monday 10:00, of 65 on the calendar', () => {
    expect(hours(office, '2026-01-16T16:00:00Z', '2026-01-19T09:00:00Z')).toBe(2);
  });

  it('leave holidays out', () => {
    const closed = { ...office, holidays: ['2026-01-06'] };
    expect(hours(office, '2026-01-05T08:00:00Z', '2026-01-07T17:00:00Z')).toBe(27);
    expect(hours(closed, '2026-01-05T08:00:00Z', '2026-01-07T17:00:00Z')).toBe(18);
  });

  it('follow the clock on the wall through both clock changes', () => {
    // Friday to Monday around 29 March, and around 25 October: 18:00 to 9:00 is never work.
    expect(hours(office, '2026-03-27T16:00:00Z', '2026-03-30T08:00:00Z')).toBe(2);
    expect(hours(office, '2026-10-23T15:00:00Z', '2026-10-26T09:00:00Z')).toBe(2);
    const always = { ...office, weekdays: [0, 1, 2, 3, 4, 5, 6], fromMinute: 0, toMinute: 24 * 60 };
    expect(hours(always, '2026-03-28T23:00:00Z', '2026-03-29T22:00:00Z')).toBe(23);
    expect(hours(always, '2026-10-24T22:00:00Z', '2026-10-25T23:00:00Z')).toBe(25);
  });

  it('add up where a day has two intervals, and change on the day that the settings say', () => {
    const split = [
      { ...office, toMinute: 14 * 60 },
      { ...office, fromMinute: 16 * 60, toMinute: 19 * 60 },
    ];
    expect(hours(split, '2026-01-12T00:00:00Z', '2026-01-13T00:00:00Z')).toBe(8);
    const shorter = [
      { ...office, validTo: '2026-01-13' },
      { ...office, toMinute: 15 * 60, validFrom: '2026-01-13' },
    ];
    expect(hours(shorter, '2026-01-12T00:00:00Z', '2026-01-14T00:00:00Z')).toBe(15);
  });

  it('are those of the nearest team that has its own, by id or name', () => {
    const night = { ...office, fromMinute: 0, toMinute: 60, teams: ['Night'] };
    const schedules = createSchedules([office, night], (_, id) => (id === 'T1' ? 'Night' : null));
    const worked = (teams: readonly string[]) =>
      schedules
        .scheduleOf('crm', teams)
        .workedMs(Date.parse('2026-01-12T00:00:00+01:00'), Date.parse('2026-01-13T00:00:00+01:00')) / hourMs;
    expect([worked(['T1', 'T9']), worked(['T2', 'T1']), worked(['T2']), worked([])]).toEqual([1, 1, 9, 9]);
  });
});

describe('a goal by business hours', () => {
  const goals = (clock: 'business' | 'calendar') =>
    goalOf({
      id: clock,
      kpi: 'case_resolution_hours',
      shape: 'at_most',
      targets: { kind: 'constant', value: 4 },
      clock,
      minN: 1,
    });
  const ticket = {
    id: 'a',
    is_closed: 1,
    owner_id: 'U',
    created_at: '2026-01-16T16:00:00Z',
    last_closed_at: '2026-01-19T09:00:00Z',
  };
  const asOf = '2026-02-20T12:00:00Z';

  it('is judged by them, beside one by the calendar', async () => {
    await using workspace = await openWorkspace();
    await workspace.save({ ticket: [ticket] });
    await workspace.evaluate(asOf, {
      goals: [goals('business'), goals('calendar')],
      businessHours: [office],
    });
    const results = await workspace.results(asOf);
    const find = (goal: string) => pick(results, 'case_resolution_hours', { period: '2026-01', goal });
    expect(find('business')).toMatchObject({ value: 2, status: 'exceeded' });
    expect(find('calendar')).toMatchObject({ value: 65, status: 'off_target' });
  });

  it('measures each part by the hours of the team that had the case then', async () => {
    const early = { ...office, fromMinute: 8 * 60, toMinute: 10 * 60, teams: ['T2'] };
    await using workspace = await openWorkspace();
    await workspace.save(
      {
        actor: [
          { id: 'U', name: 'U', kind: 'user', active: 1 },
          { id: 'V', name: 'V', kind: 'user', active: 1 },
        ],
        team: [
          { id: 'T1', name: 'First' },
          { id: 'T2', name: 'Second' },
        ],
        ticket: [{ ...ticket, owner_id: 'V' }],
        change: [
          {
            id: 'c',
            object: 'ticket',
            record_id: 'a',
            field: 'owner_id',
            at: '2026-01-16T16:30:00Z',
            from_value: 'U',
            to_value: 'V',
          },
        ],
      },
      {
        memberships: [
          { actorId: 'U', teams: [{ teamId: 'T1', primary: true }] },
          { actorId: 'V', teams: [{ teamId: 'T2', primary: true }] },
        ],
      },
    );
    await workspace.evaluate(asOf, {
      goals: [goals('business')],
      businessHours: [office, early],
      segments: ['company'],
    });
    const results = await workspace.results(asOf);
    // Friday 17:00 to 17:30 by the office's hours, Monday 8:00 to 10:00 by the second team's.
    expect(pick(results, 'case_resolution_hours', { period: '2026-01', goal: 'business' }).value).toBe(2.5);
  });
});
