/** Below this share of the weights a score would speak of what it does not know. */
const minimumCoverage = 0.7;
const slack = 1e-9;

export interface ScoredGoal {
  readonly weight: number;
  /** Null: no data, or not judged. Never carried forward, never read as 0 or 1. */
  readonly attainment: number | null;
}

export interface Score {
  /** 0 to 100; null when too little of the weight has data. */
  readonly score: number | null;
  /** Share of the weights with data, 0 to 1. */
  readonly coverage: number;
}

/** Weighted mean of the attainments, each capped at 100 so that one excess hides no failure. */
export function composite(goals: readonly ScoredGoal[]): Score {
  let weights = 0;
  let covered = 0;
  let sum = 0;
  for (const { weight, attainment } of goals) {
    weights += weight;
    if (attainment === null) continue;
    covered += weight;
    sum += weight * scoreOf(attainment);
  }
  const coverage = weights > 0 ? covered / weights : 0;
  return { score: covered > 0 && coverage >= minimumCoverage - slack ? sum / covered : null, coverage };
}

export function scoreOf(attainment: number): number {
  return 100 * Math.min(1, Math.max(0, attainment));
}
