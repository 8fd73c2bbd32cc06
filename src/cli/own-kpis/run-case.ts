import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { evaluate } from '../../evaluate/evaluate.ts';
import { explainResult } from '../../evaluate/explain.ts';
import { parsePeriodLabel } from '../../evaluate/periods.ts';
import type { Log } from '../../model/connector.ts';
import {
  type ColumnKind,
  columnKind,
  commonColumns,
  entityTables,
  type TableName,
  type TableRows,
} from '../../model/entities.ts';
import { RunError } from '../../model/errors.ts';
import type { Kpi } from '../../model/kpi.ts';
import type { CalendarRules } from '../../model/period.ts';
import type { Result } from '../../model/result.ts';
import type { Store } from '../../model/store.ts';
import { createZone } from '../../model/zone.ts';
import { openStore } from '../../store/open.ts';
import { type KpiCase, tableNames } from './case-file.ts';

const quiet: Log = { debug() {}, info() {}, warn() {}, error() {} };

export interface CaseOutcome {
  readonly it: string;
  readonly ok: boolean;
  /** What differs, and the records that counted. */
  readonly lines: readonly string[];
}

/** Runs one case in a store of its own, as the nightly job would. */
export async function runCase(kpi: Kpi, catalog: readonly Kpi[], one: KpiCase): Promise<CaseOutcome> {
  const folder = mkdtempSync(join(tmpdir(), 'crm-kpi-case-'));
  try {
    await using store = openStore(join(folder, 'store.db'), createZone(one.timeZone));
    await fill(store, one);
    const result = await computeResult(store, { kpi, catalog, one });
    const lines = compare(result, one);
    if (lines.length > 0 && result) lines.push(...(await listFacts(store, { kpi, catalog, one, result })));
    return { it: one.it, ok: lines.length === 0, lines };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function fill(store: Store, one: KpiCase): Promise<void> {
  const at = Date.parse(one.syncedAt);
  for (const [source, tables] of [['crm', one.rows] as const, ...Object.entries(one.others)]) {
    const account = { id: source, name: source, currency: one.currency, timeZone: one.timeZone };
    await store.saveSource(source, 'csv', account);
    for (const table of tableNames) {
      const rows = tables[table];
      if (!rows) continue;
      const key = { connection: source, stream: table };
      await store.saveStream(source, { name: table, table, object: null, link: null, comparable: true });
      const batch = { tables: [completeRows(table, rows)], deleted: [], cursor: null };
      await store.saveBatch(key, table, batch, { runId: 1, at });
      await store.finishStream(key, { at, error: null, fix: null, theirs: null });
    }
  }
  for (const table of tableNames) {
    const merged = Object.entries(one.merged[table] ?? {}).map(([id, into]) => ({ id, into }));
    const deleted = (one.deleted[table] ?? []).map((id) => ({ id, at }));
    const batch = { tables: [], deleted, merged, cursor: null };
    await store.saveBatch({ connection: 'crm', stream: table }, table, batch, { runId: 2, at });
  }
  const memberships = one.memberships.map((member) => ({ ...member, at: 0 }));
  const batch = { tables: [], deleted: [], memberships, cursor: null };
  await store.saveBatch({ connection: 'crm', stream: 'actor' }, 'actor', batch, { runId: 2, at });
  await store.derive(new AbortController().signal);
}

/** Rows of a batch have the same keys, and instants are epoch ms. */
function completeRows(table: TableName, rows: readonly Readonly<Record<string, unknown>>[]): TableRows {
  const columns = ['id', ...Object.keys(commonColumns), ...Object.keys(entityTables[table])];
  const complete = rows.map((row) => {
    const unknown = Object.keys(row).find((name) => !columns.includes(name));
    if (unknown !== undefined)
      throw new RunError('config', {
        where: `rows of ${table}`,
        message: `There is no column ${unknown}.`,
        fix: `There are: ${columns.join(', ')}.`,
      });
    for (const [name, value] of Object.entries(row)) checkValue(table, name, value);
    return Object.fromEntries(columns.map((name) => [name, sqlValueOf(table, name, row[name] ?? null)]));
  });
  // The columns are those of the table, by construction.
  return { table, rows: complete } as unknown as TableRows;
}

const numeric = new Set<ColumnKind | undefined>(['minor', 'int', 'real', 'bool']);

function checkValue(table: TableName, column: string, value: unknown): void {
  const kind = columnKind(table, column);
  const isText = typeof value === 'string';
  if (kind === 'instant' && isText && Number.isNaN(Date.parse(value)))
    throw wrongValue(`${table}.${column}`, 'an instant', '2026-01-05T09:00:00Z');
  if (kind === 'date' && value !== null && !(isText && /^\d{4}-\d{2}-\d{2}$/.test(value)))
    throw wrongValue(`${table}.${column}`, 'a day', '2026-01-05');
  if (numeric.has(kind) && isText) throw wrongValue(`${table}.${column}`, 'a number', '12');
}

function wrongValue(where: string, wanted: string, example: string): RunError {
  return new RunError('config', {
    where,
    message: `The cases give it what is not ${wanted}.`,
    fix: `Write it as ${example}.`,
  });
}

function sqlValueOf(table: TableName, column: string, value: unknown): unknown {
  if (column === 'is_test') return value ? 1 : 0;
  if (typeof value === 'boolean') return value ? 1 : 0;
  return columnKind(table, column) === 'instant' && typeof value === 'string' ? Date.parse(value) : value;
}

interface CaseParts {
  readonly kpi: Kpi;
  readonly catalog: readonly Kpi[];
  readonly one: KpiCase;
}

async function computeResult(store: Store, { kpi, catalog, one }: CaseParts): Promise<Result | null> {
  const asOf = Date.parse(one.asOf);
  await evaluate({
    store,
    settings: {
      calendar: calendarOf(one),
      currency: one.currency,
      kpis: [kpi.id],
      grains: ['day', 'week', 'month', 'quarter', 'year'],
      segments: ['owner', 'team', ...kpi.dimensions],
      history: 24,
      goals: [],
    },
    catalog,
    asOf,
    clock: { now: () => asOf },
    log: quiet,
    signal: new AbortController().signal,
  });
  for await (const chunk of store.latestResults(asOf, { kpi: kpi.id, period: one.period })) {
    const found = chunk.find(
      ({ segment: { kind, id } }) => one.segment === (id === null ? kind : `${kind}:${id}`),
    );
    if (found) return found;
  }
  return null;
}

function calendarOf({ timeZone }: KpiCase): CalendarRules {
  return { timeZone, weekStart: 'monday', fiscalYearStart: 1, fiscalYearName: 'end' };
}

function compare(result: Result | null, { expect, period, segment }: KpiCase): string[] {
  if (expect === null)
    return result === null ? [] : [`there is a result for ${period} ${segment}, and none was expected`];
  if (result === null) return [`there is no result for ${period} ${segment}`];
  const fields: Readonly<Record<string, unknown>> = { restatement: null, details: null, ...result };
  return Object.entries(expect)
    .filter(([name, value]) => !isNearly(fields[name], value))
    .map(([name, value]) =>
      Object.hasOwn(fields, name)
        ? `${name} is ${JSON.stringify(fields[name])}, expected ${JSON.stringify(value)}`
        : `${name} is no field of a result; there are ${Object.keys(fields).sort().join(', ')}`,
    );
}

/** Fractions as near as floating point gets; of an object only the fields that are expected. */
function isNearly(actual: unknown, expected: unknown): boolean {
  if (typeof actual === 'number' && typeof expected === 'number')
    return Math.abs(actual - expected) <= 1e-9 * Math.max(1, Math.abs(expected));
  if (expected === null || typeof expected !== 'object' || Array.isArray(expected))
    return JSON.stringify(actual) === JSON.stringify(expected);
  if (actual === null || typeof actual !== 'object') return false;
  const fields: Readonly<Record<string, unknown>> = { ...actual };
  return Object.entries(expected).every(([name, value]) => isNearly(fields[name], value));
}

/** What was counted tells best what a query did. */
async function listFacts(
  store: Store,
  { kpi, catalog, one, result }: CaseParts & { readonly result: Result },
): Promise<readonly string[]> {
  const zone = createZone(one.timeZone);
  const period = parsePeriodLabel(calendarOf(one), zone, one.period);
  if (!period) return [];
  const { facts, factsTotal, nMissing } = await explainResult({
    store,
    settings: { calendar: calendarOf(one), currency: one.currency },
    catalog,
    kpi,
    period,
    segment: result.segment,
    asOf: Date.parse(one.asOf),
    limit: 10,
  });
  const counted = facts.map(
    ({ object, id, num, den }) => `${object} ${id} (${den === null ? num : `${num} / ${den}`})`,
  );
  return [
    `counted: ${counted.length > 0 ? counted.join(', ') : 'no record'}${factsTotal > facts.length ? ' ...' : ''}`,
    ...(nMissing > 0 ? [`${nMissing} left out because a figure is missing (null)`] : []),
  ];
}
