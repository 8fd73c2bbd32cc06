import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type KpiCase, readCases } from '../../src/cli/own-kpis/case-file.ts';
import { explainResult } from '../../src/evaluate/explain.ts';
import { parsePeriodLabel } from '../../src/evaluate/periods.ts';
import { entityTables, type TableName } from '../../src/model/entities.ts';
import type { Result } from '../../src/model/result.ts';
import { createZone } from '../../src/model/zone.ts';
import {
  baseSettings,
  type LooseRow,
  openWorkspace,
  pick,
  shippedKpis,
  type Workspace,
} from '../evaluate/workspace.ts';

const tableNames = Object.keys(entityTables) as TableName[];

const folder = import.meta.dirname;
const ids = readdirSync(shippedKpis).map((name) => name.replace('.sql', ''));

it('has a file of cases for every shipped KPI', () => {
  const files = readdirSync(folder).filter((name) => name.endsWith('.yaml'));
  expect(files.map((name) => name.replace('.yaml', '')).sort()).toEqual(ids.toSorted());
});

for (const id of ids) {
  describe(id, () => {
    const cases = readCases(join(folder, `${id}.yaml`));
    it('has five cases at least', () => expect(cases.length).toBeGreaterThanOrEqual(5));
    for (const one of cases) it(one.it, () => tryCase(id, one));
  });
}

async function tryCase(kpi: string, one: KpiCase): Promise<void> {
  await using workspace = await openWorkspace(one.timeZone);
  const { syncedAt } = one;
  await workspace.save(one.rows as Record<string, LooseRow[]>, { syncedAt, memberships: one.memberships });
  for (const [source, rows] of Object.entries(one.others)) {
    await workspace.save(rows as Record<string, LooseRow[]>, { source, syncedAt });
  }
  for (const table of tableNames) {
    await workspace.remove(table, one.deleted[table] ?? []);
    for (const [from, into] of Object.entries(one.merged[table] ?? {})) {
      await workspace.remove(table, [from], { into });
    }
  }
  await workspace.evaluate(one.asOf, {
    kpis: [kpi],
    currency: one.currency,
    grains: ['day', 'month', 'quarter'],
    segments: kinds,
  });
  const results = await workspace.results(one.asOf);
  if (one.expect === null) {
    expect(() => pick(results, kpi, one)).toThrow('0 results');
    return;
  }
  const result = pick(results, kpi, one);
  expect(result).toMatchObject(nearly(one.expect));
  await expectFactsToAddUp(workspace, result, one);
}

/** Every figure is the sum of the records that are listed for it. */
async function expectFactsToAddUp(workspace: Workspace, result: Result, one: KpiCase): Promise<void> {
  const catalog = await workspace.catalog();
  const kpi = catalog.find(({ id }) => id === result.kpi);
  const calendar = { ...baseSettings.calendar, timeZone: one.timeZone };
  const period = parsePeriodLabel(calendar, createZone(one.timeZone), one.period);
  if (!kpi || !period || result.num === null) return;
  const found = await explainResult({
    store: workspace.store,
    settings: { calendar, currency: one.currency },
    catalog,
    kpi,
    period,
    segment: result.segment,
    asOf: Date.parse(one.asOf),
    limit: 1000,
  });
  const sum = (field: 'num' | 'den') => found.facts.reduce((total, fact) => total + (fact[field] ?? 0), 0);
  expect(found).toMatchObject(
    nearly({ num: result.num, den: result.den, n: result.n, nMissing: result.nMissing }),
  );
  if (kpi.derive) return;
  expect(found.facts).toHaveLength(found.factsTotal);
  expect(sum('num')).toBeCloseTo(result.num, 6);
  if (result.den !== null) expect(sum('den')).toBeCloseTo(result.den, 6);
}

const kinds = [
  'owner',
  'team',
  'pipeline',
  'category',
  'case_category',
  'campaign',
  'priority',
  'channel',
  'source',
  'type',
  'stage',
];

/** Fractions as near as floating point gets. */
function nearly(expected: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const inexact = (value: unknown): unknown => {
    if (typeof value === 'number' && !Number.isInteger(value)) return expect.closeTo(value, 9);
    return value !== null && typeof value === 'object' && !Array.isArray(value)
      ? nearly(value as Record<string, unknown>)
      : value;
  };
  return Object.fromEntries(Object.entries(expected).map(([name, value]) => [name, inexact(value)]));
}
