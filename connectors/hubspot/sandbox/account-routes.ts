import type { SandboxAnswer } from '../../../src/sandbox/server.ts';
import { type Call, requireScopes } from './call.ts';
import { pageByOffset } from './paging.ts';
import type { ExchangeRate } from './portal.ts';
import { toIso } from './read-value.ts';
import { nextMidnight, zoneOffsetMs } from './zone.ts';

export function accountDetails({ portal }: Call): SandboxAnswer {
  const offsetMs = zoneOffsetMs(portal.now(), portal.timeZone);
  const minutes = Math.abs(Math.round(offsetMs / 60_000));
  const two = (value: number) => `${value}`.padStart(2, '0');
  const body = {
    portalId: portal.id,
    accountType: 'STANDARD',
    timeZone: portal.timeZone,
    companyCurrency: portal.currency,
    additionalCurrencies: [...new Set([...portal.rates.values()].map((rate) => rate.fromCurrencyCode))],
    utcOffset: `${offsetMs < 0 ? '-' : '+'}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`,
    utcOffsetMilliseconds: offsetMs,
    uiDomain: 'app.hubspot.com',
    dataHostingLocation: 'eu1',
  };
  return { status: 200, body };
}

export function dailyUsage({ portal }: Call): SandboxAnswer {
  const now = portal.now();
  const usage = {
    name: 'private-apps-api-calls-daily',
    usageLimit: portal.limits.daily,
    currentUsage: portal.usage.daily.used,
    collectedAt: toIso(now),
    fetchStatus: 'SUCCESS',
    resetsAt: toIso(nextMidnight(now, portal.timeZone)),
  };
  return { status: 200, body: { results: [usage] } };
}

export function companyCurrency(call: Call): SandboxAnswer {
  requireScopes(call, ['settings.currencies.read']);
  return { status: 200, body: { currencyCode: call.portal.currency } };
}

/** A portal with one currency has no rates; one with several keeps each rate with the instant from which it holds. */
export function exchangeRates(call: Call): SandboxAnswer {
  requireScopes(call, ['settings.currencies.read']);
  const all = [...call.portal.rates.values()].sort((a, b) => (a.effectiveAt < b.effectiveAt ? -1 : 1));
  const { results, paging } = pageByOffset(call, all, { standard: 100, max: 100 });
  return { status: 200, body: { results, ...paging } };
}

export function currentRates(call: Call): SandboxAnswer {
  requireScopes(call, ['settings.currencies.read']);
  const now = toIso(call.portal.now());
  const newest = new Map<string, ExchangeRate>();
  for (const rate of call.portal.rates.values()) {
    const known = newest.get(rate.fromCurrencyCode)?.effectiveAt ?? '';
    if (rate.effectiveAt <= now && rate.effectiveAt >= known) newest.set(rate.fromCurrencyCode, rate);
  }
  return { status: 200, body: { results: [...newest.values()] } };
}

const dispositions = [
  ['f240bbac-87c9-4f6e-bf70-924b57d47db7', 'Connected'],
  ['73a0d17f-1163-4015-bdd5-ec830791da20', 'No answer'],
  ['9d9162e7-6cf3-4944-bf63-4dff82258764', 'Busy'],
  ['a4c4c377-d246-4b32-a13b-75a56a4cd0ff', 'Left live message'],
  ['b2cf5968-551e-4856-9783-52b3da59a7d0', 'Left voicemail'],
  ['17b47fee-58de-441e-a44c-c6300d46f273', 'Wrong number'],
] as const;

export function listDispositions(): SandboxAnswer {
  return { status: 200, body: dispositions.map(([id, label]) => ({ id, label, deleted: false })) };
}
