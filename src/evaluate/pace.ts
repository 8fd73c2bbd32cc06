import type { Period } from '../model/period.ts';
import type { Interval } from '../model/result.ts';
import { addDays, daysBetween } from '../model/zone.ts';

const dayMs = 86_400_000;

/** Seasons need this many past periods; with fewer, business days tell the pace. */
const minimumPast = 3;

/** Share of the target due after `days` complete days, by days. */
export function linearShare(period: Period, days: number): number {
  return Math.min(1, Math.max(0, days / daysBetween(period.startOn, period.endOn)));
}

/** The same by business days: Monday to Friday without holidays (local dates). By days where there are none at all. */
export function businessShare(period: Period, days: number, holidays: ReadonlySet<string>): number {
  const all = businessDays(period.startOn, period.endOn, holidays);
  if (all === 0) return linearShare(period, days);
  return businessDaysDone(period, days, holidays) / all;
}

/** Business days among the first `days` days of a period. */
export function businessDaysDone(period: Period, days: number, holidays: ReadonlySet<string>): number {
  const length = daysBetween(period.startOn, period.endOn);
  const until = addDays(period.startOn, Math.min(Math.max(days, 0), length));
  return businessDays(period.startOn, until, holidays);
}

/** Business days in `[from, until)`. */
export function businessDays(from: string, until: string, holidays: ReadonlySet<string>): number {
  let count = 0;
  const end = dayNumber(until);
  for (let day = dayNumber(from); day < end; day++) if (isBusinessDay(day, holidays)) count++;
  return count;
}

// A year of days is gone through for each open result: texts would cost more than all else about it.
function dayNumber(date: string): number {
  return Date.parse(`${date}T00:00:00Z`) / dayMs;
}

function dateOfNumber(day: number): string {
  return new Date(day * dayMs).toISOString().slice(0, 10);
}

/** Day 0, 1 January 1970, was a Thursday. */
function isBusinessDay(day: number, holidays: ReadonlySet<string>): boolean {
  const weekday = (((day + 4) % 7) + 7) % 7;
  if (weekday === 0 || weekday === 6) return false;
  return holidays.size === 0 || !holidays.has(dateOfNumber(day));
}

/** The date, end exclusive, by which a period has had `position` business days: where to cut a past period. */
export function dateAtBusinessDay(period: Period, position: number, holidays: ReadonlySet<string>): string {
  let done = 0;
  let day = dayNumber(period.startOn);
  const end = dayNumber(period.endOn);
  while (day < end && (done < position || !isBusinessDay(day, holidays))) {
    if (isBusinessDay(day, holidays)) done++;
    day++;
  }
  return dateOfNumber(day);
}

/** A past period: its value at the same business-day position, and its total. */
export interface PastPace {
  readonly atPosition: number;
  readonly total: number;
}

/** Null with fewer than three past periods, or when they came to nothing. */
export function seasonalShare(past: readonly PastPace[]): number | null {
  if (past.length < minimumPast) return null;
  let done = 0;
  let total = 0;
  for (const period of past) {
    done += period.atPosition;
    total += period.total;
  }
  return total > 0 ? Math.min(1, Math.max(0, done / total)) : null;
}

export interface PaceInput {
  readonly period: Period;
  /** Complete local days so far. */
  readonly days: number;
  readonly holidays: ReadonlySet<string>;
  readonly past: readonly PastPace[];
}

/** Share of the target due by now under a goal's pacing. */
export function expectedShare(pacing: 'linear' | 'business' | 'seasonal', input: PaceInput): number {
  const { period, days, holidays, past } = input;
  if (pacing === 'linear') return linearShare(period, days);
  const seasonal = pacing === 'seasonal' ? seasonalShare(past) : null;
  return seasonal ?? businessShare(period, days, holidays);
}

/**
 * What the period will come to: actual / share due, its range from how far each past period was by then. With fewer
 * than three of them it is the run rate, without a range. Null before there is anything to go by.
 */
export function forecast(input: {
  readonly actual: number;
  readonly share: number;
  readonly past: readonly PastPace[];
}): Interval | null {
  const { actual, share, past } = input;
  if (share <= 0) return null;
  const value = actual / share;
  if (past.length < minimumPast) return { value, low: null, high: null };
  const outcomes: number[] = [];
  for (const { atPosition, total } of past) {
    if (total <= 0) continue;
    // Nothing by then, and yet something in the end: no bound follows from it.
    if (atPosition <= 0) return { value, low: null, high: null };
    outcomes.push((actual * total) / atPosition);
  }
  if (outcomes.length < minimumPast) return { value, low: null, high: null };
  return { value, low: Math.min(...outcomes), high: Math.max(...outcomes) };
}

/** Where a stock should be on its way from the baseline to the target. */
export function glidePath(baseline: number, target: number, elapsedShare: number): number {
  return baseline + (target - baseline) * Math.min(1, Math.max(0, elapsedShare));
}
