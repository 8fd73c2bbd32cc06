import { expect, it } from 'vitest';
import { openTempStore } from '../store/temp-store.ts';
import { accounts, connectMemory } from './memory-connection.ts';
import { failure, runSync } from './run-sync.ts';

it('equal counts are a proof, kept with the stream', async () => {
  await using temp = await openTempStore();
  const pages = [{ tables: accounts('a', 'b') }];
  const crm = connectMemory('crm', { name: 'Account', pages, count: async () => ({ rows: 2 }) });
  const { streams, errors } = await runSync(temp, [crm]);
  expect(errors).toEqual([]);
  expect(streams).toMatchObject([{ complete: { ours: 2, theirs: 2 } }]);
  expect(await temp.store.streamStates()).toMatchObject([{ ours: 2, theirs: 2 }]);
});

it('another count makes all ids be compared, once', async () => {
  await using temp = await openTempStore();
  const crm = connectMemory('crm', {
    name: 'Account',
    async *read(_, { held, reconcile }) {
      yield { tables: accounts('a', 'b'), deleted: [], cursor: 'end' };
      if (!reconcile || !held) return;
      for await (const chunk of held()) {
        const deleted = chunk.filter((id) => id !== 'a').map((id) => ({ id, at: 5 }));
        yield { tables: [], deleted, cursor: null };
      }
    },
    count: async () => ({ rows: 1 }),
  });
  const { streams, errors } = await runSync(temp, [crm]);
  expect(errors).toEqual([]);
  expect(streams).toMatchObject([{ deleted: 1, complete: { ours: 1, theirs: 1 } }]);
  expect(crm.calls).toEqual([
    'read Account since null',
    'count Account',
    'read Account since end, all ids',
    'count Account',
    'closed',
  ]);
});

it('a count that differs all the same is told, and the stream is not called complete', async () => {
  await using temp = await openTempStore();
  const pages = [{ tables: accounts('a') }];
  const crm = connectMemory('crm', { name: 'Account', pages, count: async () => ({ rows: 7 }) });
  const { errors } = await runSync(temp, [crm]);
  expect(errors).toMatchObject([{ kind: 'remote', message: expect.stringMatching(/counts 7 .* holds 1/) }]);
  expect(await temp.store.streamStates()).toMatchObject([
    { lastSuccessAt: null, lastError: expect.any(String) },
  ]);
});

it('a CRM that cannot count now costs no data', async () => {
  await using temp = await openTempStore();
  const pages = [{ tables: accounts('a') }];
  const count = () => Promise.reject(failure('remote'));
  const { streams, errors } = await runSync(temp, [connectMemory('crm', { name: 'Account', pages, count })]);
  expect(errors).toEqual([]);
  expect(streams).toMatchObject([{ rows: 1, error: null, complete: null }]);
});

it('amounts of deals are compared by currency', async () => {
  await using temp = await openTempStore();
  const rows = [
    { id: 'd1', amount_minor: 100, currency: 'EUR' },
    { id: 'd2', amount_minor: 50, currency: 'USD' },
  ];
  const crm = connectMemory('crm', {
    name: 'Deal',
    table: 'deal',
    pages: [{ tables: [{ table: 'deal', rows }] }],
    count: async () => ({ rows: 2, amounts: { EUR: 100, USD: 50 } }),
  });
  expect((await runSync(temp, [crm])).streams).toMatchObject([
    {
      complete: {
        amounts: [
          { currency: 'EUR', ours: 100, theirs: 100 },
          { currency: 'USD', ours: 50, theirs: 50 },
        ],
      },
    },
  ]);
});
