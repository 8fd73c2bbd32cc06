import type { Goal } from '../model/goal.ts';
import type { Period } from '../model/period.ts';
import type { Interval } from '../model/result.ts';
import type { Zone } from '../model/zone.ts';
import type { Bucket } from './aggregate.ts';
import {
  businessDaysDone,
  dateAtBusinessDay,
  expectedShare,
  forecast,
  linearShare,
  type PastPace,
} from './pace.ts';
import { completeDays } from './periods.ts';

/** A season repeats within a year of months. */
const pastPeriods = 12;

/** How far a period is, and how far it should be. */
export interface Progress {
  /** Share of its local days that are over. */
  readonly elapsedShare: number;
  /** Of running sums in an open period: share of the target due by now. */
  readonly expectedShare: number | null;
  readonly forecast: Interval | null;
}

export interface ProgressInput {
  readonly periods: readonly Period[];
  readonly place: number;
  readonly buckets: readonly (Bucket | undefined)[];
  readonly zone: Zone;
  /** Local dates on which nobody works. */
  readonly holidays: ReadonlySet<string>;
  readonly asOf: number;
  readonly pacing: Goal['pacing'];
  /** Of a running sum; null for all else. */
  readonly actual: number | null;
}

export function progressOf(input: ProgressInput): Progress {
  const { periods, place, zone, asOf, holidays } = input;
  const period = periods[place];
  if (!period || period.endAt <= asOf) return { elapsedShare: 1, expectedShare: null, forecast: null };
  const days = completeDays(zone, period, asOf);
  const elapsedShare = linearShare(period, days);
  if (input.actual === null) return { elapsedShare, expectedShare: null, forecast: null };
  const past = listPast(input, businessDaysDone(period, days, holidays));
  const share = expectedShare(input.pacing, { period, days, holidays, past });
  const outlook = days > 0 ? forecast({ actual: input.actual, share, past }) : null;
  return { elapsedShare, expectedShare: share, forecast: outlook };
}

/** Each earlier period up to the same business day; those before the first fact say nothing. */
function listPast(
  { periods, place, buckets, holidays, asOf }: ProgressInput,
  position: number,
): readonly PastPace[] {
  const first = buckets.findIndex((bucket) => bucket !== undefined && bucket.n > 0);
  if (first < 0) return [];
  const past: PastPace[] = [];
  for (let i = Math.max(first, place - pastPeriods); i < place; i++) {
    const period = periods[i];
    if (!period || period.endAt > asOf) continue;
    const cut = dateAtBusinessDay(period, position, holidays);
    let atPosition = 0;
    let total = 0;
    for (const [day, amount] of buckets[i]?.byDay ?? []) {
      total += amount;
      if (day < cut) atPosition += amount;
    }
    past.push({ atPosition, total });
  }
  return past;
}
