import { describe, expect, it } from 'vitest';
import { detectFindings } from '../../src/improve/detect.ts';
import { splitMissing } from '../../src/improve/missing-share.ts';
import type { Goal } from '../../src/model/goal.ts';
import type { StoredResult } from '../../src/model/result-store.ts';
import { createZone } from '../../src/model/zone.ts';
import { closedCases, closedDeals } from '../evaluate/records.ts';
import { openWorkspace, quiet, type Workspace } from '../evaluate/workspace.ts';
import { goalOf } from '../model/samples.ts';

const goals: readonly Goal[] = [
  goalOf({ kpi: 'win_rate', segments: ['company', 'team'] }),
  goalOf({ kpi: 'case_resolution_hours', shape: 'at_most', targets: { kind: 'constant', value: 24 } }),
];

async function detect(workspace: Workspace, asOf: string, wanted = goals) {
  await workspace.evaluate(asOf, { goals: wanted });
  const cutoff = Date.parse(asOf);
  return detectFindings({
    store: workspace.store,
    zone: createZone('Europe/Madrid'),
    currency: 'EUR',
    goals: wanted,
    catalog: await workspace.catalog(),
    asOf: cutoff,
    cutoff,
    convert: (minor) => minor,
    log: quiet,
    signal: new AbortController().signal,
  });
}

const startOfFebruary = '2026-01-31T23:00:00Z';
const startOfMarch = '2026-02-28T23:00:00Z';

describe('off_target_kpi', () => {
  it('ranks the two areas of the exercise, month by month', async () => {
    await using workspace = await openWorkspace();
    await workspace.save({
      deal: [
        ...closedDeals('2026-01-15', { won: 15, lost: 85 }),
        ...closedDeals('2026-02-16', { won: 18, lost: 82 }),
      ],
      ticket: [
        ...closedCases('2026-01-12', 48, 4),
        ...closedCases('2026-01-13', 48, 4),
        ...closedCases('2026-02-10', 30, 8),
      ],
    });
    const off = async (asOf: string) =>
      (await detect(workspace, asOf)).findings
        .filter(({ detector }) => detector === 'off_target_kpi')
        .map(({ goal, priority, urgency }) => [
          goal,
          Number(priority.toFixed(6)),
          Number(urgency.toFixed(6)),
        ]);
    expect(await off(startOfFebruary)).toEqual([
      ['case_resolution_hours.month', 85, 85],
      ['win_rate.month', 42.5, 85],
    ]);
    const second = await off(startOfMarch);
    expect(second[1]).toEqual(['win_rate.month', 15, 75]);
    expect(second[0]?.[0]).toBe('case_resolution_hours.month');
  });

  it('names the segment that lacks most, not the one with the worst rate', async () => {
    await using workspace = await openWorkspace();
    const memberships = [
      { actorId: 'u-big', teams: [{ teamId: 'big', primary: true }] },
      { actorId: 'u-small', teams: [{ teamId: 'small', primary: true }] },
    ];
    await workspace.save(
      {
        team: [
          { id: 'big', name: 'Big' },
          { id: 'small', name: 'Small' },
        ],
        actor: ['u-big', 'u-small'].map((id) => ({ id, kind: 'user', name: id, active: 1 })),
        deal: [
          // Lacks 100 x 0.2 - 10 = 10 deals; the other only 10 x 0.2 = 2.
          ...closedDeals('2026-01-15', { won: 10, lost: 90, owner: 'u-big' }),
          ...closedDeals('2026-01-16', { won: 0, lost: 10, owner: 'u-small' }),
        ],
      },
      { memberships },
    );
    const { findings } = await detect(workspace, startOfFebruary);
    const found = findings.find(({ detector }) => detector === 'off_target_kpi');
    expect(found?.evidence).toMatchObject({
      ...{ worst_kind: 'team', worst_id: 'big', worst_name: 'Big', worst_share: expect.closeTo(10 / 12, 9) },
      ...{
        worst_missing: expect.closeTo(10, 9),
        value: expect.closeTo(10 / 110, 9),
        target: 0.2,
        certainty: 'clear',
      },
    });
    expect(found?.title.en).toContain('83 % of what is missing lies in Big');
    expect(found?.title.es).toContain('el 83 % de lo que falta está en Big');
  });

  it('takes up a goal of teams alone where a team misses it clearly', async () => {
    await using workspace = await openWorkspace();
    const memberships = ['a', 'b'].map((team) => ({
      actorId: `u-${team}`,
      teams: [{ teamId: team, primary: true }],
    }));
    await workspace.save(
      {
        team: ['a', 'b'].map((id) => ({ id, name: `Team ${id}` })),
        actor: ['u-a', 'u-b'].map((id) => ({ id, kind: 'user', name: id, active: 1 })),
        deal: [
          ...closedDeals('2026-01-15', { won: 5, lost: 95, owner: 'u-a' }),
          ...closedDeals('2026-01-16', { won: 19, lost: 81, owner: 'u-b' }),
        ],
      },
      { memberships },
    );
    const { findings } = await detect(workspace, startOfFebruary, [
      goalOf({ kpi: 'win_rate', segments: ['team'] }),
    ]);
    const found = findings.filter(({ detector }) => detector === 'off_target_kpi');
    expect(found.map(({ id, priority }) => [id, Math.round(priority)])).toEqual([
      ['off_target_kpi|team:a|win_rate.month', 85],
    ]);
    expect(found[0]?.title.en).toBe('Sales conversion, Team a 2026-01: 5.0 % instead of 20.0 %.');
  });

  it('says nothing about goals that are met', async () => {
    await using workspace = await openWorkspace();
    await workspace.save({ deal: closedDeals('2026-01-15', { won: 30, lost: 70 }) });
    const { findings } = await detect(workspace, startOfFebruary);
    expect(findings.filter(({ detector }) => detector === 'off_target_kpi')).toEqual([]);
  });

  it('keeps a finding of last month while the new one has no evidence, and drops it when it has', async () => {
    await using workspace = await openWorkspace();
    const january = closedDeals('2026-01-15', { won: 10, lost: 90 });
    await workspace.save({ deal: [...january, ...closedDeals('2026-02-02', { won: 2, lost: 4 })] });
    const off = async (asOf: string) => {
      const { findings } = await detect(workspace, asOf);
      return findings.find(({ detector }) => detector === 'off_target_kpi')?.evidence.period;
    };
    expect(await off('2026-02-04T12:00:00Z')).toBe('2026-01');
    await workspace.save({ deal: closedDeals('2026-02-05', { won: 60, lost: 40 }) });
    expect(await off('2026-02-06T12:00:00Z')).toBeUndefined();
  });
});

