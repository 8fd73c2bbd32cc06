import { describe, expect, it } from 'vitest';
import { newHireShare, rollUp, unallocatedOf } from '../../src/evaluate/roll-up.ts';
import type { Goal } from '../../src/model/goal.ts';
import type { Period } from '../../src/model/period.ts';
import { goalOf } from '../model/samples.ts';
import { openWorkspace, pick } from './workspace.ts';

const january: Period = {
  grain: 'month',
  label: '2026-01',
  startOn: '2026-01-01',
  endOn: '2026-02-01',
  startAt: Date.parse('2025-12-31T23:00:00Z'),
  endAt: Date.parse('2026-01-31T23:00:00Z'),
};
const row = (segmentKind: string, segmentId: string, target: number) => ({
  period: '2026-01',
  segmentKind,
  segmentId,
  target,
});
const asOf = '2026-02-20T12:00:00Z';
const people = [
  { id: 'u1', name: 'Ana', active: 1, created_at: '2025-01-01T00:00:00Z' },
  { id: 'u2', name: 'Ben', active: 1, created_at: '2026-01-01T09:00:00Z', email: 'ben@example.test' },
];

function listGoal(goal: Partial<Goal> & Pick<Goal, 'kpi'>, rows: readonly ReturnType<typeof row>[]): Goal {
  return goalOf({ ...goal, targets: { kind: 'list', rows }, minN: 0 });
}

describe('a parent without a target of its own', () => {
  it('has the sum of its parts, where they add up', () => {
    const rows = [row('team', 'A', 300), row('team', 'B', 500)];
    expect(rollUp(rows, january, { adds: true, weigh: () => new Map() })).toEqual({
      target: 800,
      from: 'team',
    });
  });

  it('has the mean of its parts weighted by their denominators, where they do not: 20 % of 10 and 40 % of 90 is 38 %', () => {
    const rows = [row('team', 'A', 0.2), row('team', 'B', 0.4)];
    const weigh = () =>
      new Map([
        ['A', 10],
        ['B', 90],
      ]);
    const found = rollUp(rows, january, { adds: false, weigh });
    expect(found?.target).toBeCloseTo(0.38, 12);
  });

  it('has none while its parts weigh nothing', () => {
    expect(rollUp([row('team', 'A', 0.2)], january, { adds: false, weigh: () => new Map() })).toBeNull();
  });

  it('is judged by the targets of its owners, weighted by what they closed', async () => {
    await using workspace = await openWorkspace();
    const deal = (id: string, outcome: string, owner_id: string) => ({
      id,
      outcome,
      owner_id,
      closed_on: '2026-01-10',
    });
    await workspace.save({
      actor: people,
      deal: [
        deal('a', 'won', 'u1'),
        deal('b', 'lost', 'u2'),
        deal('c', 'lost', 'u2'),
        deal('d', 'won', 'u2'),
      ],
    });
    const goal = listGoal({ kpi: 'win_rate', segments: ['company', 'owner'] }, [
      row('owner', 'u1', 0.8),
      row('owner', 'u2', 0.4),
    ]);
    await workspace.evaluate(asOf, { goals: [goal] });
    const company = pick(await workspace.results(asOf), 'win_rate', { period: '2026-01', goal: goal.id });
    expect(company.target).toBeCloseTo((0.8 + 3 * 0.4) / 4, 12);
    expect(company.details).toEqual({ targetFrom: 'owner' });
  });
});

describe('what nobody was given', () => {
  it('is the company target less those of each kind of segments', () => {
    const rows = [
      row('company', '', 1000),
      row('team', 'A', 300),
      row('team', 'B', 500),
      row('owner', 'u1', 1000),
    ];
    expect(unallocatedOf(rows, january)).toEqual({ team: 200 });
  });

  it('stands beside the result, in minor units, and is below 0 where more was given out than promised', async () => {
    await using workspace = await openWorkspace();
    await workspace.save({
      actor: people,
      deal: [
        {
          id: 'a',
          outcome: 'won',
          closed_on: '2026-01-10',
          amount_minor: 100,
          currency: 'EUR',
          owner_id: 'u1',
        },
      ],
    });
    const goal = listGoal({ kpi: 'revenue_won', segments: ['company', 'owner'] }, [
      row('company', '', 1000),
      row('owner', 'u1', 700),
      row('owner', 'u2', 550),
    ]);
    await workspace.evaluate(asOf, { goals: [goal] });
    const found = pick(await workspace.results(asOf), 'revenue_won', { period: '2026-01', goal: goal.id });
    expect(found).toMatchObject({
      target: 100_000,
      flags: ['unallocated'],
      details: { unallocated: { owner: -25_000 } },
    });
  });
});

