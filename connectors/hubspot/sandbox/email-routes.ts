import { createZone, type Zone } from '../../../src/model/zone.ts';
import type { SandboxAnswer } from '../../../src/sandbox/server.ts';
import { readFlag, readNames, requireText } from './body.ts';
import { type Call, refuseWithheld, requireAnyScope } from './call.ts';
import { addCounters, type Counters, counterRatios, noCounters } from './email-counters.ts';
import { pageByOffset } from './paging.ts';
import type { EmailSend, MarketingEmail } from './portal.ts';
import { toIso } from './read-value.ts';
import { invalid, notFound } from './refusal.ts';

const emailScopes = ['content', 'marketing.email.read'];
const dayMs = 86_400_000;
const intervals: Readonly<Record<string, number>> = {
  MINUTE: 60_000,
  HOUR: 3_600_000,
  DAY: dayMs,
  WEEK: 7 * dayMs,
  MONTH: 30 * dayMs,
  YEAR: 365 * dayMs,
};

export function listEmails(call: Call): SandboxAnswer {
  openEmails(call);
  const includeStats = readFlag(call.query, 'includeStats');
  const emails = selectEmails(call).filter(({ counters }) => !includeStats || counters !== null);
  const { total, results, paging } = pageByOffset(call, emails, { standard: 10, max: 100 });
  return {
    status: 200,
    body: { total, results: results.map((email) => showEmail(email, includeStats)), ...paging },
  };
}

function openEmails(call: Call): void {
  refuseWithheld(call, ['marketing_emails'], ['marketing.email.read']);
  requireAnyScope(call, emailScopes);
}

function selectEmails({ query, portal }: Call): MarketingEmail[] {
  const within = (value: string | null, name: string) => {
    const after = query.get(`${name}After`);
    const before = query.get(`${name}Before`);
    const at = value === null ? Number.NaN : Date.parse(value);
    if (after && !(at > toInstant(after))) return false;
    return !(before && !(at < toInstant(before)));
  };
  const archived = readFlag(query, 'archived');
  const sort = query.get('sort') ?? 'createdAt';
  const key = (email: MarketingEmail) => sortKey(email, sort.replace(/^-/, ''));
  const sign = sort.startsWith('-') ? -1 : 1;
  return [...portal.emails.values()]
    .filter((email) => email.archived === archived)
    .filter((email) => within(email.updatedAt, 'updated') && within(email.createdAt, 'created'))
    .filter((email) => within(email.publishDate, 'published'))
    .sort((a, b) => sign * (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : Number(a.id) - Number(b.id)));
}

function toInstant(text: string): number {
  const at = /^\d+$/.test(text) ? Number(text) : Date.parse(text);
  if (Number.isNaN(at)) throw invalid(`${text} is not a valid date`);
  return at;
}

function sortKey(email: MarketingEmail, name: string): string {
  const keys: Readonly<Record<string, string>> = {
    name: email.name,
    createdAt: email.createdAt,
    updatedAt: email.updatedAt,
    publishDate: email.publishDate ?? '',
  };
  const key = keys[name];
  if (key === undefined) throw invalid(`sort by ${name} is not supported`);
  return key;
}

function showEmail({ counters, sends: _, ...email }: MarketingEmail, includeStats: boolean): object {
  return { ...email, ...(includeStats && counters ? { stats: showStats(counters) } : {}) };
}

/** Ratios are in percent. */
function showStats(counters: Counters): object {
  const devices = { computer: 0, mobile: 0, unknown: 0 };
  const open = counters.open ?? 0;
  const click = counters.click ?? 0;
  return {
    counters,
    ratios: counterRatios(counters),
    deviceBreakdown: {
      open_device_type: { ...devices, computer: Math.ceil(open / 2), mobile: Math.floor(open / 2) },
      click_device_type: { ...devices, computer: Math.ceil(click / 2), mobile: Math.floor(click / 2) },
    },
    qualifierStats: {},
  };
}

export function getEmail(call: Call): SandboxAnswer {
  openEmails(call);
  const email = call.portal.emails.get(call.params.id ?? '');
  if (!email) throw notFound();
  return { status: 200, body: showEmail(email, readFlag(call.query, 'includeStats')) };
}

function readSpan({ query }: Call): { readonly from: number; readonly to: number } {
  return {
    from: toInstant(requireText(query.get('startTimestamp'), 'startTimestamp')),
    to: toInstant(requireText(query.get('endTimestamp'), 'endTimestamp')),
  };
}

interface Sent {
  readonly emails: readonly MarketingEmail[];
  readonly counters: Counters;
}

/** What was sent in a span of time, with all that came of it until now. */
function sentWithin(call: Call, from: number, to: number): Sent {
  const ids = readNames(call.query, 'emailIds');
  const emails: MarketingEmail[] = [];
  const all: Counters[] = [];
  for (const email of call.portal.emails.values()) {
    if (email.counters === null || (ids.length > 0 && !ids.includes(email.id))) continue;
    const sends = sendsOf(email).filter(({ at }) => at >= from && at < to);
    if (sends.length === 0) continue;
    emails.push(email);
    all.push(...sends.map(({ counters }) => counters));
  }
  return { emails, counters: addCounters(all) };
}

function sendsOf({ sends, publishDate, counters }: MarketingEmail): readonly EmailSend[] {
  if (sends) return sends;
  return publishDate === null ? [] : [{ at: Date.parse(publishDate), counters: counters ?? noCounters }];
}

export function emailStatistics(call: Call): SandboxAnswer {
  openEmails(call);
  const { from, to } = readSpan(call);
  const { emails, counters } = sentWithin(call, from, to);
  const aggregate = showStats(counters);
  const body = { aggregate, campaignAggregations: {}, emails: emails.map(({ id }) => Number(id)) };
  return { status: 200, body };
}

/** Days are those of the account; intervals in which nothing was sent hold empty maps. */
export function emailHistogram(call: Call): SandboxAnswer {
  openEmails(call);
  const { from, to } = readSpan(call);
  const name = call.query.get('interval') ?? 'DAY';
  const stepMs = intervals[name];
  if (stepMs === undefined || (to - from) / stepMs > 5000)
    throw invalid(`interval ${name} is not supported here`);
  const results: unknown[] = [];
  const zone = createZone(call.portal.timeZone);
  for (let start = from; start < to; ) {
    const next = name === 'DAY' ? dayAfter(zone, start) : start + stepMs;
    const end = Math.min(next, to);
    const { emails, counters } = sentWithin(call, start, end);
    const aggregations =
      emails.length === 0
        ? { counters: {}, ratios: {}, deviceBreakdown: {}, qualifierStats: {} }
        : showStats(counters);
    results.push({ aggregations, interval: { start: toIso(start), end: toIso(end) } });
    start = end;
  }
  return { status: 200, body: { total: results.length, results } };
}

function dayAfter(zone: Zone, at: number): number {
  const noon = Date.parse(`${zone.dateOf(at)}T12:00:00Z`);
  return zone.startOf(new Date(noon + dayMs).toISOString().slice(0, 10));
}
