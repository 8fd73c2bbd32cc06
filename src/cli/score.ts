import { composite } from '../evaluate/score.ts';
import type { Goal } from '../model/goal.ts';
import type { Language } from '../model/kpi.ts';
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

/**
 * One score over all goals of a period and segment, by their weights. `unserved`: KPIs for which no connection has
 * anything; their goals of the company are among the unknown.
 */
export function scorePeriods(
  results: readonly StoredResult[],
  goals: readonly Goal[],
  unserved: readonly string[] = [],
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
    const rowless = goals.filter((goal) => unserved.includes(goal.kpi) && isMissing(goal, group));
    const scored = composite([
      ...group.map(({ goal, attainment, status }) => ({
        weight: weights.get(goal ?? '') ?? 0,
        attainment: unjudged.has(status) ? null : attainment,
      })),
      ...rowless.map(({ weight }) => ({ weight, attainment: null })),
    ]);
    const named = [...group.map(({ goal }) => goal ?? ''), ...rowless.map(({ id }) => id)].sort();
    return [
      { grain: first.grain, period: first.periodLabel, segment: first.segment, ...scored, goals: named },
    ];
  });
}

/** Promised for the company in this period, and without a result. */
function isMissing({ id, every, segments, targets }: Goal, group: readonly StoredResult[]): boolean {
  const [first] = group;
  if (first?.segment.kind !== 'company' || group.some(({ goal }) => goal === id)) return false;
  const isPromised = targets.kind !== 'by_period' || targets.values[first.periodLabel] !== undefined;
  return every === first.grain && segments.includes('company') && isPromised;
}

/** `Score 2026-01: 75.0 of 100 over 3 goals.` */
export function scoreText(
  { period, score, coverage, goals }: PeriodScore,
  language: Language = 'en',
): string {
  const percent = Math.round(coverage * 100);
  if (language === 'es') {
    const known = `el ${percent} % del peso tiene datos`;
    if (score === null) return `Puntuación ${period}: ninguna, solo ${known}.`;
    const over = goals.length === 1 ? '1 meta' : `${goals.length} metas`;
    const points = score.toFixed(1).replace('.', ',');
    return `Puntuación ${period}: ${points} de 100 sobre ${over}${coverage < 1 ? `; ${known}` : ''}.`;
  }
  const known = `${percent} % of the weight has data`;
  if (score === null) return `Score ${period}: none, only ${known}.`;
  const over = goals.length === 1 ? '1 goal' : `${goals.length} goals`;
  return `Score ${period}: ${score.toFixed(1)} of 100 over ${over}${coverage < 1 ? `, ${known}` : ''}.`;
}
