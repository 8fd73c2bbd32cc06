import type { Batch, Deletion } from '../../src/model/connector.ts';
import type { EntityRow } from '../../src/model/entities.ts';
import { toMinorUnits } from '../../src/model/money.ts';
import type { Zone } from '../../src/model/zone.ts';
import { formatCursor } from './cursor.ts';
import { followPages } from './pages.ts';
import { rawPaths } from './paths.ts';
import { isRefused, type Session } from './session.ts';
import {
  type CampaignPage,
  campaignPage,
  type EmailPage,
  type EmailRecord,
  emailPage,
  type HubspotRecord,
  oneEmail,
} from './shapes.ts';
import { parseDay, parseInstant, parseText } from './values.ts';

const pageSize = 100;

/** Names outside this list are refused with 400 (developer documentation, "Campaigns"). */
const campaignProperties = [
  'hs_name',
  'hs_start_date',
  'hs_end_date',
  'hs_owner',
  'hs_currency_code',
  'hs_budget_items_sum_amount',
  'hs_spend_items_sum_amount',
] as const;

interface EmailPass {
  readonly stats: boolean;
  readonly archived: boolean;
}

function emailPages(
  session: Session,
  pass: EmailPass,
  { signal, first }: { readonly signal: AbortSignal; readonly first?: () => Promise<EmailPage> },
) {
  return followPages<EmailRecord>({
    where: `${session.name} marketing e-mails`,
    first: undefined,
    signal,
    fetch: (after) => (after === undefined && first ? first() : fetchEmails(session, pass, { after })),
  });
}

export async function fetchEmails(
  session: Session,
  pass: EmailPass,
  page: { readonly after: string | undefined; readonly limit?: number },
) {
  const { api } = session;
  const none = undefined;
  // The builder takes its options by position.
  const request = api.build.emails.marketingV3Emails(
    page.after,
    pass.archived ? true : none,
    none,
    none,
    none,
    none,
    none,
    pass.stats ? true : none,
    none,
    page.limit ?? pageSize,
  );
  return (await api.call({ what: 'marketing e-mails', request, shape: emailPage })).value;
}

/**
 * Read whole every time: counters move while the modification date stands still. The list with statistics leaves some
 * e-mails out, so a second pass without them finds the rest.
 */
export async function* readEmails(
  session: Session,
  { first, signal }: { readonly first: () => Promise<EmailPage>; readonly signal: AbortSignal },
): AsyncGenerator<Batch> {
  const at = session.now();
  const seen = new Set<string>();
  for await (const { results } of emailPages(session, { stats: true, archived: false }, { signal })) {
    for (const { id } of results) seen.add(id);
    yield toEmailBatch(session, results, at);
  }
  for await (const { results } of emailPages(session, { stats: false, archived: false }, { signal, first })) {
    const rest = results.filter(({ id }) => !seen.has(id));
    const complete: EmailRecord[] = [];
    for (const email of rest) complete.push(await withStats(session, email));
    if (complete.length > 0) yield toEmailBatch(session, complete, at);
  }
  yield {
    tables: [],
    deleted: await deletedEmails(session, signal),
    cursor: formatCursor({ phase: 'whole', at }),
  };
}

/** One by one an e-mail gives the statistics that the list kept back. */
async function withStats(session: Session, email: EmailRecord): Promise<EmailRecord> {
  if (!isSent(email)) return email;
  const { api } = session;
  try {
    const path = `${rawPaths.emails}/${encodeURIComponent(email.id)}`;
    const query = [['includeStats', 'true']] as const;
    return (await api.get({ what: 'marketing e-mails', path, query, shape: oneEmail })).value;
  } catch (error) {
    if (isRefused(error)) return email;
    throw error;
  }
}

async function deletedEmails(session: Session, signal: AbortSignal): Promise<readonly Deletion[]> {
  const deleted: Deletion[] = [];
  try {
    for await (const { results } of emailPages(session, { stats: false, archived: true }, { signal })) {
      for (const email of results) {
        if (email.archived !== true && !email.archivedAt) continue;
        const at = parseInstant(email.archivedAt ?? email.updatedAt, session.zone) ?? session.now();
        deleted.push({ id: email.id, at });
      }
    }
  } catch (error) {
    if (!isRefused(error)) throw error;
  }
  return deleted;
}

