import type { Kpi } from '../model/kpi.ts';
import type { Since } from './fill-book.ts';
import { stageOf } from './restate.ts';
import { keyText, type SegmentKey } from './segments.ts';
import type { Window } from './windows.ts';

/** Which results may differ from those of the last evaluation. */
export interface Scope {
  /** Places to be assessed anew; null: all. */
  placesOf(key: SegmentKey, grain: number): ReadonlySet<number> | null;
  /** Segments of which a fact came or went, though they may have none left. */
  readonly segments: readonly SegmentKey[];
}

export const everything: Scope = { placesOf: () => null, segments: [] };

export const nothing: Scope = { placesOf: () => new Set(), segments: [] };

export interface ScopeInput {
  readonly kpi: Kpi;
  readonly windows: readonly Window[];
  readonly asOf: number;
  readonly since: Since | null;
  readonly judgedBy: string;
  /** As listUnsynced gives it now. */
  readonly unsynced: readonly string[];
  /** An open period's results differ from day to day by themselves: running sums have a forecast. */
  readonly daily: boolean;
  /** Whether goals judge a grain: then segments are judged by one another. */
  readonly hasGoals: (grain: number) => boolean;
  /** Of a segment, the periods that have a fact. */
  readonly toldPlaces: (key: SegmentKey, grain: number) => readonly number[];
}

/**
 * A figure moves with its facts; the figure after it is compared with it; trends look at all figures, and are told of
 * the newest complete period and the open one. Time moves open periods, and makes figures official.
 */
export function scopeOf(input: ScopeInput): Scope {
  const { since, windows, hasGoals } = input;
  if (since === null || since.judgedBy !== input.judgedBy) return everything;
  if (isStill(input, since)) return nothing;
  const timed = windows.map((_, grain) => placesByTime(input, since, grain));
  const moved = movedPlaces(input, since);
  return {
    segments: [...moved.segments.values()],
    placesOf(key, grain) {
      if (hasGoals(grain)) return null;
      const text = keyText(key);
      if (moved.whole.has(text)) return null;
      const own = moved.places.get(`${text}\n${grain}`) ?? [];
      if (own.length === 0) return timed[grain] ?? new Set();
      return new Set([...(timed[grain] ?? []), ...own, ...newBeginnings(own, input.toldPlaces(key, grain))]);
    },
  };
}

/** No time has passed, and nothing moved. */
function isStill({ asOf, unsynced }: ScopeInput, { from, moves, unsynced: then }: Since): boolean {
  return from === asOf && moves.cells.length + moves.days.length === 0 && unsynced.join() === then.join();
}

function placesByTime(
  { kpi, windows, asOf, unsynced, daily }: ScopeInput,
  since: Since,
  grain: number,
): ReadonlySet<number> {
  const window = windows[grain];
  if (!window) return new Set();
  const { periods } = window.index;
  const places = new Set<number>();
  const [now, then] = [new Set(unsynced), new Set(since.unsynced)];
  const changed = new Set([...now, ...then].filter((label) => now.has(label) !== then.has(label)));
  const startsOf = new Set([...changed].map((label) => label.split(' ').slice(0, 2).join(' ')));
  let turns = newestComplete(window, asOf) !== newestComplete(window, since.from);
  for (const [place, period] of periods.entries()) {
    const open = daily && since.from !== asOf && period.endAt + (kpi.maturesMs ?? 0) > since.from;
    const begins = isPassed(period.startAt) || isPassed(period.endAt);
    const ripens =
      stageOf(kpi, period, { asOf, synced: true }) !==
      stageOf(kpi, period, { asOf: since.from, synced: true });
    const isRead = startsOf.has(`${window.grain} ${period.startOn}`);
    if (open || begins || ripens || isRead || isPassed(period.endAt + (kpi.maturesMs ?? 0)))
      places.add(place);
    if (isRead) places.add(place + 1);
    turns ||= ripens || isRead;
  }
  if (turns) for (const place of trendPlaces(window, since.from, asOf)) places.add(place);
  return places;

  function isPassed(instant: number): boolean {
    return since.from !== asOf && instant >= since.from && instant <= asOf;
  }
}

function movedPlaces({ windows, asOf }: ScopeInput, { moves, from }: Since) {
  const places = new Map<string, number[]>();
  const segments = new Map<string, SegmentKey>();
  const trends = windows.map((window) => trendPlaces(window, from, asOf));
  for (const cell of moves.cells) {
    for (const key of cell.segments) {
      const text = keyText(key);
      segments.set(text, key);
      for (const { grain, period } of cell.spots) {
        const name = `${text}\n${grain}`;
        const own = places.get(name) ?? [];
        own.push(period, period + 1);
        // An open period is in no trend.
        if ((windows[grain]?.index.periods[period]?.endAt ?? asOf) <= asOf)
          own.push(...(trends[grain] ?? []));
        places.set(name, own);
      }
    }
  }
  return { places, segments, whole: new Set(moves.days.map(keyText)) };
}

/** Nothing is compared with what lies before a segment's first fact: where that moved, so did the one it was. */
function newBeginnings(moved: readonly number[], told: readonly number[]): readonly number[] {
  const [first, next] = told;
  if (first === undefined || !moved.some((place) => place <= first)) return [];
  return next === undefined ? [first] : [first, next];
}

function newestComplete({ index }: Window, asOf: number): number {
  return index.periods.findLastIndex((period) => period.endAt <= asOf);
}

/** The places that have a trend now, or had one then. */
function trendPlaces(window: Window, from: number, asOf: number): readonly number[] {
  const first = Math.max(0, Math.min(newestComplete(window, from), newestComplete(window, asOf)));
  return window.index.periods
    .keys()
    .filter((place) => place >= first)
    .toArray();
}
