import type { Goal } from '../model/goal.ts';
import type { Segment } from '../model/result.ts';
import type { GoalVersion, ResultStore } from '../model/result-store.ts';
import type { Bucket } from './aggregate.ts';
import type { Figure } from './figures.ts';
import type { Mode } from './judge.ts';
import { type Definition, isAlike } from './mail-filter.ts';
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
  readonly definitions: readonly Definition[];
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
  /** Place of the first period that has a fact: what lies before it tells nothing, neither a zero nor a rise. */
  readonly first: number;
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
  if (form !== 'sum' || (kpi.unit !== 'count' && kpi.unit !== 'money')) return 'rate';
  // Of so many days before any instant: it does not grow through the period.
  return kpi.windowDays ? 'snapshot' : 'cumulative';
}

/** Place of the first period that has a fact; past the end where none has. */
export function firstTold(figures: readonly Figure[]): number {
  const first = figures.findIndex(({ n, nMissing }) => n + nMissing > 0);
  return first < 0 ? figures.length : first;
}

/** Whether the figure of a period is final by as_of, and of the present definition: only those go into baselines and trends. */
export function isOfficial(
  { kpi, asOf, definitions }: AssessContext,
  { window, figures, first }: Series,
  place: number,
): boolean {
  const period = window.index.periods[place];
  const figure = figures[place];
  const newest = window.index.periods.at(-1);
  if (!period || !figure || !newest || place < first || !isAlike(definitions, period, newest)) return false;
  return stageOf(kpi, period, { asOf, synced: figure.synced }) === 'official';
}
