import { type Fields, isFields } from './body.ts';
import { badRow } from './data-rows.ts';
import { addCounters, type Counters, fillCounters } from './email-counters.ts';
import { definePipelineProperties } from './pipelines.ts';
import type { Campaign, EmailSend, ExchangeRate, MarketingEmail, Owner, Pipeline, Portal } from './portal.ts';
import { toIso } from './read-value.ts';

const text = (value: unknown, standard = '') =>
  value === undefined || value === null ? standard : String(value);
const textOrNull = (value: unknown) => (value === undefined || value === null ? null : String(value));
const numberOrNull = (value: unknown) => (typeof value === 'number' ? value : null);

/** Owners in the API's own shape; what a file leaves out is filled in. */
export function readOwner(portal: Portal, row: Fields): Owner {
  const at = toIso(portal.startedAt);
  const archived = row.archived === true;
  const userId = numberOrNull(row.userId);
  const teams = Array.isArray(row.teams) ? row.teams.filter(isFields) : null;
  return {
    id: text(row.id),
    email: text(row.email),
    type: row.type === 'QUEUE' ? 'QUEUE' : 'PERSON',
    firstName: text(row.firstName),
    lastName: text(row.lastName),
    userId: archived ? null : userId,
    userIdIncludingInactive: numberOrNull(row.userIdIncludingInactive) ?? userId,
    ...(teams
      ? {
          teams: teams.map((team) => ({
            id: text(team.id),
            name: text(team.name),
            primary: team.primary === true,
          })),
        }
      : {}),
    createdAt: text(row.createdAt, at),
    updatedAt: text(row.updatedAt, at),
    archived,
  };
}

export function addOwner(portal: Portal, owner: Owner): void {
  portal.owners.set(owner.id, owner);
  for (const { id, name } of owner.teams ?? []) portal.teams.set(id, { id, name });
}

export function loadOwners(portal: Portal, rows: readonly Fields[], path: string): void {
  for (const [index, row] of rows.entries()) {
    if (text(row.id) === '') throw badRow(`${path}:${index + 1} id`, 'is missing');
    addOwner(portal, readOwner(portal, row));
  }
}

export function readPipeline(portal: Portal, row: Fields, displayOrder: number): Pipeline {
  const at = toIso(portal.startedAt);
  const stages = Array.isArray(row.stages) ? row.stages.filter(isFields) : [];
  const common = (item: Fields, order: number) => ({
    id: text(item.id),
    label: text(item.label, text(item.id)),
    displayOrder: numberOrNull(item.displayOrder) ?? order,
    archived: item.archived === true,
    createdAt: text(item.createdAt, at),
    updatedAt: text(item.updatedAt, at),
  });
  return {
    ...common(row, displayOrder),
    stages: stages.map((stage, order) => ({ ...common(stage, order), metadata: readTexts(stage.metadata) })),
  };
}

function readTexts(raw: unknown): Record<string, string> {
  return Object.fromEntries(
    Object.entries(isFields(raw) ? raw : {}).map(([name, value]) => [name, String(value)]),
  );
}

export function loadPipelines(
  portal: Portal,
  object: string,
  { rows, path }: { readonly rows: readonly Fields[]; readonly path: string },
): void {
  if (!portal.pipelines.has(object)) throw badRow(path, `names ${object}, which have no pipelines`);
  portal.pipelines.set(
    object,
    rows.map((row, index) => readPipeline(portal, row, index)),
  );
  definePipelineProperties(portal, object);
}

export function readEmail(portal: Portal, row: Fields): MarketingEmail {
  const at = toIso(portal.startedAt);
  const stats = isFields(row.stats) ? row.stats : row;
  const sends = readSends(row.sends);
  const given = isFields(stats.counters) ? stats.counters : null;
  const counters = sends ? addCounters(sends.map((send) => send.counters)) : given;
  return {
    id: text(row.id),
    name: text(row.name),
    subject: text(row.subject),
    state: text(row.state, 'PUBLISHED'),
    type: text(row.type, 'BATCH_EMAIL'),
    publishDate: textOrNull(row.publishDate),
    campaign: textOrNull(row.campaign),
    campaignName: textOrNull(row.campaignName),
    createdAt: text(row.createdAt, at),
    updatedAt: text(row.updatedAt, at),
    archived: row.archived === true,
    counters: counters ? readCounters(counters) : null,
    sends,
  };
}

function readCounters(raw: Fields): Counters {
  return fillCounters(Object.fromEntries(Object.entries(raw).map(([name, value]) => [name, Number(value)])));
}

/** `sends`: `[{ at, counters }]`, what an automated e-mail sent when; the sandbox adds them up. */
function readSends(raw: unknown): readonly EmailSend[] | null {
  if (!Array.isArray(raw)) return null;
  return raw.filter(isFields).map(({ at, counters }) => ({
    at: typeof at === 'number' ? at : Date.parse(String(at)),
    counters: readCounters(isFields(counters) ? counters : {}),
  }));
}

export function loadEmails(portal: Portal, rows: readonly Fields[], path: string): void {
  for (const [index, row] of rows.entries()) {
    if (text(row.id) === '') throw badRow(`${path}:${index + 1} id`, 'is missing');
    portal.emails.set(text(row.id), readEmail(portal, row));
  }
}

export function readRate(portal: Portal, row: Fields): ExchangeRate {
  const at = toIso(portal.startedAt);
  return {
    id: text(row.id),
    fromCurrencyCode: text(row.fromCurrencyCode).toUpperCase(),
    toCurrencyCode: text(row.toCurrencyCode, portal.currency).toUpperCase(),
    conversionRate: Number(row.conversionRate),
    effectiveAt: text(row.effectiveAt, at),
    visibleInUI: row.visibleInUI !== false,
    createdAt: text(row.createdAt, at),
    updatedAt: text(row.updatedAt, at),
  };
}

export function loadRates(portal: Portal, rows: readonly Fields[], path: string): void {
  for (const [index, row] of rows.entries()) {
    if (text(row.id) === '') throw badRow(`${path}:${index + 1} id`, 'is missing');
    portal.rates.set(text(row.id), readRate(portal, row));
  }
}

export function readCampaign(portal: Portal, row: Fields): Campaign {
  const at = toIso(portal.startedAt);
  const properties = Object.entries(isFields(row.properties) ? row.properties : {});
  return {
    id: text(row.id),
    properties: Object.fromEntries(properties.map(([name, value]) => [name, textOrNull(value)])),
    createdAt: text(row.createdAt, at),
    updatedAt: text(row.updatedAt, at),
    influencedContacts: numberOrNull(row.influencedContacts) ?? 0,
    reports: readNumbers(row.reports),
  };
}

/** Figures of the reports by their names there: `{ sessions: 12, revenueAmount: 3400 }`. */
function readNumbers(raw: unknown): Record<string, number> {
  const figures = Object.entries(isFields(raw) ? raw : {});
  return Object.fromEntries(figures.map(([name, value]) => [name, Number(value)]));
}

export function loadCampaigns(portal: Portal, rows: readonly Fields[], path: string): void {
  for (const [index, row] of rows.entries()) {
    if (text(row.id) === '') throw badRow(`${path}:${index + 1} id`, 'is missing');
    portal.campaigns.set(text(row.id), readCampaign(portal, row));
  }
}
