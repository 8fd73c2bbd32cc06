import { createHash } from 'node:crypto';
import type { ChangeStore, FactStore, Narrowed, NarrowRequest, SourceInfo } from '../model/fact-store.ts';
import type { Kpi } from '../model/kpi.ts';
import type { Scout } from '../model/store.ts';
import type { Zone } from '../model/zone.ts';
import { type KeptBook, packBook, type UnpackedBook, unpackBook } from './book-codec.ts';
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
  load(key: string, fingerprint: string, windows: readonly Window[]): Promise<UnpackedBook | null>;
  save(key: string, state: SavedState): Promise<void>;
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
  // One at a time: each has a cache of its own.
  let opened: {
    readonly name: string;
    readonly narrowed: Narrowed | null;
    readonly sides: Sides | null;
  } | null = null;
  const ratesFrom = written === null ? null : await store.ratesMovedFrom();
  let scout: Scout | null = null;

  return {
    from: written === null ? null : from,
    written: written ?? new Map(),
    ratesFrom,
    kept,
    keep: (key) => void kept.add(key),
    async load(key, fingerprint, windows) {
      if (written === null) return null;
      const state = await store.evaluationState(key);
      return state?.fingerprint === fingerprint ? unpackBook(state.body, windows) : null;
    },
    async save(key, state) {
      kept.add(key);
      const body = packBook(state.kept, state.windows);
      await store.saveEvaluationState(evaluationId, key, {
        asOf: reportedAsOf,
        fingerprint: state.fingerprint,
        body,
      });
    },
    async open(request) {
      const name = JSON.stringify(request);
      if (opened?.name === name) return opened.sides;
      opened?.narrowed?.[Symbol.dispose]();
      opened = null;
      scout ??= await store.scout(await listRequests(options, ratesFrom));
      const narrowed = await scout.narrow(request);
      opened = { name, narrowed, sides: null };
      if (narrowed !== null) opened = { ...opened, sides: await sidesOf(options, narrowed, ratesFrom) };
      return opened.sides;
    },
    close: () => {
      opened?.narrowed?.[Symbol.dispose]();
      scout?.[Symbol.dispose]();
    },
  };
}

/** All that may be opened: by whatever segments, and whether or not time decides. */
async function listRequests(
  { store, zone, asOf, from, kpis }: NightlyOptions,
  ratesFrom: string | null,
): Promise<readonly NarrowRequest[]> {
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
  { before, now }: Narrowed,
  ratesFrom: string | null,
): Promise<Sides> {
  const sideOf = async ({ rows }: Pick<FactStore, 'rows'>): Promise<Omit<Side, 'rates'>> => {
    const narrow = { ...store, rows };
    return { store: narrow, ownership: await loadOwnership(narrow) };
  };
  const earlier = ratesFrom === null ? rates : await loadRates(before, sources, currency);
  return { before: { ...(await sideOf(before)), rates: earlier }, now: { ...(await sideOf(now)), rates } };
}

/** Equal where everything named is. */
export function fingerprintOf(parts: unknown): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 16);
}
