import { addDays } from '../../src/model/zone.ts';
import { commonColumnsOf, type MapRecord, type TableRow } from './mapped.ts';
import { recurringDays } from './recurrence.ts';
import { readPath, type SalesforceRecord, toBool, toDate, toInteger, toText } from './values.ts';

export const weekdays = [
  'Sunday',
  'Monday',
  'Tuesday',
  'Wednesday',
  'Thursday',
  'Friday',
  'Saturday',
] as const;

/** Each weekday has its own pair of fields; an empty pair is a day off. */
export const mapBusinessHours: MapRecord = (record) => {
  const common = commonColumnsOf(record);
  return {
    rows: weekdays.flatMap((name, weekday): TableRow[] => {
      const hours = hoursOf(record, name);
      if (hours === null) return [];
      const row = {
        ...common,
        id: `${common.id}:${weekday}`,
        name: toText(record.Name),
        is_default: toBool(record.IsDefault),
        active: toBool(record.IsActive) ?? 1,
        time_zone: toText(record.TimeZoneSidKey),
        weekday,
        ...hours,
      };
      return [{ table: 'working_hours', row }];
    }),
  };
};

/** From midnight to midnight is the whole day (Object Reference: BusinessHours). */
function hoursOf(record: SalesforceRecord, day: string): { from_minute: number; to_minute: number } | null {
  const from_minute = toMinutes(record[`${day}StartTime`]);
  const until = toMinutes(record[`${day}EndTime`]);
  if (from_minute === null || until === null) return null;
  const to_minute = until === 0 ? 24 * 60 : until;
  return from_minute < to_minute ? { from_minute, to_minute } : null;
}

/** `09:00:00.000Z`: a time of the wall clock, whatever the Z says. */
function toMinutes(value: unknown): number | null {
  const match = /^(\d\d):(\d\d)/.exec(toText(value) ?? '');
  return match ? Number(match[1]) * 60 + Number(match[2]) : null;
}

/** One row for each day on which it falls, so that a recurring one is many. */
export const mapHoliday: MapRecord = (record, context) => {
  const common = commonColumnsOf(record);
  const isWholeDay = toBool(record.IsAllDay) !== 0;
  return {
    rows: daysOf(record, context.zone.dateOf(context.now)).map((day) => ({
      table: 'holiday',
      row: {
        ...common,
        id: `${common.id}:${day}`,
        name: toText(record.Name),
        day,
        from_minute: isWholeDay ? null : toInteger(record.StartTimeInMinutes),
        to_minute: isWholeDay ? null : toInteger(record.EndTimeInMinutes),
      },
    })),
  };
};

const yearsAhead = 2;
const yearsBack = 10;

function daysOf(record: SalesforceRecord, today: string): readonly string[] {
  const day = toDate(record.ActivityDate) ?? toText(record.ActivityDate)?.slice(0, 10) ?? null;
  if (toBool(record.IsRecurrence) !== 1) return day === null ? [] : [day];
  return recurringDays(record, {
    first: addDays(today, -366 * yearsBack),
    last: addDays(today, 366 * yearsAhead),
    start: day,
  });
}

const grains: Readonly<Record<string, readonly [grain: string, mark: string]>> = {
  week: ['week', '-W'],
  month: ['month', '-P'],
  quarter: ['quarter', '-Q'],
  year: ['year', ''],
};

/** A fiscal year has a name, its parts have numbers. */
export const mapFiscalPeriod: MapRecord = (record) => {
  const [grain, mark] = grains[toText(record.Type)?.toLowerCase() ?? ''] ?? [];
  const from_on = toDate(record.StartDate);
  if (!grain || from_on === null) return { rows: [] };
  const named = /\d{4}/.exec(toText(readPath(record, 'FiscalYearSettings.Name')) ?? '')?.[0];
  const year = named ?? toDate(record.EndDate)?.slice(0, 4) ?? '';
  const number = String(toInteger(record.Number) ?? 1).padStart(grain === 'quarter' ? 1 : 2, '0');
  const label = grain === 'year' ? year : `${year}${mark}${number}`;
  const is_standard = toBool(readPath(record, 'FiscalYearSettings.IsStandardYear')) ?? 1;
  const row = {
    ...commonColumnsOf(record),
    grain,
    label,
    from_on,
    to_on: toDate(record.EndDate),
    is_standard,
  };
  return { rows: [{ table: 'fiscal_period', row }] };
};
