import { allowsDate, type Cron } from '../model/cron.ts';
import { addDays, type Zone } from '../model/zone.ts';

const dayMs = 86_400_000;
/** Back: nobody makes up for more than a year. Ahead: the 29th of February may be eight years away. */
const daysBack = 400;
const daysAhead = 8 * 366;

/** The latest instant at or before `now`, and after `floor`, at which the expression is due; null: there is none. */
export function previousOccurrence(
  cron: Cron,
  zone: Zone,
  { now, floor }: { readonly now: number; readonly floor: number },
): number | null {
  let date = zone.dateOf(now);
  const oldest = zone.dateOf(Math.max(floor, now - daysBack * dayMs));
  for (; date >= oldest; date = addDays(date, -1)) {
    const found = allowsDate(cron, date) ? latestOf(cron, zone, { date, now }) : null;
    if (found !== null) return found > floor ? found : null;
  }
  return null;
}

/** The first instant after `now` at which the expression is due; null: never. */
export function nextOccurrence(cron: Cron, zone: Zone, now: number): number | null {
  let date = zone.dateOf(now);
  for (let days = 0; days <= daysAhead; days += 1, date = addDays(date, 1)) {
    const found = allowsDate(cron, date) ? earliestOf(cron, zone, { date, now }) : null;
    if (found !== null) return found;
  }
  return null;
}

interface Day {
  readonly date: string;
  readonly now: number;
}

/** A repeated hour puts the instants of a day out of the order of its times by an hour at most. */
const repeatMs = 2 * 3_600_000;

function latestOf(cron: Cron, zone: Zone, { date, now }: Day): number | null {
  let latest: number | null = null;
  let latestLocal = 0;
  for (const local of timesOf(cron, date, 'down')) {
    if (latest !== null && local < latestLocal - repeatMs) break;
    for (const at of instantsOf(cron, zone, local)) {
      if (at <= now && (latest === null || at > latest)) [latest, latestLocal] = [at, local];
    }
  }
  return latest;
}

function earliestOf(cron: Cron, zone: Zone, { date, now }: Day): number | null {
  let earliest: number | null = null;
  let earliestLocal = 0;
  for (const local of timesOf(cron, date, 'up')) {
    if (earliest !== null && local > earliestLocal + repeatMs) break;
    for (const at of instantsOf(cron, zone, local)) {
      if (at > now && (earliest === null || at < earliest)) [earliest, earliestLocal] = [at, local];
    }
  }
  return earliest;
}

/** Local times of a date as if it were UTC, epoch ms. */
function* timesOf(cron: Cron, date: string, order: 'up' | 'down'): Generator<number> {
  const start = Date.parse(`${date}T00:00:00Z`);
  const sorted = (values: readonly number[]) => (order === 'up' ? values : values.toReversed());
  for (const hour of sorted(cron.hours)) {
    for (const minute of sorted(cron.minutes)) {
      for (const second of sorted(cron.seconds)) yield start + ((hour * 60 + minute) * 60 + second) * 1000;
    }
  }
}

/**
 * When a local time comes. One that a clock change skips comes at the change, unless the job runs every hour anyway;
 * one that comes twice counts twice only for a job that runs every hour.
 */
function instantsOf({ everyHour }: Cron, zone: Zone, local: number): readonly number[] {
  const { instants, changeAt } = readClock(zone, local);
  if (instants.length === 0) return everyHour ? [] : [changeAt];
  return everyHour ? instants : instants.slice(0, 1);
}

interface ClockReading {
  /** Instants at which the clock shows the time, ascending. */
  readonly instants: readonly number[];
  /** Where there is none: the first instant at which it shows a later one. */
  readonly changeAt: number;
}

function readClock(zone: Zone, local: number): ClockReading {
  const before = zone.offsetAt(local - dayMs);
  const after = zone.offsetAt(local + dayMs);
  const candidates = [...new Set([local - before, local - after])].sort((a, b) => a - b);
  const instants = candidates.filter((at) => at + zone.offsetAt(at) === local);
  return { instants, changeAt: instants.length > 0 ? local : findChange(zone, candidates, after) };
}

/** Clocks change on whole minutes. */
function findChange(zone: Zone, candidates: readonly number[], after: number): number {
  let low = Math.floor((candidates[0] ?? 0) / 60_000) - 1;
  let high = Math.ceil((candidates.at(-1) ?? 0) / 60_000) + 1;
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (zone.offsetAt(middle * 60_000) === after) high = middle;
    else low = middle;
  }
  return high * 60_000;
}
