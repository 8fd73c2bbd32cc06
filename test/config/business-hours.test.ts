import { describe, expect, it } from 'vitest';
import { base, load, loadText, makeWorkspace, problemsOf } from './workspace.ts';

const office = {
  weekdays: [1, 2, 3, 4, 5],
  fromMinute: 540,
  toMinute: 1080,
  timeZone: 'Europe/Madrid',
  holidays: [],
  teams: null,
  validFrom: null,
  validTo: null,
};

describe('working hours', () => {
  it('are Monday to Friday in the business time zone unless told', async () => {
    const { businessHours } = await loadText(`${base}businessHours: { from: "09:00", to: "18:00" }\n`);
    expect(businessHours).toEqual([office]);
  });

  it('may be of single teams, of a time, and without the holidays of a file', async () => {
    const folder = await makeWorkspace({
      'crm-kpi.yaml': `${base}businessHours:
  - { from: "09:00", to: "18:00", holidays: days.csv }
  - { days: [saturday], from: "10:00", to: "24:00", teams: [Night], timeZone: UTC, since: 2026-01-01, until: 2026-12-31 }
`,
      'days.csv': 'date,name\n2026-01-01,New Year\n2026-01-06,Epiphany\n',
    });
    expect((await load(folder)).businessHours).toEqual([
      { ...office, holidays: ['2026-01-01', '2026-01-06'] },
      {
        ...office,
        weekdays: [6],
        fromMinute: 600,
        toMinute: 1440,
        timeZone: 'UTC',
        teams: ['Night'],
        validFrom: '2026-01-01',
        validTo: '2027-01-01',
      },
    ]);
  });

  it.each([
    ['{ from: "18:00", to: "09:00" }', 'crm-kpi.yaml:5 businessHours.to is 09:00, ends before it begins.'],
    [
      '{ from: "9", to: "18:00" }',
      'crm-kpi.yaml:5 businessHours.from is 9, must be a time between "00:00" and "24:00".',
    ],
    [
      '[{ from: "09:00", to: "18:00", teams: [A] }]',
      'crm-kpi.yaml:5 businessHours has hours of single teams only.',
    ],
  ])('that cannot be are told: %s', async (text, line) => {
    expect(await problemsOf(`${base}businessHours: ${text}\n`)).toEqual([line]);
  });

  it('must be there where a goal measures by them', async () => {
    const goal = 'kpi: case_resolution_hours, every: month, atMost: 24, clock: business';
    expect(await problemsOf(`${base}goals: [{ ${goal} }]\n`)).toEqual([
      'crm-kpi.yaml:5 goals[0].clock is business, needs working hours, and the settings have none.',
    ]);
  });
});
