/** A cron expression as sets of what its fields allow. */
export interface Cron {
  readonly seconds: readonly number[];
  readonly minutes: readonly number[];
  readonly hours: readonly number[];
  readonly monthDays: ReadonlySet<number>;
  readonly months: ReadonlySet<number>;
  /** 0 Sunday to 6 Saturday. */
  readonly weekdays: ReadonlySet<number>;
  /** Both day fields are restricted: then either is enough, as in crontab(5). */
  readonly eitherDay: boolean;
  /** The hour field is `*` or steps through all hours: such jobs follow elapsed time through a clock change. */
  readonly everyHour: boolean;
}

interface Field {
  readonly name: string;
  readonly from: number;
  readonly to: number;
  readonly names?: readonly string[];
}

const monthNames = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const dayNames = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];
const fields: readonly Field[] = [
  { name: 'second', from: 0, to: 59 },
  { name: 'minute', from: 0, to: 59 },
  { name: 'hour', from: 0, to: 23 },
  { name: 'day of the month', from: 1, to: 31 },
  { name: 'month', from: 1, to: 12, names: monthNames },
  { name: 'day of the week', from: 0, to: 7, names: dayNames },
];

const nicknames: Readonly<Record<string, string>> = {
  '@hourly': '0 * * * *',
  '@daily': '0 0 * * *',
  '@midnight': '0 0 * * *',
  '@weekly': '0 0 * * 0',
  '@monthly': '0 0 1 * *',
  '@yearly': '0 0 1 1 *',
  '@annually': '0 0 1 1 *',
};

/** Five fields, or six with seconds first, or `@daily` and the like. The text of a problem is the end of a sentence. */
export function parseCron(text: string): Cron | { readonly problem: string } {
  const parts = (nicknames[text.trim().toLowerCase()] ?? text).trim().split(/\s+/);
  if (parts.length === 5) parts.unshift('0');
  if (parts.length !== 6)
    return { problem: 'must be a cron expression of five or six fields, such as "30 2 * * *"' };
  const sets: number[][] = [];
  for (const [index, field] of fields.entries()) {
    const values = parseField(parts[index] ?? '', field);
    if (values === null)
      return {
        problem: `must have a ${field.name} from ${field.from} to ${field.to}; it is "${parts[index]}"`,
      };
    sets.push(values);
  }
  return assemble(sets, parts);
}

function assemble(sets: readonly (readonly number[])[], parts: readonly string[]): Cron {
  const [seconds = [], minutes = [], hours = [], monthDays = [], months = [], weekdays = []] = sets;
  return {
    seconds,
    minutes,
    hours,
    monthDays: new Set(monthDays),
    months: new Set(months),
    weekdays: new Set(weekdays.map((day) => day % 7)),
    eitherDay: !parts[3]?.startsWith('*') && !parts[5]?.startsWith('*'),
    everyHour: parts[2]?.startsWith('*') === true || hours.length === 24,
  };
}

/** Ascending values of a list of `*`, numbers, names, ranges and steps; null: it is none. */
function parseField(text: string, field: Field): number[] | null {
  const values = new Set<number>();
  for (const part of text.replaceAll('?', '*').split(',')) {
    const match = /^(?:(\*)|(\w+)(?:-(\w+))?)(?:\/(\d+))?$/.exec(part);
    if (!match) return null;
    const [, star, first = '', last, step] = match;
    const from = star ? field.from : readValue(first, field);
    const to = star || (step && !last) ? field.to : readValue(last ?? first, field);
    if (from === null || to === null || from > to || step === '0') return null;
    for (let value = from; value <= to; value += Number(step ?? 1)) values.add(value);
  }
  return [...values].sort((a, b) => a - b);
}

function readValue(text: string, { from, to, names }: Field): number | null {
  const named = names?.indexOf(text.toLowerCase().slice(0, 3)) ?? -1;
  const value = named >= 0 && names && /^[a-z]/i.test(text) ? named + (from === 1 ? 1 : 0) : Number(text);
  return Number.isInteger(value) && value >= from && value <= to ? value : null;
}

/** Whether the expression allows a local date. */
export function allowsDate({ months, monthDays, weekdays, eitherDay }: Cron, date: string): boolean {
  const [, month = '', day = ''] = date.split('-');
  if (!months.has(Number(month))) return false;
  const isMonthDay = monthDays.has(Number(day));
  const isWeekday = weekdays.has(new Date(`${date}T00:00:00Z`).getUTCDay());
  return eitherDay ? isMonthDay || isWeekday : isMonthDay && isWeekday;
}
