import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { type KpiCase, readCases } from '../../src/cli/own-kpis/case-file.ts';
import { namedObjects, planQuery } from '../../src/evaluate/fact-query.ts';
import { createPeriodIndex } from '../../src/evaluate/period-index.ts';
import { buildPeriodTable, checkableQuery, readsPeriods } from '../../src/evaluate/period-table.ts';
import { periodsBetween } from '../../src/evaluate/periods.ts';
import { entityTables, type SqlValue, type TableName } from '../../src/model/entities.ts';
import type { Kpi } from '../../src/model/kpi.ts';
import { createZone } from '../../src/model/zone.ts';
import { type Handle, openReadOnly } from '../../src/store/database.ts';
import { baseRows, membershipsAt } from '../evaluate/oracle-base.ts';
import { localDay } from '../evaluate/oracle-clock.ts';
import { drawWorld } from '../evaluate/oracle-draw.ts';
import { recordRows } from '../evaluate/oracle-rows.ts';
import { baseSettings, type LooseRows, openWorkspace, type Workspace } from '../evaluate/workspace.ts';
import { findPostgres, startPostgres } from './postgres.ts';

const folder = import.meta.dirname;
const asOf = Date.parse('2026-02-20T12:00:00Z');
const zone = createZone('Europe/Madrid');
const entities = new Set<string>(Object.keys(entityTables));

/** Every case of every KPI as a connection of its own, and a made-up company, in one store. */
async function fillWithCases(workspace: Workspace): Promise<number> {
  let count = 0;
  for (const name of readdirSync(folder).filter((file) => file.endsWith('.yaml'))) {
    for (const one of readCases(join(folder, name))) await saveCase(workspace, one, `case${count++}`);
  }
  await workspace.save(baseRows());
  await workspace.seeMembers(membershipsAt(asOf), '2026-01-01T00:00:00Z');
  await workspace.save(recordRows(drawWorld(11, localDay)));
  return count;
}

async function saveCase(workspace: Workspace, one: KpiCase, source: string): Promise<void> {
  await workspace.save(one.rows as LooseRows, { source, memberships: one.memberships });
  for (const [other, rows] of Object.entries(one.others))
    await workspace.save(rows as LooseRows, { source: `${source} ${other}` });
  for (const [table, ids] of Object.entries(one.deleted))
    await workspace.remove(table as TableName, ids, { source });
  for (const [table, pairs] of Object.entries(one.merged))
    for (const [from, into] of Object.entries(pairs))
      await workspace.remove(table as TableName, [from], { source, into });
}

const columnTypes: Readonly<Record<string, string>> = {
  TEXT: 'text',
  INTEGER: 'bigint',
  REAL: 'double precision',
};

interface Column {
  readonly name: string;
  readonly type: string;
}

/** Tables with their rows; the living records of an entity under its name, as the evaluator has them. */
function* copyTables(handle: Handle): Generator<string> {
  yield 'set client_min_messages = warning; create schema whole; set search_path = public, whole;';
  const tables = handle
    .prepare<unknown[], string>(
      "select name from sqlite_schema where type = 'table' and name not like 'sqlite%'",
    )
    .pluck()
    .all();
  for (const table of tables) {
    const columns = handle
      .prepare<unknown[], Column>(`select name, type from pragma_table_info('${table}')`)
      .all();
    const types = columns.map(({ type }) => columnTypes[type]);
    // Rows of bytes are no records.
    if (types.includes(undefined)) continue;
    const list = columns.map(({ name }, place) => `"${name}" ${types[place]}`);
    yield `create table whole."${table}" (${list.join(', ')});`;
    yield `copy whole."${table}" from stdin;`;
    for (const row of handle.prepare<unknown[], SqlValue[]>(`select * from "${table}"`).raw().iterate())
      yield row.map(cellText).join('\t');
    yield '\\.';
    if (entities.has(table))
      yield `create view public."${table}" as select * from whole."${table}" where deleted_at is null and merged_into is null and is_test = 0;`;
  }
  yield 'analyze;';
}

