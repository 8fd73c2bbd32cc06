/** A rate limit as a sliding window: at most `count` starts in any `ms`. */
export interface RateWindow {
  /** Takes a place and answers 0, or answers how long to wait before asking again. */
  take(now: number): number;
  /** The remote system's own figures, from its newest answer. */
  correct(
    told: { readonly count: number; readonly ms: number; readonly remaining?: number },
    now: number,
  ): void;
}

/** Requests that start in time may still arrive closer together than they started. */
const slackShare = 0.05;
const mostSlackMs = 100;

export function createWindow(rate: { readonly count: number; readonly ms: number }): RateWindow {
  let { count, ms } = rate;
  /** Ours that still count, oldest first. */
  let starts: number[] = [];
  /** Places that other applications of the same account hold, and until when. */
  let others = { places: 0, until: 0 };

  const spanMs = () => ms + Math.min(mostSlackMs, ms * slackShare);
  const forget = (now: number) => {
    // A clock that was set back must not make us wait for the difference.
    if ((starts.at(-1) ?? 0) > now) starts = starts.map((at) => Math.min(at, now));
    const firstLiving = starts.findIndex((at) => at + spanMs() > now);
    starts = firstLiving === -1 ? [] : starts.slice(firstLiving);
    if (others.until <= now || others.until > now + spanMs()) others = { places: 0, until: 0 };
  };

  return {
    take(now) {
      forget(now);
      if (starts.length + others.places < count) {
        starts.push(now);
        return 0;
      }
      const oldestEndsAt = starts[0] === undefined ? Number.POSITIVE_INFINITY : starts[0] + spanMs();
      const othersEndAt = others.places > 0 ? others.until : Number.POSITIVE_INFINITY;
      return Math.max(1, Math.ceil(Math.min(oldestEndsAt, othersEndAt) - now));
    },
    correct(told, now) {
      if (!(told.count >= 1) || !(told.ms >= 1)) return;
      count = Math.floor(told.count);
      ms = told.ms;
      forget(now);
      if (told.remaining === undefined) return;
      const places = Math.max(0, count - starts.length - Math.max(0, told.remaining));
      others = { places, until: now + spanMs() };
    },
  };
}
