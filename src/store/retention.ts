import type { TableName } from '../model/entities.ts';
import type { RetentionStore, StreamKey } from '../model/store.ts';
import type { Handle } from './database.ts';
import { watchedTables } from './record-groups.ts';

interface AgingTable {
  /** The latest of these tells how old a row is. */
  readonly dates: readonly string[];
  /** What is still open stays, however old it is. */
  readonly open: string;
  /** What was derived from a row and goes with it. What customers bought is kept: it decides who is one today. */
  readonly derived: readonly string[];
}

/** Tables whose rows may be let go; those of people, teams, accounts, stages and rates are small and always needed. */
const agingTables: Readonly<Partial<Record<TableName, AgingTable>>> = {
  activity: {
    dates: ['created_at', 'starts_at', 'due_on', 'done_at'],
    open: "t.status = 'open'",
    derived: [],
  },
  deal: {
    dates: ['created_at', 'closed_at', 'closed_on'],
    open: "t.outcome = 'open'",
    derived: ['deal_state', 'stage_visit', 'backdated_deal'],
  },
  ticket: {
    dates: ['created_at', 'first_closed_at', 'last_closed_at', 'reopened_at'],
    open: 't.is_closed = 0',
    derived: ['ticket_state'],
  },
  lead: { dates: ['created_at', 'closed_at', 'converted_on'], open: '0', derived: [] },
  campaign_member: { dates: ['created_at', 'sent_at', 'responded_at'], open: '0', derived: [] },
  email_stat: { dates: ['created_at', 'sent_at'], open: '0', derived: [] },
  survey_answer: { dates: ['created_at', 'sent_at', 'answered_at'], open: '0', derived: [] },
};

/** A little more than the longest month: cutoffs move forward by themselves, and back only where the settings did. */
const settingMovedMs = 32 * 86_400_000;

interface StreamRow {
  readonly source_id: string;
  readonly name: string;
  readonly table: TableName;
  readonly kept_from: number;
}

export function createRetentionStore(handle: Handle): RetentionStore {
  return {
    keepFrom: (key, from) => handle.transaction(() => noteKeepFrom(handle, key, from)).immediate(),
    purgeOld: async (signal) => {
      let purged = 0;
      const streams = handle
        .prepare<unknown[], StreamRow>(
          'SELECT source_id, name, "table", kept_from FROM stream WHERE kept_from IS NOT NULL',
        )
        .all();
      for (const stream of streams) {
        for (;;) {
          signal.throwIfAborted();
          const count = handle.transaction(() => purgeSome(handle, stream, null)).immediate();
          purged += count;
          if (count < rowsPerTransaction) break;
          await new Promise(setImmediate);
        }
      }
      return purged;
    },
    purgedBefore: () =>
      new Map(
        handle
          .prepare<unknown[], [TableName, number]>(
            'SELECT "table", max(purged_before) FROM stream WHERE purged_before IS NOT NULL GROUP BY 1',
          )
          .raw()
          .all(),
      ),
  };
}

const rowsPerTransaction = 2000;

/** A setting that lets rows be kept for longer has the stream read anew, so that they come back. */
function noteKeepFrom(handle: Handle, { connection, stream }: StreamKey, from: number | null): void {
  const before = handle
    .prepare<unknown[], number | null>('SELECT kept_from FROM stream WHERE source_id = ? AND name = ?')
    .pluck()
    .get(connection, stream);
  if (before === undefined || before === from) return;
  const longer = before !== null && (from === null || from < before - settingMovedMs);
  if (longer) {
    handle.prepare('DELETE FROM purged WHERE source_id = ? AND stream = ?').run(connection, stream);
    handle
      .prepare('UPDATE stream SET cursor = NULL, purged_before = NULL WHERE source_id = ? AND name = ?')
      .run(connection, stream);
  }
  // A clock that was set back brings nothing back.
  const kept = longer || before === null || from === null ? from : Math.max(before, from);
  handle
    .prepare('UPDATE stream SET kept_from = ? WHERE source_id = ? AND name = ?')
    .run(kept, connection, stream);
}

/** Rows of one batch that are too old already; returns how many were let go again. */
export function purgeArrived(
  handle: Handle,
  key: StreamKey,
  tables: readonly { readonly table: TableName; readonly rows: readonly { readonly id: string }[] }[],
): number {
  const own = handle
    .prepare<unknown[], StreamRow>(
      'SELECT source_id, name, "table", kept_from FROM stream WHERE source_id = ? AND name = ?',
    )
    .get(key.connection, key.stream);
  let purged = 0;
  for (const { table, rows } of tables) {
    if (rows.length === 0) continue;
    const ids = () => JSON.stringify(rows.map(({ id }) => id));
    if ((table === 'change' || table === 'dimension') && hasPurged(handle, key.connection))
      dropOfPurged(handle, key.connection, { table, ids: ids() });
    if (!own || own.kept_from === null || table !== own.table) continue;
    handle
      .prepare(
        'DELETE FROM purged WHERE source_id = ? AND "table" = ? AND id IN (SELECT value FROM json_each(?))',
      )
      .run(key.connection, table, ids());
    purged += purgeSome(handle, own, ids());
  }
  return purged;
}

