import { resolve } from 'node:path';
import { z } from 'zod';
import type { WorkingHours } from '../model/settings.ts';
import { createZone } from '../model/zone.ts';
import { explainIssues } from './issues.ts';
import { isRecord, type Path } from './paths.ts';
import type { Report } from './report.ts';
import { isDate, isoDate } from './schema.ts';
import { readTableFile } from './table-file.ts';

const weekdays = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'] as const;
const workWeek = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday'] as const;

const clock = z
  .string()
  .regex(/^([01]\d|2[0-3]):[0-5]\d$|^24:00$/, 'must be a time between "00:00" and "24:00"')
  .transform((text) => Number(text.slice(0, 2)) * 60 + Number(text.slice(3)));

/** One entry of `businessHours`. */
const businessHoursSchema = z.strictObject({
  days: z
    .array(z.enum(weekdays))
    .min(1)
    .default([...workWeek])
    .describe('the weekdays, such as [monday, friday]; without it Monday to Friday'),
  from: clock.describe('when work begins, such as "09:00"'),
  to: clock.describe('when work ends, such as "18:00"'),
  holidays: z
    .union([z.array(isoDate), z.string().min(1)], { error: 'must be a list of dates, or a csv file' })
    .default([])
    .describe('a list of dates, or a csv file with the column date'),
  teams: z
    .array(z.union([z.string().min(1), z.number()]).transform(String))
    .min(1)
    .optional()
    .describe('the ids or names of the teams that these hours are for; without it everyone else'),
  timeZone: z
    .string()
    .refine(isZone, 'must be an IANA time zone such as Europe/Madrid')
    .optional()
    .describe('the time zone of these hours; without it the business time zone'),
  since: isoDate.optional().describe('the first day on which they hold; without it since ever'),
  until: isoDate.optional().describe('the last day on which they hold; without it for ever'),
});

function isZone(name: string): boolean {
  try {
    return createZone(name).name === name;
  } catch {
    return false;
  }
}

/** One set of hours, or a list of them. */
export async function buildBusinessHours(
  raw: unknown,
  {
    folder,
    timeZone,
    report,
  }: { readonly folder: string; readonly timeZone: string; readonly report: Report },
): Promise<WorkingHours[]> {
  if (raw === undefined || raw === null) return [];
  const single = isRecord(raw);
  const entries: readonly unknown[] = Array.isArray(raw) ? raw : [raw];
  const hours: WorkingHours[] = [];
  for (const [index, entry] of entries.entries()) {
    const at: Path = single ? ['businessHours'] : ['businessHours', index];
    const parsed = businessHoursSchema.safeParse(entry);
    report.add(
      ...explainIssues(parsed.error?.issues ?? [], { schema: businessHoursSchema, value: entry, at }),
    );
    if (!parsed.success) continue;
    const { days, from, to, teams, since, until } = parsed.data;
    if (from >= to) {
      const rule = 'ends before it begins';
      report.add({
        path: [...at, 'to'],
        rule,
        fix: 'write two entries for hours that cross midnight.',
        showsValue: true,
      });
    }
    hours.push({
      weekdays: days.map((day) => weekdays.indexOf(day)),
      fromMinute: from,
      toMinute: to,
      timeZone: parsed.data.timeZone ?? timeZone,
      holidays: await readHolidays(parsed.data.holidays, { folder, at, report }),
      teams: teams ?? null,
      validFrom: since ?? null,
      validTo: until === undefined ? null : dayAfter(until),
    });
  }
  if (hours.length > 0 && hours.every(({ teams }) => teams !== null)) {
    const fix = 'add an entry without teams: it holds for everyone else.';
    report.add({ path: ['businessHours'], rule: 'has hours of single teams only', fix, showsValue: false });
  }
  return hours;
}

function dayAfter(date: string): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10);
}

async function readHolidays(
  holidays: string | readonly string[],
  { folder, at, report }: { readonly folder: string; readonly at: Path; readonly report: Report },
): Promise<readonly string[]> {
  if (typeof holidays !== 'string') return holidays;
  const found = await readTableFile(resolve(folder, holidays), ['date']);
  if ('rule' in found) {
    report.add({ path: [...at, 'holidays'], ...found, showsValue: true });
    return [];
  }
  const dates: string[] = [];
  for (const { line, cells } of found.rows) {
    const date = cells.date ?? '';
    if (isDate(date)) dates.push(date);
    else {
      const fix = 'write lines such as 2026-01-06,Epiphany.';
      report.addProblem({ file: holidays, line, path: '', value: date, rule: 'has no date', fix });
    }
  }
  return dates;
}
