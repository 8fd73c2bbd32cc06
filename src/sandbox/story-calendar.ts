import { Temporal } from 'temporal-polyfill';
import { RunError } from '../model/errors.ts';
import type { Random } from './random.ts';

export const dayMs = 86_400_000;
export const hourMs = 3_600_000;
const openingSecond = 8.75 * 3600;
const closingSecond = 18.5 * 3600;

/** Full months before the one of `now`. The first only leads in: little is closed in it. */
const fullMonths = 25;

/** Days on which the office is shut, as month * 100 + day. */
const holidays: ReadonlySet<number> = new Set([101, 106, 501, 815, 1012, 1101, 1208, 1225, 1226]);

/** The company's days and office hours. A day is a count of local days since 1970-01-01. */
export interface Calendar {
  /** Whole seconds, as the CRMs keep them. */
  readonly now: number;
  readonly from: number;
  readonly today: number;
  /** Oldest first; the last one is the running month. */
  readonly months: readonly Month[];
  dayOf(at: number): number;
  /** 0 to 86,399, on the local clock. */
  secondOf(at: number): number;
  dateOf(day: number): string;
  toInstant(day: number, second: number): number;
  isWorkday(day: number): boolean;
  /** An office time of that day, not after now. */
  officeTime(random: Random, day: number): number;
  /** An office time on the day of `at`, or on the next working day that has begun; else on the last one. */
  snapToOffice(random: Random, at: number): number;
  /** `at` itself within office hours, else the next opening. */
  nextOpening(at: number): number;
}

export interface Month {
  readonly index: number;
  /** 1 to 12 */
  readonly month: number;
  readonly year: number;
  readonly firstDay: number;
  /** Exclusive. */
  readonly endDay: number;
  /** Those that have begun. */
  readonly workdays: readonly number[];
  /** Share of the month's working days that has begun. */
  readonly elapsed: number;
}

export function createCalendar(nowMs: number, timeZone: string): Calendar {
  const now = Math.floor(nowMs / 1000) * 1000;
  const offsets = findOffsets(timeZone, now);
  const offsetAt = (at: number) => offsets.findLast((offset) => offset.from <= at)?.offsetMs ?? 0;
  const dayOf = (at: number) => Math.floor((at + offsetAt(at)) / dayMs);
  const secondOf = (at: number) => Math.floor((at + offsetAt(at)) / 1000) - dayOf(at) * 86_400;
  const toInstant = (day: number, second: number) => {
    const local = day * dayMs + Math.round(second) * 1000;
    return local - offsetAt(local - offsetAt(local));
  };
  const today = dayOf(now);
  const lastWorkday = findLastWorkday(today, now >= toInstant(today, openingSecond + 3600));
  const officeTime = (random: Random, day: number) => {
    const opensAt = toInstant(day, openingSecond);
    const shutsAt = Math.min(toInstant(day, closingSecond), now);
    return opensAt + Math.floor((random.next() * (shutsAt - opensAt)) / 1000) * 1000;
  };
  const months = listMonths(today, lastWorkday);
  return {
    now,
    from: toInstant(months[0]?.firstDay ?? today, 0),
    today,
    months,
    dayOf,
    secondOf,
    dateOf: createDateNames(),
    toInstant,
    isWorkday,
    officeTime,
    snapToOffice: (random, at) => {
      const day = nextWorkday(dayOf(at));
      return officeTime(random, Math.min(day, lastWorkday));
    },
    nextOpening: (at) => {
      const day = dayOf(at);
      if (!isWorkday(day) || secondOf(at) > closingSecond)
        return toInstant(nextWorkday(day + 1), openingSecond);
      return secondOf(at) < openingSecond ? toInstant(day, openingSecond) : at;
    },
  };
}

interface Offset {
  readonly from: number;
  readonly offsetMs: number;
}

/** What the local clock is ahead of UTC, over three years before `now` and one after. */
function findOffsets(timeZone: string, now: number): readonly Offset[] {
  const start = zonedStart(timeZone, now - 3 * 366 * dayMs);
  const found: Offset[] = [{ from: Number.NEGATIVE_INFINITY, offsetMs: start.offsetNanoseconds / 1e6 }];
  let change = start.getTimeZoneTransition('next');
  while (change && change.epochMilliseconds < now + 366 * dayMs) {
    found.push({ from: change.epochMilliseconds, offsetMs: change.offsetNanoseconds / 1e6 });
    change = change.getTimeZoneTransition('next');
  }
  return found;
}

function zonedStart(timeZone: string, at: number): Temporal.ZonedDateTime {
  try {
    return Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(timeZone);
  } catch (cause) {
    const text = {
      where: 'sandbox --time-zone',
      message: `${timeZone} is not a time zone.`,
      fix: 'Name an IANA zone, for example Europe/Madrid.',
    };
    throw new RunError('usage', text, { cause });
  }
}

function listMonths(today: number, lastWorkday: number): Month[] {
  const date = new Date(today * dayMs);
  const months: Month[] = [];
  for (let index = 0; index <= fullMonths; index++) {
    const first = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() - fullMonths + index, 1));
    const end = Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + 1, 1) / dayMs;
    const firstDay = first.getTime() / dayMs;
    const all = Array.from({ length: end - firstDay }, (_, offset) => firstDay + offset).filter(isWorkday);
    const workdays = all.filter((day) => day <= lastWorkday);
    months.push({
      index,
      month: first.getUTCMonth() + 1,
      year: first.getUTCFullYear(),
      firstDay,
      endDay: end,
      workdays,
      elapsed: workdays.length / all.length,
    });
  }
  return months;
}

function isWorkday(day: number): boolean {
  const date = new Date(day * dayMs);
  const weekday = date.getUTCDay();
  if (weekday === 0 || weekday === 6) return false;
  return !holidays.has((date.getUTCMonth() + 1) * 100 + date.getUTCDate());
}

function nextWorkday(day: number): number {
  let next = day;
  while (!isWorkday(next)) next += 1;
  return next;
}

function findLastWorkday(today: number, todayHasBegun: boolean): number {
  let day = todayHasBegun ? today : today - 1;
  while (!isWorkday(day)) day -= 1;
  return day;
}

/** Dates as text, each made once: hundreds of thousands of records share some eight hundred of them. */
function createDateNames(): (day: number) => string {
  const names = new Map<number, string>();
  return (day) => {
    const known = names.get(day);
    if (known) return known;
    const name = new Date(day * dayMs).toISOString().slice(0, 10);
    names.set(day, name);
    return name;
  };
}