function hasPurged(handle: Handle, connection: string): boolean {
  return handle.prepare('SELECT 1 FROM purged WHERE source_id = ? LIMIT 1').get(connection) !== undefined;
}

/** The history of a record that was let go is not kept either. */
function dropOfPurged(
  handle: Handle,
  connection: string,
  { table, ids }: { readonly table: 'change' | 'dimension'; readonly ids: string },
): void {
  handle
    .prepare(
      `DELETE FROM ${table} WHERE source_id = ? AND id IN (SELECT value FROM json_each(?)) AND EXISTS (
         SELECT 1 FROM purged p WHERE p.source_id = ${table}.source_id AND p."table" = ${table}.object
           AND p.id = ${table}.record_id)`,
    )
    .run(connection, ids);
}

/** Lets go of rows that are too old, of all or of the given ids. Returns how many. */
function purgeSome(handle: Handle, stream: StreamRow, ids: string | null): number {
  const aging = agingTables[stream.table];
  if (!aging) return 0;
  handle.exec(
    'CREATE TEMP TABLE IF NOT EXISTS going (id TEXT PRIMARY KEY) WITHOUT ROWID; DELETE FROM temp.going',
  );
  const count = handle
    .prepare(
      `INSERT INTO temp.going SELECT t.id FROM ${stream.table} t WHERE t.source_id = ? AND t.stream = ?
         AND ${lastDate(aging)} > 0 AND ${lastDate(aging)} < ? AND (${aging.open}) IS NOT 1
         AND ${notAwaited(handle, stream.table)}
         AND (? IS NULL OR t.id IN (SELECT value FROM json_each(?))) LIMIT ${ids === null ? rowsPerTransaction : -1}`,
    )
    .run(stream.source_id, stream.name, stream.kept_from, ids, ids).changes;
  if (count === 0) return 0;
  remember(handle, stream);
  removeGoing(handle, stream, aging);
  return count;
}

function lastDate({ dates }: AgingTable): string {
  const instants = dates.map((name) =>
    name.endsWith('_on') ? `coalesce(unixepoch(t.${name}) * 1000, 0)` : `coalesce(t.${name}, 0)`,
  );
  return `max(${instants.join(', ')})`;
}

const isWatched = (handle: Handle, table: string) =>
  handle.prepare("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?").get(`was_${table}`) !==
  undefined;

/** The next evaluation is still to learn what became of a changed row. */
function notAwaited(handle: Handle, table: string): string {
  if (!isWatched(handle, table)) return '1';
  return `NOT EXISTS (SELECT 1 FROM was_${table} w WHERE w.source_id = t.source_id AND w.id = t.id AND w.existed = 1)`;
}

function remember(handle: Handle, { source_id, name, table, kept_from }: StreamRow): void {
  const money = table === 'deal' ? 'amount_minor, currency' : 'NULL, NULL';
  handle
    .prepare(
      `INSERT OR REPLACE INTO purged SELECT source_id, stream, '${table}', id, ${money} FROM ${table}
       WHERE source_id = ? AND id IN (SELECT id FROM temp.going) AND deleted_at IS NULL AND merged_into IS NULL`,
    )
    .run(source_id);
  handle
    .prepare(
      'UPDATE stream SET purged_before = max(coalesce(purged_before, 0), ?) WHERE source_id = ? AND name = ?',
    )
    .run(kept_from, source_id, name);
}

/** A row that is let go was not deleted: what its triggers noted goes, too, and the figures stay as they are. */
function removeGoing(handle: Handle, { source_id, table }: StreamRow, { derived }: AgingTable): void {
  const going = 'IN (SELECT id FROM temp.going)';
  for (const own of [table, ...derived]) {
    handle.prepare(`DELETE FROM ${own} WHERE source_id = ? AND id ${going}`).run(source_id);
    if (isWatched(handle, own) && watchedTables[own])
      handle.prepare(`DELETE FROM was_${own} WHERE source_id = ? AND id ${going}`).run(source_id);
  }
  for (const beside of ['change', 'dimension']) {
    const where = `source_id = ? AND object = '${table}' AND record_id ${going}`;
    handle.prepare(`DELETE FROM ${beside} WHERE ${where}`).run(source_id);
    if (isWatched(handle, beside)) handle.prepare(`DELETE FROM was_${beside} WHERE ${where}`).run(source_id);
  }
}

/** Records that were let go and still live in the CRM, with their amounts by currency. */
export function countPurged(
  handle: Handle,
  { connection, stream }: StreamKey,
): { readonly rows: number; readonly amounts: ReadonlyMap<string, number> } {
  const sums = handle
    .prepare<unknown[], { currency: string | null; rows: number; amount: number | null }>(
      `SELECT currency, count(*) AS rows, sum(amount_minor) AS amount FROM purged
       WHERE source_id = ? AND stream = ? GROUP BY currency`,
    )
    .all(connection, stream);
  const amounts = sums.flatMap(({ currency, amount }) =>
    currency === null || amount === null ? [] : [[currency, amount] as const],
  );
  return { rows: sums.reduce((total, { rows }) => total + rows, 0), amounts: new Map(amounts) };
}
