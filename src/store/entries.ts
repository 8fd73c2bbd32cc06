import { type EntryFields, type EntryStore, type EntryVersion, entrySource } from '../model/entry.ts';
import type { Handle } from './database.ts';
import { createTouch } from './touched.ts';
import { createUpserts } from './upserts.ts';

const stream = 'entry';

/** Entries by hand: every version is kept, the newest stands in the table `entry`, under a source of its own. */
export function createEntryStore(handle: Handle): EntryStore {
  return {
    entryVersions: () => readVersions(handle),
    saveEntries: (versions) => saveEntries(handle, versions),
    keepEntriesCurrent: (at) =>
      void handle
        .prepare(
          'UPDATE stream SET last_success_at = ?, watermark = ? WHERE source_id = ? AND last_success_at < ?',
        )
        .run(at, at, entrySource, at),
  };
}

function readVersions(handle: Handle): readonly EntryVersion[] {
  return handle
    .prepare<unknown[], Omit<EntryVersion, 'removed' | 'fields'> & { removed: number; fields: string }>(
      'SELECT id, version, at, author, removed, fields FROM entry_version ORDER BY id, version',
    )
    .all()
    .map((row) => ({ ...row, removed: row.removed === 1, fields: JSON.parse(row.fields) as EntryFields }));
}

function saveEntries(handle: Handle, versions: readonly Omit<EntryVersion, 'version'>[]): number {
  const newest = handle.prepare<unknown[], { version: number; removed: number; fields: string }>(
    'SELECT version, removed, fields FROM entry_version WHERE id = ? ORDER BY version DESC LIMIT 1',
  );
  const add = handle.prepare('INSERT INTO entry_version VALUES (?, ?, ?, ?, ?, ?)');
  const first = handle.prepare<unknown[], number>('SELECT min(at) FROM entry_version WHERE id = ?').pluck();
  const write = createUpserts(handle, createTouch(handle));
  return handle
    .transaction(() => {
      openSource(handle, Math.max(0, ...versions.map(({ at }) => at)));
      let written = 0;
      for (const { id, at, author, removed, fields } of versions) {
        const before = newest.get(id);
        const text = JSON.stringify(sorted(fields));
        if (before && before.fields === text && (before.removed === 1) === removed) continue;
        add.run(id, (before?.version ?? 0) + 1, at, author, removed ? 1 : 0, text);
        const row = {
          ...fields,
          id,
          author,
          created_at: first.get(id) ?? at,
          updated_at: at,
          deleted_at: removed ? at : null,
        };
        const columns = Object.keys(row).filter((column) => column !== 'id');
        write('entry', columns)({ connection: entrySource, stream }, row, at);
        written++;
      }
      return written;
    })
    .immediate();
}

/** Keys in order, so that equal entries have equal texts. */
function sorted(fields: EntryFields): object {
  return Object.fromEntries(Object.entries(fields).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function openSource(handle: Handle, at: number): void {
  handle
    .prepare(
      "INSERT OR IGNORE INTO source (id, kind, account_id, name) VALUES (?, 'entries', 'entries', 'entries')",
    )
    .run(entrySource);
  handle
    .prepare(
      `INSERT OR IGNORE INTO stream (source_id, name, "table", comparable, last_success_at) VALUES (?, ?, 'entry', 0, ?)`,
    )
    .run(entrySource, stream, at);
}
