import { type Answer, instant, invalid, notFound, type Question } from './portal-answer.ts';
import { dealPipelines, owners, ticketPipelines } from './portal-company.ts';
import type { Portal } from './portal-state.ts';

const dayMs = 86_400_000;

/** GET /crm/v3/owners: one a page, the archived ones in a pass of their own. */
export function listOwners(portal: Portal, { query }: Question): Answer {
  const limit = Number(query.get('limit') ?? 100);
  if (limit > 100) return invalid(portal, `limit ${limit} of owners`);
  const wantsArchived = query.get('archived') === 'true';
  const found = owners.filter((owner) => 'archived' in owner === wantsArchived);
  const at = Number(query.get('after') ?? 0);
  const teams = [{ name: 'Ventas', primary: true, id: 5 }];
  const results = found.slice(at, at + 1).map((owner) => ({
    ...(owner.type === 'PERSON' && !wantsArchived && { teams }),
    ...owner,
    updatedAt: '2026-01-02T03:04:05Z',
    createdAt: '2026-01-02T03:04:05.678Z',
  }));
  const next = at + 1 < found.length ? { paging: { next: { after: String(at + 1) } } } : { paging: null };
  return { status: 200, body: { ...next, results } };
}

export function listPipelines(type: string): Answer {
  if (type === 'deals') return { status: 200, body: { results: dealPipelines } };
  return type === 'tickets' ? { status: 200, body: { results: ticketPipelines } } : notFound;
}

export function showAccount(): Answer {
  const money = { companyCurrency: 'INR', additionalCurrencies: ['USD'] };
  const zone = { timeZone: 'Asia/Kolkata', utcOffset: '+05:30', utcOffsetMilliseconds: 19_800_000 };
  return {
    status: 200,
    body: { ...zone, ...money, accountType: 'STANDARD', portalId: 7, uiDomain: 'app-eu1.hubspot.com' },
  };
}

function emailAt(portal: Portal, number: number): Record<string, unknown> {
  const at = portal.now() - number * 20 * dayMs;
  const counters = {
    sent: '200',
    delivered: 190,
    open: number * 10,
    click: 5,
    bounce: 10,
    unsubscribed: null,
  };
  return {
    stats: { counters, ratios: { openratio: 99 } },
    state: 'PUBLISHED',
    type: 'BATCH_EMAIL',
    publishDate: instant(at),
    updatedAt: instant(at),
    name: `Newsletter ${number} ¡hola!`,
    id: number,
  };
}

/** GET /marketing/v3/emails: with statistics the second one is left out. */
export function listEmails(portal: Portal, { query }: Question): Answer {
  if (query.get('archived') === 'true') return { status: 200, body: { results: [] } };
  const withStats = query.get('includeStats') === 'true';
  const all = [1, 2, 3]
    .filter((number) => !withStats || number !== 2)
    .map((number) => emailAt(portal, number));
  const shown = withStats ? all : all.map(({ stats, ...email }) => email);
  return {
    status: 200,
    body: { total: shown.length, results: shown.slice(0, Number(query.get('limit') ?? 10)) },
  };
}

export function showEmail(portal: Portal, id: string): Answer {
  return ['1', '2', '3'].includes(id) ? { status: 200, body: emailAt(portal, Number(id)) } : notFound;
}
