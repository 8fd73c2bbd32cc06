import type { Handle } from './database.ts';
import { usualDays } from './derive-backdated.ts';
import { type Instant, rowsOf } from './later-data.ts';

/** Columns of a record that are known of the past, beside its key. */
export const rebuiltColumns = {
  deal: [
    ...['owner_id', 'pipeline', 'stage', 'amount_minor', 'currency', 'probability', 'next_step', 'outcome'],
    ...['expected_close_on', 'expected_close_at', 'closed_on', 'closed_at', 'lost_reason', 'updated_at'],
  ],
  ticket: [
    ...['owner_id', 'pipeline', 'status', 'priority', 'category', 'due_at', 'is_closed'],
    ...['last_closed_at', 'reopened_at', 'updated_at'],
  ],
} as const;

/** Deals whose state of then has ended since, as they stood: `temp.then_deal`. */
export function rebuildDeals(handle: Handle, instant: Instant): void {
  const { today, zone } = instant;
  handle.function('local_day', { deterministic: true }, (at: unknown) =>
    typeof at === 'number' ? zone.dateOf(at) : null,
  );
  createTable(handle, 'deal', [...rebuiltColumns.deal, 'backdated']);
  noteOneDate(handle);
  handle.exec(`
    INSERT INTO temp.then_deal
    WITH standing AS (${standing(instant, { table: 'deal_state', object: 'deal', closed: "outcome <> 'open'" })}),
    dated AS (
      SELECT s.*, d.outcome AS now_outcome, d.closed_on AS now_closed_on, d.closed_at AS now_closed_at,
        d.expected_close_at AS due_at, d.expected_close_on AS due_on, d.lost_reason,
        CASE WHEN s.outcome = 'open' THEN NULL
          WHEN s.source_id IN temp.one_date AND s.expected_close_on IS NOT NULL THEN s.expected_close_on
          WHEN s.reopened_at IS NULL AND d.outcome <> 'open' AND d.closed_on <= '${today}' THEN d.closed_on
          ELSE local_day(s.closed_at) END AS closed_on
      FROM standing s JOIN main.deal d ON d.source_id = s.source_id AND d.id = s.id
    )
    SELECT source_id, id, owner_id, pipeline, stage, amount_minor, currency, probability, next_step, outcome,
      expected_close_on, CASE WHEN due_on IS expected_close_on THEN due_at END,
      closed_on,
      CASE WHEN closed_on IS NULL THEN NULL WHEN closed_on = now_closed_on THEN now_closed_at
        WHEN coalesce(now_closed_at, due_at) IS NOT NULL THEN closed_at END,
      CASE WHEN outcome = now_outcome THEN lost_reason END, from_at,
      closing_told = 1 AND abs(julianday(closed_on) - julianday(local_day(closed_at))) > ${usualDays}
    FROM dated`);
}

/** Cases whose state of then has ended since, as they stood: `temp.then_ticket`. */
export function rebuildTickets(handle: Handle, instant: Instant): void {
  const { asOf } = instant;
  createTable(handle, 'ticket', rebuiltColumns.ticket);
  handle.exec(`
    INSERT INTO temp.then_ticket
    WITH standing AS (${standing(instant, { table: 'ticket_state', object: 'ticket', closed: 'is_closed = 1' })})
    SELECT s.source_id, s.id, s.owner_id, s.pipeline, s.status, s.priority, s.category, s.due_at, s.is_closed,
      CASE WHEN s.is_closed = 0 THEN NULL WHEN s.reopened_at IS NULL AND t.last_closed_at < ${asOf} THEN t.last_closed_at
        ELSE s.closed_at END,
      CASE WHEN t.reopened_at < ${asOf} THEN t.reopened_at ELSE s.opened_at END, s.from_at
    FROM standing s JOIN main.ticket t ON t.source_id = s.source_id AND t.id = s.id`);
}

function createTable(handle: Handle, object: string, columns: readonly string[]): void {
  handle.exec(
    `CREATE TEMP TABLE then_${object} (source_id TEXT, id TEXT, ${columns.join(', ')}, PRIMARY KEY (source_id, id)) WITHOUT ROWID`,
  );
}

interface States {
  readonly table: string;
  readonly object: string;
  /** Whether a state is closed. */
  readonly closed: string;
}

/**
 * The state of then of each record that has a later one, when it had last been closed (and whether a history told it) and
 * opened again by then, and when it was next opened again since.
 */
function standing(instant: Instant, { table, object, closed }: States): string {
  const { asOf } = instant;
  const same = 'o.source_id = t.source_id AND o.id = t.id';
  const turns = `SELECT o.from_at, o.inferred, o.${closed} AS is_end, lag(o.${closed}) OVER (ORDER BY o.from_at) AS was_end
    FROM main.${table} o WHERE ${same} AND o.from_at < ${asOf}`;
  const closing = 'is_end = 1 AND coalesce(was_end, 0) = 0';
  return `
    SELECT t.*,
      (SELECT max(from_at) FROM (${turns}) WHERE ${closing}) AS closed_at,
      (SELECT 1 - inferred FROM (${turns}) WHERE ${closing} ORDER BY from_at DESC LIMIT 1) AS closing_told,
      (SELECT max(from_at) FROM (${turns}) WHERE is_end = 0 AND was_end = 1) AS opened_at,
      (SELECT min(o.from_at) FROM main.${table} o
        WHERE ${same} AND o.from_at >= ${asOf} AND NOT o.${closed}) AS reopened_at
    FROM ${rowsOf(table, object, instant)} WHERE t.from_at < ${asOf} AND t.to_at >= ${asOf}`;
}

const mostDeals = 200;
const fewDiffer = 0.2;

/**
 * Connections whose CRM has one date for when a deal is expected to close and when it did: its history tells the day of an
 * earlier closing. Elsewhere that is the day on which somebody closed it.
 */
function noteOneDate(handle: Handle): void {
  handle.exec('CREATE TEMP TABLE one_date (source_id TEXT PRIMARY KEY) WITHOUT ROWID');
  const note = handle.prepare(
    `INSERT INTO temp.one_date SELECT @source FROM (SELECT avg(differs) AS share FROM (
       SELECT s.expected_close_on IS NOT d.closed_on AS differs
       FROM main.deal d CROSS JOIN main.deal_state s ON s.source_id = d.source_id AND s.id = d.id AND s.to_at IS NULL
       WHERE d.source_id = @source AND d.outcome <> 'open' AND d.closed_on IS NOT NULL LIMIT ${mostDeals}))
     WHERE share <= ${fewDiffer}`,
  );
  for (const source of handle.prepare('SELECT id FROM main.source').pluck().all()) note.run({ source });
}
