import { expect, it } from 'vitest';
import { explainResult } from '../../src/evaluate/explain.ts';
import { parsePeriodLabel } from '../../src/evaluate/periods.ts';
import { createZone } from '../../src/model/zone.ts';
import { baseSettings, openWorkspace } from './workspace.ts';

const asOf = '2026-02-20T12:00:00Z';

it('what was deleted or edited out of a period since the evaluation before is told, with ids where they are known', async () => {
  await using workspace = await openWorkspace();
  const deal = (id: string, closed_on: string) => ({ id, outcome: 'won', closed_on });
  const all = ['a', 'b', 'c', 'd'].map((id) => deal(id, '2026-01-10'));
  await workspace.save({ deal: all }, { syncedAt: '2026-02-20T11:00:00Z' });
  await workspace.evaluate(asOf, { kpis: ['deals_won'] });
  await workspace.remove('deal', ['a']);
  await workspace.save({ deal: [deal('b', '2026-02-10')] });
  await workspace.evaluate(asOf, { kpis: ['deals_won'] });
  const catalog = await workspace.catalog();
  const kpi = catalog.find(({ id }) => id === 'deals_won');
  const period = parsePeriodLabel(baseSettings.calendar, createZone('Europe/Madrid'), '2026-01');
  if (!kpi || !period) throw new Error('no deals_won');
  const { n, left } = await explainResult({
    store: workspace.store,
    settings: baseSettings,
    kpi,
    period,
    segment: { kind: 'company', id: null, source: null },
    asOf: Date.parse(asOf),
    limit: 10,
    inFull: true,
  });
  expect(n).toBe(2);
  expect(left).toEqual({ n: 2, gone: [{ source: 'crm', object: 'deal', id: 'a', change: 'gone' }] });
});
