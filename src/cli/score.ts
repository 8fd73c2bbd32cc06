import { composite } from '../evaluate/score.ts';
import type { Goal } from '../model/goal.ts';
import type { Grain } from '../model/period.ts';
import type { Segment } from '../model/result.ts';
import type { StoredResult } from '../model/result-store.ts';

export interface PeriodScore {
  readonly grain: Grain;
  readonly period: string;
  readonly segment: Segment;
  /** 0 to 100; null where too little of the weight has data. */
  readonly score: number | null;
  /** Share of the goals' weight with data. */
  readonly coverage: number;
  readonly goals: readonly string[];
}

/** What is not judged counts as nothing known, not as 0. */
const unjudged: ReadonlySet<string | null> = new Set([null, 'no_data', 'insufficient', 'not_started']);

/** One score over all goals of a period and segment, by their weights. */
export function scorePeriods(
  results: readonly StoredResult[],
  goals: readonly Goal[],
): readonly PeriodScore[] {
  const weights = new Map(goals.map(({ id, weight }) => [id, weight]));
  const groups = new Map<string, StoredResult[]>();
  for (const result of results) {
    if (result.goal === null || !weights.has(result.goal)) continue;
    const { grain, periodStart, segment } = result;
    const key = [grain, periodStart, segment.kind, segment.source ?? '', segment.id ?? ''].join('\n');
    const group = groups.get(key) ?? [];
    groups.set(key, group);
    group.push(result);
  }
  return [...groups.values()].flatMap((group) => {
    const first = group[0];
    if (!first) return [];
    const scored = composite(
      group.map(({ goal, attainment, status }) => ({
        weight: weights.get(goal ?? '') ?? 0,
        attainment: unjudged.has(status) ? null : attainment,
      })),
    );
    const named = group.map(({ goal }) => goal ?? '').sort();
    return [
      { grain: first.grain, period: first.periodLabel, segment: first.segment, ...scored, goals: named },
    ];
  });
}

/** `Score 2026-01: 75.0 of 100, over 3 goals.` */
export function scoreText({ period, score, coverage, goals }: PeriodScore): string {
  const known = `${Math.round(coverage * 100)} % of the weight has data`;
  if (score === null) return `Score ${period}: none, only ${known}.`;
  const over = goals.length === 1 ? '1 goal' : `${goals.length} goals`;
  return `Score ${period}: ${score.toFixed(1)} of 100 over ${over}${coverage < 1 ? `, ${known}` : ''}.`;
}