const escapes: Readonly<Record<string, string>> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' };
const cellText = (value: SqlValue) =>
  value === null ? '\\N' : String(value).replace(/[\\\t\n\r]/g, (mark) => escapes[mark] ?? mark);

/** Numbers are written in several ways. */
function plainRow(row: string): string {
  const plain = (cell: string) => (/^-?\d+(\.\d+)?(e[+-]?\d+)?$/.test(cell) ? String(Number(cell)) : cell);
  return row.split('\t').map(plain).join('\t');
}

/** The query as the evaluator asks it, all segments included, with its parameters written out. */
async function wholeQuery({ store }: Workspace, kpi: Kpi): Promise<string> {
  const checked = await store.checkQuery(checkableQuery(kpi.sql));
  if ('problem' in checked) throw new Error(`${kpi.id}: ${checked.problem}`);
  const indexes = (['month', 'quarter', 'week'] as const).map((grain) =>
    createPeriodIndex(periodsBetween(baseSettings.calendar, zone, grain, '2025-10-01', '2026-02-20')),
  );
  const { query } = planQuery({
    kpi,
    columns: checked.columns,
    objects: namedObjects(kpi.sql) ?? [],
    kinds: ['owner', ...kpi.dimensions, 'region'],
    asOf,
    prefix: readsPeriods(kpi.sql) ? buildPeriodTable(indexes, { sql: kpi.sql, zone, asOf }).prefix : '',
  });
  return Object.entries(query.params).reduce((sql, [name, value]) => {
    const text = typeof value === 'number' ? String(value) : `'${value}'`;
    return sql.replaceAll(new RegExp(`:${name}\\b`, 'g'), text);
  }, query.sql);
}

const programs = findPostgres();
const print = (line: string) => process.stdout.write(`${line}\n`);
if (programs === null)
  print('PostgreSQL is not installed here: 0 KPI queries were compared. PGBIN names its folder.');

it.runIf(programs !== null)(
  'every shipped KPI query gives the same rows in PostgreSQL, over the records of all cases',
  { timeout: 280_000 },
  async () => {
    await using workspace = await openWorkspace();
    const cases = await fillWithCases(workspace);
    using postgres = startPostgres(programs ?? '');
    const handle = openReadOnly(workspace.file);
    const loaded = postgres.run([...copyTables(handle)].join('\n'));
    handle.close();
    expect(loaded.errors).toBe('');
    const catalog = (await workspace.catalog()).filter(({ derive }) => !derive);
    let rowCount = 0;
    const differing: string[] = [];
    for (const kpi of catalog) {
      const sql = await wholeQuery(workspace, kpi);
      const ours: string[] = [];
      for await (const rows of workspace.store.rows({ sql, params: {} }))
        for (const row of rows) ours.push(plainRow(row.map(cellText).join('\t')));
      const { out, errors } = postgres.run(
        `set search_path = public, whole;\ncopy (\n${sql}\n) to stdout;\n`,
      );
      const theirs = out
        .split('\n')
        .filter((line) => line !== '')
        .map(plainRow);
      rowCount += ours.length;
      if (ours.length === 0 && !kpi.captured) differing.push(`${kpi.id}: no rows to compare`);
      if (errors !== '') differing.push(`${kpi.id}: ${errors.split('\n')[0]}`);
      else if (ours.sort().join('\n') !== theirs.sort().join('\n')) {
        const [only] = ours.filter((row) => !theirs.includes(row));
        const [other] = theirs.filter((row) => !ours.includes(row));
        differing.push(`${kpi.id}: ${ours.length} and ${theirs.length} rows; ${only} | ${other}`);
      }
    }
    print(`${postgres.version}: ${catalog.length} KPI queries over ${cases} cases, ${rowCount} equal rows`);
    expect(differing).toEqual([]);
    expect(rowCount).toBeGreaterThan(10_000);
  },
);
