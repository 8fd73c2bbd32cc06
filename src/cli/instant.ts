import { isDate } from '../config/schema.ts';
import { RunError } from '../model/errors.ts';
import { addDays, type Zone } from '../model/zone.ts';

/** `--as-of`: RFC 3339, or a date, which means the end of that local day. No flag: now. */
export function parseAsOf(text: string | undefined, zone: Zone, now: number): number {
  if (text === undefined) return now;
  if (isDate(text)) return zone.startOf(addDays(text, 1));
  const instant = parseInstant(text);
  if (instant !== null) return instant;
  throw new RunError('usage', {
    where: '--as-of',
    message: `${text} is no instant.`,
    fix: 'Give a date as 2026-10-31 (end of that day in the business time zone) or an instant as 2026-10-31T12:00:00Z.',
  });
}

/** `--since`: a date, meaning its first instant, or RFC 3339. */
export function parseSince(text: string, zone: Zone): number {
  if (isDate(text)) return zone.startOf(text);
  const instant = parseInstant(text);
  if (instant !== null) return instant;
  throw new RunError('usage', {
    where: '--since',
    message: `${text} is no date.`,
    fix: 'Give a date as 2026-10-31.',
  });
}

/** RFC 3339 with an offset or Z, epoch ms; null for anything else. */
export function parseInstant(text: string): number | null {
  if (!/^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d(:\d\d(\.\d+)?)?([Zz]|[+-]\d\d:\d\d)$/.test(text)) return null;
  // A day that the month lacks would quietly become one of the next.
  if (!isDate(text.slice(0, 10))) return null;
  const instant = Date.parse(text.replace(' ', 'T'));
  return Number.isNaN(instant) ? null : instant;
}
