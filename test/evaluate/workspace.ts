import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadCatalog } from '../../src/evaluate/catalog.ts';
import type { EvaluateSettings } from '../../src/evaluate/desk.ts';
import { type EvaluateReport, evaluate } from '../../src/evaluate/evaluate.ts';
import type { Log, Membership } from '../../src/model/connector.ts';
import {
  columnKind,
  commonColumns,
  entityTables,
  type SqlValue,
  type TableName,
  type TableRows,
} from '../../src/model/entities.ts';
import type { Kpi } from '../../src/model/kpi.ts';
import type { Result } from '../../src/model/result.ts';
import type { StoredResult } from '../../src/model/result-store.ts';
import type { Store } from '../../src/model/store.ts';
import { createZone } from '../../src/model/zone.ts';
import { openReadOnly } from '../../src/store/database.ts';
import { createQueryChecker } from '../../src/store/facts.ts';
import { openStore } from '../../src/store/open.ts';

export type LooseRow = Readonly<Record<string, SqlValue>>;
export type LooseRows = Readonly<Partial<Record<TableName, readonly LooseRow[]>>>;

export const quiet: Log = { debug() {}, info() {}, warn() {}, error() {} };
export const shippedKpis = join(import.meta.dirname, '../../config/kpis');

export const baseSettings: EvaluateSettings = {
  calendar: { timeZone: 'Europe/Madrid', weekStart: 'monday', fiscalYearStart: 1, fiscalYearName: 'end' },
  currency: 'EUR',
  kpis: null,
  grains: ['month'],
  segments: ['company', 'team', 'owner'],
  history: 12,
  goals: [],
};

export interface Workspace extends AsyncDisposable {
  readonly store: Store;
  /** Where the store lies. */
  readonly file: string;
  /** Saves rows as if synced by a connection; times may be ISO texts. */
  save(rows: LooseRows, options?: SaveOptions): Promise<void>;
  /** Who belongs to which teams, as one night's pass sees it. */
  seeMembers(memberships: readonly Omit<Membership, 'at'>[], at: string): Promise<void>;
  remove(
    table: TableName,
    ids: readonly string[],
    options?: { source?: string; into?: string },
  ): Promise<void>;
  evaluate(
    asOf: string,
    settings?: Partial<EvaluateSettings>,
    how?: { readonly afresh?: boolean; readonly now?: string },
  ): Promise<EvaluateReport>;
  /** The table as it stands in the file. */
  resultRows(): Promise<readonly Readonly<Record<string, SqlValue>>[]>;
  results(asOf: string): Promise<readonly StoredResult[]>;
  catalog(): Promise<readonly Kpi[]>;
  /** A KPI file of the workspace's own. */
  addKpi(text: string): void;
}

export interface SaveOptions {
  readonly source?: string;
  readonly syncedAt?: string;
  readonly currency?: string;
  /** First seen a year before the cases' facts. */
  readonly memberships?: readonly Omit<Membership, 'at'>[];
}

/** Read once: hundreds of cases share it. */
const shipped = loadCatalog({ folders: [shippedKpis], check: createQueryChecker() });

const farFuture = '2030-01-01T00:00:00Z';

