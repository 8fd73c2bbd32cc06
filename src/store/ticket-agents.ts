import type { SqlValue } from '../model/entities.ts';
import type { Handle } from './database.ts';

export interface OwnersOfTicket {
  readonly source: string;
  readonly before: readonly (SqlValue | undefined)[];
  readonly now: readonly (SqlValue | undefined)[];
}

/** Keeps in how many tickets somebody is or was the owner. */
export function prepareAgents(handle: Handle): (owners: OwnersOfTicket) => void {
  const add = handle.prepare(
    `INSERT INTO ticket_agent VALUES (?, ?, 1) ON CONFLICT DO UPDATE SET tickets = tickets + 1`,
  );
  const where = 'WHERE source_id = ? AND owner_id = ?';
  const takeOff = handle.prepare(`UPDATE ticket_agent SET tickets = tickets - 1 ${where}`);
  const remove = handle.prepare(`DELETE FROM ticket_agent ${where} AND tickets <= 0`);
  return ({ source, before, now }) => {
    const [had, has] = [namesOf(before), namesOf(now)];
    for (const owner of has) if (!had.has(owner)) add.run(source, owner);
    for (const owner of had) {
      if (has.has(owner)) continue;
      takeOff.run(source, owner);
      remove.run(source, owner);
    }
  };
}

function namesOf(owners: readonly (SqlValue | undefined)[]): ReadonlySet<string> {
  return new Set(owners.filter((owner) => typeof owner === 'string'));
}
