import { RunError } from '../model/errors.ts';
import type { CalendarRules, Grain, ListedPeriod, Period } from '../model/period.ts';
import type { Zone } from '../model/zone.ts';
import { addDays, daysBetween } from '../model/zone.ts';

const weekdays = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'] as const;

type Bounds = Omit<ListedPeriod, 'grain'>;

/** The period of a grain that holds a local date. */
export function periodOf(rules: CalendarRules, zone: Zone, grain: Grain, date: string): Period {
  const { label, startOn, endOn } = boundsOf(rules, grain, date);
  return { grain, label, startOn, endOn, startAt: zone.startOf(startOn), endAt: zone.startOf(endOn) };
}

/** Every period that overlaps the local dates from `fromDate` through `toDate`, oldest first. */
export function periodsBetween(
  rules: CalendarRules,
  zone: Zone,
  grain: Grain,
  fromDate: string,
  toDate: string,
): Period[] {
  const periods: Period[] = [];
  let date = fromDate;
  while (date <= toDate) {
    const period = periodOf(rules, zone, grain, date);
    periods.push(period);
    date = period.endOn;
  }
  return periods;
}

export function daysIn(period: Period): number {
  return daysBetween(period.startOn, period.endOn);
}

/** Local days of the period that have ended at an instant: comparisons and pace use complete days only. */
export function completeDays(zone: Zone, period: Period, asOf: number): number {
  const done = daysBetween(period.startOn, zone.dateOf(asOf));
  return Math.min(Math.max(done, 0), daysIn(period));
}

/**
 * The first `days` days of a period, end exclusive, to set a period to date against an earlier one.
 * `shorter`: it has fewer days than that, so the comparison carries the flag `shorter_period`.
 */
export function firstDays(
  period: Period,
  days: number,
): { startOn: string; endOn: string; shorter: boolean } {
  const held = Math.min(days, daysIn(period));
  return { startOn: period.startOn, endOn: addDays(period.startOn, held), shorter: held < days };
}

/** Null for a text that names no period: `2026-13`, `2026-W54`, `2026-02-30`. */
export function parsePeriodLabel(rules: CalendarRules, zone: Zone, label: string): Period | null {
  const text = label.trim().toUpperCase();
  const listed = rules.table?.find((period) => period.label.toUpperCase() === text);
  if (listed) return periodOf(rules, zone, listed.grain, listed.startOn);
  for (const { grain, pattern, dateIn } of labelForms) {
    const match = pattern.exec(text);
    if (!match) continue;
    const date = dateIn(rules, Number(match[1]), [Number(match[2]), Number(match[3])]);
    if (!isDate(date)) return null;
    if (listedPeriods(rules, grain).length > 0) return null;
    const period = periodOf(rules, zone, grain, date);
    return period.label === text ? period : null;
  }
  return null;
}

interface LabelForm {
  readonly grain: Grain;
  readonly pattern: RegExp;
  /** A date inside the period; whether there is such a period shows by its label. */
  readonly dateIn: (rules: CalendarRules, year: number, rest: readonly [number, number]) => string;
}

const labelForms: readonly LabelForm[] = [
  {
    grain: 'day',
    pattern: /^(\d{4})-(\d\d)-(\d\d)$/,
    dateIn: (_, year, [month, day]) => `${dateText(year, month).slice(0, 8)}${String(day).padStart(2, '0')}`,
  },
  { grain: 'month', pattern: /^(\d{4})-(\d\d)$/, dateIn: (_, year, [month]) => dateText(year, month) },
  {
    grain: 'quarter',
    pattern: /^(\d{4})-Q(\d)$/,
    dateIn: (rules, year, [quarter]) =>
      monthDate(fiscalStartYear(rules, year), rules.fiscalYearStart + quarter * 3 - 3),
  },
  {
    grain: 'week',
    pattern: /^(\d{4})-W(\d\d)$/,
    dateIn: (rules, year, [week]) =>
      addDays(weekStartOf(rules, `${dateText(year, 1).slice(0, 8)}04`), week * 7 - 7),
  },
  {
    grain: 'year',
    pattern: /^(\d{4})$/,
    dateIn: (rules, year) => monthDate(fiscalStartYear(rules, year), rules.fiscalYearStart),
  },
];

