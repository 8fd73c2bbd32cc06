import type { CalendarRules, Grain, ListedPeriod } from '../../src/model/period.ts';
import { daysFrom, midnight, plusDays, plusMonths } from './oracle-clock.ts';

/** Periods by the rules themselves: whole days, first to last, in the calendar of Madrid. */

export interface Span {
  readonly grain: Grain;
  readonly startOn: string;
  readonly endOn: string;
}

const weekdays = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'] as const;
const weekdayOf = (day: string) => new Date(`${day}T00:00:00Z`).getUTCDay();
export const lengthOf = ({ startOn, endOn }: Span) => daysFrom(startOn, endOn);
export const endAt = ({ endOn }: Span) => midnight(endOn);

const monthsIn = { month: 1, quarter: 3, year: 12 } as const;

/** The period of a day. */
export function spanOf(rules: CalendarRules, grain: Grain, day: string): Span {
  const listed = rules.table?.find(
    (period) => period.grain === grain && period.startOn <= day && day < period.endOn,
  );
  if (listed) return { grain, startOn: listed.startOn, endOn: listed.endOn };
  if (grain === 'day') return { grain, startOn: day, endOn: plusDays(day, 1) };
  if (grain === 'week') {
    const late = (weekdayOf(day) - weekdays.indexOf(rules.weekStart) + 7) % 7;
    const startOn = plusDays(day, -late);
    return { grain, startOn, endOn: plusDays(startOn, 7) };
  }
  const size = monthsIn[grain];
  const place = (Number(day.slice(5, 7)) - rules.fiscalYearStart + 12) % 12;
  const startOn = plusMonths(`${day.slice(0, 7)}-01`, -(place % size));
  return { grain, startOn, endOn: plusMonths(startOn, size) };
}

export const before = (rules: CalendarRules, span: Span): Span =>
  spanOf(rules, span.grain, plusDays(span.startOn, -1));

/** So many periods before one, the latest first. */
export function* back(rules: CalendarRules, span: Span): Generator<Span> {
  for (let one = before(rules, span); one.startOn > '2023-01-01'; one = before(rules, one)) yield one;
}

/** Months of 4, 4 and 5 weeks from the Monday nearest to New Year on, quarters and years of them. */
export function weeksTable(): ListedPeriod[] {
  const table: ListedPeriod[] = [];
  let startOn = '2023-01-02';
  for (let year = 2023; year < 2028; year++) {
    const yearOn = startOn;
    for (let month = 0; month < 12; month++) {
      const long = month === 11 && year === 2026 ? 6 : 5;
      const endOn = plusDays(startOn, 7 * (month % 3 === 2 ? long : 4));
      table.push({ grain: 'month', label: `${year}-P${month + 1}`, startOn, endOn });
      startOn = endOn;
    }
    for (let place = 0; place < 4; place++) {
      const months = table
        .filter(({ label }) => label.startsWith(`${year}-P`))
        .slice(place * 3, place * 3 + 3);
      const [first, last] = [months[0], months[2]];
      if (first && last)
        table.push({
          grain: 'quarter',
          label: `${year}-T${place + 1}`,
          startOn: first.startOn,
          endOn: last.endOn,
        });
    }
    table.push({ grain: 'year', label: `FY${year}`, startOn: yearOn, endOn: startOn });
  }
  return table;
}

export function isBusinessDay(day: string, holidays: ReadonlySet<string>): boolean {
  return weekdayOf(day) % 6 !== 0 && !holidays.has(day);
}

export function businessDaysIn(
  { startOn, endOn }: Pick<Span, 'startOn' | 'endOn'>,
  holidays: ReadonlySet<string>,
): number {
  let count = 0;
  for (let day = startOn; day < endOn; day = plusDays(day, 1)) if (isBusinessDay(day, holidays)) count++;
  return count;
}
