import type { Period } from '../model/period.ts';

/** Finds the period of a fact among periods in order, without a calendar computation per fact. */
export interface PeriodIndex {
  readonly periods: readonly Period[];
  /** Place in `periods`, or -1. */
  indexOfDate(date: string): number;
  indexOfInstant(instant: number): number;
}

/** `periods`: one grain, oldest first, as `periodsBetween` gives them. */
export function createPeriodIndex(periods: readonly Period[]): PeriodIndex {
  const startOn = periods.map((period) => period.startOn);
  const endOn = periods.map((period) => period.endOn);
  const startAt = Float64Array.from(periods, (period) => period.startAt);
  const endAt = Float64Array.from(periods, (period) => period.endAt);

  return {
    periods,
    indexOfDate(date) {
      const index = lastNotAfter(startOn, date);
      return index >= 0 && date < (endOn[index] ?? '') ? index : -1;
    },
    indexOfInstant(instant) {
      const index = lastNotAfter(startAt, instant);
      return index >= 0 && instant < (endAt[index] ?? -Infinity) ? index : -1;
    },
  };
}

function lastNotAfter<T extends string | number>(starts: ArrayLike<T>, sought: T): number {
  let low = 0;
  let high = starts.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const start = starts[middle];
    if (start !== undefined && start <= sought) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
