import { businessDaysIn, isBusinessDay, lengthOf, type Span } from './goals-oracle-periods.ts';
import { daysFrom, localDay, plusDays } from './oracle-clock.ts';

/** How much of a sum is due after some days of its period, and what it will come to. */

export interface Progress {
  /** Days that are over. */
  readonly done: number;
  readonly days: number;
}

export function progressOf(span: Span, asOf: number): Progress {
  const days = lengthOf(span);
  return { done: Math.max(0, Math.min(days, daysFrom(span.startOn, localDay(asOf)))), days };
}

export function linear({ done, days }: Progress): number {
  return done / days;
}

export function business(span: Span, { done, days }: Progress, holidays: ReadonlySet<string>): number {
  const all = businessDaysIn(span, holidays);
  if (all === 0) return done / days;
  const soFar = { startOn: span.startOn, endOn: plusDays(span.startOn, done) };
  return businessDaysIn(soFar, holidays) / all;
}

/** The day before which so many business days of a period lie, and no more. */
export function dayAfter(span: Span, count: number, holidays: ReadonlySet<string>): string {
  let left = count;
  for (let day = span.startOn; day < span.endOn; day = plusDays(day, 1)) {
    if (!isBusinessDay(day, holidays)) continue;
    if (left === 0) return day;
    left--;
  }
  return span.endOn;
}

export interface Past {
  readonly soFar: number;
  readonly total: number;
}

export function seasonal(past: readonly Past[]): number | null {
  let [soFar, total] = [0, 0];
  for (const one of past) {
    soFar += one.soFar;
    total += one.total;
  }
  return past.length < 3 || total <= 0 ? null : soFar / total;
}

export interface Forecast {
  readonly value: number;
  readonly low: number | null;
  readonly high: number | null;
}

export function forecastOf(actual: number, share: number, past: readonly Past[]): Forecast | null {
  if (share <= 0) return null;
  const value = actual / share;
  if (past.length < 3) return { value, low: null, high: null };
  const ends = past.filter(({ total }) => total > 0).map(({ soFar, total }) => (actual * total) / soFar);
  if (ends.length < 3 || ends.some((end) => !Number.isFinite(end))) return { value, low: null, high: null };
  return { value, low: Math.min(...ends), high: Math.max(...ends) };
}
