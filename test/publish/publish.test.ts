import { expect, it } from 'vitest';
import type { Settings } from '../../src/model/settings.ts';
import { goalOf } from '../model/samples.ts';
import { openTempStore } from '../store/temp-store.ts';
import { asOf, evaluate, keyOf, makeCrm, month, told, write } from './memory-crm.ts';
import { settingsOf, winRate } from './samples.ts';

it('results of the kept periods, and freshness; the second time nothing', async () => {
  await using temp = await openTempStore();
  await evaluate(temp.store, [month(1), month(2), month(3), month(4)]);
  const crm = makeCrm('sales');
  const { connections, errors } = await write(temp.store, [crm]);
  expect(errors).toEqual([]);
  expect(connections).toMatchObject([{ connection: 'sales', written: 4, refused: 0 }]);
  expect(crm.seen.map(({ key }) => key)).toEqual([keyOf(2), keyOf(3), keyOf(4), '_status']);
  const again = await write(temp.store, [crm]);
  expect(again.connections[0]?.plan).toEqual({ changes: [], unchanged: 3 });
  expect(crm.seen).toHaveLength(4);
});

it('a period that moves out is retired, what left the settings is deleted', async () => {
  await using temp = await openTempStore();
  const team = { kind: 'team', id: 'a|b', name: 'Team', source: 'sales' };
  await evaluate(temp.store, [month(1), month(2), month(3), month(3, { segment: team })]);
  const crm = makeCrm('sales');
  await write(temp.store, [crm]);
  crm.seen.length = 0;
  await evaluate(temp.store, [month(4)], asOf + 1);
  const settings = settingsOf({ publish: { periods: 3, segments: ['company'], kpis: 'goals' } });
  await write(temp.store, [crm], { settings, asOf: asOf + 1 });
  expect(told(crm.seen)).toEqual([
    `create ${keyOf(4)}`,
    `retire ${keyOf(1)}`,
    `delete ${keyOf(3, 'team:a|b')}`,
  ]);
  expect([...(await temp.store.published('sales')).keys()]).toEqual([
    '_status',
    keyOf(1),
    keyOf(2),
    keyOf(3),
    keyOf(4),
  ]);
});

it('when a goal leaves, its records go', async () => {
  await using temp = await openTempStore();
  await evaluate(temp.store, [month(4)]);
  const crm = makeCrm('sales');
  await write(temp.store, [crm]);
  crm.seen.length = 0;
  const settings = settingsOf({ goals: [goalOf({ id: 'renamed' })] });
  await write(temp.store, [crm], { settings });
  expect(told(crm.seen)).toEqual([`delete ${keyOf(4)}`]);
});

it('people and teams are shown only in the CRM that they come from', async () => {
  await using temp = await openTempStore();
  const owner = (id: string, source: string) => ({ kind: 'owner', id, name: id, source });
  await evaluate(temp.store, [
    month(4),
    month(4, { segment: owner('ann', 'sales') }),
    month(4, { segment: { ...owner('t', 'marketing'), kind: 'team' } }),
  ]);
  const [sales, marketing] = [makeCrm('sales'), makeCrm('marketing')];
  await write(temp.store, [sales, marketing]);
  expect(told(sales.seen)).toEqual([`create ${keyOf(4)}`, `create ${keyOf(4, 'owner:ann')}`]);
  expect(told(marketing.seen)).toEqual([`create ${keyOf(4)}`, `create ${keyOf(4, 'team:t')}`]);
});

it.each<[string, Settings['publish']['kpis'], readonly string[]]>([
  ['those of goals, at their grain', 'goals', ['win_rate|2026-04|company|win_rate.month']],
  [
    'all',
    'all',
    ['csat|2026-04|company|-', 'win_rate|2026-04|company|win_rate.month', 'win_rate|2026|company|-'],
  ],
  ['those listed', ['csat'], ['csat|2026-04|company|-']],
])('KPIs can be chosen: %s', async (_, kpis, keys) => {
  await using temp = await openTempStore();
  const year = { grain: 'year', periodStart: '2026-01-01', periodLabel: '2026', goal: null } as const;
  await evaluate(temp.store, [month(4), year, month(4, { kpi: 'csat', goal: null })]);
  const crm = makeCrm('sales');
  const settings = settingsOf({ publish: { periods: 3, segments: ['company'], kpis } });
  await write(temp.store, [crm], { settings, catalog: [winRate, { ...winRate, id: 'csat' }] });
  expect(told(crm.seen)).toEqual(keys.map((key) => `create ${key}`));
});

it('a period that has not begun is not shown, nor does it push one out', async () => {
  await using temp = await openTempStore();
  await evaluate(temp.store, [
    month(2),
    month(3),
    month(4),
    month(5, { status: 'not_started', value: null }),
  ]);
  const crm = makeCrm('sales');
  await write(temp.store, [crm]);
  expect(told(crm.seen)).toEqual([2, 3, 4].map((number) => `create ${keyOf(number)}`));
});

it('a restated period keeps its official value', async () => {
  await using temp = await openTempStore();
  await evaluate(temp.store, [month(4, { stage: 'official', value: 0.2 })]);
  await evaluate(temp.store, [month(4, { stage: 'restated', value: 0.25 })], asOf + 1);
  const crm = makeCrm('sales');
  await write(temp.store, [crm], { asOf: asOf + 1 });
  expect(crm.seen[0]?.fields).toMatchObject({ value: 0.2, restated_value: 0.25, stage: 'restated' });
});

it('a dry run plans the same and writes nothing', async () => {
  await using temp = await openTempStore();
  await evaluate(temp.store, [month(4)]);
  const crm = makeCrm('sales');
  const { connections } = await write(temp.store, [crm], { dryRun: true });
  expect(crm.seen).toEqual([]);
  expect(connections[0]?.plan.changes.map(({ key }) => key)).toEqual([keyOf(4), '_status']);
  expect(await temp.store.published('sales')).toEqual(new Map());
});

it('without an evaluation there is nothing to publish, and that is said', async () => {
  await using temp = await openTempStore();
  await evaluate(temp.store, [month(4)]);
  const early = write(temp.store, [makeCrm('sales')], { asOf: asOf - 1 });
  await expect(early).rejects.toMatchObject({
    kind: 'usage',
    fix: expect.stringMatching(/crm-kpi evaluate/),
  });
});
