import { describe, expect, it } from 'vitest';
import type { Segment } from '../../src/model/result.ts';
import type { NewResult, ResultFilter, StoredResult } from '../../src/model/result-store.ts';
import type { Store } from '../../src/model/store.ts';
import { resultOf } from '../model/samples.ts';
import { openTempStore } from './temp-store.ts';

/** Without a goal, of 100 units at instant 100. */
const plain = resultOf({
  ...{ goal: null, goalVersion: null, num: 20, value: 0.2, status: null, evidence: null, movement: null },
  ...{ previous: null, target: null, baseline: null, attainment: null, gapClosed: null },
  ...{ stage: 'preliminary', asOf: 100 },
});

function result(changed: Partial<NewResult> = {}): NewResult {
  return { ...plain, inputHash: 'hash', supersedes: null, current: true, ...changed };
}

/** One finished evaluation. */
async function evaluate(store: Store, asOf: number, ...rows: readonly Partial<NewResult>[]): Promise<void> {
  const id = await store.beginEvaluation(asOf, 1);
  await store.appendResults(
    id,
    rows.map((row) => result({ asOf, ...row })),
  );
  await store.finishEvaluation(id, 2);
}

async function latest(store: Store, asOf: number, filter?: ResultFilter): Promise<readonly StoredResult[]> {
  const found: StoredResult[] = [];
  for await (const chunk of store.latestResults(asOf, filter)) found.push(...chunk);
  return found;
}

const values = async (store: Store, asOf: number, filter?: ResultFilter) =>
  (await latest(store, asOf, filter)).map(({ value }) => value);

describe('a result comes back as it was written', () => {
  it.each<[string, Partial<NewResult>]>([
    ['with nothing but its figures', {}],
    [
      'of a goal',
      {
        goal: 'win_rate.month',
        goalVersion: 2,
        status: 'at_risk',
        evidence: 'within_noise',
        movement: 'no_evidence',
        previous: 0.15,
        target: 0.2,
        baseline: 0.12,
        attainment: 0.9,
        gapClosed: 0.6,
        forecast: { value: 0.21, low: 0.1, high: null },
        trend: { direction: 'rising', p: 0.01, slope: 0.5, n: 8 },
        stage: 'official',
        flags: ['incomplete', 'reconstructed'],
      },
    ],
    ['with a range to stay in', { goal: 'g', target: { lo: 0, hi: 3.5 } }],
    [
      'of a duration of a person',
      {
        unit: 'hours',
        statistic: 'p50',
        statistics: { p50: 16, p90: 75.6, mean: null },
        segment: { kind: 'owner', id: '0055e1', name: 'Ann', source: 'sales' },
      },
    ],
    [
      'without a value',
      { value: null, num: null, den: null, n: 0, nMissing: 3, currency: 'EUR', unit: 'money' },
    ],
  ])('%s', async (_, row) => {
    await using temp = await openTempStore();
    await evaluate(temp.store, 100, row);
    expect(await latest(temp.store, 100)).toEqual([{ ...result(row), id: 1 }]);
  });
});

describe('the newest row of a series', () => {
  it('is that of the latest as-of, not after the one asked for', async () => {
    await using temp = await openTempStore();
    await evaluate(temp.store, 100, { value: 0.1 });
    await evaluate(temp.store, 200, { value: 0.2 });
    expect(await values(temp.store, 99)).toEqual([]);
    expect(await values(temp.store, 199)).toEqual([0.1]);
    expect(await values(temp.store, 200)).toEqual([0.2]);
  });

  it('stays when the past is evaluated later', async () => {
    await using temp = await openTempStore();
    await evaluate(temp.store, 200, { value: 0.2 });
    await evaluate(temp.store, 100, { value: 0.1 });
    expect(await values(temp.store, 300)).toEqual([0.2]);
    expect(await values(temp.store, 150)).toEqual([0.1]);
  });

  it('is the later written one of the same as-of', async () => {
    await using temp = await openTempStore();
    await evaluate(temp.store, 100, { value: 0.1 });
    await evaluate(temp.store, 100, { value: 0.3 });
    expect(await values(temp.store, 100)).toEqual([0.3]);
  });

  it('is hidden, with all before it, once it is withdrawn, and seen again once it is back', async () => {
    await using temp = await openTempStore();
    await evaluate(temp.store, 100, { value: 0.1 });
    await evaluate(temp.store, 200, { value: 0.1, current: false });
    expect(await values(temp.store, 200)).toEqual([]);
    expect(await values(temp.store, 100)).toEqual([0.1]);
    await evaluate(temp.store, 300, { value: 0.4 });
    expect(await values(temp.store, 300)).toEqual([0.4]);
  });

  it('is told apart by KPI, grain, period, segment, connection and goal', async () => {
    await using temp = await openTempStore();
    const owner = (id: string, source: string): Segment => ({ kind: 'owner', id, name: null, source });
    await evaluate(
      temp.store,
      100,
      {},
      { kpi: 'csat' },
      { grain: 'quarter' },
      { periodStart: '2026-02-01' },
      { segment: owner('a', 'sales') },
      { segment: owner('b', 'sales') },
      { segment: owner('a', 'marketing') },
      { goal: 'g' },
    );
    expect(await latest(temp.store, 100)).toHaveLength(8);
  });

  it('counts only when its evaluation was finished; what a killed one left is cleaned up', async () => {
    await using temp = await openTempStore();
    await evaluate(temp.store, 100, { value: 0.1 });
    const killed = await temp.store.beginEvaluation(200, 1);
    await temp.store.appendResults(killed, [result({ asOf: 200, value: 0.9 })]);
    expect(await values(temp.store, 300)).toEqual([0.1]);
    expect(await temp.store.latestEvaluation(300)).toBe(100);
    await evaluate(temp.store, 300);
    expect(temp.sql('SELECT value FROM result')).toEqual([{ value: 0.1 }]);
    expect(await temp.store.latestEvaluation(300)).toBe(300);
    expect(await temp.store.latestEvaluation(299)).toBe(100);
    expect(await temp.store.latestEvaluation(99)).toBeNull();
  });
});

