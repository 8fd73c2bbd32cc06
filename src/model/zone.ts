import { RunError } from './errors.ts';

const dayMs = 86_400_000;

/** Local days of one IANA time zone. Made once and passed on: it remembers the offsets it has looked up. */
export interface Zone {
  readonly name: string;
  /** Local date, `YYYY-MM-DD`, on which an instant (epoch ms) falls. */
  dateOf(instant: number): string;
  /** First instant of a local date: midnight, or the first minute after it where a clock change skips midnight or the day. */
  startOf(date: string): number;
  /** How far local time is ahead of UTC at an instant, ms. */
  offsetAt(instant: number): number;
}

/** Throws RangeError for a name that is no IANA zone. */
export function createZone(name: string): Zone {
  const offsetAt = createOffsets(name);
  const dates = new Map<number, string>();
  const dateOf = (instant: number) => {
    const day = Math.floor((instant + offsetAt(instant)) / dayMs);
    let date = dates.get(day);
    if (date === undefined) {
      date = new Date(day * dayMs).toISOString().slice(0, 10);
      dates.set(day, date);
    }
    return date;
  };

  function startOf(date: string): number {
    const utcMidnight = Date.parse(`${date}T00:00:00Z`);
    const before = utcMidnight - offsetAt(utcMidnight - dayMs);
    const after = utcMidnight - offsetAt(utcMidnight + dayMs);
    const earlier = Math.min(before, after);
    for (const candidate of [earlier, Math.max(before, after)]) {
      if (dateOf(candidate) === date && dateOf(candidate - 1) < date) return candidate;
    }
    return firstInstantOf(date, earlier);
  }

  /** Midnight does not exist on this date: walk to the change. Clock changes fall on whole minutes. */
  function firstInstantOf(date: string, near: number): number {
    for (let instant = near - 2 * 3_600_000; instant < near + 2 * dayMs; instant += 60_000) {
      if (dateOf(instant) >= date) return instant;
    }
    return near;
  }

  return { name, dateOf, startOf, offsetAt };
}

/** Offset of local time from UTC at an instant, in ms. Remembers what it has looked up. */
function createOffsets(name: string): (instant: number) => number {
  const lookUp = createLookUp(name);
  const offsetOfDay = new Map<number, number | null>();
  return (instant) => {
    const day = Math.floor(instant / dayMs);
    let offset = offsetOfDay.get(day);
    if (offset === undefined) {
      // A UTC day whose two ends share an offset has it throughout: no zone changes twice within a day.
      const atStart = lookUp(day * dayMs);
      offset = atStart === lookUp((day + 1) * dayMs - 1) ? atStart : null;
      offsetOfDay.set(day, offset);
    }
    return offset ?? lookUp(instant);
  };
}

/** The first format of a process takes 10 ms to make: not before somebody asks, unless the name is an unusual one. */
function createLookUp(name: string): (instant: number) => number {
  let format = Intl.supportedValuesOf('timeZone').includes(name) ? null : createFormat(name);
  return (instant) => {
    format ??= createKnownFormat(name);
    const part: Record<string, number> = {};
    for (const { type, value } of format.formatToParts(instant)) part[type] = Number(value);
    const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = part;
    return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(instant / 1000) * 1000;
  };
}

/** Of a zone that Node lists and may lack the rules of all the same. */
function createKnownFormat(name: string): Intl.DateTimeFormat {
  try {
    return createFormat(name);
  } catch (error) {
    throw new RunError(
      'config',
      {
        where: 'timeZone',
        message: `This Node has no rules for the time zone ${name}.`,
        fix: 'Use a Node with full time zone data (NODE_ICU_DATA, or the official build), or name another zone.',
      },
      { cause: error },
    );
  }
}

function createFormat(name: string): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat('en-US', {
    timeZone: name,
    calendar: 'iso8601',
    numberingSystem: 'latn',
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
}

/** A local date moved by whole days. */
export function addDays(date: string, days: number): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) + days * dayMs).toISOString().slice(0, 10);
}

/** Whole days from one local date to another. */
export function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / dayMs);
}
