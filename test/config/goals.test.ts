import { describe, expect, it } from 'vitest';
import type { Goal } from '../../src/model/goal.ts';
import { goalOf as sampleGoal } from '../model/samples.ts';
import { base, linesOf, load, loadText, makeWorkspace, problemsOf } from './workspace.ts';

async function goalOf(text: string, more = ''): Promise<Goal | undefined> {
  return (await loadText(`${base}${more}goals: [{ ${text} }]\n`)).goals[0];
}

async function wrongGoal(text: string): Promise<string[]> {
  const lines = await problemsOf(`${base}goals: [{ ${text} }]\n`);
  return lines.map((line) => line.replace('crm-kpi.yaml:5 ', ''));
}

describe('a goal', () => {
  it('has a default for all but its KPI, its period and its target', async () => {
    expect(await goalOf('kpi: win_rate, every: month, atLeast: 0.20')).toEqual(sampleGoal());
  });

  it('takes every key', async () => {
    const text = `kpi: case_resolution_hours, every: week, atMost: 24, statistic: p90, clock: business, weight: 2.5,
      segments: [company, team], baseline: { value: 48, from: "2025 audit" }, warnTolerance: 15%, exceedTolerance: 0.2,
      minN: 8, accountable: head of service, reason: promised, pacing: seasonal`;
    const hours = 'businessHours: { from: "09:00", to: "18:00" }\n';
    expect(await goalOf(text, hours)).toMatchObject({
      id: 'case_resolution_hours.week.p90.business',
      shape: 'at_most',
      baseline: { kind: 'fixed', value: 48, from: '2025 audit' },
      warnTolerance: 0.15,
      exceedTolerance: 0.2,
      minN: 8,
      weight: 2.5,
      pacing: 'seasonal',
      accountable: 'head of service',
    });
  });

  it('has its own id, or one from KPI, period and, for durations, statistic and clock', async () => {
    const ids = [
      await goalOf('kpi: win_rate, every: quarter, atLeast: 0.2'),
      await goalOf('kpi: case_resolution_hours, every: month, atMost: 24'),
      await goalOf('kpi: win_rate, every: month, atLeast: 0.2, id: stretch'),
    ].map((goal) => goal?.id);
    expect(ids).toEqual(['win_rate.quarter', 'case_resolution_hours.month.p50.calendar', 'stretch']);
  });

  it('promises a range', async () => {
    expect(await goalOf('kpi: open_deals, every: month, between: [60, 90]')).toMatchObject({
      shape: 'between',
      targets: { kind: 'constant', value: { lo: 60, hi: 90 } },
    });
    const byPeriod = await goalOf(
      'kpi: open_deals, every: quarter, between: { 2026-Q1: [60, 90], 2026-Q2: [70, 80] }',
    );
    expect(byPeriod?.targets).toEqual({
      kind: 'by_period',
      values: { '2026-Q1': { lo: 60, hi: 90 }, '2026-Q2': { lo: 70, hi: 80 } },
    });
  });

  it('promises a year spread over its periods, of what adds up', async () => {
    const yearly = 'kpi: revenue_won, every: month, atLeast: { year: 1200000, spread: business_days }';
    expect((await goalOf(yearly))?.targets).toEqual({
      kind: 'yearly',
      year: 1_200_000,
      spread: 'business_days',
    });
    expect((await goalOf('kpi: deals_won, every: month, atLeast: { year: 120 }'))?.targets).toMatchObject({
      spread: 'even',
    });
    expect(await wrongGoal('kpi: win_rate, every: month, atLeast: { year: 1 }')).toEqual([
      'goals[0] spreads a year over its periods, which only counts and sums allow.',
    ]);
  });

  it('promises by period, years and owners written like numbers included', async () => {
    const byYear = await goalOf('kpi: revenue_won, every: year, atLeast: { 2026: 100, 2027: 120 }');
    expect(byYear?.targets).toEqual({ kind: 'by_period', values: { '2026': 100, '2027': 120 } });
    const byOwner = await goalOf(
      'kpi: deals_won, every: month, atLeast: 50, by: { owner: { 0055e01: 7, 12: 8 } }',
    );
    expect(byOwner).toMatchObject({
      segments: ['company', 'owner'],
      targets: {
        kind: 'list',
        rows: expect.arrayContaining([
          { period: '*', segmentKind: 'owner', segmentId: '0055e01', target: 7 },
          { period: '*', segmentKind: 'owner', segmentId: '12', target: 8 },
          { period: '*', segmentKind: 'company', segmentId: '', target: 50 },
        ]),
      },
    });
  });

  it('holds a level promised for a fiscal quarter in each of its months', async () => {
    const text = 'kpi: win_rate, every: month, atLeast: { 2027-Q1: 0.28, 2026-Q4: 0.27, 2026-09: 0.3 }';
    expect((await goalOf(text, 'fiscalYearStart: 10\n'))?.targets).toEqual({
      kind: 'by_period',
      values: {
        '2026-07': 0.27,
        '2026-08': 0.27,
        '2026-09': 0.3,
        '2026-10': 0.28,
        '2026-11': 0.28,
        '2026-12': 0.28,
      },
    });
    expect(await wrongGoal('kpi: deals_won, every: month, atLeast: { 2026-Q4: 30 }')).toEqual([
      'goals[0] has a target for 2026-Q4, which is no month.',
    ]);
    expect(await wrongGoal('kpi: win_rate, every: quarter, atLeast: { 2026-10: 0.3, soon: 0.2 }')).toEqual([
      'goals[0] has a target for soon, which is no quarter.',
      'goals[0] has a target for 2026-10, which is no quarter.',
    ]);
  });

  it('gives single teams a level of their own, and all others the common one', async () => {
    const goal = await goalOf(
      'kpi: win_rate, every: month, atLeast: 0.2, by: { team: { A: 0.25, B: { 2026-01: 0.3 } } }',
    );
    expect(goal?.targets).toEqual({
      kind: 'list',
      rows: [
        { period: '*', segmentKind: 'team', segmentId: 'A', target: 0.25 },
        { period: '2026-01', segmentKind: 'team', segmentId: 'B', target: 0.3 },
        { period: '*', segmentKind: 'company', segmentId: '', target: 0.2 },
        { period: '*', segmentKind: 'team', segmentId: '*', target: 0.2 },
      ],
    });
  });

  it('is refused without exactly one target, with a wrong KPI, period, segment or range', async () => {
    expect(await wrongGoal('kpi: win_rate, every: month')).toEqual(['goals[0] promises nothing.']);
    expect(await wrongGoal('kpi: win_rate, every: month, atLeast: 1, atMost: 2')).toEqual([
      'goals[0] promises atLeast and atMost at once.',
    ]);
    expect(await wrongGoal('kpi: win_rate, every: fortnight, atLeast: high, segment: [team]')).toEqual([
      'goals[0].every is fortnight, must be one of day, week, month, quarter, year.',
      'goals[0].atLeast is high, must be a number, targets by period such as { 2026-Q4: 0.27 }, { year: N, spread: even }, { file: quotas.csv }, or { from: quotas }.',
      'goals[0].segment is not a setting that is known here.',
    ]);
    expect(await wrongGoal('kpi: win_rate, every: month, between: [9, 1], statistic: p90')).toEqual([
      'goals[0].between must be [LO, HI] with LO not above HI.',
    ]);
    expect(
      await wrongGoal('kpi: win_rate, every: month, atLeast: 1, statistic: p90, segments: [teem]'),
    ).toEqual([
      'goals[0].statistic is for durations, and win_rate is none.',
      'goals[0].segments[0] is teem, which is no kind of segment.',
    ]);
  });

  it('is refused where two share an id', async () => {
    const text = `${base}goals:
  - { kpi: win_rate, every: month, atLeast: 0.2 }
  - { kpi: win_rate, every: month, atLeast: 0.3 }
`;
    expect(await problemsOf(text)).toEqual([
      'crm-kpi.yaml:7 goals[1] has the same id as goals[0]: win_rate.month.',
    ]);
  });
});