function toEmailBatch(session: Session, emails: readonly EmailRecord[], at: number): Batch {
  const rows = emails.map((email) => mapEmailStat(email, { zone: session.zone, at }));
  return { tables: [{ table: 'email_stat', rows }], deleted: [], cursor: null };
}

const unsent = /DRAFT|SCHEDULED|CANCEL|PROCESSING/i;

function isSent(email: EmailRecord): boolean {
  return Boolean(email.publishDate) && !unsent.test(email.state ?? '');
}

/** Counters, never HubSpot's ratios: its clickthroughratio is clicks by opens, in percent. */
export function mapEmailStat(
  email: EmailRecord,
  { zone, at }: { readonly zone: Zone; readonly at: number },
): EntityRow<'email_stat'> {
  const counters = email.stats?.counters ?? {};
  return {
    id: email.id,
    created_at: parseInstant(email.createdAt, zone),
    updated_at: parseInstant(email.updatedAt, zone),
    deleted_at: null,
    name: parseText(email.name),
    campaign_id: parseText(email.campaign),
    sent_at: isSent(email) ? parseInstant(email.publishDate, zone) : null,
    sent: counters.sent ?? null,
    delivered: counters.delivered ?? null,
    opens_unique: counters.open ?? null,
    clickers_unique: counters.click ?? null,
    bounced: counters.bounce ?? null,
    unsubscribed: counters.unsubscribed ?? null,
    spam: counters.spamreport ?? null,
    fetched_at: at,
  };
}

export async function fetchCampaigns(
  session: Session,
  page: { readonly after: string | undefined; readonly limit?: number },
) {
  const query: [string, string][] = [['limit', String(page.limit ?? pageSize)]];
  if (page.after !== undefined) query.push(['after', page.after]);
  for (const name of campaignProperties) query.push(['properties', name]);
  const { value } = await session.api.get({
    what: 'campaigns',
    path: rawPaths.campaigns,
    query,
    shape: campaignPage,
  });
  return value;
}

/** There is no change feed: all are read, and those that are missing are gone. */
export async function* readCampaigns(
  session: Session,
  { first, signal }: { readonly first: () => Promise<CampaignPage>; readonly signal: AbortSignal },
): AsyncGenerator<Batch> {
  const { currency } = await session.mapContext();
  const living: string[] = [];
  const pages = followPages<HubspotRecord>({
    where: `${session.name} campaigns`,
    first: undefined,
    signal,
    fetch: (after) => (after === undefined ? first() : fetchCampaigns(session, { after })),
  });
  for await (const { results } of pages) {
    living.push(...results.map(({ id }) => id));
    const rows = results.map((record) => mapCampaign(record, { zone: session.zone, currency }));
    yield { tables: [{ table: 'campaign', rows }], deleted: [], cursor: null };
  }
  const cursor = formatCursor({ phase: 'whole', at: session.now() });
  yield { tables: [], deleted: [], complete: living, cursor };
}

export function mapCampaign(
  record: HubspotRecord,
  own: { readonly zone: Zone; readonly currency: string },
): EntityRow<'campaign'> {
  const { properties } = record;
  const currency = parseText(properties.hs_currency_code)?.toUpperCase() ?? own.currency;
  return {
    id: record.id,
    created_at: parseInstant(record.createdAt, own.zone),
    updated_at: parseInstant(record.updatedAt, own.zone),
    deleted_at: null,
    name: parseText(properties.hs_name),
    owner_id: parseText(properties.hs_owner),
    starts_on: parseDay(properties.hs_start_date),
    ends_on: parseDay(properties.hs_end_date),
    cost_minor: toMinorUnits(properties.hs_spend_items_sum_amount, currency),
    budget_minor: toMinorUnits(properties.hs_budget_items_sum_amount, currency),
    currency,
  };
}
