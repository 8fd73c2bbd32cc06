import type { Goal } from '../model/goal.ts';
import type { Segment } from '../model/result.ts';
import type { GoalVersion, ResultStore } from '../model/store.ts';
import type { Bucket } from './aggregate.ts';
import type { Figure } from './figures.ts';
import type { Mode } from './judge.ts';
import { stageOf } from './restate.ts';
import type { SegmentKey } from './segments.ts';
import type { TargetContext } from './targets.ts';
import type { Window } from './windows.ts';

/** A goal as configured, with the versions it has had. */
export interface GoalTrack {
  readonly goal: Goal;
  readonly versions: readonly GoalVersion[];
}

export interface AssessContext extends TargetContext {
  readonly store: Pick<ResultStore, 'baseline' | 'saveBaseline'>;
  readonly asOf: number;
  /** As reported: the instant that was asked for. */
  readonly reportedAsOf: number;
}

/** One segment at one grain, all periods computed. */
export interface Series {
  readonly key: SegmentKey;
  readonly segment: Segment;
  readonly window: Window;
  readonly figures: readonly Figure[];
  /** Several periods as one figure. */
  readonly pool: (places: readonly number[]) => Figure;
  readonly buckets: readonly (Bucket | undefined)[];
  /** Places to be assessed; null: all. */
  readonly places: ReadonlySet<number> | null;
  /** What the segments of a kind weigh in a period: denominators of ratios, records of durations. */
  readonly weights: (kind: string, place: number) => ReadonlyMap<string, number>;
  /** Of a person: the local day on which they came to the CRM; else null. */
  readonly hiredOn: string | null;
  /** Of this KPI and grain. */
  readonly tracks: readonly GoalTrack[];
  /** A period without facts has a row: always, or only where a goal promises something. */
  readonly empty: 'always' | 'with_goal' | 'never';
}

export function modeOf({ kpi, form }: Pick<AssessContext, 'kpi' | 'form'>): Mode {
  if (kpi.kind === 'snapshot') return 'snapshot';
  return form === 'sum' && (kpi.unit === 'count' || kpi.unit === 'money') ? 'cumulative' : 'rate';
}

/** Whether the figure of a period is final by as_of: only those go into baselines and trends. */
export function isOfficial(
  { kpi, asOf }: AssessContext,
  { window, figures }: Series,
  place: number,
): boolean {
  const period = window.index.periods[place];
  const figure = figures[place];
  if (!period || !figure) return false;
  return stageOf(kpi, period, { asOf, synced: figure.synced }) === 'official';
}
