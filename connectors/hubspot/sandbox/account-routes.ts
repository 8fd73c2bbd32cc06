import type { SandboxAnswer } from '../../../src/sandbox/server.ts';
import { readFlag, readLimit, readNames } from './body.ts';
import { type Call, requireAnyScope, requireScopes } from './call.ts';
import { nextMidnight } from './limits.ts';
import { requireType } from './object-type.ts';
import type { ObjectType, Owner, Pipeline } from './portal.ts';
import { ownProperties } from './property-routes.ts';
import { toIso } from './read-value.ts';
import { invalid, notFound } from './refusal.ts';
import { findStage } from './rules.ts';

const maxOwners = 500;

export function accountDetails({ portal }: Call): SandboxAnswer {
  const offsetMs = zoneOffsetMs(portal.now(), portal.timeZone);
  const minutes = Math.abs(Math.round(offsetMs / 60_000));
  const two = (value: number) => `${value}`.padStart(2, '0');
  const body = {
    portalId: portal.id,
    accountType: 'STANDARD',
    timeZone: portal.timeZone,
    companyCurrency: portal.currency,
    additionalCurrencies: [],
    utcOffset: `${offsetMs < 0 ? '-' : '+'}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`,
    utcOffsetMilliseconds: offsetMs,
    uiDomain: 'app.hubspot.com',
    dataHostingLocation: 'eu1',
  };
  return { status: 200, body };
}

function zoneOffsetMs(at: number, timeZone: string): number {
  const local = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'medium' }).format(at);
  return Date.parse(`${local.replace(' ', 'T')}Z`) - Math.floor(at / 1000) * 1000;
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

/** A portal with one currency has no rates. */
export function exchangeRates(call: Call): SandboxAnswer {
  requireScopes(call, ['settings.currencies.read']);
  return { status: 200, body: { results: [] } };
}

export function listTeams(call: Call): SandboxAnswer {
  requireScopes(call, ['settings.users.teams.read']);
  const owners = [...call.portal.owners.values()];
  const members = (teamId: string, primary: boolean) =>
    owners
      .filter(({ teams }) => teams?.some((team) => team.id === teamId && team.primary === primary))
      .flatMap(({ userId }) => (userId === null ? [] : `${userId}`));
  const results = [...call.portal.teams.values()].map(({ id, name }) => ({
    id,
    name,
    userIds: members(id, true),
    secondaryUserIds: members(id, false),
  }));
  return { status: 200, body: { results } };
}

export function listOwners(call: Call): SandboxAnswer {
  requireScopes(call, ['crm.objects.owners.read']);
  refuseOwnersWithheld(call);
  const { portal, query, path } = call;
  const limit = readLimit(query, { standard: 100, max: maxOwners });
  const after = query.get('after') ?? '';
  const email = query.get('email')?.toLowerCase();
  const archived = readFlag(query, 'archived');
  const owners = [...portal.owners.values()]
    .filter((owner) => owner.archived === archived && (!email || owner.email.toLowerCase() === email))
    .sort((a, b) => Number(a.id) - Number(b.id))
    .filter((owner) => after === '' || Number(owner.id) > Number(after));
  const results = owners.slice(0, limit);
  const last = results.at(-1)?.id ?? '';
  const next = { after: last, link: `${portal.url}${path}?after=${last}` };
  return { status: 200, body: { results, ...(owners.length > limit ? { paging: { next } } : {}) } };
}

function refuseOwnersWithheld({ portal }: Call): void {
  if (portal.without.has('owners')) throw notFound();
}

export function getOwner(call: Call): SandboxAnswer {
  requireScopes(call, ['crm.objects.owners.read']);
  const archived = readFlag(call.query, 'archived');
  const owner = pickOwner(call);
  if (!owner || owner.archived !== archived) throw notFound();
  return { status: 200, body: owner };
}

function pickOwner({ portal, params, query }: Call): Owner | undefined {
  const { id = '' } = params;
  if (query.get('idProperty') !== 'userId') return portal.owners.get(id);
  return [...portal.owners.values()].find(({ userIdIncludingInactive }) => `${userIdIncludingInactive}` === id);
}

function openPipelines(call: Call): { readonly type: ObjectType; readonly pipelines: readonly Pipeline[] } {
  const type = requireType(call.portal, call.params.type ?? '');
  const { spec } = type;
  requireAnyScope(call, [...spec.read, `${spec.schemaScope}.read`], spec.tier);
  if (call.portal.without.has(spec.name)) requireScopes(call, [`without ${spec.name}`]);
  const pipelines = call.portal.pipelines.get(spec.name);
  if (!pipelines) throw invalid(`${spec.name} have no pipelines`);
  return { type, pipelines };
}

export function listPipelines(call: Call): SandboxAnswer {
  return { status: 200, body: { results: openPipelines(call).pipelines } };
}

export function getPipeline(call: Call): SandboxAnswer {
  return { status: 200, body: pickPipeline(call) };
}

function pickPipeline(call: Call): Pipeline {
  const pipeline = openPipelines(call).pipelines.find(({ id }) => id === call.params.pipeline);
  if (!pipeline) throw notFound();
  return pipeline;
}

export function listStages(call: Call): SandboxAnswer {
  return { status: 200, body: { results: pickPipeline(call).stages } };
}

export function getStage(call: Call): SandboxAnswer {
  const stage = findStage(call.portal, openPipelines(call).type, call.params.stage);
  if (!stage) throw notFound();
  return { status: 200, body: stage };
}

export function auditPipeline(call: Call): SandboxAnswer {
  const pipeline = pickPipeline(call);
  const entry = {
    portalId: call.portal.id,
    identifier: pipeline.id,
    action: 'CREATE',
    timestamp: pipeline.createdAt,
    fromUserId: 9_000_001,
    rawObject: pipeline,
  };
  return { status: 200, body: { results: [entry] } };
}

const recordLimit = 15_000_000;
const customRecordLimit = 1_500_000;

export function recordLimits({ portal }: Call): SandboxAnswer {
  const show = (types: readonly ObjectType[], limit: number) =>
    types.map(({ spec, records, archived }) => {
      const usage = records.size - archived.size;
      return { objectTypeId: spec.typeId, limit, usage, percentage: (100 * usage) / limit };
    });
  const types = [...portal.types.values()];
  const body = {
    hubspotDefinedObjectTypes: show(types.filter(({ spec }) => !spec.custom), recordLimit),
    customObjectTypes: show(types.filter(({ spec }) => spec.custom), customRecordLimit),
  };
  return { status: 200, body };
}

export function propertyLimits({ portal, query }: Call): SandboxAnswer {
  const limit = portal.tier === 'free' ? 10 : 1000;
  const asked = readNames(query, 'objectTypeId');
  const byObjectType = [...portal.types.values()]
    .filter(({ spec }) => asked.length === 0 || asked.includes(spec.typeId))
    .map((type) => ({ objectTypeId: type.spec.typeId, limit, usage: ownProperties(type).length }));
  let overallUsage = 0;
  for (const { usage } of byObjectType) overallUsage += usage;
  return { status: 200, body: { byObjectType, overallLimit: limit, overallUsage } };
}

export function typeLimits({ portal }: Call): SandboxAnswer {
  const usage = [...portal.types.values()].filter(({ schema }) => schema && !schema.archived).length;
  return { status: 200, body: { overallLimit: portal.tier === 'enterprise' ? 10 : 0, overallUsage: usage } };
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
