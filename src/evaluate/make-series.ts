import { flagBefore, isEmptySum } from './beginning.ts';
import { hiredOn, weightsOf } from './children.ts';
import type { Computed } from './computation.ts';
import type { Desk } from './desk.ts';
import type { KpiWork } from './evaluate-kpi.ts';
import type { Figure } from './figures.ts';
import { company, noneId, type SegmentKey } from './segments.ts';
import { firstTold, type Series } from './series.ts';
import type { Window } from './windows.ts';

interface Making {
  readonly computed: Computed;
  readonly key: SegmentKey;
  readonly grain: number;
  readonly window: Window;
  readonly places: ReadonlySet<number> | null;
}

/** Of the company, or all of a CRM: it has results of periods without facts, whether or not a goal asks. */
export function isWhole({ kind }: SegmentKey): boolean {
  return kind === 'company' || kind === 'connection';
}

export async function makeSeries(desk: Desk, work: KpiWork, making: Making): Promise<Series> {
  const { computed, key, grain, window, places } = making;
  const told = window.index.periods.map((_, place) => computed.figureAt(key, grain, place));
  const figures = await flagged(desk, work, making, told);
  const first = firstTold(figures);
  return {
    key,
    segment: desk.nameSegment(key),
    window,
    figures,
    first,
    places: places && figures !== told ? new Set([...places, ...told.keys().take(first)]) : places,
    pool: (pooled) => computed.poolAt(key, grain, pooled),
    buckets: computed.bucketsAt(key, grain),
    tracks: work.tracks.filter((track) => track.goal.every === window.grain),
    empty: emptyRule(desk, key),
    weights: (kind, place) => weightsOf(computed, kind, { grain, place }),
    hiredOn: hiredOn(desk, key),
  };
}

/** Where the oldest period of all has a record, nothing lies before the first one: the tables need not be gone through. */
async function flagged(
  desk: Desk,
  { kpi, windows }: KpiWork,
  { computed, key, window }: Making,
  figures: readonly Figure[],
): Promise<readonly Figure[]> {
  if (figures[0] === undefined || !isEmptySum(figures[0])) return figures;
  const starts = windows.map(({ index }) => index.periods[0]?.startAt ?? Number.POSITIVE_INFINITY);
  const furthest = starts.indexOf(Math.min(...starts));
  const isYoung = isEmptySum(computed.figureAt(isWhole(key) ? key : company, furthest, 0));
  const began = isYoung ? await desk.beganAt.first(kpi.needs, key.source) : null;
  return flagBefore(figures, window.index.periods, { began, hiredOn: hiredOn(desk, key) });
}

function emptyRule(desk: Desk, { kind, id, source }: SegmentKey): Series['empty'] {
  if (kind === 'company' || kind === 'connection') return 'always';
  if (id === noneId) return 'never';
  if (kind !== 'owner') return 'with_goal';
  const actor = desk.actors.find((candidate) => candidate.id === id && candidate.source === source);
  return actor?.active ? 'with_goal' : 'never';
}