function isDate(text: string): boolean {
  const instant = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(instant) && new Date(instant).toISOString().startsWith(text);
}

function listedPeriods(rules: CalendarRules, grain: Grain): readonly ListedPeriod[] {
  return (rules.table ?? []).filter((period) => period.grain === grain);
}

/** Whether there is a period that holds a date: one's own table has an end. */
export function isListed(rules: CalendarRules, grain: Grain, date: string): boolean {
  const listed = listedPeriods(rules, grain);
  return listed.length === 0 || listed.some(({ startOn, endOn }) => startOn <= date && date < endOn);
}

function listedBounds(listed: readonly ListedPeriod[], grain: Grain, date: string): Bounds {
  const found = listed.find(({ startOn, endOn }) => startOn <= date && date < endOn);
  if (found) return found;
  throw new RunError('config', {
    where: 'calendar',
    message: `The calendar file has no ${grain} that holds ${date}.`,
    fix: `Add every ${grain} from the beginning of the history to the end of the current one, or shorten \`history\`.`,
  });
}

function boundsOf(rules: CalendarRules, grain: Grain, date: string): Bounds {
  const listed = listedPeriods(rules, grain);
  if (listed.length > 0) return listedBounds(listed, grain, date);
  const year = Number(date.slice(0, 4));
  const month = Number(date.slice(5, 7));
  if (grain === 'day') return { label: date, startOn: date, endOn: addDays(date, 1) };
  if (grain === 'week') return weekBounds(rules, date);
  if (grain === 'month') {
    return { label: date.slice(0, 7), startOn: monthDate(year, month), endOn: monthDate(year, month + 1) };
  }
  const startYear = month >= rules.fiscalYearStart ? year : year - 1;
  const name = fiscalName(rules, startYear);
  const first = rules.fiscalYearStart;
  if (grain === 'year') {
    return { label: name, startOn: monthDate(startYear, first), endOn: monthDate(startYear + 1, first) };
  }
  const quarter = Math.floor((month - first + (year - startYear) * 12) / 3);
  const startMonth = first + quarter * 3;
  return {
    label: `${name}-Q${quarter + 1}`,
    startOn: monthDate(startYear, startMonth),
    endOn: monthDate(startYear, startMonth + 3),
  };
}

/**
 * A week belongs to the year that holds its fourth day, and week 1 is the one that holds 4 January: ISO 8601 where
 * weeks start on Monday, the same rule shifted for other starts.
 */
function weekBounds(rules: CalendarRules, date: string): Bounds {
  const startOn = weekStartOf(rules, date);
  const year = addDays(startOn, 3).slice(0, 4);
  const week = daysBetween(weekStartOf(rules, `${year}-01-04`), startOn) / 7 + 1;
  return { label: `${year}-W${String(week).padStart(2, '0')}`, startOn, endOn: addDays(startOn, 7) };
}

function weekStartOf(rules: CalendarRules, date: string): string {
  const weekday = new Date(`${date}T00:00:00Z`).getUTCDay();
  return addDays(date, -((weekday - weekdays.indexOf(rules.weekStart) + 7) % 7));
}

function fiscalName(rules: CalendarRules, startYear: number): string {
  const endsLater = rules.fiscalYearStart > 1 && rules.fiscalYearName === 'end';
  return dateText(endsLater ? startYear + 1 : startYear, 1).slice(0, 4);
}

function fiscalStartYear(rules: CalendarRules, name: number): number {
  return rules.fiscalYearStart > 1 && rules.fiscalYearName === 'end' ? name - 1 : name;
}

/** First day of a month; months beyond 12 run on into the next year. */
function monthDate(year: number, month: number): string {
  const shift = Math.floor((month - 1) / 12);
  return dateText(year + shift, month - shift * 12);
}

function dateText(year: number, month: number): string {
  return `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}-01`;
}
