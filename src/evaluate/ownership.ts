import type { SqlValue } from '../model/entities.ts';
import type { FactStore, MembershipSpan } from '../model/fact-store.ts';

/** Whose a record was, and to which teams that person belonged, at an instant. */
export interface Ownership {
  /** `present`: the owner that the record has now. */
  ownerAt(record: RecordKey, present: string | null, instant: number): string | null;
  /** The primary team at the instant, then the teams above it; empty where there is none. Source null: as below. */
  teamsOf(source: string | null, actor: string, instant: number): readonly string[];
  /** When a record may have changed teams between two instants, in order: it changed hands, or people changed teams. */
  turnsOf(record: RecordKey, from: number, until: number): readonly number[];
  /** Before it is asked about records of these objects. */
  prepare(objects: readonly string[]): Promise<void>;
  /** Whether some record of an object changed hands. */
  haveMoved(object: string): boolean;
  /** When somebody's team became another one, in whichever source. */
  readonly teamTurns: readonly number[];
  /** A team, then those above it; source null: in whichever source there is such a team. */
  withAncestors(source: string | null, team: string): readonly string[];
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
  const changes: OwnerChanges = new Map();
  const { withAncestors } = createChains(await store.teams());
  const memberships = await store.memberships();
  const primary = primaryTeams(memberships);
  const moves = listMoves(memberships);
  const changesOf = ({ source, object, id }: RecordKey) => changes.get(object)?.get(source)?.get(id);

  return {
    withAncestors,
    async prepare(objects) {
      for (const object of objects)
        if (!changes.has(object)) changes.set(object, await loadOwnerChanges(store, object));
    },
    haveMoved: (object) => (changes.get(object)?.size ?? 0) > 0,
    teamTurns: [...primary.values()].flatMap((actors) => [...actors.values()].flatMap(turnsOfSpans)),
    turnsOf(record, from, until) {
      const turns = (changesOf(record) ?? []).flatMap(({ at }) => (at > from && at < until ? at : []));
      const all = moves.get(record.source) ?? [];
      for (let place = firstAfter(all, from); (all[place] ?? until) < until; place++)
        turns.push(all[place] ?? from);
      return turns.sort((a, b) => a - b);
    },
    ownerAt(record, present, instant) {
      const told = changesOf(record);
      if (!told) return present;
      const next = told.findIndex(({ at }) => at > instant);
      // After the last change the record itself is the better witness.
      if (next < 0) return present;
      // Before the first one it was the owner that the change names, or the first there was.
      return next === 0 ? (told[0]?.from ?? told[0]?.to ?? null) : (told[next - 1]?.to ?? null);
    },
    teamsOf(from, actor, instant) {
      const source = from ?? holderOf(primary, actor);
      const spans = primary.get(source)?.get(actor);
      if (!spans) return noTeams;
      // The first membership seen holds for all earlier time.
      const span = spans.findLast(({ from }) => (from ?? -Infinity) <= instant) ?? spans[0];
      if (!span || (span.to !== null && span.to <= instant)) return noTeams;
      return withAncestors(source, span.teamId);
    },
  };
}

const noTeams: readonly string[] = [];

/** Teams with those above them, worked out once for each. */
function createChains(teams: Awaited<ReturnType<FactStore['teams']>>): Pick<Ownership, 'withAncestors'> {
  const parents = createPairs<string | null>();
  for (const { source, id, parentId } of teams) inner(parents, source).set(id, parentId);
  const chains = createPairs<readonly string[]>();

  function withAncestors(from: string | null, team: string): readonly string[] {
    const source = from ?? holderOf(parents, team);
    const known = chains.get(source)?.get(team);
    if (known) return known;
    const chain = new Set<string>();
    // A team that stands above itself ends the way up.
    for (let at: string | null | undefined = team; at && !chain.has(at); ) {
      chain.add(at);
      at = parents.get(source)?.get(at);
    }
    inner(chains, source).set(team, [...chain]);
    return [...chain];
  }

  return { withAncestors };
}

/** By source and id: no text is put together for a look-up, of which there are millions. */
type Pairs<T> = Map<string, Map<string, T>>;

const createPairs = <T>(): Pairs<T> => new Map();

/** The first source that has an id. */
function holderOf(pairs: Pairs<unknown>, id: string): string {
  return [...pairs.keys()].find((source) => pairs.get(source)?.has(id)) ?? '';
}

function inner<K, T>(maps: Map<K, Map<string, T>>, key: K): Map<string, T> {
  const known = maps.get(key) ?? new Map<string, T>();
  maps.set(key, known);
  return known;
}

/** Of a select: what tells whose records were. */
export const ownerChanges = "change where field = 'owner_id' and at is not null";

/** By object, source and id. */
type OwnerChanges = Map<string, Pairs<OwnerChange[]>>;

async function loadOwnerChanges(
  store: Pick<FactStore, 'rows'>,
  object: string,
): Promise<Pairs<OwnerChange[]>> {
  const sql = `select source_id, record_id, at, from_value, to_value from ${ownerChanges} and object = :object
    order by source_id, object, record_id, at, id`;
  const changes = createPairs<OwnerChange[]>();
  const persons = new Map<string, string>();
  // Many changes name the same few people: each name is kept once.
  const personOf = (value: SqlValue | undefined): string | null => {
    if (value === null || value === undefined) return null;
    const text = String(value);
    const known = persons.get(text);
    if (known === undefined) persons.set(text, text);
    return known ?? text;
  };
  // Those of one record follow each other.
  let last = { source: null as SqlValue, id: null as SqlValue, told: [] as OwnerChange[] };
  for await (const rows of store.rows({ sql, params: { object } })) {
    for (const [source = null, id = null, at, from, to] of rows) {
      if (last.id !== id || last.source !== source) {
        last = { source, id, told: [] };
        inner(changes, String(source)).set(String(id), last.told);
      }
      last.told.push({ at: Number(at), from: personOf(from), to: personOf(to) });
    }
  }
  return changes;
}

/** Place of the first of some sorted instants that lies after another. */
function firstAfter(instants: readonly number[], at: number): number {
  let low = 0;
  let high = instants.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((instants[middle] ?? 0) <= at) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** By source, the instants at which somebody came to a team or left it, in order. */
function listMoves(memberships: readonly MembershipSpan[]): ReadonlyMap<string, readonly number[]> {
  const moves = new Map<string, Set<number>>();
  for (const { source, from, to } of memberships) {
    const own = moves.get(source) ?? new Set<number>();
    moves.set(source, own);
    for (const at of [from, to]) if (at !== null && at > 0) own.add(at);
  }
  return new Map([...moves].map(([source, own]) => [source, [...own].sort((a, b) => a - b)]));
}

/** The first membership seen holds for all earlier time. */
function turnsOfSpans(spans: readonly MembershipSpan[]): readonly number[] {
  return spans.flatMap(({ from, to }, place) => [place === 0 ? null : from, to]).filter((at) => at !== null);
}

function primaryTeams(memberships: readonly MembershipSpan[]): Pairs<MembershipSpan[]> {
  const teams = createPairs<MembershipSpan[]>();
  for (const span of memberships) {
    if (!span.primary) continue;
    const actors = inner(teams, span.source);
    const spans = actors.get(span.actorId) ?? [];
    actors.set(span.actorId, spans);
    spans.push(span);
  }
  for (const actors of teams.values())
    for (const spans of actors.values()) spans.sort((a, b) => (a.from ?? -Infinity) - (b.from ?? -Infinity));
  return teams;
}
