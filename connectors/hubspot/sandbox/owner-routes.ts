import type { SandboxAnswer } from '../../../src/sandbox/server.ts';
import { readFlag, readLimit } from './body.ts';
import { type Call, refuseWithheld, requireScopes } from './call.ts';
import type { Owner } from './portal.ts';
import { notFound } from './refusal.ts';

const ownerScopes = ['crm.objects.owners.read'];
const maxOwners = 500;

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
  openOwners(call);
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

function openOwners(call: Call): void {
  refuseWithheld(call, ['owners'], ownerScopes);
  requireScopes(call, ownerScopes);
}

export function getOwner(call: Call): SandboxAnswer {
  openOwners(call);
  const archived = readFlag(call.query, 'archived');
  const owner = pickOwner(call);
  if (!owner || owner.archived !== archived) throw notFound();
  return { status: 200, body: owner };
}

function pickOwner({ portal, params, query }: Call): Owner | undefined {
  const { id = '' } = params;
  if (query.get('idProperty') !== 'userId') return portal.owners.get(id);
  return [...portal.owners.values()].find(
    ({ userIdIncludingInactive }) => `${userIdIncludingInactive}` === id,
  );
}
