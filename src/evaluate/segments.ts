import type { SqlValue } from '../model/entities.ts';
import type { Kpi } from '../model/kpi.ts';
import type { Segment } from '../model/result.ts';
import type { FactStore } from '../model/store.ts';
import type { Layout } from './fact-query.ts';
import { isCanonicalKind } from './fact-query.ts';
import type { Fact } from './facts.ts';
import type { Ownership } from './ownership.ts';

/** Id of the segment that holds the records without one. */
export const noneId = '(none)';

/** What tells a segment from all others; names come later. */
export interface SegmentKey {
  readonly kind: string;
  readonly id: string | null;
  readonly source: string | null;
}

export const company: SegmentKey = { kind: 'company', id: null, source: null };

export function keyText({ kind, id, source }: SegmentKey): string {
  return `${kind}\n${source ?? ''}\n${id ?? ''}`;
}

/** Kinds whose ids are records of one CRM; the values of others mean the same everywhere. */
const idsOfOneSource = new Set(['connection', 'owner', 'team', 'campaign', 'pipeline', 'stage']);

/** The kinds by which a KPI is split: those asked for that its dimensions allow. */
export function chooseKinds(
  kpi: Kpi,
  wanted: readonly string[],
  { mapped, connections }: { readonly mapped: ReadonlySet<string>; readonly connections: number },
): readonly string[] {
  const kinds = new Set(['company']);
  if (connections > 1) kinds.add('connection');
  for (const kind of wanted) {
    if (kind === 'connection' || kind === 'company') kinds.add(kind);
    else if (kpi.dimensions.includes(kind) || (!isCanonicalKind(kind) && mapped.has(kind))) kinds.add(kind);
  }
  return [...kinds];
}

/** Whose a fact was at an instant, by its row and the record's history. */
export interface Holders {
  ownerOf(fact: Fact, instant: number): string | null;
  /** The nearest team first. */
  teamsOf(fact: Fact, instant: number): readonly string[];
}

export function createHolders(layout: Layout, ownership: Ownership): Holders {
  function ownerOf(fact: Fact, instant: number): string | null {
    const place = layout.dimensions.get('owner');
    if (place === undefined) return null;
    const present = textOf(fact.row[place]);
    return layout.ownOwner ? present : ownership.ownerAt(fact, present, instant);
  }

  function teamsOf(fact: Fact, instant: number): readonly string[] {
    if (layout.ownTeam !== null) {
      const team = textOf(fact.row[layout.ownTeam]);
      return team === null ? [] : ownership.withAncestors(fact.source, team);
    }
    const owner = ownerOf(fact, instant);
    return owner === null ? [] : ownership.teamsOf(fact.source, owner, instant);
  }

  return { ownerOf, teamsOf };
}

/** The segments that a fact belongs to at an instant, each once. */
export type Segmenter = (fact: Fact, instant: number) => readonly SegmentKey[];

export function createSegmenter(kinds: readonly string[], layout: Layout, ownership: Ownership): Segmenter {
  // kind and source -> id -> key: millions of facts share a few hundred keys.
  const made = new Map<string, Map<string, SegmentKey>>();
  const scopes = new Map(kinds.map((kind) => [kind, idsOfOneSource.has(kind)]));

  function intern(kind: string, id: string, source: string): SegmentKey {
    const scope = scopes.get(kind) ? `${kind}\n${source}` : kind;
    let keys = made.get(scope);
    if (!keys) {
      keys = new Map();
      made.set(scope, keys);
    }
    let key = keys.get(id);
    if (!key) {
      key = { kind, id, source: scopes.get(kind) ? source : null };
      keys.set(id, key);
    }
    return key;
  }

  const { ownerOf, teamsOf } = createHolders(layout, ownership);

  return (fact, instant) => {
    const segments: SegmentKey[] = [];
    for (const kind of kinds) {
      if (kind === 'company') segments.push(company);
      else if (kind === 'connection') segments.push(intern(kind, fact.source, fact.source));
      else if (kind === 'owner') segments.push(intern(kind, ownerOf(fact, instant) ?? noneId, fact.source));
      else if (kind === 'team') {
        const teams = teamsOf(fact, instant);
        for (const team of teams.length > 0 ? teams : [noneId])
          segments.push(intern(kind, team, fact.source));
      } else {
        const value = textOf(fact.row[layout.dimensions.get(kind) ?? -1]);
        segments.push(intern(kind, value ?? noneId, fact.source));
      }
    }
    return segments;
  };
}

function textOf(value: SqlValue | undefined): string | null {
  return value === null || value === undefined || value === '' ? null : String(value);
}

/** Gives segments the names that people know them by. */
export type SegmentNamer = (key: SegmentKey) => Segment;

export async function loadSegmentNames(store: FactStore): Promise<SegmentNamer> {
  const names = new Map<string, string | null>();
  const add = (kind: string, rows: readonly { source: string; id: string; name: string | null }[]) => {
    for (const { source, id, name } of rows) names.set(keyText({ kind, id, source }), name);
  };
  add('owner', await store.actors());
  add('team', await store.teams());
  add('campaign', await store.names('campaign'));
  return (key) => {
    const { kind, id, source } = key;
    if (id === null) return { kind, id, name: null, source };
    return { kind, id, name: names.get(keyText(key)) ?? id, source };
  };
}
