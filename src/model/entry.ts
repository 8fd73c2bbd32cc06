import type { EntityRow } from './entities.ts';
import type { Awaitable } from './store.ts';

/** The source under which what was entered by hand stands; no connection can be called so. */
export const entrySource = '(entries)';

export const entryKinds = ['cost', 'benefit', 'training', 'quota', 'benchmark'] as const;
export type EntryKind = (typeof entryKinds)[number];

/** Columns of the table `entry` that people fill in. */
export type EntryFields = Omit<
  EntityRow<'entry'>,
  'id' | 'created_at' | 'updated_at' | 'deleted_at' | 'merged_into' | 'is_test'
>;

/** One version of an entry; the newest one counts. */
export interface EntryVersion {
  readonly id: string;
  /** 1, 2, ... */
  readonly version: number;
  readonly at: number;
  readonly author: string;
  /** It was taken back. */
  readonly removed: boolean;
  readonly fields: EntryFields;
}

export interface EntryStore {
  /** All versions, by entry, oldest first. */
  entryVersions(): Awaitable<readonly EntryVersion[]>;
  /** New entries and new versions, in one transaction; equal ones are left alone. Returns how many were written. */
  saveEntries(versions: readonly Omit<EntryVersion, 'version'>[]): Awaitable<number>;
  /** What is entered by hand is complete whenever someone looks. */
  keepEntriesCurrent(at: number): Awaitable<void>;
}
