export const retryLimits = {
  attempts: 6,
  /** The first back-off is between 0 and this; each further one may be twice as long. */
  baseMs: 500,
  longestBackOffMs: 30_000,
  /** A remote system that asks for a longer pause is left alone until the next run. */
  longestPauseMs: 5 * 60_000,
  /** For one request, attempts and pauses together. */
  patienceMs: 15 * 60_000,
} as const;

export interface Tried {
  /** Attempts made so far, 1 or more. */
  readonly attempts: number;
  /** Time that they and the pauses between them took. */
  readonly spentMs: number;
  /** The pause that the remote system asks for, or null. */
  readonly askedMs: number | null;
  /** From 0 to 1. */
  readonly random: number;
}

/** `wait` then try again; `giveUp` now; `later`: not in this run. */
export type NextDelay =
  | { readonly kind: 'wait'; readonly ms: number }
  | { readonly kind: 'later'; readonly ms: number }
  | { readonly kind: 'giveUp' };

/** How long to wait before the next attempt of a request that may be sent again. */
export function nextDelay(tried: Tried): NextDelay {
  const { attempts, spentMs, askedMs, random } = tried;
  if (askedMs !== null && askedMs > retryLimits.longestPauseMs) return { kind: 'later', ms: askedMs };
  if (attempts >= retryLimits.attempts) return { kind: 'giveUp' };
  const ms = askedMs ?? backOffMs(attempts, random);
  return spentMs + ms > retryLimits.patienceMs ? { kind: 'giveUp' } : { kind: 'wait', ms };
}

/** Exponential with full jitter, so that requests that failed together do not come back together. */
function backOffMs(attempts: number, random: number): number {
  const ceilingMs = Math.min(retryLimits.longestBackOffMs, retryLimits.baseMs * 2 ** (attempts - 1));
  return Math.round(random * ceilingMs);
}

/** The pause in a Retry-After header, in seconds or as a date (RFC 9110, 10.2.3); null without a usable one. */
export function retryAfterMs(headers: Readonly<Record<string, string>>, now: number): number | null {
  const value = headers['retry-after']?.trim();
  if (!value) return null;
  if (/^\d+(\.\d+)?$/.test(value)) return Math.ceil(Number(value) * 1000);
  const at = Date.parse(value);
  if (Number.isNaN(at)) return null;
  // The date is by the server's clock, which its Date header shows.
  const serverNow = Date.parse(headers.date ?? '');
  return Math.max(0, at - (Number.isNaN(serverNow) ? now : serverNow));
}
