import { entityTables } from '../model/entities.ts';
import type { Handle } from './database.ts';
import type { Instant } from './later-data.ts';
import { rebuiltColumns } from './past-records.ts';
import { columnsOf } from './watch.ts';

/** How the rows `t` of a table looked then. */
interface Past {
  /** Which of them were there. */
  readonly where: string;
  /** Columns that said something else, as expressions. */
  readonly columns: Readonly<Record<string, string>>;
}

/** Puts views of what was there then in the place of those of the present. */
export function showPast(
  handle: Handle,
  instant: Instant,
  { spansDiffer }: { readonly spansDiffer: boolean },
): void {
  for (const [table, past] of Object.entries(pastTables(instant))) {
    replaceView(handle, table, selectPast(table, columnsOf(handle, table), past));
  }
  replaceView(
    handle,
    'backdated_deal',
    `SELECT t.source_id, t.id FROM main.backdated_deal t WHERE NOT ${isIn('then_deal', 'id')}
     UNION ALL SELECT source_id, id FROM temp.then_deal WHERE backdated = 1`,
  );
  replaceView(handle, 'told_field', toldFields(instant));
  replaceView(handle, 'ticket_agent', ticketAgents(instant));
  if (!spansDiffer) return;
  for (const [table, then] of [
    ['purchase', 'then_purchase'],
    ['customer_span', 'then_span'],
  ] as const) {
    const list = columnsOf(handle, table).join(', ');
    replaceView(
      handle,
      table,
      `SELECT ${list} FROM main.${table} t WHERE NOT ${isIn('then_account', 'account_id')}
       UNION ALL SELECT ${list} FROM temp.${then}`,
    );
  }
}

const alive = 't.deleted_at IS NULL AND t.merged_into IS NULL AND t.is_test = 0';

const isIn = (table: string, key: string) =>
  `EXISTS (SELECT 1 FROM temp.${table} w WHERE w.source_id = t.source_id AND w.${key} = t.${key})`;

/** Connections that had told of an answer by then. */
function toldFields({ asOf }: Instant): string {
  return `SELECT s.id AS source_id, 'ticket' AS object, 'first_reply_at' AS field FROM main.source s
    WHERE EXISTS (SELECT 1 FROM main.ticket t WHERE t.source_id = s.id AND t.first_reply_at < ${asOf} AND ${alive})`;
}

function ticketAgents({ asOf }: Instant): string {
  return `SELECT source_id, owner_id, count(DISTINCT id) AS tickets FROM main.ticket_state
    WHERE owner_id IS NOT NULL AND from_at < ${asOf} GROUP BY source_id, owner_id`;
}

/**
 * Rows that stand as they did, and those that were rebuilt. Each part names plain columns: a query that asks for one in
 * many places would look a rebuilt value up as often.
 */
function selectPast(table: string, names: readonly string[], { where, columns }: Past): string {
  const living = table in entityTables ? `${where} AND ${alive}` : where;
  const list = (rebuilt: readonly string[]) =>
    names
      .map((name) => `${rebuilt.includes(name) ? `w.${name}` : (columns[name] ?? `t.${name}`)} AS ${name}`)
      .join(', ');
  if (table !== 'deal' && table !== 'ticket')
    return `SELECT ${list([])} FROM main.${table} t WHERE ${living}`;
  const then = `then_${table}`;
  return `SELECT ${list([])} FROM main.${table} t WHERE ${living} AND NOT ${isIn(then, 'id')}
    UNION ALL SELECT ${list(rebuiltColumns[table])} FROM temp.${then} w
    CROSS JOIN main.${table} t ON t.source_id = w.source_id AND t.id = w.id WHERE ${living}`;
}

function replaceView(handle: Handle, table: string, select: string): void {
  handle.exec(`DROP VIEW IF EXISTS temp.${table}; CREATE TEMP VIEW ${table} AS ${select}`);
}

function pastTables({ asOf, today }: Instant): Readonly<Record<string, Past>> {
  /** Of what is an instant itself, nothing where it lies beyond. */
  const known = (...names: readonly string[]) =>
    Object.fromEntries(names.map((name) => [name, `CASE WHEN t.${name} < ${asOf} THEN t.${name} END`]));
  const created = `(t.created_at IS NULL OR t.created_at < ${asOf})`;
  const unless = (test: string, name: string, instead = 'NULL') =>
    `CASE WHEN ${test} THEN ${instead} ELSE t.${name} END`;
  const converted = `t.converted_on > '${today}'`;
  const answered = `t.answered_at >= ${asOf}`;
  return {
    deal: { where: created, columns: {} },
    ticket: {
      where: created,
      columns: {
        ...known('first_reply_at', 'first_closed_at', 'reopened_at'),
        reply_count: unless(`t.first_reply_at >= ${asOf}`, 'reply_count', '0 * t.reply_count'),
      },
    },
    lead: {
      where: created,
      columns: {
        ...known('closed_at'),
        converted_on: unless(converted, 'converted_on'),
        deal_id: unless(converted, 'deal_id'),
      },
    },
    activity: {
      where: created,
      columns: {
        ...known('done_at'),
        status: unless(`t.done_at >= ${asOf} AND t.status = 'done'`, 'status', "'open'"),
      },
    },
    survey_answer: {
      where: created,
      columns: {
        ...known('answered_at'),
        score: unless(answered, 'score'),
        comment: unless(answered, 'comment'),
      },
    },
    contract: { where: created, columns: {} },
    campaign_member: { where: '1', columns: known('responded_at') },
    deal_state: { where: `t.from_at < ${asOf}`, columns: known('to_at') },
    ticket_state: { where: `t.from_at < ${asOf}`, columns: known('to_at') },
    actor_state: { where: `t.from_at < ${asOf}`, columns: known('to_at') },
    actor_day: { where: `t.first_at < ${asOf}`, columns: {} },
    stage_visit: { where: `t.entered_at < ${asOf}`, columns: known('left_at', 'passed_at') },
  };
}
