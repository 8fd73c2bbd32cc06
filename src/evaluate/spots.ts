import { addDays, type Zone } from '../model/zone.ts';
import type { Fact } from './facts.ts';
import type { PeriodIndex } from './period-index.ts';

/** A period: which of the indexes, and its place there. */
export interface Spot {
  readonly grain: number;
  readonly period: number;
}

interface Clock {
  readonly zone: Zone;
  readonly asOf: number;
}

/** The periods in which an event counts. Millions of events share a few lists, each made once. */
export function createSpotter(
  indexes: readonly PeriodIndex[],
  windowDays: number | null,
  clock: Clock,
): (fact: Fact) => readonly Spot[] {
  const rolling = windowDays === null ? null : rollingWindows(indexes, windowDays, clock);
  const lists = new Map<number, readonly Spot[]>();
  const byDay = new Map<string, readonly Spot[]>();

  function listAt(instant: number): readonly Spot[] {
    if (rolling) return spotsAround(rolling, instant);
    let code = 0;
    for (const index of indexes) code = code * (index.periods.length + 1) + index.indexOfInstant(instant) + 1;
    const known = lists.get(code);
    if (known) return known;
    const list = indexes
      .map((index, grain) => ({ grain, period: index.indexOfInstant(instant) }))
      .filter(({ period }) => period >= 0);
    lists.set(code, list);
    return list;
  }

  return ({ anchor, at }) => {
    if (typeof anchor === 'number') return listAt(at);
    let list = byDay.get(anchor);
    if (!list) {
      list = listAt(at);
      byDay.set(anchor, list);
    }
    return list;
  };
}

interface RollingWindow {
  readonly from: number;
  readonly until: number;
}

/** The local days before each period's end, or before as_of where it is open. */
function rollingWindows(
  indexes: readonly PeriodIndex[],
  days: number,
  { zone, asOf }: Clock,
): readonly (readonly RollingWindow[])[] {
  return indexes.map(({ periods }) =>
    periods.map(({ endAt, endOn }) => {
      const endsOn = endAt <= asOf ? endOn : addDays(zone.dateOf(asOf - 1), 1);
      return { from: zone.startOf(addDays(endsOn, -days)), until: Math.min(endAt, asOf) };
    }),
  );
}

/** Windows overlap, and are in order. */
function spotsAround(rolling: readonly (readonly RollingWindow[])[], at: number): readonly Spot[] {
  const spots: Spot[] = [];
  for (const [grain, windows] of rolling.entries()) {
    for (const [period, { from, until }] of windows.entries()) {
      if (from > at) break;
      if (at < until) spots.push({ grain, period });
    }
  }
  return spots;
}
