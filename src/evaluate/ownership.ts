import type { SqlValue } from '../model/entities.ts';
import type { FactStore, MembershipSpan } from '../model/store.ts';

/** Whose a record was, and to which teams that person belonged, at an instant. */
export interface Ownership {
  /** `present`: the owner that the record has now. */
  ownerAt(record: RecordKey, present: string | null, instant: number): string | null;
  /** The primary team at the instant, then the teams above it; empty where there is none. */
  teamsOf(source: string, actor: string, instant: number): readonly string[];
  /** When a record changed hands, in order. */
  handoversOf(record: RecordKey): readonly number[];
  /** A team, then those above it. */
  withAncestors(source: string, team: string): readonly string[];
}

export interface RecordKey {
  readonly source: string;
  readonly object: string;
  readonly id: string;
}

interface OwnerChange {
  readonly at: number;
  readonly from: string | null;
  readonly to: string | null;
}

export async function loadOwnership(store: FactStore): Promise<Ownership> {
  const changes = await loadOwnerChanges(store);
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
    handoversOf: ({ source, object, id }) =>
      (changes.get(recordKey(source, object, id)) ?? []).map(({ at }) => at),
    ownerAt({ source, object, id }, present, instant) {
      const told = changes.get(recordKey(source, object, id));
      if (!told) return present;
      const next = told.findIndex(({ at }) => at > instant);
      // After the last change the record itself is the better witness.
      if (next < 0) return present;
      // Before the first one it was the owner that the change names, or the first there was.
      return next === 0 ? (told[0]?.from ?? told[0]?.to ?? null) : (told[next - 1]?.to ?? null);
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

async function loadOwnerChanges(store: FactStore): Promise<ReadonlyMap<string, readonly OwnerChange[]>> {
  const sql = `select source_id, object, record_id, at, from_value, to_value from change
    where field = 'owner_id' and at is not null order by source_id, object, record_id, at, id`;
  const changes = new Map<string, OwnerChange[]>();
  const textOf = (value: SqlValue | undefined) =>
    value === null || value === undefined ? null : String(value);
  for await (const rows of store.rows({ sql, params: {} })) {
    for (const [source, object, id, at, from, to] of rows) {
      const record = recordKey(String(source), String(object), String(id));
      const told = changes.get(record) ?? [];
      changes.set(record, told);
      told.push({ at: Number(at), from: textOf(from), to: textOf(to) });
    }
  }
  return changes;
}

function recordKey(source: string, object: string, id: string): string {
  return `${source}\n${object}\n${id}`;
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