describe('filters', () => {
  it('narrow by KPI, grain, segment and the end of the period', async () => {
    await using temp = await openTempStore();
    const { store } = temp;
    await evaluate(
      store,
      100,
      { value: 1 },
      { value: 2, kpi: 'csat' },
      { value: 3, grain: 'year', periodLabel: '2026', periodEnd: '2027-01-01' },
      { value: 4, segment: { kind: 'team', id: 't', name: 'T', source: 'crm' } },
    );
    expect(await values(store, 100, { kpi: 'csat' })).toEqual([2]);
    expect(await values(store, 100, { grain: 'year' })).toEqual([3]);
    expect(await values(store, 100, { period: '2026' })).toEqual([3]);
    expect(await values(store, 100, { from: '2026-02-01' })).toEqual([3]);
    expect(await values(store, 100, { from: '2026-01-31', kpi: 'win_rate', grain: 'month' })).toEqual([1, 4]);
    expect(await values(store, 100, { segmentKind: 'team', segmentId: 't' })).toEqual([4]);
    expect(await values(store, 100, { segmentKind: 'team', segmentId: 'other' })).toEqual([]);
  });

  it('ask the newest row: an older one of that status or label is not dug out', async () => {
    await using temp = await openTempStore();
    const year = { grain: 'year', periodStart: '2026-07-01', goal: 'g' } as const;
    await evaluate(temp.store, 100, { ...year, periodLabel: '2027', status: 'off_target' });
    await evaluate(temp.store, 200, { ...year, periodLabel: '2026', status: 'on_target' });
    expect(await latest(temp.store, 200, { status: 'off_target' })).toEqual([]);
    expect(await latest(temp.store, 200, { period: '2027' })).toEqual([]);
    expect(await latest(temp.store, 200, { period: '2026', status: 'on_target' })).toHaveLength(1);
  });

  it('results come in chunks of a bounded size, and reading may be abandoned', async () => {
    await using temp = await openTempStore();
    const people = Array.from({ length: 1100 }, (_, index) => ({
      segment: { kind: 'owner', id: `${index}`, name: null, source: 'crm' },
    }));
    await evaluate(temp.store, 100, ...people);
    const sizes: number[] = [];
    for await (const chunk of temp.store.latestResults(100)) sizes.push(chunk.length);
    expect(sizes).toEqual([500, 500, 100]);
    for await (const _ of temp.store.latestResults(100)) break;
    await evaluate(temp.store, 200, { value: 0.7 });
  });
});

describe('the official row', () => {
  it('is found from the restated one, of the same series', async () => {
    await using temp = await openTempStore();
    const { store } = temp;
    await evaluate(
      store,
      100,
      { stage: 'official', value: 0.2 },
      { stage: 'official', value: 0.5, goal: 'g' },
    );
    await evaluate(store, 200, { stage: 'restated', value: 0.212, supersedes: 1 });
    await evaluate(store, 300, { stage: 'restated', value: 0.213, supersedes: 3 });
    const newest = (await latest(store, 300, {})).find(({ goal }) => goal === null);
    expect(newest?.value).toBe(0.213);
    expect(await store.officialResult(newest?.id ?? 0)).toMatchObject({
      id: 1,
      value: 0.2,
      stage: 'official',
    });
  });

  it('is none while a series is preliminary', async () => {
    await using temp = await openTempStore();
    await evaluate(temp.store, 100, {});
    expect(await temp.store.officialResult(1)).toBeNull();
    expect(await temp.store.officialResult(99)).toBeNull();
  });
});
