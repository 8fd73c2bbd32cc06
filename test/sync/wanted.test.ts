import { expect, it } from 'vitest';
import { loadCatalog } from '../../src/evaluate/catalog.ts';
import { neededColumns, wantedColumns } from '../../src/evaluate/needed-columns.ts';
import { createQueryChecker } from '../../src/store/facts.ts';
import { countsOf, keepWanted } from '../../src/sync/wanted.ts';
import { start } from '../connectors/salesforce-company.ts';
import { openOrg } from '../connectors/salesforce-org.ts';
import { shippedKpis } from '../evaluate/workspace.ts';

const catalog = await loadCatalog({ folders: [shippedKpis], check: createQueryChecker() });
const wanted = wantedColumns(['win_rate'], catalog);

it('reads off a query which columns a KPI needs, its dimensions and derived tables included', () => {
  const kpis = new Map(catalog.map((kpi) => [kpi.id, kpi]));
  const needed = (id: string) => {
    const kpi = kpis.get(id);
    return kpi ? [...neededColumns(kpi, kpis)] : [];
  };
  expect(needed('win_rate')).toEqual(
    expect.arrayContaining(['deal.outcome', 'deal.closed_on', 'deal.closed_at', 'account.category']),
  );
  expect(needed('win_rate')).not.toContain('deal.amount_minor');
  expect(needed('open_pipeline')).toEqual(expect.arrayContaining(['deal.amount_minor', 'deal.stage']));
  expect(needed('case_resolution_hours')).not.toContain('ticket.name');
});

it('does not even ask Salesforce for what no chosen KPI needs', async () => {
  await using sandbox = await start({ size: 20 });
  await using connection = await openOrg(sandbox, { auth: sandbox.auth, context: { wanted } });
  const stream = (await connection.streams()).find(({ name }) => name === 'Opportunity');
  if (!stream) throw new Error('no opportunities');
  const signal = new AbortController().signal;
  let rows = 0;
  for await (const batch of connection.read(stream, null, { signal })) {
    for (const { table, rows: some } of batch.tables) if (table === 'deal') rows += some.length;
  }
  const asked = sandbox.requests
    .map(({ query }) => new URLSearchParams(query).get('q') ?? '')
    .filter((q) => /FROM Opportunity\b/.test(q));
  expect(rows).toBeGreaterThan(0);
  expect(asked.some((q) => /\bIsWon\b/.test(q))).toBe(true);
  expect(asked.filter((q) => /\b(Amount|NextStep|Probability)\b/.test(q))).toEqual([]);
});

it('empties what arrives and is not wanted, keeps that something changed, and compares no amounts', () => {
  const batch = keepWanted(
    {
      tables: [
        { table: 'deal', rows: [{ id: 'a', outcome: 'won', amount_minor: 100, created_at: 1 }] },
        {
          table: 'change',
          rows: [
            { id: 'c', object: 'deal', record_id: 'a', field: 'amount_minor', at: 2, to_value: '100' },
            { id: 'd', object: 'deal', record_id: 'a', field: 'owner_id', at: 2, to_value: 'u1' },
          ],
        },
        { table: 'actor', rows: [{ id: 'u1', name: 'Ana' }] },
      ],
      deleted: [],
      cursor: null,
    },
    wanted,
  );
  expect(batch.tables).toEqual([
    { table: 'deal', rows: [{ id: 'a', outcome: 'won', amount_minor: null, created_at: 1 }] },
    {
      table: 'change',
      rows: [
        {
          id: 'c',
          object: 'deal',
          record_id: 'a',
          field: 'amount_minor',
          at: 2,
          from_value: null,
          to_value: null,
        },
        { id: 'd', object: 'deal', record_id: 'a', field: 'owner_id', at: 2, to_value: 'u1' },
      ],
    },
    { table: 'actor', rows: [{ id: 'u1', name: 'Ana' }] },
  ]);
  expect(countsOf({ rows: 1, amounts: { EUR: 100 } }, wanted)).toEqual({ rows: 1 });
});