describe('a file of quotas', () => {
  const settings = `${base}goals: [{ kpi: revenue_won, every: month, atLeast: { file: quotas.csv } }]\n`;

  it('gives targets by period and segment', async () => {
    const quotas =
      'Period,Kind,Id,Target\n2026-01,company,,100000\n\n2026-01,owner,"0055e01",25000.5\n*,team,T1,9\n';
    const folder = await makeWorkspace({ 'crm-kpi.yaml': settings, 'quotas.csv': quotas });
    expect((await load(folder)).goals[0]).toMatchObject({
      shape: 'at_least',
      segments: ['company', 'owner', 'team'],
      targets: {
        kind: 'list',
        rows: [
          { period: '2026-01', segmentKind: 'company', segmentId: '', target: 100_000 },
          { period: '2026-01', segmentKind: 'owner', segmentId: '0055e01', target: 25_000.5 },
          { period: '*', segmentKind: 'team', segmentId: 'T1', target: 9 },
        ],
      },
    });
  });

  it('is told with the lines that are wrong', async () => {
    const quotas =
      'period;kind;id;target\n2026-Q1;company;;5\n2026-01;tem;x;5\n2026-01;team;;5\n2026-01;team;x;5,5\n';
    const folder = await makeWorkspace({ 'crm-kpi.yaml': settings, 'quotas.csv': quotas });
    expect(await linesOf(load(folder))).toEqual([
      'quotas.csv:2 has a target for 2026-Q1, which is no month.',
      'quotas.csv:3 names no kind of segment: tem.',
      'quotas.csv:4 has no id.',
      'quotas.csv:5 has a target that is no number (decimal point, no separators).',
    ]);
  });

  it('is missed by name', async () => {
    expect(await problemsOf(settings)).toEqual([
      'crm-kpi.yaml:5 goals[0].atLeast.file is quotas.csv, but that file cannot be read (ENOENT).',
    ]);
    const folder = await makeWorkspace({ 'crm-kpi.yaml': settings, 'quotas.csv': 'period,target\n' });
    expect(await linesOf(load(folder))).toEqual([
      'crm-kpi.yaml:5 goals[0].atLeast.file is quotas.csv, but that file has no column kind, id.',
    ]);
  });
});

