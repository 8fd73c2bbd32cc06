import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { type KpiCase, readCases } from '../../src/cli/own-kpis/case-file.ts';
import { entityTables, type TableName } from '../../src/model/entities.ts';
import { countBothWays } from './count-both-ways.ts';
import { type LooseRow, openWorkspace, shippedKpis, type Workspace } from './workspace.ts';

const tableNames = Object.keys(entityTables) as TableName[];
const ids = readdirSync(shippedKpis).map((name) => name.replace('.sql', ''));

async function openCase(one: KpiCase): Promise<Workspace> {
  const workspace = await openWorkspace(one.timeZone);
  const { memberships, syncedAt } = one;
  await workspace.save(one.rows as Record<string, LooseRow[]>, { memberships, syncedAt });
  for (const [source, rows] of Object.entries(one.others))
    await workspace.save(rows as Record<string, LooseRow[]>, { source, syncedAt });
  for (const table of tableNames) {
    await workspace.remove(table, one.deleted[table] ?? []);
    for (const [from, into] of Object.entries(one.merged[table] ?? {}))
      await workspace.remove(table, [from], { into });
  }
  return workspace;
}

it('gives every worked case the cells that its facts give one by one', { timeout: 300_000 }, async () => {
  let grouped = 0;
  for (const id of ids) {
    for (const one of readCases(join(import.meta.dirname, '../kpis', `${id}.yaml`))) {
      await using workspace = await openCase(one);
      const kpi = (await workspace.catalog()).find((known) => known.id === id);
      if (!kpi || kpi.derive) continue;
      const asOf = Date.parse(one.asOf);
      const from = new Date(asOf - 500 * 86_400_000).toISOString().slice(0, 10);
      const kinds = ['company', 'connection', ...kpi.dimensions];
      const scope = { asOf, from, kinds, currency: one.currency };
      const found = await countBothWays(workspace, kpi, { ...scope, timeZone: one.timeZone });
      expect(found.together, `${id}: ${one.it}`).toEqual(found.apart);
      if (found.isGrouped) grouped += 1;
    }
  }
  expect(grouped).toBeGreaterThan(100);
});
