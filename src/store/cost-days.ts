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
  readonly campaign_source_id: string | null;
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
  const insert = handle.prepare('INSERT INTO cost_day VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)');
  for (const cost of readCosts(handle)) {
    const days = daysOf(cost, zone);
    if (!days) continue;
    const { source_id, object, id, purpose, team_id, amount_minor, currency } = cost;
    const what = [purpose, cost.campaign_id, cost.campaign_source_id, team_id];
    for (const [place, amount] of spreadAmount(amount_minor, days.count).entries()) {
      const day = addDays(days.from, place);
      insert.run(source_id, object, id, day, ...what, amount, currency);
    }
  }
}

/** Builds benefit_day anew, as costs are: hours saved count at their rate. */
export function deriveBenefits(handle: Handle, zone: Zone): void {
  handle.exec('DELETE FROM benefit_day');
  const insert = handle.prepare('INSERT INTO benefit_day VALUES (?, ?, ?, ?, ?, ?, ?)');
  for (const benefit of readBenefits(handle)) {
    const days = daysOf(benefit, zone);
    if (!days) continue;
    const { source_id, object, id, purpose, amount_minor, currency } = benefit;
    for (const [place, amount] of spreadAmount(amount_minor, days.count).entries())
      insert.run(source_id, object, id, addDays(days.from, place), purpose, amount, currency);
  }
}

type Benefit = Omit<Cost, 'campaign_id' | 'campaign_source_id' | 'team_id'>;

function readBenefits(handle: Handle): readonly Benefit[] {
  const entries = handle
    .prepare<unknown[], Benefit & { readonly hours: number | null }>(
      `SELECT source_id, 'entry' AS object, id, coalesce(from_on, day) AS from_on, coalesce(to_on, from_on, day) AS to_on,
         created_at, lower(purpose) AS purpose, amount_minor, currency, value AS hours
       FROM entry WHERE kind = 'benefit' AND amount_minor IS NOT NULL AND deleted_at IS NULL
         AND merged_into IS NULL AND is_test = 0`,
    )
    .all();
  return entries.map(({ hours, ...benefit }) => ({
    ...benefit,
    amount_minor: hours === null ? benefit.amount_minor : Math.round(hours * benefit.amount_minor),
  }));
}

function readCosts(handle: Handle): readonly Cost[] {
  const living = 'deleted_at IS NULL AND merged_into IS NULL AND is_test = 0';
  return handle
    .prepare<unknown[], Cost>(
      `WITH entered AS (
         SELECT e.*, (SELECT c.source_id FROM campaign c WHERE c.id = e.campaign_id
           ORDER BY c.source_id <> e.source_id, c.source_id LIMIT 1) AS campaign_source_id
         FROM entry e WHERE kind = 'cost' AND amount_minor IS NOT NULL AND ${living}
       )
       SELECT source_id, 'entry' AS object, id, coalesce(from_on, day) AS from_on, coalesce(to_on, from_on, day) AS to_on,
         created_at, lower(purpose) AS purpose, campaign_id, campaign_source_id, team_id, amount_minor, currency
       FROM entered
       UNION ALL
       SELECT source_id, 'campaign', id, coalesce(starts_on, ends_on), coalesce(ends_on, starts_on), created_at,
         'marketing', id, source_id, NULL, cost_minor, currency
       FROM campaign c WHERE cost_minor IS NOT NULL AND ${living} AND NOT EXISTS
         (SELECT 1 FROM entered e WHERE e.campaign_source_id = c.source_id AND e.campaign_id = c.id)`,
    )
    .all();
}

function daysOf(
  { from_on, to_on, created_at }: Pick<Cost, 'from_on' | 'to_on' | 'created_at'>,
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
