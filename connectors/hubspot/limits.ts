import type { HttpAnswer, HttpRequest, LimitReport, RemotePolicy, Verdict } from '../../src/model/http.ts';

const windowMs = 10_000;
/** HubSpot counts arrivals: requests that were under way for unequal times may arrive closer together than they left. */
const arrivalSlackMs = 100;
const secondMs = 1_000;
const lockedMs = 2_000;
const longWaitMs = 300_000;

/** Edge statuses of HubSpot's network (developer documentation, "Error handling"). */
const transient = new Set([500, 502, 503, 504, 521, 523]);
const fewTimes = new Set([522, 524, 525, 526, 530]);
const triesOfFew = 3;

/** HubSpot's limits (developer documentation, "Usage guidelines"); the answers' headers correct them. */
export const hubspotPolicy: RemotePolicy = {
  buckets: {
    // 100 per 10 s is the lowest of all tiers; headers raise it to 190 or 250.
    general: { concurrency: 6, rate: { count: 100, ms: windowMs + arrivalSlackMs } },
    // Shared by all apps of the account, and told by no header: where others search too, its bare 429 is waited out.
    search: { concurrency: 3, rate: { count: 5, ms: secondMs + arrivalSlackMs } },
    // Exempt from the ten-second limit; their own one is daily.
    associations: { concurrency: 6, rate: { count: 100, ms: windowMs } },
  },
  bucketOf,
  observe,
  verdict,
  // "Usage guidelines": the daily limit resets at midnight in the account's time zone.
  dailyReset: 'account_midnight',
};

function bucketOf(request: HttpRequest): string {
  const path = URL.parse(request.url)?.pathname ?? '';
  if (path.endsWith('/search')) return 'search';
  if (path.includes('/associations/') && path.endsWith('/batch/read')) return 'associations';
  return 'general';
}

function observe(answer: HttpAnswer): LimitReport {
  return { ...dailyUse(answer), ...burst(answer) };
}

function dailyUse(answer: HttpAnswer): LimitReport {
  const limit = headerNumber(answer, 'x-hubspot-ratelimit-daily');
  const remaining = headerNumber(answer, 'x-hubspot-ratelimit-daily-remaining');
  if (limit === null || remaining === null || limit <= 0) return {};
  return { daily: { used: Math.max(0, limit - remaining), limit } };
}

function burst(answer: HttpAnswer): LimitReport {
  const count = headerNumber(answer, 'x-hubspot-ratelimit-max');
  if (count === null || count <= 0) return {};
  const ms = headerNumber(answer, 'x-hubspot-ratelimit-interval-milliseconds') ?? windowMs;
  if (ms <= 0) return {};
  const remaining = headerNumber(answer, 'x-hubspot-ratelimit-remaining');
  return {
    buckets: { general: { count, ms: ms + arrivalSlackMs, ...(remaining === null ? {} : { remaining }) } },
  };
}

function verdict(answer: HttpAnswer, attempt: number): Verdict {
  const { status } = answer;
  // A page for people in place of an answer comes from something in between, and for a moment.
  if (status === 200 && isPage(answer)) return attempt < triesOfFew ? again(null) : { kind: 'done' };
  if (status < 400) return { kind: 'done' };
  const afterMs = retryAfterMs(answer);
  if (status === 429) return tooMany(answer, afterMs);
  if (status === 477) return moving(afterMs);
  if (status === 423) return { kind: 'again', afterMs: Math.max(lockedMs, afterMs ?? 0), untouched: true };
  if (transient.has(status)) return again(afterMs);
  if (fewTimes.has(status) && attempt < triesOfFew) return again(afterMs);
  return { kind: 'done' };
}

/** A page for people. */
export function isPage({ headers }: HttpAnswer): boolean {
  return headers['content-type']?.toLowerCase().startsWith('text/html') ?? false;
}

function again(afterMs: number | null): Verdict {
  return afterMs === null ? { kind: 'again' } : { kind: 'again', afterMs };
}

/** A 429 names its policy, but the search limit's comes bare: no policy, no Retry-After. */
function tooMany(answer: HttpAnswer, afterMs: number | null): Verdict {
  const policy = policyName(answer.text);
  if (policy.includes('DAILY')) {
    return {
      kind: 'stop',
      message: "HubSpot's daily limit of API calls is spent.",
      fix: "It starts anew at midnight in the account's time zone; run again after that, or let other apps call less.",
    };
  }
  const defaultMs = policy.includes('TEN_SECONDLY') ? intervalMs(answer) : secondMs;
  return { kind: 'again', afterMs: afterMs ?? defaultMs, untouched: true };
}

/** 477: HubSpot moves the account to another data centre, for up to a day. */
function moving(afterMs: number | null): Verdict {
  if (afterMs !== null && afterMs <= longWaitMs) return { kind: 'again', afterMs, untouched: true };
  const hours = afterMs === null ? 'up to 24' : String(Math.ceil(afterMs / 3_600_000));
  return {
    kind: 'stop',
    message: 'HubSpot is moving this account to another data centre.',
    fix: `Run again in ${hours} hours; nothing is lost.`,
  };
}

function policyName(text: string): string {
  return /"policyName"\s*:\s*"([^"]*)"/.exec(text)?.[1]?.toUpperCase() ?? '';
}

function intervalMs(answer: HttpAnswer): number {
  return headerNumber(answer, 'x-hubspot-ratelimit-interval-milliseconds') || windowMs;
}

/** Documented for 477 only; honoured wherever it comes: seconds, or a date by the server's own clock (RFC 9110, 10.2.3). */
function retryAfterMs(answer: HttpAnswer): number | null {
  const seconds = headerNumber(answer, 'retry-after');
  if (seconds !== null) return seconds < 0 ? null : seconds * 1000;
  const at = Date.parse(answer.headers['retry-after'] ?? '');
  const now = Date.parse(answer.headers.date ?? '');
  return Number.isNaN(at) || Number.isNaN(now) ? null : Math.max(0, at - now);
}

function headerNumber(answer: HttpAnswer, name: string): number | null {
  const text = answer.headers[name];
  if (text === undefined || text.trim() === '') return null;
  const value = Number(text);
  return Number.isFinite(value) ? value : null;
}
