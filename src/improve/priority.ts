import type { Effort, Quadrant } from '../model/finding.ts';
import type { Movement, Status } from '../model/goal.ts';

/** How the goal that a finding is linked to stands. */
export interface GoalStanding {
  /** The goal's weight as a share of the largest one. */
  readonly weight: number;
  /** Shortfall relative to the target: above 0 is bad. */
  readonly deviation: number;
  /** Share of the goal's period that is over. */
  readonly elapsedShare: number;
  readonly movement: Movement | null;
  readonly status: Status | null;
}

export interface Priority {
  readonly impact: number;
  readonly urgency: number;
  readonly priority: number;
  readonly quadrant: Quadrant;
}

/** Without a goal: little weight, a shortfall as if one were missed by a quarter, no period that runs out. */
const unlinked: GoalStanding = {
  weight: 0.3,
  deviation: 0.25,
  elapsedShare: 0,
  movement: null,
  status: null,
};

const movementWeight: Readonly<Record<Movement, number>> = { worsened: 1, no_evidence: 0.5, improved: 0 };
/** A shortfall of half the target or more counts in full. */
const fullDeviation = 0.5;
const half = 50;

export function rankFinding(reach: number, standing: GoalStanding | null): Priority {
  const { weight, deviation, elapsedShare, movement, status } = standing ?? unlinked;
  const missed = Math.min(1, Math.max(0, deviation) / fullDeviation);
  const impact = 100 * weight * missed * (0.5 + 0.5 * clamp(reach));
  const alarm = status === 'off_target' ? 1 : status === 'at_risk' ? 0.5 : 0;
  const urgency =
    100 * (0.5 * clamp(elapsedShare) + 0.3 * movementWeight[movement ?? 'no_evidence'] + 0.2 * alarm);
  return { impact, urgency, priority: (impact * urgency) / 100, quadrant: quadrantOf(impact, urgency) };
}

function clamp(share: number): number {
  return Math.min(1, Math.max(0, share));
}

/** Boundaries count as high; slack for binary fractions. */
function quadrantOf(impact: number, urgency: number): Quadrant {
  const [strong, pressing] = [impact >= half - 1e-9, urgency >= half - 1e-9];
  if (strong) return pressing ? 'do_now' : 'plan';
  return pressing ? 'quick_fix' : 'watch';
}

interface Ranked {
  readonly id: string;
  readonly effort: Effort;
  readonly priority: number;
}

const efforts: readonly Effort[] = ['S', 'M', 'L'];

/** The most pressing first; ties: the lesser effort, then the id. */
export function byPriority(a: Ranked, b: Ranked): number {
  const difference = inMillionths(b) - inMillionths(a);
  if (difference !== 0) return difference;
  return efforts.indexOf(a.effort) - efforts.indexOf(b.effort) || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);
}

/** Binary fractions make no order. */
function inMillionths({ priority }: Ranked): number {
  return Math.round(priority * 1e6);
}
