import type { SandboxAnswer } from '../../../src/sandbox/server.ts';
import type { Tier } from './object-types.ts';
import type { Portal } from './portal.ts';
import { Refusal } from './refusal.ts';
import { dayOf } from './zone.ts';

/** May be changed while the sandbox runs. */
export interface Limits {
  /** Calls of one app in any ten seconds. */
  tenSecondly: number;
  /** Calls of all apps from midnight to midnight of the account. */
  daily: number;
  /** Searches of all apps in one second. */
  searchPerSecond: number;
}

export interface Usage {
  /** Starts within the last ten seconds, by app. */
  readonly calls: Map<string, number[]>;
  readonly searches: number[];
  daily: { day: string; used: number };
}

/** `exempt`: associations in batches; `open`: token calls, not counted at all. */
export type Bucket = 'calls' | 'search' | 'exempt' | 'open';

const windowMs = 10_000;

/** "Usage guidelines": by the account's tier, for privately distributed apps. */
export function limitsOf(tier: Tier): Limits {
  const small = { tenSecondly: 100, daily: 250_000, searchPerSecond: 5 };
  if (tier === 'free' || tier === 'starter') return small;
  return { tenSecondly: 190, daily: tier === 'enterprise' ? 1_000_000 : 625_000, searchPerSecond: 5 };
}

export function createUsage(): Usage {
  return { calls: new Map(), searches: [], daily: { day: '', used: 0 } };
}

/** Counts one call, or refuses it. */
export function countCall(portal: Portal, app: string, bucket: Bucket): void {
  if (bucket === 'open') return;
  const { limits, usage } = portal;
  const now = portal.now();
  turnDay(portal);
  if (usage.daily.used >= limits.daily) throw dailyRefusal(portal);
  if (bucket === 'search' && forget(usage.searches, now - 1000) >= limits.searchPerSecond) {
    throw new Refusal(429, { message: 'You have reached your secondly limit.', category: 'RATE_LIMITS' });
  }
  const calls = callsOf(usage, app);
  if (bucket === 'calls' && forget(calls, now - windowMs) >= limits.tenSecondly) throw burstRefusal(app);
  usage.daily.used += 1;
  if (bucket === 'search') usage.searches.push(now);
  if (bucket === 'calls') calls.push(now);
}

function callsOf(usage: Usage, app: string): number[] {
  const known = usage.calls.get(app);
  if (known) return known;
  const calls: number[] = [];
  usage.calls.set(app, calls);
  return calls;
}

/** Drops what lies at or before an instant; how many are left. */
function forget(starts: number[], before: number): number {
  while (starts.length > 0 && (starts[0] ?? 0) <= before) starts.shift();
  return starts.length;
}

/** The daily limit starts anew at midnight of the account's time zone. */
function turnDay(portal: Portal): void {
  const day = dayOf(portal.now(), portal.timeZone);
  if (portal.usage.daily.day !== day) portal.usage.daily = { day, used: 0 };
}

function burstRefusal(app: string): Refusal {
  return new Refusal(429, {
    message: 'You have reached your ten_secondly_rolling limit.',
    errorType: 'RATE_LIMIT',
    policyName: 'TEN_SECONDLY_ROLLING',
    groupName: `publicapi:private_app-api-calls-ten-secondly:${app}`,
  });
}

function dailyRefusal(portal: Portal): Refusal {
  return new Refusal(429, {
    message: 'You have reached your daily limit.',
    errorType: 'RATE_LIMIT',
    policyName: 'DAILY',
    groupName: `publicapi:private-apps-daily:${portal.id}`,
    requestId: `${portal.nextSerial()}`,
  });
}

/** Searches and batches of associations tell of the day only; OAuth apps learn nothing of the day. */
export function limitHeaders(
  portal: Portal,
  caller: { readonly app: string; readonly isPrivate: boolean },
  bucket: Bucket,
): NonNullable<SandboxAnswer['headers']> {
  const { limits, usage } = portal;
  const { isPrivate, app } = caller;
  const left = (max: number, used: number) => `${Math.max(0, max - used)}`;
  const daily = isPrivate
    ? {
        'X-HubSpot-RateLimit-Daily': `${limits.daily}`,
        'X-HubSpot-RateLimit-Daily-Remaining': left(limits.daily, usage.daily.used),
      }
    : {};
  if (bucket === 'open') return {};
  if (bucket !== 'calls') return daily;
  const secondly = Math.floor(limits.tenSecondly / 10);
  return {
    ...daily,
    'X-HubSpot-RateLimit-Interval-Milliseconds': `${windowMs}`,
    'X-HubSpot-RateLimit-Max': `${limits.tenSecondly}`,
    'X-HubSpot-RateLimit-Remaining': left(limits.tenSecondly, callsOf(usage, app).length),
    'X-HubSpot-RateLimit-Secondly': `${secondly}`,
    'X-HubSpot-RateLimit-Secondly-Remaining': `${secondly}`,
  };
}
