import { addDays, daysBetween, type Zone } from '../model/zone.ts';
import type { Handle } from './database.ts';

/** Longer than this is a slip of the pen: the whole cost stands on the first day. */
const longestDays = 3660;

interface Cost {
  readonly source_id: string;
  readonly object: string;
  readonly id: string;
  readonly from_on: string | null;
  readonly to_on: string | null;
  readonly created_at: number | null;
  readonly purpose: string | null;
  readonly campaign_id: string | null;
  readonly team_id: string | null;
  readonly amount_minor: number;
  readonly currency: string | null;
}

/** An amount in equal parts, in whole minor units that add up to it exactly. */
export function spreadAmount(amount: number, days: number): readonly number[] {
  const upTo = (day: number) => Math.round((amount * day) / days);
  return Array.from({ length: days }, (_, day) => upTo(day + 1) - upTo(day));
}

/** Builds cost_day anew: costs are few. A campaign with entered costs has those instead of its own figure. */
export function deriveCosts(handle: Handle, zone: Zone): void {
  handle.exec('DELETE FROM cost_day');
  const insert = handle.prepare('INSERT INTO cost_day VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)');
  for (const cost of readCosts(handle)) {
    const days = daysOf(cost, zone);
    if (!days) continue;
    const { source_id, object, id, purpose, campaign_id, team_id, amount_minor, currency } = cost;
    for (const [place, amount] of spreadAmount(amount_minor, days.count).entries()) {
      const day = addDays(days.from, place);
      insert.run(source_id, object, id, day, purpose, campaign_id, team_id, amount, currency);
    }
  }
}

function readCosts(handle: Handle): readonly Cost[] {
  const living = 'deleted_at IS NULL AND merged_into IS NULL AND is_test = 0 AND amount_minor IS NOT NULL';
  return handle
    .prepare<unknown[], Cost>(
      `SELECT source_id, 'entry' AS object, id, coalesce(from_on, day) AS from_on, coalesce(to_on, from_on, day) AS to_on,
         created_at, lower(purpose) AS purpose, campaign_id, team_id, amount_minor, currency
       FROM entry WHERE kind = 'cost' AND ${living}
       UNION ALL
       SELECT source_id, 'campaign', id, coalesce(starts_on, ends_on), coalesce(ends_on, starts_on),
         created_at, 'marketing', id, NULL, cost_minor, currency
       FROM campaign c WHERE ${living.replace('amount_minor', 'cost_minor')}
         AND NOT EXISTS (SELECT 1 FROM entry e WHERE e.source_id = c.source_id AND e.campaign_id = c.id
           AND e.kind = 'cost' AND e.deleted_at IS NULL AND e.amount_minor IS NOT NULL)`,
    )
    .all();
}

function daysOf(
  { from_on, to_on, created_at }: Cost,
  zone: Zone,
): { readonly from: string; readonly count: number } | null {
  const from = from_on ?? (created_at === null ? null : zone.dateOf(created_at));
  if (from === null || !isDate(from)) return null;
  const days = to_on !== null && isDate(to_on) ? daysBetween(from, to_on) + 1 : 1;
  return { from, count: days >= 1 && days <= longestDays ? days : 1 };
}

function isDate(text: string): boolean {
  return /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(Date.parse(`${text}T00:00:00Z`));
}
