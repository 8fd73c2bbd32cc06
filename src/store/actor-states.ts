import type { Handle } from './database.ts';

interface ActorRow {
  readonly kind: string | null;
  readonly active: number | null;
  readonly licensed: number | null;
  readonly role: string | null;
  readonly updated_at: number | null;
  readonly synced_at: number;
  readonly gone_at: number | null;
  readonly is_gone: number;
}

interface ActorState extends Pick<ActorRow, 'kind' | 'active' | 'licensed' | 'role'> {
  readonly from_at: number;
}

export type DeriveActor = (key: { readonly source_id: string; readonly id: string }) => void;

/**
 * Keeps since when an actor has been as it is. CRMs tell no history of it, so what is seen first holds for all earlier
 * time, and each later difference begins a state when the CRM changed the actor.
 */
export function prepareActor(handle: Handle): DeriveActor {
  const actor = handle.prepare<unknown[], ActorRow>(
    `SELECT kind, active, licensed, role, updated_at, synced_at, deleted_at AS gone_at,
       CASE WHEN deleted_at IS NOT NULL OR merged_into IS NOT NULL OR is_test = 1 THEN 1 ELSE 0 END AS is_gone
     FROM actor WHERE source_id = ? AND id = ?`,
  );
  const last = handle.prepare<unknown[], ActorState>(
    `SELECT from_at, kind, active, licensed, role FROM actor_state WHERE source_id = ? AND id = ?
     ORDER BY from_at DESC LIMIT 1`,
  );
  const end = handle.prepare(
    'UPDATE actor_state SET to_at = ? WHERE source_id = ? AND id = ? AND from_at = ?',
  );
  const begin = handle.prepare('INSERT OR REPLACE INTO actor_state VALUES (?, ?, ?, NULL, ?, ?, ?, ?)');
  return ({ source_id, id }) => {
    const row = actor.get(source_id, id);
    if (!row) return;
    const now = row.is_gone === 1 ? { ...row, active: 0, licensed: 0 } : row;
    const before = last.get(source_id, id);
    if (before && isSame(before, now)) return;
    const at = before ? changedAt(row, before) : 0;
    if (before) end.run(at, source_id, id, before.from_at);
    begin.run(source_id, id, at, now.kind, now.active, now.licensed, now.role);
  };
}

function isSame(before: ActorState, now: Omit<ActorState, 'from_at'>): boolean {
  const print = ({ kind, active, licensed, role }: Omit<ActorState, 'from_at'>) =>
    JSON.stringify([kind, active, licensed, role]);
  return print(before) === print(now);
}

function changedAt({ gone_at, updated_at, synced_at }: ActorRow, { from_at }: ActorState): number {
  const claimed = gone_at ?? updated_at ?? synced_at;
  if (claimed > from_at) return claimed;
  return Math.max(synced_at, from_at + 1);
}
