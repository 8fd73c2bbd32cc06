import { expect, it } from 'vitest';
import { openTempStore } from './temp-store.ts';

const record = { key: 'a', hash: 'h1', remoteId: 'r1', current: true, writtenAt: 10 };

it('what stands in a CRM is kept by connection and key', async () => {
  await using temp = await openTempStore();
  const { store } = temp;
  await store.savePublished('sales', [record, { ...record, key: 'b', remoteId: null }]);
  await store.savePublished('sales', [
    { ...record, hash: 'h2', remoteId: null, current: false, writtenAt: 20 },
  ]);
  expect([...(await store.published('sales'))]).toEqual([
    ['a', { key: 'a', hash: 'h2', remoteId: 'r1', current: false, writtenAt: 20 }],
    ['b', { ...record, key: 'b', remoteId: null }],
  ]);
  expect(await store.published('marketing')).toEqual(new Map());
  await store.removePublished('sales', ['a', 'unknown']);
  expect([...(await store.published('sales')).keys()]).toEqual(['b']);
});

it('a refusal stays until the record is accepted, removed or no longer wanted', async () => {
  await using temp = await openTempStore();
  const { store } = temp;
  const refuse = (...keys: readonly string[]) =>
    store.saveRefused(
      'sales',
      keys.map((key) => ({ key, reason: 'No.', payload: {} })),
      5,
    );
  await refuse('a', 'b', 'c');
  await store.saveRefused('sales', [{ key: 'a', reason: 'Still no.', payload: {} }], 6);
  expect(await store.refused()).toEqual([
    { connection: 'sales', key: 'a', reason: 'Still no.' },
    { connection: 'sales', key: 'b', reason: 'No.' },
    { connection: 'sales', key: 'c', reason: 'No.' },
  ]);
  await store.savePublished('sales', [record]);
  await store.removePublished('sales', ['b']);
  await store.forgetRefused('sales', ['c']);
  expect(await store.refused()).toEqual([]);
  expect([...(await store.published('sales')).keys()]).toEqual(['a']);
});
