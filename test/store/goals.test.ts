import { expect, it } from 'vitest';
import type { Goal } from '../../src/model/goal.ts';
import type { Store } from '../../src/model/store.ts';
import { goalOf } from '../model/samples.ts';
import { openTempStore } from './temp-store.ts';

const aiming = (target: number, id?: string) =>
  goalOf({ targets: { kind: 'constant', value: target }, ...(id ? { id } : {}) });

const save = (store: Store, from: string, ...goals: readonly Goal[]) =>
  store.saveGoals(goals, { asOf: 0, periodStart: () => from });

const spans = (versions: Awaited<ReturnType<typeof save>>) =>
  versions.map(({ version, goal, validFrom, validTo }) => [
    version,
    goal.targets.kind === 'constant' ? goal.targets.value : null,
    validFrom,
    validTo,
  ]);

it('the first version holds since ever, and the same goal again is no new one', async () => {
  await using temp = await openTempStore();
  const first = await save(temp.store, '2026-01-01', aiming(0.2));
  expect(spans(first)).toEqual([[1, 0.2, null, null]]);
  expect(await save(temp.store, '2026-05-01', aiming(0.2))).toEqual(first);
});

it('a changed target closes the old version at the start of the running period', async () => {
  await using temp = await openTempStore();
  await save(temp.store, '2026-01-01', aiming(0.2));
  expect(spans(await save(temp.store, '2026-05-01', aiming(0.3)))).toEqual([
    [1, 0.2, null, '2026-05-01'],
    [2, 0.3, '2026-05-01', null],
  ]);
});

it('changed again within the same period, the one in between never held', async () => {
  await using temp = await openTempStore();
  await save(temp.store, '2026-01-01', aiming(0.2));
  await save(temp.store, '2026-05-01', aiming(0.3));
  expect(spans(await save(temp.store, '2026-05-01', aiming(0.4)))).toEqual([
    [1, 0.2, null, '2026-05-01'],
    [2, 0.3, '2026-05-01', '2026-05-01'],
    [3, 0.4, '2026-05-01', null],
  ]);
});

it('a goal that left the settings keeps its versions', async () => {
  await using temp = await openTempStore();
  await save(temp.store, '2026-01-01', aiming(0.2), aiming(0.5, 'other'));
  expect(spans(await save(temp.store, '2026-02-01', aiming(0.5, 'other')))).toEqual([[1, 0.5, null, null]]);
  expect(temp.sql('SELECT id, current FROM goal ORDER BY id')).toEqual([
    { id: 'other', current: 1 },
    { id: 'win_rate.month', current: 0 },
  ]);
  expect(spans(await save(temp.store, '2026-03-01', aiming(0.2)))).toEqual([[1, 0.2, null, null]]);
});

it('a baseline stays as it was frozen', async () => {
  await using temp = await openTempStore();
  const frozen = {
    num: 120,
    den: 1000,
    value: 0.12,
    n: 1000,
    periods: 12,
    from: '2025-01-01',
    definitionVersion: 'abcd1234',
  };
  expect(await temp.store.baseline(1, 'company')).toBeNull();
  await temp.store.saveBaseline(1, 'company', frozen);
  await temp.store.saveBaseline(1, 'company', { ...frozen, value: 0.5 });
  expect(await temp.store.baseline(1, 'company')).toEqual(frozen);
  expect(await temp.store.baseline(2, 'company')).toBeNull();
});

it('a definition is kept for each version of a KPI', async () => {
  await using temp = await openTempStore();
  const kpi = {
    id: 'win_rate',
    label: { en: 'Sales conversion', es: 'Conversión' },
    description: { en: '', es: '' },
    domain: 'sales',
    unit: 'ratio',
    better: 'higher',
    kind: 'flow',
    dimensions: [],
    needs: [],
    money: [],
    withinMs: null,
    maturesMs: null,
    sql: 'select 1',
    version: 'aaaaaaaa',
    file: 'win_rate.sql',
  } as const;
  await temp.store.saveKpis([kpi], 10);
  await temp.store.saveKpis([kpi, { ...kpi, version: 'bbbbbbbb', sql: 'select 2' }], 20);
  expect(temp.sql('SELECT version, sql, first_used_at FROM kpi_def ORDER BY version')).toEqual([
    { version: 'aaaaaaaa', sql: 'select 1', first_used_at: 10 },
    { version: 'bbbbbbbb', sql: 'select 2', first_used_at: 20 },
  ]);
});