describe('a goal that its KPI cannot meet', () => {
  it('is a percentage written as a whole number', async () => {
    const lines = await linesOf(loadText(`${base}goals: [{ kpi: win_rate, every: month, atLeast: 20 }]\n`));
    expect(lines).toEqual(['crm-kpi.yaml:5 goals[0].atLeast promises 20, which is 2000 %.']);
    expect(await wrongGoal('kpi: win_rate, every: month, between: [0.1, 30]')).toEqual([
      'goals[0].between promises 30, which is 3000 %.',
    ]);
    expect(await goalOf('kpi: win_rate, every: month, atLeast: 1')).toMatchObject({
      targets: { kind: 'constant', value: 1 },
    });
  });

  it('has a ramp to a sum, or to a range', async () => {
    const ramp = 'ramp: { from: 2026-01-01, to: 2026-06-30 }';
    expect(await wrongGoal(`kpi: deals_won, every: month, atLeast: 9, ${ramp}`)).toEqual([
      'goals[0].ramp is for ratios, durations and stocks, and deals_won adds up through its period.',
    ]);
    expect(await wrongGoal(`kpi: open_deals, every: month, between: [3, 9], ${ramp}`)).toEqual([
      'goals[0].ramp leads to one figure, and a range has two.',
    ]);
    expect(await goalOf(`kpi: open_deals, every: month, atMost: 9, ${ramp}`)).toMatchObject({
      ramp: { from: '2026-01-01' },
    });
  });
});
