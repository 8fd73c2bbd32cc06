import { daysBetween, type Zone } from '../model/zone.ts';
import type { Handle } from './database.ts';
import type { StateSpan } from './derive-states.ts';

/** A close date may be typed a few days after the fact. */
export const usualDays = 3;

export interface ClosedDeal {
  readonly source: string;
  readonly id: string;
  readonly spans: readonly StateSpan[];
  /** The close date as it stands; null while open. */
  readonly closedOn: unknown;
}

/** Notes deals that were closed on another day than the one that they were given. */
export function prepareBackdated(handle: Handle, zone: Zone): (deal: ClosedDeal) => void {
  const clear = handle.prepare('DELETE FROM backdated_deal WHERE source_id = ? AND id = ?');
  const insert = handle.prepare('INSERT INTO backdated_deal VALUES (?, ?)');
  return ({ source, id, spans, closedOn }) => {
    clear.run(source, id);
    const movedAt = closingMove(spans);
    if (movedAt === null || typeof closedOn !== 'string' || !/^\d{4}-\d\d-\d\d$/.test(closedOn)) return;
    if (Math.abs(daysBetween(closedOn, zone.dateOf(movedAt))) > usualDays) insert.run(source, id);
  };
}

/** When it last went from open to closed; null where only its dates tell that it did. */
function closingMove(spans: readonly StateSpan[]): number | null {
  let movedAt: number | null = null;
  let wasOpen = true;
  for (const { from, values, inferred } of spans) {
    const isOpen = values.outcome === 'open';
    if (wasOpen && !isOpen) movedAt = inferred ? null : from;
    wasOpen = isOpen;
  }
  return wasOpen ? null : movedAt;
}
