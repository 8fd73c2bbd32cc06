import { addDays, type Zone } from '../model/zone.ts';
import type { Fact } from './facts.ts';
import type { PeriodIndex } from './period-index.ts';

/** A period: which of the indexes, and its place there. */
export interface Spot {
  readonly grain: number;
  readonly period: number;
}

/** The periods in which facts count. Millions of facts share a few lists, each made once. */
export interface Spotter {
  /** Between two of them all events count in the same periods. */
  readonly bounds: readonly number[];
  /** Of an event. */
  spotsAt(fact: Fact): readonly Spot[];
  /** One period alone. */
  only(grain: number, period: number): readonly Spot[];
}

interface Clock {
  readonly zone: Zone;
  readonly asOf: number;
}

interface Span {
  readonly spot: Spot;
  readonly from: number;
  readonly until: number;
}

/** `windowDays`: an event counts in every period before whose end it lies by so many local days. */
export function createSpotter(
  indexes: readonly PeriodIndex[],
  windowDays: number | null,
  clock: Clock,
): Spotter {
  const spans = windowDays === null ? periodSpans(indexes) : rollingSpans(indexes, windowDays, clock);
  const bounds = Float64Array.from(new Set(spans.flatMap(({ from, until }) => [from, until]))).sort();
  // Between two bounds all instants count in the same periods.
  const lists = Array.from(bounds, (bound): readonly Spot[] =>
    spans.filter(({ from, until }) => from <= bound && bound < until).map(({ spot }) => spot),
  );
  const singles = indexes.map(({ periods }, grain) => periods.map((_, period) => [{ grain, period }]));
  const byDay = new Map<string, readonly Spot[]>();
  const listAt = (instant: number) => lists[lastNotAfter(bounds, instant)] ?? nowhere;

  return {
    bounds: [...bounds],
    only: (grain, period) => singles[grain]?.[period] ?? nowhere,
    spotsAt({ anchor, at }) {
      if (typeof anchor === 'number') return listAt(at);
      let list = byDay.get(anchor);
      if (!list) {
        list = listAt(at);
        byDay.set(anchor, list);
      }
      return list;
    },
  };
}

const nowhere: readonly Spot[] = [];

function periodSpans(indexes: readonly PeriodIndex[]): readonly Span[] {
  return indexes.flatMap(({ periods }, grain) =>
    periods.map(({ startAt, endAt }, period) => ({ spot: { grain, period }, from: startAt, until: endAt })),
  );
}

/** The local days before each period's end, or before as_of where it is open. */
function rollingSpans(indexes: readonly PeriodIndex[], days: number, { zone, asOf }: Clock): readonly Span[] {
  return indexes.flatMap(({ periods }, grain) =>
    periods.map(({ endAt, endOn }, period) => {
      const endsOn = endAt <= asOf ? endOn : addDays(zone.dateOf(asOf - 1), 1);
      const from = zone.startOf(addDays(endsOn, -days));
      return { spot: { grain, period }, from, until: Math.min(endAt, asOf) };
    }),
  );
}

/** Place of the last bound that is not after an instant, or -1. */
function lastNotAfter(bounds: Float64Array, instant: number): number {
  let low = 0;
  let high = bounds.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((bounds[middle] ?? 0) <= instant) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
