import { createHash } from 'node:crypto';
import type { Kpi } from '../model/kpi.ts';
import type { ChangeStore, FactStore, Narrowed } from '../model/store.ts';
import type { Zone } from '../model/zone.ts';
import { type KeptBook, packBook, type UnpackedBook, unpackBook } from './book-codec.ts';
import { spansBetween } from './lags.ts';
import { loadOwnership, type Ownership } from './ownership.ts';
import { listTables } from './query-tables.ts';
import { recordOf } from './record-of.ts';
import { tokenize } from './tokens.ts';
import type { Window } from './windows.ts';

/** Changed records as they are, or as they were, with whose they were. */
export interface Side {
  readonly store: FactStore;
  readonly ownership: Ownership;
}

/** What an evaluation takes over from the one before, and leaves to the next. */
export interface Nightly {
  /** First instant that no longer counted then; null: nothing can be taken over. */
  readonly from: number | null;
  readonly written: ReadonlyMap<string, number>;
  load(key: string, fingerprint: string, windows: readonly Window[]): Promise<UnpackedBook | null>;
  save(key: string, state: SavedState): Promise<void>;
  /** The state of the last evaluation still holds. */
  keep(key: string): void;
  readonly kept: ReadonlySet<string>;
  /** The changed records of a kind; null: too many. */
  open(group: string): Promise<{ readonly before: Side; readonly now: Side } | null>;
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
}

export async function openNightly(options: NightlyOptions): Promise<Nightly> {
  const { store, evaluationId, zone, asOf, reportedAsOf, from, kpis } = options;
  const written = from === null ? null : await store.written();
  const kept = new Set<string>();
  const opened = new Map<string, { readonly narrowed: Narrowed; readonly sides: Sides } | null>();
  const tables = [...new Set(kpis.flatMap(({ sql }) => listTables(tokenize(sql)).map(({ name }) => name)))];

  return {
    from: written === null ? null : from,
    written: written ?? new Map(),
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
    async open(group) {
      const known = opened.get(group);
      if (known !== undefined) return known?.sides ?? null;
      const followed = kpis.filter((kpi) => recordOf(kpi) === group);
      const narrowed = await store.narrow({
        group,
        tables: [...tables, 'change', 'dimension', 'backdated_deal'],
        spans: spansBetween(followed, { from: from ?? asOf, until: asOf, zone }),
      });
      const found = narrowed && { narrowed, sides: await sidesOf(store, narrowed) };
      opened.set(group, found);
      return found?.sides ?? null;
    },
    close: () => {
      for (const found of opened.values()) found?.narrowed[Symbol.dispose]();
    },
  };
}

interface Sides {
  readonly before: Side;
  readonly now: Side;
}

async function sidesOf(store: FactStore, { before, now }: Narrowed): Promise<Sides> {
  const sideOf = async ({ rows }: Pick<FactStore, 'rows'>): Promise<Side> => {
    const narrow = { ...store, rows };
    return { store: narrow, ownership: await loadOwnership(narrow) };
  };
  return { before: await sideOf(before), now: await sideOf(now) };
}

/** Equal where everything named is. */
export function fingerprintOf(parts: unknown): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 16);
}