describe('people who came a short while ago', () => {
  it('are asked for the share of their month, day by day', () => {
    expect(newHireShare([0.25, 0.5], '2026-01-01', january)).toBe(0.25);
    expect(newHireShare([0.25, 0.5], '2025-12-01', january)).toBe(0.5);
    expect(newHireShare([0.25, 0.5], '2025-11-01', january)).toBe(1);
    expect(newHireShare([0.25, 0.5], '2025-12-11', january)).toBeCloseTo((10 * 0.25 + 21 * 0.5) / 31, 12);
    expect(newHireShare([0.25], '2026-02-01', january)).toBe(0);
  });

  it('have a smaller target, and the others the whole one', async () => {
    await using workspace = await openWorkspace();
    await workspace.save({ actor: people, deal: [{ id: 'a', outcome: 'open', owner_id: 'u1' }] });
    const goal = listGoal({ kpi: 'deals_won', segments: ['owner'], newHires: [0.25, 0.5] }, [
      row('owner', '*', 8),
    ]);
    await workspace.evaluate(asOf, { goals: [goal] });
    const results = await workspace.results(asOf);
    const targetOf = (segment: string) =>
      pick(results, 'deals_won', { period: '2026-01', segment, goal: goal.id }).target;
    expect([targetOf('owner:u1'), targetOf('owner:u2')]).toEqual([8, 2]);
  });
});

describe('quotas that stand in a CRM', () => {
  it('are the targets of their owners by id or address, in the period that they cover, and of the company together', async () => {
    await using workspace = await openWorkspace();
    const quota = (id: string, actor_id: string, amount_minor: number, to_on: string) => ({
      id,
      kind: 'quota',
      actor_id,
      amount_minor,
      currency: 'EUR',
      from_on: '2026-01-01',
      to_on,
    });
    await workspace.save({
      actor: people,
      entry: [
        quota('q1', 'u1', 120_000, '2026-01-31'),
        quota('q2', 'ben@example.test', 80_000, '2026-01-31'),
        quota('q3', 'u1', 999_900, '2026-03-31'),
      ],
      deal: [
        {
          id: 'a',
          outcome: 'won',
          closed_on: '2026-01-10',
          amount_minor: 150_000,
          currency: 'EUR',
          owner_id: 'u1',
        },
      ],
    });
    const goal = goalOf({
      kpi: 'revenue_won',
      targets: { kind: 'quotas' },
      segments: ['company', 'owner'],
    });
    await workspace.evaluate(asOf, { goals: [goal] });
    const results = await workspace.results(asOf);
    const at = (segment: string) =>
      pick(results, 'revenue_won', { period: '2026-01', segment, goal: goal.id });
    expect(at('owner:u1')).toMatchObject({ target: 120_000, status: 'exceeded' });
    expect(at('owner:u2')).toMatchObject({ target: 80_000, status: 'off_target' });
    expect(at('company')).toMatchObject({ target: 200_000, attainment: 0.75 });
  });
});

describe("the agent's clock", () => {
  it('stands still while a case waits for the customer, by the status that the settings name', async () => {
    await using workspace = await openWorkspace();
    const move = (id: string, at: string, to_value: string) => ({
      id,
      object: 'ticket',
      record_id: 't',
      field: 'status',
      at,
      to_value,
      origin: 'history',
    });
    await workspace.save({
      stage: ['new', 'waiting', 'done'].map((key) => ({
        id: key,
        object: 'ticket',
        pipeline: 'default',
        key,
        is_closed: key === 'done' ? 1 : 0,
      })),
      ticket: [
        {
          id: 't',
          status: 'done',
          is_closed: 1,
          created_at: '2026-01-05T08:00:00Z',
          last_closed_at: '2026-01-06T08:00:00Z',
        },
      ],
      change: [
        move('c1', '2026-01-05T08:00:00Z', 'new'),
        move('c2', '2026-01-05T10:00:00Z', 'waiting'),
        move('c3', '2026-01-06T04:00:00Z', 'new'),
        move('c4', '2026-01-06T08:00:00Z', 'done'),
      ],
    });
    const goal = goalOf({
      id: 'agent',
      kpi: 'case_resolution_hours',
      shape: 'at_most',
      targets: { kind: 'constant', value: 24 },
      clock: 'agent',
      minN: 1,
    });
    await workspace.evaluate(asOf, { goals: [goal], pausedStatuses: ['Waiting'] });
    const results = await workspace.results(asOf);
    const value = (goalId: string | null) =>
      pick(results, 'case_resolution_hours', { period: '2026-01', goal: goalId }).value;
    expect([value('agent'), value(null)]).toEqual([6, 24]);
  });
});
