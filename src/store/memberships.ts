import type { Membership } from '../model/connector.ts';
import type { StreamKey } from '../model/store.ts';
import type { Handle } from './database.ts';

interface OpenSpan {
  readonly team_id: string;
  readonly is_primary: number;
  readonly valid_from: number;
  readonly valid_to: number | null;
}

export type SaveMembership = (key: StreamKey, membership: Membership, at: number) => void;

/** Keeps the history of who belonged to which team. The first membership seen holds for all earlier time. */
export function createMembershipWriter(handle: Handle): SaveMembership {
  const spansOf = handle.prepare<unknown[], OpenSpan>(
    'SELECT team_id, is_primary, valid_from, valid_to FROM team_member WHERE source_id = ? AND actor_id = ?',
  );
  const lastSuccess = handle
    .prepare<unknown[], number | null>('SELECT last_success_at FROM stream WHERE source_id = ? AND name = ?')
    .pluck();
  const end = prepareEnd(handle);
  const begin = handle.prepare('INSERT OR REPLACE INTO team_member VALUES (?, ?, ?, ?, NULL, ?)');

  return (key, { actorId, at: claimedAt, teams }, at) => {
    const spans = spansOf.all(key.connection, actorId);
    const open = spans.filter((span) => span.valid_to === null);
    const wanted = new Map(teams.map((team) => [team.teamId, team.primary ? 1 : 0]));
    const kept = new Set(
      open.filter((span) => wanted.get(span.team_id) === span.is_primary).map((span) => span.team_id),
    );
    const ended = open.filter((span) => !kept.has(span.team_id));
    const begun = [...wanted].filter(([teamId]) => !kept.has(teamId));
    if (ended.length === 0 && begun.length === 0) return;
    const seenAt = lastSuccess.get(key.connection, key.stream) ?? null;
    const changedAt = spans.length === 0 ? 0 : instantOfChange({ claimedAt, at, seenAt, spans });
    for (const span of ended) end({ connection: key.connection, actorId, span, changedAt });
    for (const [teamId, primary] of begun) begin.run(key.connection, actorId, teamId, changedAt, primary);
  };
}

/** A span that would end when it began never held. */
function prepareEnd(handle: Handle) {
  const one = 'WHERE source_id = ? AND actor_id = ? AND team_id = ? AND valid_from = ?';
  const close = handle.prepare(`UPDATE team_member SET valid_to = ? ${one}`);
  const remove = handle.prepare(`DELETE FROM team_member ${one}`);
  return (ended: { connection: string; actorId: string; span: OpenSpan; changedAt: number }): void => {
    const { connection, actorId, span, changedAt } = ended;
    const place = [connection, actorId, span.team_id, span.valid_from];
    if (changedAt > span.valid_from) close.run(changedAt, ...place);
    else remove.run(...place);
  };
}

/**
 * The CRM's modification time is taken only if it lies after the last successful pass: before that pass the old
 * membership was seen to hold. Never later than now, nor before what is already known.
 */
function instantOfChange(known: {
  readonly claimedAt: number;
  readonly at: number;
  readonly seenAt: number | null;
  readonly spans: readonly OpenSpan[];
}): number {
  const { claimedAt, at, seenAt, spans } = known;
  const stale = seenAt !== null && claimedAt <= seenAt;
  const newest = Math.max(...spans.map((span) => span.valid_to ?? span.valid_from));
  return Math.max(stale ? at : Math.min(claimedAt, at), newest);
}
