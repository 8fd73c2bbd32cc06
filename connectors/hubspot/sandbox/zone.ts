export function zoneOffsetMs(at: number, timeZone: string): number {
  const local = new Intl.DateTimeFormat('sv-SE', {
    timeZone,
    dateStyle: 'short',
    timeStyle: 'medium',
  }).format(at);
  return Date.parse(`${local.replace(' ', 'T')}Z`) - Math.floor(at / 1000) * 1000;
}

export function dayOf(at: number, timeZone: string): string {
  return new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short' }).format(at);
}

/** The next midnight of the account, to the hour at which the local day changes. */
export function nextMidnight(now: number, timeZone: string): number {
  const today = dayOf(now, timeZone);
  const quarterMs = 900_000;
  let at = Math.ceil((now + 1) / quarterMs) * quarterMs;
  while (dayOf(at, timeZone) === today) at += quarterMs;
  return at;
}

/** First instant of the local month that holds an instant, moved by whole months. */
export function monthStart(at: number, timeZone: string, months: number): number {
  const [year = 0, month = 1] = dayOf(at, timeZone).split('-').map(Number);
  const local = Date.UTC(year, month - 1 + months, 1);
  const guess = local - zoneOffsetMs(local, timeZone);
  return local - zoneOffsetMs(guess, timeZone);
}
