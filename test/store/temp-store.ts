import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import type { Batch, Stream } from '../../src/model/connector.ts';
import type { SqlValue, TableName, TableRows } from '../../src/model/entities.ts';
import type { BatchTally, Store } from '../../src/model/store.ts';
import { createZone } from '../../src/model/zone.ts';
import { openStore } from '../../src/store/open.ts';

export type LooseRow = Readonly<Record<string, SqlValue>>;

export const signal = new AbortController().signal;

/** epoch ms of a UTC instant. */
export const at = (text: string): number => Date.parse(text.includes('T') ? text : `${text}T00:00:00Z`);

/** A folder that goes away with the test. */
export function makeFolder(): { readonly path: string } & Disposable {
  const path = mkdtempSync(join(tmpdir(), 'crm-kpi-store-'));
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) };
}

export interface TempStore extends AsyncDisposable {
  readonly path: string;
  readonly store: Store;
  /** Rows of a query by another reader of the file. */
  sql<T = Record<string, SqlValue>>(query: string, ...params: SqlValue[]): readonly T[];
  /** Saves what is given as one batch of a stream named like its table. */
  save(table: TableName, saved: SavedBatch): Promise<BatchTally>;
  /** Saves rows of several tables, deals and tickets derived. */
  fill(tables: Readonly<Partial<Record<TableName, readonly LooseRow[]>>>): Promise<void>;
}

export interface SavedBatch extends Partial<Omit<Batch, 'tables'>> {
  readonly rows?: readonly LooseRow[];
  readonly source?: string;
  readonly stream?: string;
  readonly syncedAt?: number;
}

export const syncedAt = at('2026-11-01');

export async function openTempStore({ timeZone = 'Europe/Madrid', path = '' } = {}): Promise<TempStore> {
  const folder = makeFolder();
  const file = path || join(folder.path, 'data', 'store.db');
  const store = openStore(file, createZone(timeZone), { busyTimeoutMs: 20 });
  const reader = new Database(file, { readonly: true });
  const save: TempStore['save'] = async (table, saved) => {
    const { rows = [], source = 'crm', stream = table, syncedAt: moment = syncedAt, ...batch } = saved;
    await registerStream(store, source, { name: stream, table });
    return store.saveBatch(
      { connection: source, stream },
      table,
      { deleted: [], cursor: null, ...batch, tables: groupByKeys(table, rows) },
      { runId: 1, at: moment },
    );
  };
  return {
    path: file,
    store,
    save,
    sql: (query, ...params) => reader.prepare<unknown[], never>(query).all(...params),
    async fill(tables) {
      for (const [table, rows] of Object.entries(tables)) await save(table as TableName, { rows });
      await store.derive(signal);
    },
    async [Symbol.asyncDispose]() {
      reader.close();
      await store[Symbol.asyncDispose]();
      folder[Symbol.dispose]();
    },
  };
}

export async function registerStream(
  store: Store,
  source: string,
  stream: Partial<Stream> & Pick<Stream, 'name' | 'table'>,
): Promise<void> {
  await store.saveSource(source, 'csv', { id: source, name: source, currency: 'EUR', timeZone: null });
  await store.saveStream(source, { object: null, link: null, comparable: true, ...stream });
}

/** Rows of one group have the same keys. */
function groupByKeys(table: TableName, rows: readonly LooseRow[]): readonly TableRows[] {
  const groups = Map.groupBy(rows, (row) => Object.keys(row).join());
  return [...groups.values()].map((group) => ({ table, rows: group }) as unknown as TableRows);
}
