import { expect, it } from 'vitest';
import type { ResultRecord } from '../../src/model/result.ts';
import type { PublishedRecord } from '../../src/model/result-store.ts';
import { createZone } from '../../src/model/zone.ts';
import { type PlanInput, planChanges } from '../../src/publish/plan.ts';

const hour = 3_600_000;
/** 10:00 in Madrid. */
const now = Date.UTC(2026, 1, 15, 9);

const record = (changed: ResultRecord = {}): ResultRecord => ({
  key: 'a',
  value: 0.18,
  forecast: 0.19,
  data_as_of: 1,
  current: true,
  ...changed,
});

function plan(changed: Partial<PlanInput> = {}) {
  return planChanges({
    wanted: new Map(),
    published: new Map([['_status', stands('_status')]]),
    isOutOfPeriods: () => true,
    status: { key: '_status' },
    now,
    dayOf: createZone('Europe/Madrid').dateOf,
    hash: (text) => text,
    ...changed,
  });
}

function stands(key: string, changed: Partial<PublishedRecord> = {}): PublishedRecord {
  return { key, hash: 'old', remoteId: `remote ${key}`, current: true, writtenAt: now - hour, ...changed };
}

const byKey = (...records: readonly PublishedRecord[]) =>
  new Map([stands('_status'), ...records].map((one) => [one.key, one]));

/** What the CRM holds after a plan was written. */
const written = (fields: ResultRecord) => {
  const hash = plan({ wanted: new Map([['a', fields]]) }).changes[0]?.hash ?? '';
  return byKey(stands('a', { hash }));
};

it('what does not stand there yet is created', () => {
  const { changes, unchanged } = plan({ wanted: new Map([['a', record()]]) });
  expect(changes).toMatchObject([{ key: 'a', change: 'create', fields: record(), remoteId: null }]);
  expect(unchanged).toBe(0);
});

it('what stands there as it should is left alone', () => {
  const planned = plan({ wanted: new Map([['a', record()]]), published: written(record()) });
  expect(planned).toEqual({ changes: [], unchanged: 1 });
});

it('other figures are an update of the same record', () => {
  const wanted = new Map([['a', record({ value: 0.2 })]]);
  const { changes } = plan({ wanted, published: written(record()) });
  expect(changes).toMatchObject([
    { key: 'a', change: 'update', remoteId: 'remote a', fields: { value: 0.2 } },
  ]);
});

it('another forecast or as-of alone writes nothing', () => {
  const wanted = new Map([['a', record({ forecast: 0.5, data_as_of: 99 })]]);
  expect(plan({ wanted, published: written(record()) }).changes).toEqual([]);
});

it('what is older than the kept periods is retired once', () => {
  const { changes } = plan({ published: byKey(stands('old')) });
  expect(changes).toEqual([
    {
      key: 'old',
      change: 'retire',
      fields: { key: 'old', current: false },
      remoteId: 'remote old',
      hash: 'old',
    },
  ]);
  const again = plan({ published: byKey(stands('old', { current: false })) });
  expect(again).toEqual({ changes: [], unchanged: 1 });
});

it('a retired record that is wanted again is current again', () => {
  const wanted = new Map([['a', record()]]);
  const [, retired] = [...written(record()).values()];
  const published = byKey({ ...(retired ?? stands('a')), current: false });
  expect(plan({ wanted, published }).changes).toMatchObject([
    { change: 'update', fields: { current: true } },
  ]);
});

it('what has left the settings is deleted, retired or not', () => {
  const published = byKey(stands('gone'), stands('gone before', { current: false }));
  const { changes } = plan({ published, isOutOfPeriods: () => false });
  expect(changes).toMatchObject([
    { key: 'gone', change: 'delete', remoteId: 'remote gone' },
    { key: 'gone before', change: 'delete' },
  ]);
});

it.each([
  ['an hour ago', Date.UTC(2026, 1, 15, 8), 0],
  ['at the first minute of this local day', Date.UTC(2026, 1, 14, 23), 0],
  ['at the last minute of the local day before', Date.UTC(2026, 1, 14, 22, 59), 1],
  ['a week ago', Date.UTC(2026, 1, 8), 1],
])('freshness written %s is written again today so many times: %#', (_, writtenAt, times) => {
  const published = new Map([['_status', stands('_status', { writtenAt })]]);
  expect(plan({ published }).changes.filter(({ key }) => key === '_status')).toHaveLength(times);
});

it('freshness that was never written is created, and never removed', () => {
  expect(plan({ published: new Map() }).changes).toMatchObject([{ key: '_status', change: 'create' }]);
  expect(plan({ isOutOfPeriods: () => false }).changes).toEqual([]);
});

it('the order of a plan does not depend on the order of what it is given', () => {
  const keys = ['b', 'a', 'c'];
  const input = (order: readonly string[]) => ({
    wanted: new Map(order.map((key) => [key, record({ key })])),
    published: byKey(...order.map((key) => stands(`old ${key}`))),
  });
  const planned = plan(input(keys));
  expect(planned.changes.map(({ key }) => key)).toEqual(['a', 'b', 'c', 'old a', 'old b', 'old c']);
  expect(plan(input(keys.toReversed()))).toEqual(planned);
});
