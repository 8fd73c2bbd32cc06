import { createHash } from 'node:crypto';
import type { ChangeStore, FactStore, Narrowed, NarrowRequest, SourceInfo } from '../model/fact-store.ts';
import type { Kpi } from '../model/kpi.ts';
import type { Scout } from '../model/store.ts';
import type { Zone } from '../model/zone.ts';
import { type FoundBook, type KeptBook, openBook, packBook } from './book-codec.ts';
import { loadOwnership, type Ownership } from './ownership.ts';
import { loadRates, type Rates } from './rates.ts';
import { readsOf, requestOf, spansOf } from './reads.ts';
import type { Window } from './windows.ts';

/** Changed records as they are, or as they were, with whose they were. */
export interface Side {
  readonly store: FactStore;
  readonly ownership: Ownership;
  readonly rates: Rates;
}

export interface Sides {
  readonly records: number;
  readonly before: Side;
  readonly now: Side;
}

/** What an evaluation takes over from the one before, and leaves to the next. */
export interface Nightly {
  /** First instant that no longer counted then; null: nothing can be taken over. */
  readonly from: number | null;
  readonly written: ReadonlyMap<string, number>;
  /** First local day whose rates are others than then; null: none are. */
  readonly ratesFrom: string | null;
  load(key: string, fingerprint: string, windows: readonly Window[]): Promise<FoundBook | null>;
  save(key: string, state: SavedState): Promise<void>;
  /** The same for what is no book. */
  recall(key: string, fingerprint: string): Promise<Uint8Array | null>;
  remember(key: string, fingerprint: string, body: Uint8Array): Promise<void>;
  /** The state of the last evaluation still holds. */
  keep(key: string): void;
  readonly kept: ReadonlySet<string>;
  /** The touched records of a kind; null: too many. */
  open(request: NarrowRequest): Promise<Sides | null>;
  close(): void;
}

interface SavedState {
  readonly fingerprint: string;
  readonly kept: KeptBook;
  readonly windows: readonly Window[];
}

export interface NightlyOptions {
  readonly store: FactStore & ChangeStore;
  readonly evaluationId: number;
  readonly zone: Zone;
  readonly asOf: number;
  readonly reportedAsOf: number;
  readonly from: number | null;
  /** All that are computed: their tables and times tell which records are followed. */
  readonly kpis: readonly Kpi[];
  readonly rates: Rates;
  readonly sources: readonly SourceInfo[];
  readonly currency: string;
}

export async function openNightly(options: NightlyOptions): Promise<Nightly> {
  const { store, evaluationId, reportedAsOf, from } = options;
  const written = from === null ? null : await store.written();
  const kept = new Set<string>();
  const pairs = createPairs();
  const ratesFrom = written === null ? null : await store.ratesMovedFrom();
  let scout: Scout | null = null;

  async function recall(key: string, fingerprint: string): Promise<Uint8Array | null> {
    if (written === null) return null;
    const state = await store.evaluationState(key);
    return state?.fingerprint === fingerprint ? state.body : null;
  }

  async function remember(key: string, fingerprint: string, body: Uint8Array): Promise<void> {
    kept.add(key);
    await store.saveEvaluationState(evaluationId, key, { asOf: reportedAsOf, fingerprint, body });
  }

  return {
    from: written === null ? null : from,
    written: written ?? new Map(),
    ratesFrom,
    kept,
    keep: (key) => void kept.add(key),
    recall,
    remember,
    async load(key, fingerprint, windows) {
      const body = await recall(key, fingerprint);
      return body && openBook(body, windows);
    },
    save: (key, { fingerprint, kept: book, windows }) => remember(key, fingerprint, packBook(book, windows)),
    async open(request) {
      const name = nameOf(request);
      const known = pairs.get(name);
      if (known) return known.sides;
      scout ??= await store.scout(await listRequests(options, ratesFrom));
      const narrowed = await scout.narrow(request);
      const sides = narrowed && (await sidesOf(options, narrowed, ratesFrom));
      pairs.add(name, { narrowed, sides });
      return sides;
    },
    close: () => {
      pairs.close();
      scout?.[Symbol.dispose]();
    },
  };
}

interface Pair {
  readonly narrowed: Narrowed | null;
  readonly sides: Sides | null;
}

/** Each has caches and temporary tables of its own. */
const mostPairs = 4;

/** Of KPIs that follow the same records; those that were asked for last stay open. */
function createPairs() {
  const open = new Map<string, Pair>();
  return {
    get(name: string): Pair | undefined {
      const pair = open.get(name);
      if (pair && open.delete(name)) open.set(name, pair);
      return pair;
    },
    add(name: string, pair: Pair): void {
      const [oldest] = open;
      if (oldest && open.size >= mostPairs && open.delete(oldest[0])) oldest[1].narrowed?.[Symbol.dispose]();
      open.set(name, pair);
    },
    close: () => {
      for (const { narrowed } of open.values()) narrowed?.[Symbol.dispose]();
    },
  };
}

/** Where no time passed, dates decide nothing. */
function nameOf({ group, tables, crossing, owners }: NarrowRequest): string {
  return JSON.stringify([group, tables, crossing.spans.length === 0 ? null : crossing, owners ?? null]);
}

/** All that may be opened: by whatever segments, and whether or not time decides. */
async function listRequests(
  { store, zone, asOf, from, kpis }: NightlyOptions,
  ratesFrom: string | null,
): Promise<readonly NarrowRequest[]> {
  // Where neither time nor rates moved, no date decides.
  if (from === asOf && ratesFrom === null) return [];
  const requests: NarrowRequest[] = [];
  for (const kpi of kpis.filter(({ derive }) => !derive)) {
    const spans = spansOf(kpi, { from: from ?? asOf, until: asOf, zone, ratesFrom });
    for (const kinds of [[], kpi.dimensions]) {
      const reads = await readsOf(store, { kpi, kinds, asOf, watched: new Set<string>() });
      const request = reads && requestOf(reads, spans);
      if (request) requests.push(request);
    }
  }
  return requests;
}

async function sidesOf(
  { store, rates, sources, currency }: NightlyOptions,
  { records, before, now }: Narrowed,
  ratesFrom: string | null,
): Promise<Sides> {
  const sideOf = async (own: Narrowed['now']): Promise<Omit<Side, 'rates'>> => {
    const narrow = { ...store, ...own };
    return { store: narrow, ownership: await loadOwnership(narrow) };
  };
  const earlier = ratesFrom === null ? rates : await loadRates(before, sources, currency);
  return {
    records,
    before: { ...(await sideOf(before)), rates: earlier },
    now: { ...(await sideOf(now)), rates },
  };
}

/** Equal where everything named is. */
export function fingerprintOf(parts: unknown): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 16);
}
