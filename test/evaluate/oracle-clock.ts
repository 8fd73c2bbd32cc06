/** The calendar of Madrid by the rule itself: an hour later from the last Sunday of March to the last one of October. */

export const hourMs = 3_600_000;
export const dayMs = 24 * hourMs;

function lastSunday(year: number, month: number): number {
  const last = new Date(Date.UTC(year, month, 0));
  return Date.UTC(year, month - 1, last.getUTCDate() - last.getUTCDay(), 1);
}

function offsetAt(instant: number): number {
  const year = new Date(instant).getUTCFullYear();
  const isSummer = instant >= lastSunday(year, 3) && instant < lastSunday(year, 10);
  return (isSummer ? 2 : 1) * hourMs;
}

export const localDay = (instant: number): string =>
  new Date(instant + offsetAt(instant)).toISOString().slice(0, 10);

/** Clocks change at one in the morning UTC, so that midnights are never in doubt. */
export function midnight(day: string): number {
  const utc = Date.parse(`${day}T00:00:00Z`);
  return utc - offsetAt(utc - 2 * hourMs);
}

/** The instant at which a clock on the wall shows a whole hour after five. */
export function wallHour(day: string, hour: number): number {
  const utc = Date.parse(`${day}T${String(hour).padStart(2, '0')}:00:00Z`);
  return utc - offsetAt(utc);
}

export const plusDays = (day: string, days: number): string =>
  new Date(Date.parse(`${day}T00:00:00Z`) + days * dayMs).toISOString().slice(0, 10);

export const daysFrom = (from: string, to: string): number =>
  (Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / dayMs;

/** The same day of another month, or that month's last one. */
export function plusMonths(day: string, months: number): string {
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number);
  const last = new Date(Date.UTC(year, month + months, 0)).getUTCDate();
  return new Date(Date.UTC(year, month - 1 + months, Math.min(date, last))).toISOString().slice(0, 10);
}

/** A period to as_of: what it counts lies before `untilAt`, and on days before `untilOn`. */
export interface Span {
  readonly label: string;
  readonly startOn: string;
  readonly endOn: string;
  readonly startAt: number;
  readonly endAt: number;
  readonly untilAt: number;
  readonly untilOn: string;
}

export function spanOf(
  { label, startOn, endOn }: Pick<Span, 'label' | 'startOn' | 'endOn'>,
  asOf: number,
): Span {
  const [startAt, endAt] = [midnight(startOn), midnight(endOn)];
  const isOver = endAt <= asOf;
  const untilOn = isOver ? endOn : plusDays(localDay(asOf - 1), 1);
  return { label, startOn, endOn, startAt, endAt, untilAt: isOver ? endAt : asOf, untilOn };
}
