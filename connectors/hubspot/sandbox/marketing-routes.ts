import type { SandboxAnswer } from '../../../src/sandbox/server.ts';
import { readFields, readFlag, readInputs, readLimit, readNames, requireText } from './body.ts';
import { type Call, requireAnyScope, requireScopes } from './call.ts';
import { addCounters, counterRatios, type Counters, noCounters } from './email-counters.ts';
import type { Campaign, MarketingEmail, Values } from './portal.ts';
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
  const { query, portal, path } = call;
  const includeStats = readFlag(query, 'includeStats');
  const limit = readLimit(query, { standard: 10, max: 100 });
  const offset = Number(query.get('after') ?? 0);
  if (!Number.isInteger(offset) || offset < 0) throw invalid('after is not valid');
  const emails = selectEmails(call).filter(({ counters }) => !includeStats || counters !== null);
  const end = offset + limit;
  const next = { after: `${end}`, link: `${portal.url}${path}?after=${end}` };
  const body = {
    total: emails.length,
    results: emails.slice(offset, end).map((email) => showEmail(email, includeStats)),
    ...(end < emails.length ? { paging: { next } } : {}),
  };
  return { status: 200, body };
}

function openEmails(call: Call): void {
  if (call.portal.without.has('marketing_emails')) requireScopes(call, ['without marketing_emails']);
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

function showEmail({ counters, ...email }: MarketingEmail, includeStats: boolean): object {
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

function sentWithin(call: Call, from: number, to: number): MarketingEmail[] {
  const ids = readNames(call.query, 'emailIds');
  return [...call.portal.emails.values()].filter(({ id, publishDate, counters }) => {
    const at = publishDate === null ? Number.NaN : Date.parse(publishDate);
    return counters !== null && at >= from && at < to && (ids.length === 0 || ids.includes(id));
  });
}

export function emailStatistics(call: Call): SandboxAnswer {
  openEmails(call);
  const { from, to } = readSpan(call);
  const emails = sentWithin(call, from, to);
  const aggregate = showStats(addCounters(emails.map(({ counters }) => counters ?? noCounters)));
  const body = { aggregate, campaignAggregations: {}, emails: emails.map(({ id }) => Number(id)) };
  return { status: 200, body };
}

/** Intervals in which nothing was sent hold empty maps. */
export function emailHistogram(call: Call): SandboxAnswer {
  openEmails(call);
  const { from, to } = readSpan(call);
  const name = call.query.get('interval') ?? 'DAY';
  const stepMs = intervals[name];
  if (stepMs === undefined || (to - from) / stepMs > 5000) throw invalid(`interval ${name} is not supported here`);
  const results: unknown[] = [];
  for (let start = from; start < to; start += stepMs) {
    const end = Math.min(start + stepMs, to);
    const emails = sentWithin(call, start, end);
    const aggregations =
      emails.length === 0
        ? { counters: {}, ratios: {}, deviceBreakdown: {}, qualifierStats: {} }
        : showStats(addCounters(emails.map(({ counters }) => counters ?? noCounters)));
    results.push({ aggregations, interval: { start: toIso(start), end: toIso(end) } });
  }
  return { status: 200, body: { total: results.length, results } };
}

const campaignProperties = [
  'hs_name',
  'hs_start_date',
  'hs_end_date',
  'hs_notes',
  'hs_audience',
  'hs_goal',
  'hs_owner',
  'hs_currency_code',
  'hs_created_by_user_id',
  'hs_campaign_status',
  'hs_object_id',
  'hs_utm',
  'hs_color_hex',
  'hs_budget_items_sum_amount',
  'hs_spend_items_sum_amount',
];

function openCampaigns(call: Call, scope = 'marketing.campaigns.read'): void {
  if (call.portal.without.has('marketing_campaigns') || call.portal.without.has('campaigns')) {
    requireScopes(call, ['without campaigns']);
  }
  requireScopes(call, [scope], 'professional');
}

function showCampaign({ id, properties, createdAt, updatedAt }: Campaign, names: readonly string[]): object {
  const unknown = names.find((name) => !campaignProperties.includes(name));
  if (unknown !== undefined) throw invalid(`Unknown campaign property ${unknown}`);
  const shown: Record<string, string | null> = {};
  for (const name of names) shown[name] = properties[name] ?? null;
  return { id, properties: shown satisfies Values, createdAt, updatedAt };
}

export function listCampaigns(call: Call): SandboxAnswer {
  openCampaigns(call);
  const { portal, query, path } = call;
  const names = readNames(query, 'properties');
  const limit = readLimit(query, { standard: 50, max: 100 });
  const offset = Number(query.get('after') ?? 0);
  if (!Number.isInteger(offset) || offset < 0) throw invalid('after is not valid');
  const campaigns = [...portal.campaigns.values()];
  const end = offset + limit;
  const next = { after: `${end}`, link: `${portal.url}${path}?after=${end}` };
  const body = {
    total: campaigns.length,
    results: campaigns.slice(offset, end).map((campaign) => showCampaign(campaign, names)),
    ...(end < campaigns.length ? { paging: { next } } : {}),
  };
  return { status: 200, body };
}

function pickCampaign(call: Call): Campaign {
  const campaign = call.portal.campaigns.get(call.params.id ?? '');
  if (!campaign) throw notFound();
  return campaign;
}

export function getCampaign(call: Call): SandboxAnswer {
  openCampaigns(call);
  return { status: 200, body: showCampaign(pickCampaign(call), readNames(call.query, 'properties')) };
}

export function readCampaignBatch(call: Call): SandboxAnswer {
  openCampaigns(call);
  const names = readNames(call.query, 'properties');
  const inputs = readInputs(readFields(call.body), 50).map((input) => requireText(input.id, 'id'));
  const found = inputs.flatMap((id) => call.portal.campaigns.get(id) ?? []);
  const at = toIso(call.portal.now());
  const results = found.map((campaign) => showCampaign(campaign, names));
  return { status: 200, body: { status: 'COMPLETE', results, startedAt: at, completedAt: at } };
}

export function campaignMetrics(call: Call): SandboxAnswer {
  openCampaigns(call);
  const { influencedContacts } = pickCampaign(call);
  return {
    status: 200,
    body: { sessions: 0, newContactsFirstTouch: 0, newContactsLastTouch: 0, influencedContacts },
  };
}

export function campaignRevenue(call: Call): SandboxAnswer {
  openCampaigns(call, 'marketing.campaigns.revenue.read');
  const { influencedContacts } = pickCampaign(call);
  return {
    status: 200,
    body: {
      contactsNumber: influencedContacts,
      dealAmount: 0,
      dealsNumber: 0,
      revenueAmount: 0,
      currencyCode: call.portal.currency,
    },
  };
}

export function campaignBudget(call: Call): SandboxAnswer {
  openCampaigns(call);
  const { properties } = pickCampaign(call);
  const budgetTotal = Number(properties.hs_budget_items_sum_amount ?? 0);
  const spendTotal = Number(properties.hs_spend_items_sum_amount ?? 0);
  const item = (amount: number) => (amount === 0 ? [] : [{ id: '1', name: 'Total', amount, order: 0 }]);
  const body = {
    budgetItems: item(budgetTotal),
    spendItems: item(spendTotal),
    budgetTotal,
    spendTotal,
    remainingBudget: budgetTotal - spendTotal,
    currencyCode: call.portal.currency,
  };
  return { status: 200, body };
}

export function campaignAssets(call: Call): SandboxAnswer {
  openCampaigns(call);
  const campaign = pickCampaign(call);
  const isEmail = call.params.assetType === 'MARKETING_EMAIL';
  const emails = isEmail ? [...call.portal.emails.values()].filter((email) => email.campaign === campaign.id) : [];
  return { status: 200, body: { results: emails.map(({ id, name }) => ({ id, name })) } };
}
