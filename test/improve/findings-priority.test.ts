import { describe, expect, it } from 'vitest';
import { byPriority, rankFinding } from '../../src/improve/priority.ts';
import { rateTeams } from '../../src/improve/team-rates.ts';
import { fisherGreater } from '../../src/statistics/fisher.ts';

const endOfMonth = { weight: 1, elapsedShare: 1, movement: 'no_evidence' } as const;

describe('priority', () => {
  it.each([
    ['resolution, month 1', { deviation: 1, status: 'off_target' }, 100, 85, 85, 'do_now'],
    ['conversion, month 1', { deviation: 0.25, status: 'off_target' }, 50, 85, 42.5, 'do_now'],
    ['resolution, month 2', { deviation: 0.25, status: 'off_target' }, 50, 85, 42.5, 'do_now'],
    ['conversion, month 2', { deviation: 0.1, status: 'at_risk' }, 20, 75, 15, 'quick_fix'],
  ] as const)('ranks the exercise: %s', (_, standing, impact, urgency, priority, quadrant) => {
    const ranked = rankFinding(1, { ...endOfMonth, ...standing });
    expect(ranked.impact).toBeCloseTo(impact, 9);
    expect(ranked.urgency).toBeCloseTo(urgency, 9);
    expect(ranked.priority).toBeCloseTo(priority, 9);
    expect(ranked.quadrant).toBe(quadrant);
  });

  it('counts a problem that no goal is linked to with weight 0.3 and a quarter missed', () => {
    expect(rankFinding(0.2, null)).toMatchObject({
      impact: 100 * 0.3 * 0.5 * 0.6,
      urgency: 15,
      quadrant: 'watch',
    });
  });

  it('weighs by the goal, halves what nothing passes through, and adds what got worse', () => {
    const ranked = rankFinding(0, {
      weight: 0.5,
      deviation: 0.5,
      elapsedShare: 0.2,
      movement: 'worsened',
      status: 'at_risk',
    });
    expect(ranked.impact).toBeCloseTo(25, 9);
    expect(ranked.urgency).toBeCloseTo(10 + 30 + 10, 9);
  });

  it('has no impact where the goal is met', () => {
    expect(rankFinding(1, { ...endOfMonth, deviation: -0.3, status: 'exceeded' }).impact).toBe(0);
  });

  it('orders ties by effort, then by id', () => {
    const list = [
      { id: 'b', effort: 'M', priority: 0.1 + 0.2 },
      { id: 'c', effort: 'S', priority: 0.3 },
      { id: 'a', effort: 'M', priority: 0.3 },
      { id: 'd', effort: 'L', priority: 9 },
    ] as const;
    expect(list.toSorted(byPriority).map(({ id }) => id)).toEqual(['d', 'c', 'a', 'b']);
  });
});

function team(id: string, num: number, den: number) {
  return { source: 'crm', id, name: id, num, den };
}

describe('teams', () => {
  it('names one whose interval lies above the rest', () => {
    const [teams] = rateTeams([{ teams: [team('a', 20, 40), team('b', 15, 150), team('c', 12, 100)] }]);
    expect(teams?.map(({ id, named }) => [id, named])).toEqual([
      ['a', true],
      ['c', false],
      ['b', false],
    ]);
    expect(teams?.[0]).toMatchObject({ low: expect.closeTo(0.352, 3), high: expect.closeTo(0.648, 3) });
  });

  it('never names a small team, however bad its luck', () => {
    const [teams] = rateTeams([{ teams: [team('tiny', 5, 5), team('b', 15, 150)] }]);
    expect(teams?.filter(({ named }) => named)).toEqual([]);
  });

  it('names nobody for what many comparisons bring by chance', () => {
    // 12 of 40 against 15 %: its own interval would exclude the rest's rate.
    const marginal = { teams: [team('a', 12, 40), team('b', 60, 400)] };
    const others = Array.from({ length: 30 }, () => ({ teams: [team('a', 6, 40), team('b', 60, 400)] }));
    const named = rateTeams([marginal, ...others]).flatMap((teams) => teams.filter((one) => one.named));
    expect(named).toEqual([]);
  });

  it('names no team for doing better, and none without others to compare with', () => {
    const rated = rateTeams([
      { teams: [team('a', 1, 100), team('b', 50, 100)] },
      { teams: [team('a', 90, 100)] },
    ]);
    expect(
      rated
        .flat()
        .filter(({ named }) => named)
        .map(({ id }) => id),
    ).toEqual(['b']);
  });
});

it('gives the exact one-sided p of two portions', () => {
  // Fisher's tea: 3 of 4 against 1 of 4 is 17/70.
  expect(fisherGreater({ num: 3, den: 4 }, { num: 1, den: 4 })).toBeCloseTo(17 / 70, 12);
  expect(fisherGreater({ num: 4, den: 4 }, { num: 0, den: 4 })).toBeCloseTo(1 / 70, 12);
  expect(fisherGreater({ num: 1, den: 5 }, { num: 0, den: 30 })).toBeCloseTo(5 / 35, 12);
  expect(fisherGreater({ num: 0, den: 5 }, { num: 3, den: 30 })).toBe(1);
});
