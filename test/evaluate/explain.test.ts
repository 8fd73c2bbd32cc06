import { describe, expect, it } from 'vitest';
import { explainResult } from '../../src/evaluate/explain.ts';
import { periodOf } from '../../src/evaluate/periods.ts';
import { createZone } from '../../src/model/zone.ts';
import { baseSettings, openWorkspace, pick, type Workspace } from './workspace.ts';

const zone = createZone('Europe/Madrid');
const january = periodOf(baseSettings.calendar, zone, 'month', '2026-01-10');
const company = { kind: 'company', id: null, source: null };
const asOf = '2026-02-20T12:00:00Z';

async function explain(workspace: Workspace, id: string, { segment = company, limit = 100 } = {}) {
  const kpi = (await workspace.catalog()).find((candidate) => candidate.id === id);
  if (!kpi) throw new Error(id);
  const { store } = workspace;
  return explainResult({
    store,
    settings: baseSettings,
    kpi,
    period: january,
    segment,
    asOf: Date.parse(asOf),
    limit,
  });
}

describe('explaining a result', () => {
  it('lists facts that add up to it, oldest first', async () => {
    await using workspace = await openWorkspace();
    await workspace.save({
      fx_rate: [{ id: 'u', currency: 'USD', day: '2025-01-01', rate_to_base: 0.5 }],
      deal: [
        { id: 'b', outcome: 'won', closed_on: '2026-01-20', amount_minor: 1001, currency: 'USD' },
        { id: 'a', outcome: 'won', closed_on: '2026-01-05', amount_minor: 300, currency: 'EUR' },
        { id: 'c', outcome: 'won', closed_on: '2026-01-06', currency: 'EUR' },
      ],
    });
    await workspace.evaluate(asOf, { kpis: ['revenue_won'] });
    const result = pick(await workspace.results(asOf), 'revenue_won', { period: '2026-01' });
    const found = await explain(workspace, 'revenue_won');
    expect(found.facts).toEqual([
      { source: 'crm', object: 'deal', id: 'a', at: '2026-01-05', num: 300, den: null, value: 300 },
      { source: 'crm', object: 'deal', id: 'b', at: '2026-01-20', num: 501, den: null, value: 501 },
    ]);
    expect(found).toMatchObject({ num: result.num, value: result.value, n: 2, nMissing: 1, factsTotal: 2 });
  });

  it('adds up all facts and lists so many', async () => {
    await using workspace = await openWorkspace();
    const createdAt = Date.parse('2026-01-10T00:00:00Z');
    await workspace.save({
      ticket: [2, 3, 5].map((hours) => ({
        id: `t${hours}`,
        is_closed: 1,
        created_at: createdAt,
        last_closed_at: createdAt + hours * 3_600_000,
      })),
    });
    const found = await explain(workspace, 'case_resolution_hours', { limit: 1 });
    expect(found.facts).toMatchObject([
      { id: 't2', at: createdAt + 2 * 3_600_000, num: 2, den: 1, value: 2 },
    ]);
    expect(found).toMatchObject({ factsTotal: 3, num: 10, den: 3, value: 3, statistics: { p50: 3 } });
  });

  it('says from which day on records are kept, where some of the period were let go', async () => {
    await using workspace = await openWorkspace();
    await workspace.save({
      deal: [
        { id: 'a', outcome: 'won', created_at: '2026-01-01T00:00:00Z', closed_on: '2026-01-05' },
        { id: 'b', outcome: 'won', created_at: '2026-01-01T00:00:00Z', closed_on: '2026-01-25' },
      ],
    });
    expect(await explain(workspace, 'deals_won')).not.toHaveProperty('keptFrom');
    await workspace.store.keepFrom({ connection: 'crm', stream: 'deal' }, zone.startOf('2026-01-20'));
    await workspace.store.purgeOld(new AbortController().signal);
    const found = await explain(workspace, 'deals_won');
    expect(found).toMatchObject({ factsTotal: 1, keptFrom: '2026-01-20' });
  });

  it('shows one segment only', async () => {
    await using workspace = await openWorkspace();
    await workspace.save({
      deal: [
        { id: 'a', outcome: 'won', closed_on: '2026-01-05', owner_id: 'u1' },
        { id: 'b', outcome: 'lost', closed_on: '2026-01-05', owner_id: 'u2' },
      ],
    });
    const segment = { kind: 'owner', id: 'u1', source: 'crm' };
    const found = await explain(workspace, 'win_rate', { segment: segment as never });
    expect(found).toMatchObject({ num: 1, den: 1, factsTotal: 1, facts: [{ id: 'a' }] });
  });
});
