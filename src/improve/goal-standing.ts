import type { Goal, Status } from '../model/goal.ts';
import type { StoredResult } from '../model/result-store.ts';
import { daysBetween } from '../model/zone.ts';
import type { Bench } from './bench.ts';
import type { GoalStanding } from './priority.ts';

export type JudgeGoal = Pick<Bench, 'companyResults' | 'goals' | 'zone' | 'cutoff'>;

const judged: readonly (Status | null)[] = ['exceeded', 'on_target', 'at_risk', 'off_target'];
const missed: readonly (Status | null)[] = ['at_risk', 'off_target'];

/**
 * The result that a goal is judged by: the open period's where it is a verdict, else the latest complete one's. Beside a
 * missed period a few good days say nothing yet, nor a few bad ones beside a good period: there the open period counts
 * only where its figure is evidence.
 */
export function chooseResult(results: readonly StoredResult[]): StoredResult | null {
  const verdicts = results
    .filter(({ status }) => judged.includes(status))
    .toSorted((a, b) => (a.periodStart < b.periodStart ? -1 : 1));
  const complete = verdicts.findLast((result) => result.complete) ?? null;
  const open = verdicts.findLast((result) => !result.complete) ?? null;
  if (open === null || complete === null) return open ?? complete;
  if (complete.periodStart > open.periodStart) return complete;
  if (isMissed(open) === isMissed(complete)) return open;
  return open.evidence === 'within_noise' ? complete : open;
}

export function isMissed({ status }: Pick<StoredResult, 'status'>): boolean {
  return missed.includes(status);
}

/** Of the company; null without a verdict. */
export function standingOf(bench: JudgeGoal, goalId: string): GoalStanding | null {
  const goal = bench.goals.find(({ id }) => id === goalId);
  const result = chooseResult(bench.companyResults.filter((row) => row.goal === goalId));
  return goal && result ? standingBy(bench, goal, result) : null;
}

export function standingBy(
  { goals, zone, cutoff }: Omit<JudgeGoal, 'companyResults'>,
  goal: Goal,
  result: StoredResult,
): GoalStanding {
  const heaviest = Math.max(...goals.map(({ weight }) => weight), 0);
  return {
    weight: heaviest > 0 ? goal.weight / heaviest : 1,
    deviation: deviationOf(goal, result),
    elapsedShare: elapsedShare(result, zone.dateOf(cutoff)),
    movement: result.movement,
    status: result.status,
  };
}

/** Whole local days that are over. */
function elapsedShare({ complete, periodStart, periodEnd }: StoredResult, today: string): number {
  if (complete) return 1;
  const days = daysBetween(periodStart, periodEnd);
  return days > 0 ? Math.min(1, Math.max(0, daysBetween(periodStart, today) / days)) : 1;
}

/** From the attainment, which knows how much of a running sum was due by now. */
function deviationOf({ shape }: Goal, { attainment, value, target }: StoredResult): number {
  if (attainment === null)
    return typeof target === 'number' && value !== null ? plainDeviation(shape, value, target) : 0;
  if (shape !== 'at_most') return 1 - attainment;
  // At most nothing, and there is something: missed in full.
  return attainment > 0 ? 1 / attainment - 1 : 1;
}

function plainDeviation(shape: Goal['shape'], value: number, target: number): number {
  const shortfall = shape === 'at_most' ? value - target : target - value;
  if (target === 0) return shortfall <= 0 ? 0 : 1;
  return shortfall / Math.abs(target);
}