it('shares out what a sum lacks by what each segment brought before', () => {
  const row = (kind: string, id: string | null, num: number): StoredResult =>
    ({
      ...{ segment: { kind, id, name: id, source: 'crm' }, goal: kind === 'company' ? 'g' : null },
      ...{ num, den: null, statistics: null, value: num, target: kind === 'company' ? 100 : null },
    }) as unknown as StoredResult;
  const company = row('company', null, 60);
  const parts = splitMissing({
    goal: goalOf({ kpi: 'deals_won' }),
    company,
    results: [company, row('team', 'a', 50), row('team', 'b', 10)],
    isLeaf: () => true,
    usualShare: ({ segment }) => (segment.id === 'a' ? 0.6 : 0.4),
  });
  expect(parts.get('team')?.map(({ result, missing, share }) => [result.segment.id, missing, share])).toEqual(
    [
      ['b', 30, 0.75],
      ['a', 10, 0.25],
    ],
  );
});

describe('adverse_trend', () => {
  /** So many cases a month, closed after so many hours. */
  const months = (hours: readonly number[]) =>
    hours.flatMap((each, place) => {
      const month = `2025-${String(place + 1).padStart(2, '0')}`;
      return closedCases(`${month}-10`, each, 6);
    });
  const trends = async (hours: readonly number[]) => {
    await using workspace = await openWorkspace();
    await workspace.save({ ticket: months(hours) });
    const { findings } = await detect(workspace, '2026-01-20T12:00:00Z', [
      goals[1] ?? goalOf({ kpi: 'win_rate' }),
    ]);
    return findings.filter(
      ({ detector, kpi }) => detector === 'adverse_trend' && kpi === 'case_resolution_hours',
    );
  };

  it('finds a duration that grows month by month by 5 % of its target and more', async () => {
    const [found] = await trends([20, 21, 23, 24, 26, 27, 29, 30, 32, 33, 35, 36]);
    expect(found).toMatchObject({
      goal: 'case_resolution_hours.month',
      evidence: { direction: 'rising', periods: 12 },
    });
    expect(Number(found?.evidence.effect)).toBeGreaterThan(0.05);
  });

  it('leaves alone what gets better, and what moves too little to matter', async () => {
    expect(await trends([36, 35, 33, 32, 30, 29, 27, 26, 24, 23, 21, 20])).toEqual([]);
    expect(await trends([20, 20.1, 20.2, 20.3, 20.4, 20.5, 20.6, 20.7, 20.8, 20.9, 21, 21.1])).toEqual([]);
  });
});
