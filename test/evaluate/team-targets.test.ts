import { describe, expect, it } from 'vitest';
import { goalOf } from '../model/samples.ts';
import { openWorkspace, pick } from './workspace.ts';

const asOf = '2026-02-20T12:00:00Z';
const target = (segmentKind: string, segmentId: string, value: number) => ({
  period: '*',
  segmentKind,
  segmentId,
  target: value,
});

/** Ana and Ben in the city, which is part of the north; Cem in the south. */
async function openCompany() {
  const workspace = await openWorkspace();
  const deal = (id: string, owner_id: string, outcome: string, amount_minor: number) => ({
    id,
    owner_id,
    outcome,
    amount_minor,
    currency: 'EUR',
    closed_on: '2026-01-10',
  });
  await workspace.save(
    {
      team: [
        { id: 'north', name: 'North' },
        { id: 'city', name: 'City', parent_id: 'north' },
        { id: 'south', name: 'South' },
      ],
      actor: ['ana', 'ben', 'cem'].map((id) => ({ id, active: 1, created_at: '2025-01-01T00:00:00Z' })),
      deal: [
        deal('a', 'ana', 'won', 10_000),
        deal('b', 'ben', 'won', 20_000),
        deal('c', 'ben', 'lost', 5_000),
        deal('d', 'ben', 'lost', 5_000),
        deal('e', 'cem', 'won', 70_000),
      ],
    },
    {
      memberships: [
        { actorId: 'ana', teams: [{ teamId: 'city', primary: true }] },
        { actorId: 'ben', teams: [{ teamId: 'city', primary: true }] },
        { actorId: 'cem', teams: [{ teamId: 'south', primary: true }] },
      ],
    },
  );
  return workspace;
}

const segments = ['company', 'team', 'owner'];

describe("a team's target", () => {
  it('is the sum of those of its people where amounts add up, and of the teams below it', async () => {
    await using workspace = await openCompany();
    const rows = [target('owner', 'ana', 300), target('owner', 'ben', 500), target('owner', 'cem', 900)];
    const goal = goalOf({ kpi: 'revenue_won', segments, targets: { kind: 'list', rows } });
    await workspace.evaluate(asOf, { goals: [goal] });
    const results = await workspace.results(asOf);
    const find = (segment: string) =>
      pick(results, 'revenue_won', { period: '2026-01', segment, goal: goal.id });
    expect(find('team:city')).toMatchObject({ target: 80_000, details: { targetFrom: 'owner' } });
    expect(find('team:north')).toMatchObject({ target: 80_000 });
    expect(find('team:south')).toMatchObject({ target: 90_000, value: 70_000, status: 'off_target' });
    expect(find('company')).toMatchObject({ target: 170_000 });
  });

  it('is the mean of those of its people weighted by what they closed, for a rate', async () => {
    await using workspace = await openCompany();
    const rows = [target('owner', 'ana', 0.8), target('owner', 'ben', 0.4), target('owner', 'cem', 0.1)];
    const goal = goalOf({ kpi: 'win_rate', segments, targets: { kind: 'list', rows }, minN: 0 });
    await workspace.evaluate(asOf, { goals: [goal] });
    const results = await workspace.results(asOf);
    const city = pick(results, 'win_rate', { period: '2026-01', segment: 'team:city', goal: goal.id });
    // Ana closed 1 deal, Ben 3.
    expect(city.target).toBeCloseTo((1 * 0.8 + 3 * 0.4) / 4, 12);
    expect(city).toMatchObject({ num: 2, den: 4 });
  });

  it('that is given shows what none of its people was given', async () => {
    await using workspace = await openCompany();
    const rows = [target('team', 'city', 1000), target('owner', 'ana', 300), target('owner', 'ben', 500)];
    const goal = goalOf({ kpi: 'revenue_won', segments, targets: { kind: 'list', rows } });
    await workspace.evaluate(asOf, { goals: [goal] });
    const results = await workspace.results(asOf);
    const of = (segment: string) =>
      pick(results, 'revenue_won', { period: '2026-01', segment, goal: goal.id });
    expect(of('team:city')).toMatchObject({
      target: 100_000,
      flags: ['unallocated'],
      details: { unallocated: { owner: 20_000 } },
    });
    expect(of('team:north')).toMatchObject({ target: 100_000, details: { targetFrom: 'team' } });
  });

  it('is counted once where a team lies within another, and a person whose teams have none stands beside them', async () => {
    await using workspace = await openCompany();
    const rows = [
      target('team', 'north', 1000),
      target('team', 'city', 600),
      target('owner', 'ana', 300),
      target('owner', 'cem', 250),
    ];
    const goal = goalOf({ kpi: 'revenue_won', segments, targets: { kind: 'list', rows } });
    await workspace.evaluate(asOf, { goals: [goal] });
    const results = await workspace.results(asOf);
    const of = (segment: string) =>
      pick(results, 'revenue_won', { period: '2026-01', segment, goal: goal.id });
    expect(of('company')).toMatchObject({ target: 125_000, details: { targetFrom: 'team' } });
    expect(of('team:north')).toMatchObject({ details: { unallocated: { team: 40_000, owner: 70_000 } } });
  });

  it('that a CRM holds is not added to what it holds for its people: the rest was given to nobody', async () => {
    await using workspace = await openCompany();
    const quota = (id: string, amount_minor: number, whose: object) => ({
      ...{ id, kind: 'quota', amount_minor, currency: 'EUR', ...whose },
      ...{ from_on: '2026-01-01', to_on: '2026-01-31' },
    });
    await workspace.save({
      entry: [
        quota('q1', 120_000, { team_id: 'city' }),
        quota('q2', 60_000, { actor_id: 'ana' }),
        quota('q3', 40_000, { actor_id: 'ben' }),
        quota('q4', 90_000, { actor_id: 'cem' }),
      ],
    });
    const goal = goalOf({ kpi: 'revenue_won', segments, targets: { kind: 'quotas' } });
    await workspace.evaluate(asOf, { goals: [goal] });
    const results = await workspace.results(asOf);
    const of = (segment: string) =>
      pick(results, 'revenue_won', { period: '2026-01', segment, goal: goal.id });
    expect(of('team:city')).toMatchObject({
      target: 120_000,
      flags: ['unallocated'],
      details: { unallocated: { owner: 20_000 } },
    });
    expect(of('team:south')).toMatchObject({ target: 90_000, details: { targetFrom: 'owner' } });
    expect(of('company')).toMatchObject({ target: 210_000 });
  });

  it('stands beside 0 where the team brought nothing yet, on the next night as well', async () => {
    await using workspace = await openCompany();
    await workspace.save({ team: [{ id: 'west', name: 'West' }] });
    const rows = [target('team', 'west', 400), target('team', 'south', 900), target('team', 'nowhere', 100)];
    const goal = goalOf({ kpi: 'revenue_won', segments, targets: { kind: 'list', rows } });
    for (const night of ['2026-02-20T12:00:00Z', '2026-02-21T12:00:00Z']) {
      await workspace.evaluate(night, { goals: [goal] });
      const results = await workspace.results(night);
      const of = (segment: string) =>
        pick(results, 'revenue_won', { period: '2026-01', segment, goal: goal.id });
      expect(of('team:west')).toMatchObject({ value: 0, target: 40_000, status: 'off_target' });
      expect(of('team:south')).toMatchObject({ value: 70_000, target: 90_000 });
      expect(results.some(({ segment }) => segment.id === 'nowhere')).toBe(false);
    }
  });
});
