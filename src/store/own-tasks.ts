import type { Handle } from './database.ts';

export interface OwnTask {
  readonly source: string;
  readonly id: string;
}

/**
 * A task that this program wrote asks for work and is none: it never counts as an activity. Its id is kept when the
 * reason for it is long over, because the CRM goes on delivering it.
 */
export function noteOwnTask(handle: Handle, { source, id }: OwnTask): void {
  handle.prepare('INSERT OR IGNORE INTO own_task VALUES (?, ?)').run(source, id);
  handle
    .prepare(
      "UPDATE activity SET is_test = 1 WHERE source_id = ? AND id = ? AND coalesce(kind, 'task') = 'task' AND is_test = 0",
    )
    .run(source, id);
}

export function ownTaskIds(handle: Handle, source: string): ReadonlySet<string> {
  const ids = handle
    .prepare<unknown[], string>('SELECT id FROM own_task WHERE source_id = ?')
    .pluck()
    .all(source);
  return new Set(ids);
}
