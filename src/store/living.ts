import type { TableName } from '../model/entities.ts';
import { forgottenPrefix } from '../model/forgotten.ts';
import { apartFrom } from '../model/namesake.ts';
import type { StreamKey, SyncStore } from '../model/store.ts';
import type { Handle } from './database.ts';
import { countPurged } from './retention.ts';
import { countRecords } from './stream-states.ts';

/** What is held of a stream, to be compared with the CRM. */
export function createLivingStore(handle: Handle): Pick<SyncStore, 'countLiving' | 'livingIds'> {
  const tableOf = ({ connection, stream }: StreamKey) =>
    handle
      .prepare<unknown[], TableName>('SELECT "table" FROM stream WHERE source_id = ? AND name = ?')
      .pluck()
      .get(connection, stream);

  return {
    countLiving: (key) => {
      const purged = countPurged(handle, key);
      const table = tableOf(key);
      if (table !== 'deal') {
        const rows = countRecords(handle, key).rows + purged.rows;
        return { rows, forgotten: countForgotten(handle, key, table) };
      }
      const deals = countDeals(handle, key);
      const amounts = new Map(Object.entries(deals.amounts));
      for (const [currency, amount] of purged.amounts)
        amounts.set(currency, (amounts.get(currency) ?? 0) + amount);
      return { rows: deals.rows + purged.rows, amounts: Object.fromEntries(amounts) };
    },
    livingIds: (key) => readLivingIds(handle, key, tableOf(key)),
  };
}

interface DealCount {
  readonly rows: number;
  readonly first: string | null;
  readonly last: string | null;
  readonly amount: number | null;
}

/** One pass where all deals are in one currency, which most are: grouping takes longer than counting and adding up. */
function countDeals(
  handle: Handle,
  key: StreamKey,
): { readonly rows: number; readonly amounts: Readonly<Record<string, number>> } {
  const counted = handle
    .prepare<unknown[], DealCount>(
      `SELECT count(*) AS rows, min(currency) AS first, max(currency) AS last,
         sum(amount_minor) FILTER (WHERE currency IS NOT NULL) AS amount
       FROM deal WHERE source_id = ? AND stream = ? AND deleted_at IS NULL`,
    )
    .get(key.connection, key.stream);
  const { rows = 0, first = null, last = null, amount = null } = counted ?? {};
  if (first !== last) return { rows, amounts: sumAmounts(handle, key) };
  return { rows, amounts: first === null || amount === null ? {} : { [first]: amount } };
}

function sumAmounts(handle: Handle, { connection, stream }: StreamKey): Readonly<Record<string, number>> {
  const sums = handle
    .prepare<unknown[], { currency: string; amount: number }>(
      `SELECT currency, sum(amount_minor) AS amount FROM deal WHERE source_id = ? AND stream = ? AND deleted_at IS NULL
         AND amount_minor IS NOT NULL AND currency IS NOT NULL GROUP BY currency`,
    )
    .all(connection, stream);
  return Object.fromEntries(sums.map(({ currency, amount }) => [currency, amount]));
}

const idsPerChunk = 5000;

/** By keyset, so that writes may go on between the chunks. */
async function* readLivingIds(
  handle: Handle,
  { connection, stream }: StreamKey,
  table: TableName | undefined,
): AsyncGenerator<readonly string[]> {
  if (!table) return;
  // Where a record stands under another id than its own, its own one takes part in the order.
  const id = hasApart(handle, { connection, stream }, table)
    ? "CASE WHEN id GLOB @stream || ':*' THEN substr(id, length(@stream) + 2) ELSE id END"
    : 'id';
  const next = handle
    .prepare<unknown[], string>(
      `SELECT ${id} AS own FROM ${table} WHERE source_id = @connection AND stream = @stream AND deleted_at IS NULL
         AND ${id} > @last AND id NOT LIKE '${forgottenPrefix}%'
       UNION ALL
       SELECT ${id} FROM purged WHERE source_id = @connection AND "table" = '${table}' AND stream = @stream AND ${id} > @last
       ORDER BY own LIMIT ${idsPerChunk}`,
    )
    .pluck();
  let last = '';
  for (;;) {
    const ids = next.all({ connection, stream, last }) as string[];
    if (ids.length === 0) return;
    yield ids;
    last = ids.at(-1) ?? last;
  }
}

function hasApart(handle: Handle, { connection, stream }: StreamKey, table: TableName): boolean {
  const from = apartFrom(stream, '');
  const before = `${from.slice(0, -1)};`;
  const among = (name: string, more: string) =>
    `SELECT 1 FROM ${name} WHERE source_id = @connection AND id >= @from AND id < @before ${more}`;
  return (
    handle
      .prepare(`${among(table, '')} UNION ALL ${among('purged', `AND "table" = '${table}'`)} LIMIT 1`)
      .get({ connection, from, before }) !== undefined
  );
}

/** People who were forgotten here and may by now be deleted there, which only their real ids would tell. */
function countForgotten(
  handle: Handle,
  { connection, stream }: StreamKey,
  table: TableName | undefined,
): number {
  if (table !== 'actor' && table !== 'lead') return 0;
  return Number(
    handle
      .prepare(
        `SELECT count(*) FROM ${table} WHERE source_id = ? AND id >= ? AND id < ? AND stream = ? AND deleted_at IS NULL`,
      )
      .pluck()
      .get(connection, forgottenPrefix, `${forgottenPrefix}\uffff`, stream),
  );
}
