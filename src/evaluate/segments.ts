import type { SqlValue } from '../model/entities.ts';
import type { FactStore } from '../model/fact-store.ts';
import type { Kpi } from '../model/kpi.ts';
import type { Segment } from '../model/result.ts';
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

/** Whether its ids are records of one CRM. */
export function belongsToOneSource(kind: string): boolean {
  return idsOfOneSource.has(kind);
}

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
  const place = layout.dimensions.get('owner');
  // Asked for the person and for their team, one after the other.
  let last: { readonly fact: Fact; readonly instant: number; readonly owner: string | null } | null = null;

  function ownerOf(fact: Fact, instant: number): string | null {
    if (place === undefined) return null;
    if (last !== null && last.fact === fact && last.instant === instant) return last.owner;
    const present = textOf(fact.row[place]);
    const owner = layout.ownOwner ? present : ownership.ownerAt(fact, present, instant);
    last = { fact, instant, owner };
    return owner;
  }

  function teamsOf(fact: Fact, instant: number): readonly string[] {
    // A file may know the team of some of its rows only: that of a cost, not of a deal.
    const team = layout.ownTeam === null ? null : textOf(fact.row[layout.ownTeam]);
    if (team !== null) return ownership.withAncestors(fact.source, team);
    const owner = ownerOf(fact, instant);
    return owner === null ? [] : ownership.teamsOf(fact.source, owner, instant);
  }

  return { ownerOf, teamsOf };
}

/** The segments that a fact belongs to at an instant, each once. Facts with the same segments get the same list. */
export type Segmenter = (fact: Fact, instant: number) => readonly SegmentKey[];

/** A list of segments, and the lists that go on from it. */
interface Branch {
  readonly list: readonly SegmentKey[];
  readonly next: Map<SegmentKey, Branch>;
}

export function createSegmenter(kinds: readonly string[], layout: Layout, ownership: Ownership): Segmenter {
  const root: Branch = { list: [], next: new Map() };
  const holders = createHolders(layout, ownership);
  const steps = kinds.map((kind) => createStep(kind, layout, holders));
  return (fact, instant) => {
    let branch = root;
    for (const step of steps) branch = step(branch, fact, instant);
    return branch.list;
  };
}

/** Goes on from a list by the segments of one kind. */
type Step = (branch: Branch, fact: Fact, instant: number) => Branch;

function createStep(kind: string, layout: Layout, { ownerOf, teamsOf }: Holders): Step {
  const keyOf = createKeys(kind);
  const place = layout.dimensions.get(kind) ?? -1;
  if (kind === 'company') return (branch) => extend(branch, company);
  if (kind === 'connection') return (branch, { source }) => extend(branch, keyOf(source, source));
  if (kind === 'owner')
    return (branch, fact, instant) => extend(branch, keyOf(ownerOf(fact, instant) ?? noneId, fact.source));
  if (kind !== 'team')
    return (branch, { row, source }) => extend(branch, keyOf(textOf(row[place]) ?? noneId, source));
  return (branch, fact, instant) => {
    const teams = teamsOf(fact, instant);
    if (teams.length === 0) return extend(branch, keyOf(noneId, fact.source));
    let longer = branch;
    for (const team of teams) longer = extend(longer, keyOf(team, fact.source));
    return longer;
  };
}

function extend({ list, next }: Branch, key: SegmentKey): Branch {
  let branch = next.get(key);
  if (!branch) {
    branch = { list: [...list, key], next: new Map() };
    next.set(key, branch);
  }
  return branch;
}

/** A kind's keys by source and id, each made once: millions of facts share a few hundred. */
function createKeys(kind: string): (id: string, source: string) => SegmentKey {
  const made = new Map<string | null, Map<string, SegmentKey>>();
  const isOfOne = idsOfOneSource.has(kind);
  return (id, from) => {
    const source = isOfOne ? from : null;
    const keys = made.get(source) ?? new Map<string, SegmentKey>();
    made.set(source, keys);
    const key = keys.get(id) ?? { kind, id, source };
    keys.set(id, key);
    return key;
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
