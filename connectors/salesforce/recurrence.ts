import { addDays, daysBetween } from '../../src/model/zone.ts';
import { type SalesforceRecord, toDate, toInteger, toText } from './values.ts';

const months = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];
const instances = ['First', 'Second', 'Third', 'Fourth'];

interface Bounds {
  readonly first: string;
  readonly last: string;
  /** Where the record names no start of the recurrence. */
  readonly start: string | null;
}

interface Rule {
  readonly type: string;
  readonly start: string;
  readonly interval: number;
  /** First to Fourth, or Last. */
  readonly instance: string;
  /** Sunday 1, Monday 2, Tuesday 4 ... Saturday 64 (Object Reference: Event, RecurrenceDayOfWeekMask). */
  readonly weekdayMask: number;
  readonly dayOfMonth: number;
  /** 0 to 11 */
  readonly month: number;
}

/** The days of a recurring record within bounds. */
export function recurringDays(record: SalesforceRecord, { first, last, start }: Bounds): string[] {
  const begins = toDate(record.RecurrenceStartDate) ?? start;
  if (begins === null) return [];
  const rule = ruleOf(record, begins);
  const ends = toDate(record.RecurrenceEndDateOnly);
  const until = ends !== null && ends < last ? ends : last;
  const days: string[] = [];
  for (let day = begins > first ? begins : first; day <= until; day = addDays(day, 1)) {
    if (fallsOn(rule, day)) days.push(day);
  }
  return days;
}

function ruleOf(record: SalesforceRecord, start: string): Rule {
  return {
    type: toText(record.RecurrenceType) ?? 'RecursYearly',
    start,
    interval: Math.max(1, toInteger(record.RecurrenceInterval) ?? 1),
    instance: toText(record.RecurrenceInstance) ?? '',
    weekdayMask: toInteger(record.RecurrenceDayOfWeekMask) ?? 0,
    dayOfMonth: toInteger(record.RecurrenceDayOfMonth) ?? Number(start.slice(8)),
    month: monthOf(toText(record.RecurrenceMonthOfYear)) ?? Number(start.slice(5, 7)) - 1,
  };
}

function monthOf(name: string | null): number | null {
  const index = months.indexOf(name ?? '');
  return index < 0 ? null : index;
}

function fallsOn(rule: Rule, day: string): boolean {
  const weekday = new Date(`${day}T00:00:00Z`).getUTCDay();
  const month = Number(day.slice(5, 7)) - 1;
  const since = daysBetween(rule.start, day);
  const onWeekday = (rule.weekdayMask & (1 << weekday)) !== 0;
  const everyMonths = monthsBetween(rule.start, day) % rule.interval === 0;
  const onDay = Number(day.slice(8)) === rule.dayOfMonth;
  switch (rule.type) {
    case 'RecursDaily':
      return since % rule.interval === 0;
    case 'RecursEveryWeekday':
      return weekday >= 1 && weekday <= 5;
    case 'RecursWeekly':
      return onWeekday && weeksBetween(rule.start, day) % rule.interval === 0;
    case 'RecursMonthly':
      return onDay && everyMonths;
    case 'RecursMonthlyNth':
      return onWeekday && everyMonths && isInstance(rule, day);
    case 'RecursYearlyNth':
      return onWeekday && month === rule.month && isInstance(rule, day);
    default:
      return onDay && month === rule.month;
  }
}

function isInstance({ instance }: Rule, day: string): boolean {
  if (instance === 'Last') return addDays(day, 7).slice(0, 7) !== day.slice(0, 7);
  return Math.ceil(Number(day.slice(8)) / 7) === instances.indexOf(instance) + 1;
}

function monthsBetween(from: string, to: string): number {
  const count = (day: string) => Number(day.slice(0, 4)) * 12 + Number(day.slice(5, 7));
  return count(to) - count(from);
}

/** Weeks begin on Sunday there. */
function weeksBetween(from: string, to: string): number {
  const sunday = addDays(from, -new Date(`${from}T00:00:00Z`).getUTCDay());
  return Math.floor(daysBetween(sunday, to) / 7);
}
