import type { WorkingHours } from '../model/settings.ts';
import { addDays, createZone, daysBetween, type Zone } from '../model/zone.ts';
import type { Stopwatch } from './durations.ts';
import type { Fact } from './facts.ts';

const minuteMs = 60_000;
/** Nothing in a CRM is older. */
const firstDay = '1970-01-01';

/** Working time between two instants. */
export interface Schedule {
  workedMs(from: number, until: number): number;
}

/** Which schedule holds for whom. */
export interface Schedules {
  /** Some teams have hours of their own, so that it matters whose a record is. */
  readonly byTeam: boolean;
  /** A team, then those above it: the nearest with hours of its own decides; else the company's. */
  scheduleOf(source: string, teams: readonly string[]): Schedule;
}

export function createSchedules(
  hours: readonly WorkingHours[],
  nameOfTeam: (source: string, id: string) => string | null,
): Schedules {
  const common = createSchedule(hours.filter(({ teams }) => teams === null));
  const own = new Map<string, Schedule>();
  for (const team of new Set(hours.flatMap(({ teams }) => teams ?? []))) {
    own.set(team, createSchedule(hours.filter(({ teams }) => teams?.includes(team))));
  }
  return {
    byTeam: own.size > 0,
    scheduleOf(source, teams) {
      for (const id of teams) {
        const found = own.get(id) ?? own.get(nameOfTeam(source, id) ?? '');
        if (found) return found;
      }
      return common;
    },
  };
}

/** Hours of one team: intervals of the wall clock by weekday, without holidays, each set while it was valid. */
export function createSchedule(hours: readonly WorkingHours[]): Schedule {
  const parts = hours.map(createPart);
  return {
    workedMs(from, until) {
      let sum = 0;
      for (const part of parts) sum += part.before(until) - part.before(from);
      return sum;
    },
  };
}

/** Working time of one set before an instant, from sums by day that are made once, as far as they are asked for. */
function createPart(hours: WorkingHours): { before(instant: number): number } {
  const zone = createZone(hours.timeZone);
  const holidays = new Set(hours.holidays);
  const workedBefore: number[] = [0];

  function spanOf(day: string): readonly [from: number, until: number] | null {
    if (hours.validFrom !== null && day < hours.validFrom) return null;
    if (hours.validTo !== null && day >= hours.validTo) return null;
    const weekday = new Date(`${day}T00:00:00Z`).getUTCDay();
    if (!hours.weekdays.includes(weekday) || holidays.has(day)) return null;
    return [wallClock(zone, day, hours.fromMinute), wallClock(zone, day, hours.toMinute)];
  }

  function upTo(day: number): number {
    for (let next = workedBefore.length; next <= day; next++) {
      const span = spanOf(addDays(firstDay, next - 1));
      workedBefore.push((workedBefore[next - 1] ?? 0) + (span ? span[1] - span[0] : 0));
    }
    return workedBefore[Math.max(0, day)] ?? 0;
  }

  return {
    before(instant) {
      const day = zone.dateOf(instant);
      const span = spanOf(day);
      const today = span ? Math.min(Math.max(instant, span[0]), span[1]) - span[0] : 0;
      return upTo(daysBetween(firstDay, day)) + today;
    },
  };
}

/**
 * The instant at which a clock on the wall shows so many minutes of a day. Clocks change in the small hours: times
 * after 5:00 are counted back from the next midnight, which the change has not moved.
 */
function wallClock(zone: Zone, day: string, minute: number): number {
  if (minute < 5 * 60) return zone.startOf(day) + minute * minuteMs;
  return zone.startOf(addDays(day, 1)) - (24 * 60 - minute) * minuteMs;
}

export interface BusinessContext {
  readonly zone: Zone;
  readonly schedules: Schedules;
  /** The teams of a record's owner at an instant, the nearest first. */
  readonly teamsAt: (fact: Fact, instant: number) => readonly string[];
  /** When a record may have changed teams between two instants, in order. */
  readonly turnsOf: (fact: Fact, from: number, until: number) => readonly number[];
}

/** Working time; where a record changes teams, each part by the hours of the team that had it then. */
export function businessWatch({ zone, schedules, teamsAt, turnsOf }: BusinessContext): Stopwatch {
  // Where one end is only a day, both are, as on the calendar.
  const instantsOf = (start: number | string, end: number | string): readonly [number, number] => {
    if (typeof start === 'number' && typeof end === 'number') return [start, end];
    const midnight = (moment: number | string) =>
      zone.startOf(typeof moment === 'number' ? zone.dateOf(moment) : moment);
    return [midnight(start), midnight(end)];
  };

  return (fact, start, end) => {
    const [from, until] = instantsOf(start, end);
    // A negative span stays one, however few working hours it crosses.
    if (until < from) return until - from;
    const cuts = schedules.byTeam ? turnsOf(fact, from, until) : [];
    let worked = 0;
    for (const [place, begin] of [from, ...cuts].entries()) {
      const teams = schedules.byTeam ? teamsAt(fact, begin) : [];
      worked += schedules.scheduleOf(fact.source, teams).workedMs(begin, cuts[place] ?? until);
    }
    return worked;
  };
}
