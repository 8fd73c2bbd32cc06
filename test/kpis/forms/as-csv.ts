import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { csv } from '../../../connectors/csv/index.ts';
import { entityTables, type SqlValue, type TableName } from '../../../src/model/entities.ts';
import { createMemoryTokens } from '../../connectors/memory-tokens.ts';
import { quiet } from '../../evaluate/workspace.ts';
import { type CaseRow, type FormCase, type Told, Untellable } from './form.ts';

/** Files called after their tables; what is deleted is no longer in them. */
export async function asCsv(one: FormCase): Promise<Told> {
  if (Object.keys(one.merged).length > 0) throw new Untellable('a file says nothing of merges');
  if (one.memberships.length > 0) throw new Untellable('a file says nothing of who was in which team');
  const folder = mkdtempSync(join(tmpdir(), 'crm-kpi-form-'));
  const write = (gone: FormCase['deleted']) => {
    for (const [table, rows] of Object.entries(one.rows)) {
      const kept = rows.filter(({ id }) => !gone[table as TableName]?.includes(String(id)));
      writeFileSync(join(folder, `${table}.csv`), toCsv(table as TableName, kept));
    }
  };
  write({});
  const signal = new AbortController().signal;
  return {
    connector: 'csv',
    idOf: (_, id) => id,
    open: () =>
      csv.open({
        name: 'crm',
        settings: { path: './*.csv' },
        folder,
        objects: [],
        fields: {},
        entities: {},
        since: null,
        currency: one.currency,
        timeZone: one.timeZone,
        language: 'en',
        http: noNetwork,
        tokens: createMemoryTokens(),
        clock: { now: () => Date.parse(one.syncedAt) },
        log: quiet,
        signal,
      }),
    remove: async () => write(one.deleted),
    [Symbol.asyncDispose]: async () => rmSync(folder, { recursive: true, force: true }),
  };
}

const noNetwork = {
  usage: { calls: 0, used: null, limit: null, resetsAt: null },
  send: () => Promise.reject(new Error('files need no network')),
  fetch: () => Promise.reject(new Error('files need no network')),
} as never;

function toCsv(table: TableName, rows: readonly CaseRow[]): string {
  const columns = ['id', 'created_at', 'updated_at', 'is_test', ...Object.keys(entityTables[table])];
  const used = columns.filter(
    (column) => column === 'id' || rows.some((row) => (row[column] ?? null) !== null),
  );
  return [used, ...rows.map((row) => used.map((column) => cellOf(row[column])))]
    .map((cells) => `${cells.join(',')}\n`)
    .join('');
}

function cellOf(value: SqlValue | undefined): string {
  if (value === null || value === undefined) return '';
  const text = String(value);
  return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
