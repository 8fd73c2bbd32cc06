import type { FactStore, MembershipSpan } from '../model/store.ts';

/** Whose a record was, and to which teams that person belonged, at an instant. */
export interface Ownership {
  /** `present`: the owner that the record has now. */
  ownerAt(record: RecordKey, present: string | null, instant: number): string | null;
  /** The primary team at the instant, then the teams above it; empty where there is none. */
  teamsOf(source: string, actor: string, instant: number): readonly string[];
  /** A team, then those above it. */
  withAncestors(source: string, team: string): readonly string[];
}

export interface RecordKey {
  readonly source: string;
  readonly object: string;
  readonly id: string;
}

interface OwnerSpan {
  readonly from: number;
  readonly owner: string | null;
}

type OwnerHistory = ReadonlyMap<string, readonly OwnerSpan[]>;

const stateTables = { deal: 'deal_state', ticket: 'ticket_state' } as const;

export async function loadOwnership(store: FactStore): Promise<Ownership> {
  const histories = new Map<string, OwnerHistory>([
    ['deal', await loadOwners(store, 'deal')],
    ['ticket', await loadOwners(store, 'ticket')],
  ]);
  const parents = new Map(
    (await store.teams()).map((team) => [key(team.source, team.id), team.parentId] as const),
  );
  const primary = primaryTeams(await store.memberships());
  const chains = new Map<string, readonly string[]>();

  function withAncestors(source: string, team: string): readonly string[] {
    const known = chains.get(key(source, team));
    if (known) return known;
    const chain = new Set<string>();
    // A team that stands above itself ends the way up.
    for (let at: string | null | undefined = team; at && !chain.has(at); ) {
      chain.add(at);
      at = parents.get(key(source, at));
    }
    chains.set(key(source, team), [...chain]);
    return [...chain];
  }

  return {
    withAncestors,
    ownerAt({ source, object, id }, present, instant) {
      const spans = histories.get(object)?.get(key(source, id));
      if (!spans) return present;
      const span = spans.findLast(({ from }) => from <= instant) ?? spans[0];
      return span ? span.owner : present;
    },
    teamsOf(source, actor, instant) {
      const spans = primary.get(key(source, actor));
      if (!spans) return [];
      // The first membership seen holds for all earlier time.
      const span = spans.findLast(({ from }) => (from ?? -Infinity) <= instant) ?? spans[0];
      if (!span || (span.to !== null && span.to <= instant)) return [];
      return withAncestors(source, span.teamId);
    },
  };
}

/** Only of records that changed hands: the others have the owner that stands in the record. */
async function loadOwners(store: FactStore, object: 'deal' | 'ticket'): Promise<OwnerHistory> {
  const table = stateTables[object];
  const sql = `select s.source_id, s.id, s.from_at, s.owner_id from ${table} s join (
      select source_id, id from ${table} group by source_id, id having count(distinct coalesce(owner_id, '')) > 1
    ) c on c.source_id = s.source_id and c.id = s.id order by s.source_id, s.id, s.from_at`;
  const owners = new Map<string, OwnerSpan[]>();
  for await (const rows of store.rows({ sql, params: {} })) {
    for (const [source, id, from, owner] of rows) {
      const record = key(String(source), String(id));
      const spans = owners.get(record) ?? [];
      owners.set(record, spans);
      spans.push({ from: Number(from), owner: owner === null || owner === undefined ? null : String(owner) });
    }
  }
  return owners;
}

function primaryTeams(
  memberships: readonly MembershipSpan[],
): ReadonlyMap<string, readonly MembershipSpan[]> {
  const teams = new Map<string, MembershipSpan[]>();
  for (const span of memberships) {
    if (!span.primary) continue;
    const actor = key(span.source, span.actorId);
    const spans = teams.get(actor) ?? [];
    teams.set(actor, spans);
    spans.push(span);
  }
  for (const spans of teams.values()) spans.sort((a, b) => (a.from ?? -Infinity) - (b.from ?? -Infinity));
  return teams;
}

function key(source: string, id: string): string {
  return `${source}\n${id}`;
}
