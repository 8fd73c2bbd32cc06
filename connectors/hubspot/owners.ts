import type { Membership } from '../../src/model/connector.ts';
import type { EntityRow } from '../../src/model/entities.ts';
import type { Zone } from '../../src/model/zone.ts';
import type { Api } from './client.ts';
import { followPages } from './pages.ts';
import { type OwnerRecord, ownerPage } from './shapes.ts';
import { parseInstant } from './values.ts';

const pageSize = 100;

/** Owners by their id, for paths such as `owner.teams.secondary`. */
export interface OwnerBook {
  byId(id: string | null): OwnerRecord | undefined;
  /** Records name their creator by user id. */
  idOfUser(userId: string | null): string | null;
  readonly all: readonly OwnerRecord[];
}

/** Two passes: deals keep owners who have left, and those come only with archived=true. */
export async function fetchOwners(api: Api, signal: AbortSignal): Promise<OwnerBook> {
  const owners = new Map<string, OwnerRecord>();
  for (const archived of [true, false]) {
    const pages = followPages({
      where: `${api.connection} owners`,
      first: undefined,
      signal,
      fetch: async (after) => (await fetchPage(api, archived, after)).value,
    });
    // The living come last and win: an owner who came back stands in both lists for a while.
    for await (const { results } of pages) {
      for (const owner of results) owners.set(owner.id, { ...owner, archived: owner.archived ?? archived });
    }
  }
  return createOwnerBook([...owners.values()]);
}

function fetchPage(api: Api, archived: boolean, after: string | undefined) {
  return api.call({
    what: 'owners',
    request: api.build.owners.crmV3Owners(after, archived, undefined, pageSize),
    shape: ownerPage,
  });
}

export function createOwnerBook(all: readonly OwnerRecord[]): OwnerBook {
  const byId = new Map(all.map((owner) => [owner.id, owner]));
  const byUser = new Map<string, string>();
  for (const owner of all) {
    const userId = owner.userId ?? owner.userIdIncludingInactive;
    if (userId) byUser.set(userId, owner.id);
  }
  return {
    all,
    byId: (id) => (id === null ? undefined : byId.get(id)),
    idOfUser: (userId) => (userId === null ? null : (byUser.get(userId) ?? null)),
  };
}

export function nameOf(owner: OwnerRecord): string | null {
  const name = [owner.firstName, owner.lastName].filter(Boolean).join(' ');
  return name || (owner.email ?? null);
}

/** One team of an owner by its rank; among several the first by name, so that the answer is stable. */
export function teamName(owner: OwnerRecord | undefined, rank: 'primary' | 'secondary'): string | null {
  const names = (owner?.teams ?? [])
    .filter((team) => (team.primary ?? false) === (rank === 'primary'))
    .map((team) => team.name ?? team.id);
  return names.sort()[0] ?? null;
}

export function toActorRows(book: OwnerBook, zone: Zone): readonly EntityRow<'actor'>[] {
  return book.all.map((owner) => ({
    id: owner.id,
    kind: owner.type === 'QUEUE' ? 'queue' : 'user',
    name: nameOf(owner),
    email: owner.email ?? null,
    active: owner.archived ? 0 : 1,
    created_at: parseInstant(owner.createdAt, zone),
    updated_at: parseInstant(owner.updatedAt, zone),
    deleted_at: null,
  }));
}

export function toTeamRows(book: OwnerBook): readonly EntityRow<'team'>[] {
  const names = new Map<string, string | null>();
  for (const owner of book.all) {
    for (const team of owner.teams) names.set(team.id, team.name ?? null);
  }
  return [...names].map(([id, name]) => ({ id, name }));
}

export function toMemberships(book: OwnerBook, zone: Zone): readonly Membership[] {
  return book.all.map((owner) => ({
    actorId: owner.id,
    at: parseInstant(owner.updatedAt, zone) ?? 0,
    teams: owner.teams.map((team) => ({ teamId: team.id, primary: team.primary ?? false })),
  }));
}
