import { expect, it } from 'vitest';
import { openMeasure } from '../../src/evaluate/measure.ts';
import { measureEffect } from '../../src/improve/effect.ts';
import { describeEffect } from '../../src/improve/effect-words.ts';
import type { Action } from '../../src/model/action.ts';
import type { WorkingHours } from '../../src/model/settings.ts';
import { addDays } from '../../src/model/zone.ts';
import { baseSettings, openWorkspace, quiet, type Workspace } from '../evaluate/workspace.ts';
import {
  firstOn,
  judge,
  type Planted,
  plantRows,
  startAction,
  startOn,
  teamSegment,
  teamsOf,
  windowDays,
} from './planted.ts';

const steady = { perWindow: 100, wonShare: () => 0.2, medianHours: () => 48 };

async function plant(
  planted: readonly Planted[],
  { windows = 14, kpi = 'win_rate' } = {},
): Promise<Workspace> {
  const workspace = await openWorkspace();
  const { team, actor, memberships } = teamsOf(planted);
  await workspace.save({ team, actor, ...plantRows(planted, { seed: 5, windows, kpi }) }, { memberships });
  return workspace;
}

const afterwards = (before: number, after: number) => (window: number) => (window < 12 ? before : after);

it('says improved, and what stands behind it', async () => {
  await using workspace = await plant([{ team: 'a', ...steady, wonShare: afterwards(0.2, 0.45) }]);
  const report = await judge(workspace, { kpi: 'win_rate', segment: teamSegment('a') });
  expect(report).toMatchObject({ verdict: 'improved', method: 'newcombe', recheck: null, notes: [] });
  expect([report.before?.n, report.after?.n]).toEqual([100, 100]);
  expect(report.before).toMatchObject({ from: addDays(startOn, -windowDays), to: startOn });
  const [first] = describeEffect(report, { kpi: { unit: 'ratio' }, currency: 'EUR', language: 'es' });
  expect(first).toContain('mejora: +');
});

it('waits until the window after is over', async () => {
  await using workspace = await plant([{ team: 'a', ...steady }]);
  const report = await judge(workspace, {
    kpi: 'win_rate',
    segment: teamSegment('a'),
    asOf: addDays(startOn, 10),
  });
  expect(report).toMatchObject({
    verdict: 'insufficient',
    notes: ['waiting'],
    readyOn: addDays(startOn, windowDays),
  });
});

it('holds at the re-check, or has faded', async () => {
  const fading = (window: number) => (window === 12 ? 0.5 : 0.2);
  await using workspace = await plant([
    { team: 'held', ...steady, wonShare: afterwards(0.2, 0.5) },
    { team: 'faded', ...steady, wonShare: fading },
  ]);
  const asOf = addDays(startOn, 2 * windowDays);
  const held = await judge(workspace, { kpi: 'win_rate', segment: teamSegment('held'), asOf });
  const faded = await judge(workspace, { kpi: 'win_rate', segment: teamSegment('faded'), asOf });
  expect([held.verdict, held.recheck, faded.verdict, faded.recheck]).toEqual([
    'improved',
    'held',
    'improved',
    'faded',
  ]);
});

it('takes out what a control did, too', async () => {
  await using workspace = await plant([
    { team: 'a', ...steady, wonShare: afterwards(0.2, 0.5) },
    { team: 'b', ...steady, wonShare: afterwards(0.2, 0.5) },
  ]);
  const segment = teamSegment('a');
  const alone = await judge(workspace, { kpi: 'win_rate', segment });
  const controlled = await judge(workspace, { kpi: 'win_rate', segment, control: teamSegment('b') });
  expect([alone.verdict, controlled.verdict]).toEqual(['improved', 'no_evidence']);
  expect(controlled.plain?.effect).toBeCloseTo(alone.size?.effect ?? 0, 9);
  expect(controlled.control?.segment.name).toBe('b');
});

it('leaves out a control that somebody worked on', async () => {
  await using workspace = await plant([
    { team: 'a', ...steady },
    { team: 'b', ...steady },
  ]);
  const { action } = await startAction(workspace, { kpi: 'win_rate', segment: teamSegment('b') }, 2);
  const report = await judge(workspace, {
    kpi: 'win_rate',
    segment: teamSegment('a'),
    control: teamSegment('b'),
    others: [action],
  });
  expect(report.control).toBeNull();
  expect(report.notes).toContain('control_touched');
});

it('gives overlapping actions one verdict', async () => {
  await using workspace = await plant([{ team: 'a', ...steady, wonShare: afterwards(0.2, 0.5) }]);
  const segment = teamSegment('a');
  const one = await startAction(workspace, { kpi: 'win_rate', segment }, 1);
  const two = await startAction(workspace, { kpi: 'win_rate', segment }, 2);
  const context = {
    actions: [one.action, two.action],
    kpi: one.kpi,
    measure: one.measure,
    today: addDays(startOn, windowDays),
  };
  const [first, second] = [
    await measureEffect({ ...context, action: one.action }),
    await measureEffect({ ...context, action: two.action }),
  ];
  expect(first).toEqual(second);
  expect(first).toMatchObject({ joint: [1, 2], notes: ['joint'], verdict: 'improved' });
  const running = { ...two.action, finishedOn: null };
  const open = await measureEffect({ ...context, actions: [one.action, running], action: one.action });
  expect(open).toMatchObject({ verdict: 'insufficient', joint: [1, 2], notes: ['waiting'] });
});