export async function openWorkspace(timeZone = 'Europe/Madrid'): Promise<Workspace> {
  const folder = mkdtempSync(join(tmpdir(), 'crm-kpi-evaluate-'));
  const store = openStore(join(folder, 'store.db'), createZone(timeZone));
  const settings = { ...baseSettings, calendar: { ...baseSettings.calendar, timeZone } };
  const signal = new AbortController().signal;
  let hasOwn = false;
  const catalog = () =>
    hasOwn ? loadCatalog({ folders: [shippedKpis, folder], check: (sql) => store.checkQuery(sql) }) : shipped;

  async function openSource(source: string, currency: string | null): Promise<void> {
    await store.saveSource(source, 'csv', { id: source, name: source, currency, timeZone });
  }

  async function saveTable(group: TableRows, source: string, at: number): Promise<void> {
    const { table } = group;
    const stream = { name: table, table, object: null, link: null, comparable: true };
    await store.saveStream(source, stream);
    const key = { connection: source, stream: table };
    await store.saveBatch(key, table, { tables: [group], deleted: [], cursor: null }, { runId: 1, at });
    await store.finishStream(key, { at, error: null, fix: null, theirs: null });
  }

  return {
    store,
    file: join(folder, 'store.db'),
    catalog,
    addKpi: (text) => {
      hasOwn = true;
      writeFileSync(join(folder, 'own.sql'), text);
    },
    async save(rows, { source = 'crm', syncedAt = farFuture, currency = 'EUR', memberships = [] } = {}) {
      await openSource(source, currency);
      for (const table of Object.keys(rows) as TableName[]) {
        await saveTable(completeRows(table, rows[table] ?? []), source, Date.parse(syncedAt));
      }
      const seen = memberships.map((membership) => ({
        ...membership,
        at: Date.parse('2026-01-01T00:00:00Z'),
      }));
      const key = { connection: source, stream: 'actor' };
      const batch = { tables: [], deleted: [], memberships: seen, cursor: null };
      await store.saveBatch(key, 'actor', batch, { runId: 1, at: Date.parse(syncedAt) });
      await store.derive(signal);
    },
    async seeMembers(memberships, night) {
      const key = { connection: 'crm', stream: 'actor' };
      const at = Date.parse(night);
      const seen = memberships.map((membership) => ({ ...membership, at }));
      const batch = { tables: [], deleted: [], memberships: seen, cursor: null };
      await store.saveBatch(key, 'actor', batch, { runId: 1, at });
    },
    async remove(table, ids, { source = 'crm', into } = {}) {
      const key = { connection: source, stream: table };
      const at = Date.parse(farFuture);
      const merged = into === undefined ? [] : ids.map((id) => ({ id, into }));
      const deleted = into === undefined ? ids.map((id) => ({ id, at })) : [];
      const batch = { tables: [], deleted, merged, cursor: null };
      await store.saveBatch(key, table, batch, { runId: 2, at });
      await store.derive(signal);
    },
    async resultRows() {
      const handle = openReadOnly(join(folder, 'store.db'));
      const rows = handle.prepare<unknown[], Record<string, SqlValue>>('SELECT * FROM result').all();
      handle.close();
      return rows;
    },
    evaluate: async (asOf, changed = {}, { afresh = false, now = asOf } = {}) =>
      evaluate({
        afresh,
        store,
        settings: { ...settings, ...changed },
        catalog: await catalog(),
        asOf: Date.parse(asOf),
        clock: { now: () => Date.parse(now) },
        log: quiet,
        signal,
      }),
    async results(asOf) {
      const found: StoredResult[] = [];
      for await (const chunk of store.latestResults(Date.parse(asOf))) found.push(...chunk);
      return found;
    },
    async [Symbol.asyncDispose]() {
      await store[Symbol.asyncDispose]();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Rows of a batch have the same keys, and instants are epoch ms. */
function completeRows(table: TableName, rows: readonly LooseRow[]): TableRows {
  const columns = ['id', ...Object.keys(commonColumns), ...Object.keys(entityTables[table])];
  const complete = rows.map((row) => {
    const unknown = Object.keys(row).filter((name) => !columns.includes(name));
    if (unknown.length > 0) throw new Error(`${table} has no column ${unknown.join(', ')}`);
    return Object.fromEntries(
      columns.map((column) => [column, sqlValueOf(table, column, row[column] ?? null)]),
    );
  });
  return { table, rows: complete } as unknown as TableRows;
}

function sqlValueOf(table: TableName, column: string, value: SqlValue): SqlValue {
  if (column === 'is_test') return value ?? 0;
  return columnKind(table, column) === 'instant' && typeof value === 'string' ? Date.parse(value) : value;
}

/** The one result of a KPI, period and segment (`company`, `owner:U1`). */
export function pick(
  results: readonly StoredResult[],
  kpi: string,
  { period, segment = 'company', goal }: { period: string; segment?: string; goal?: string | null },
): Result {
  const found = results.filter(
    (result) =>
      result.kpi === kpi &&
      result.periodLabel === period &&
      (result.segment.id === null ? result.segment.kind : `${result.segment.kind}:${result.segment.id}`) ===
        segment &&
      (goal === undefined || result.goal === goal),
  );
  const [one] = found;
  if (!one || found.length > 1) {
    throw new Error(`${found.length} results for ${kpi} ${period} ${segment}`);
  }
  return one;
}
