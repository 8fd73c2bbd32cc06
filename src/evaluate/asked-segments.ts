import type { Kpi } from '../model/kpi.ts';
import type { Coverage } from './coverage.ts';
import type { Desk } from './desk.ts';
import { belongsToOneSource, type SegmentKey } from './segments.ts';
import type { GoalTrack } from './series.ts';
import { listedRows } from './targets.ts';

interface Asking {
  readonly kpi: Kpi;
  readonly kinds: readonly string[];
  readonly coverage: Coverage;
  readonly tracks: readonly GoalTrack[];
}

/** Segments that have a row though they may have no fact: active people, and whatever else has a target of its own. */
export async function askedSegments(desk: Desk, asking: Asking): Promise<readonly SegmentKey[]> {
  const { kinds, tracks } = asking;
  const goalKinds = new Set(tracks.flatMap(({ goal }) => goal.segments));
  const people = kinds.includes('owner') && goalKinds.has('owner') ? activeOwners(desk, asking) : [];
  return [...people, ...(await withTargets(desk, asking))];
}

function activeOwners(desk: Desk, { coverage }: Asking): readonly SegmentKey[] {
  return desk.actors
    .filter(({ active, kind, source }) => active && isPerson(kind) && coverage.connections.includes(source))
    .map(({ id, source }) => ({ kind: 'owner', id, source }));
}

function isPerson(kind: string | null): boolean {
  return kind === null || kind === 'user';
}

async function withTargets(desk: Desk, asking: Asking): Promise<readonly SegmentKey[]> {
  const { kpi, kinds, coverage, tracks } = asking;
  const { connections } = coverage;
  const teams = await desk.store.teams();
  // Of one connection's pipeline only a name is given: with several nobody can tell whose it is.
  const [only = null] = connections.length === 1 ? connections : [];
  const sourcesOf = (kind: string, id: string): readonly (string | null)[] => {
    if (!belongsToOneSource(kind)) return [null];
    if (kind !== 'team') return only === null ? [] : [only];
    return teams.flatMap((team) => (team.id === id && connections.includes(team.source) ? team.source : []));
  };
  return tracks.flatMap(({ goal }) =>
    (listedRows(goal, { kpi, quotas: desk.quotas }) ?? []).flatMap(({ segmentKind: kind, segmentId: id }) => {
      const isAsked = kinds.includes(kind) && goal.segments.includes(kind) && id !== '*';
      // A person without facts has a row only while active.
      if (!isAsked || ['company', 'connection', 'owner'].includes(kind)) return [];
      return sourcesOf(kind, id).map((source) => ({ kind, id, source }));
    }),
  );
}