it('does not take a trend for an effect', async () => {
  const rising = (window: number) => 0.1 + 0.025 * window;
  await using workspace = await plant([{ team: 'a', ...steady, perWindow: 200, wonShare: rising }]);
  const report = await judge(workspace, { kpi: 'win_rate', segment: teamSegment('a'), picked: true });
  expect(report.verdict).toBe('no_evidence');
  expect(report.notes).toContain('trend_before');
  expect(report.expected).toBeCloseTo(0.4, 1);
  expect(report.plain?.low).toBeGreaterThan(0);
});

it('compares what was picked for being worst with its long baseline', async () => {
  await using workspace = await plant([
    { team: 'a', ...steady, wonShare: (window) => (window === 11 ? 0.05 : 0.2) },
  ]);
  const segment = teamSegment('a');
  const naive = await judge(workspace, { kpi: 'win_rate', segment });
  const fair = await judge(workspace, { kpi: 'win_rate', segment, picked: true });
  expect([naive.verdict, fair.verdict]).toEqual(['improved', 'no_evidence']);
  expect(fair.before?.n).toBe(1200);
  expect(fair.detectable).toBeGreaterThan(0.05);
});

it('finds shorter durations, lower being better', async () => {
  const planted = [{ team: 'a', ...steady, perWindow: 60, medianHours: afterwards(48, 24) }];
  await using workspace = await plant(planted, { kpi: 'case_resolution_hours' });
  const report = await judge(workspace, { kpi: 'case_resolution_hours', segment: teamSegment('a') });
  expect(report).toMatchObject({ verdict: 'improved', method: 'hodges_lehmann' });
  expect(report.size?.high).toBeLessThan(0);
});

it('says nothing once the definition of the KPI has changed', async () => {
  await using workspace = await plant([{ team: 'a', ...steady }], { windows: 13 });
  const { action, kpi, measure } = await startAction(workspace, {
    kpi: 'win_rate',
    segment: teamSegment('a'),
  });
  const changed = { ...kpi, version: 'other' };
  const report = await measureEffect({
    action,
    actions: [action],
    kpi: changed,
    measure,
    today: '2026-06-01',
  });
  expect(report).toMatchObject({ verdict: 'insufficient', notes: ['definition_changed'] });
});

it('does not take for usual what an earlier action had ended', async () => {
  const wonShare = (window: number) => (window < 6 ? 0.2 : 0.45);
  await using workspace = await plant([{ team: 'a', ...steady, wonShare }]);
  const judged = { kpi: 'win_rate', segment: teamSegment('a'), picked: true };
  expect(await judge(workspace, judged)).toMatchObject({ before: { from: firstOn } });
  const { action } = await startAction(workspace, judged, 2);
  const earlier = addDays(startOn, -6 * windowDays);
  const plan = { ...(action.plan ?? expect.fail('no plan')), washOutDays: 0 };
  const old: Action = {
    ...action,
    state: 'done',
    finishedOn: addDays(earlier, -1),
    plan: { ...plan, before: { from: addDays(earlier, -windowDays), to: earlier } },
  };
  const report = await judge(workspace, { ...judged, others: [old] });
  expect(report).toMatchObject({ verdict: 'no_evidence', before: { from: earlier } });
});

it('measures durations by the clock that its goal had', async () => {
  await using workspace = await openWorkspace();
  // Friday 16:00 to Monday 10:00.
  await workspace.save({
    ticket: [
      { id: 't', is_closed: 1, created_at: '2025-01-10T15:00:00Z', last_closed_at: '2025-01-13T09:00:00Z' },
    ],
  });
  const office: WorkingHours = {
    ...{ weekdays: [1, 2, 3, 4, 5], fromMinute: 9 * 60, toMinute: 18 * 60, timeZone: 'Europe/Madrid' },
    ...{ holidays: [], teams: null, validFrom: null, validTo: null },
  };
  const measure = await openMeasure({
    store: workspace.store,
    settings: { ...baseSettings, businessHours: [office] },
    catalog: await workspace.catalog(),
    asOf: Date.parse('2025-03-01T00:00:00Z'),
    log: quiet,
  });
  const company = { kind: 'company', id: null, source: null };
  const request = {
    kpi: 'case_resolution_hours',
    segment: company,
    spans: [{ from: '2025-01-06', to: '2025-02-03' }],
  };
  expect((await measure(request))?.spans[0]?.whole.value).toBe(66);
  expect((await measure({ ...request, clock: 'business' }))?.spans[0]?.whole.value).toBe(3);
});
