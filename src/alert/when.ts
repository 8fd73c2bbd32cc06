import type { AlertTarget } from '../model/operations.ts';
import { createZone } from '../model/zone.ts';

const minuteMs = 60_000;
const dayMinutes = 1440;

/** The instant from which a message may be sent: now, the digest's time, or the end of the quiet hours. */
export function whenToSend(
  { timeZone, quietHours, digestMinute }: Pick<AlertTarget, 'timeZone' | 'quietHours' | 'digestMinute'>,
  now: number,
): number {
  if (digestMinute !== null) return nextLocal(digestMinute, timeZone, now);
  if (!quietHours) return now;
  const { fromMinute, toMinute } = quietHours;
  const minute = localMinute(timeZone, now);
  const isQuiet =
    fromMinute <= toMinute
      ? minute >= fromMinute && minute < toMinute
      : minute >= fromMinute || minute < toMinute;
  return isQuiet ? nextLocal(toMinute, timeZone, now) : now;
}

function localMinute(timeZone: string, now: number): number {
  const local = now + createZone(timeZone).offsetAt(now);
  return Math.floor(local / minuteMs) % dayMinutes;
}

/** The next time at which the clock shows this minute of the day; through a clock change, by the clock after it. */
function nextLocal(minute: number, timeZone: string, now: number): number {
  const zone = createZone(timeZone);
  const local = now + zone.offsetAt(now);
  const midnight = Math.floor(local / (dayMinutes * minuteMs)) * dayMinutes * minuteMs;
  const today = midnight + minute * minuteMs;
  const target = today > local ? today : today + dayMinutes * minuteMs;
  const guess = target - zone.offsetAt(now);
  return target - zone.offsetAt(guess);
}
