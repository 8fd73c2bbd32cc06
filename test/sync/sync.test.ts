import { expect, it } from 'vitest';
import { openTempStore } from '../store/temp-store.ts';
import { accounts, connectMemory } from './memory-connection.ts';
import { failure, failWith, ids, runSync } from './run-sync.ts';

it('every page is saved with its cursor, and the next run goes on from there', async () => {
  await using temp = await openTempStore();
  const crm = connectMemory('crm', {
    name: 'Account',
    pages: [
      { tables: accounts('a', 'b'), cursor: 'one' },
      { tables: accounts('c'), deleted: [{ id: 'a', at: 5 }], cursor: 'two' },
    ],
  });
  const { streams, errors } = await runSync(temp, [crm]);
  expect(errors).toEqual([]);
  expect(streams).toEqual([
    {
      connection: 'crm',
      object: 'Account',
      rows: 3,
      written: 3,
      deleted: 1,
      unavailable: null,
      error: null,
      complete: null,
    },
  ]);
  expect(ids(temp)).toEqual(['b', 'c']);
  await runSync(temp, [crm]);
  expect(crm.calls).toEqual(['read Account since null', 'closed', 'read Account since two', 'closed']);
});

it('a second run over the same data writes nothing', async () => {
  await using temp = await openTempStore();
  const crm = connectMemory('crm', { name: 'Account', pages: [{ tables: accounts('a', 'b') }] });
  await runSync(temp, [crm]);
  const before = temp.sql('SELECT * FROM account ORDER BY id');
  const { streams } = await runSync(temp, [crm]);
  expect(streams).toMatchObject([{ rows: 2, written: 0, deleted: 0 }]);
  expect(temp.sql('SELECT * FROM account ORDER BY id')).toEqual(before);
});

it('a full sync forgets the cursors of the chosen connections', async () => {
  await using temp = await openTempStore();
  const page = { tables: accounts('a'), cursor: 'end' };
  const crm = connectMemory('crm', { name: 'Account', pages: [page] });
  const other = connectMemory('other', { name: 'Account', pages: [page] });
  await runSync(temp, [crm, other]);
  await runSync(temp, [crm], { full: true });
  await runSync(temp, [other]);
  expect(crm.calls.at(-2)).toBe('read Account since null');
  expect(other.calls.at(-2)).toBe('read Account since end');
});

it('deals are derived in the end, also those of a run that failed elsewhere', async () => {
  await using temp = await openTempStore();
  const rows = [{ id: 'd', created_at: 10, outcome: 'open' }];
  const crm = connectMemory(
    'crm',
    { name: 'Deal', table: 'deal', pages: [{ tables: [{ table: 'deal', rows }] }] },
    { name: 'Account', read: () => failWith(failure('remote')) },
  );
  await runSync(temp, [crm]);
  expect(temp.sql('SELECT id, outcome FROM deal_state')).toEqual([{ id: 'd', outcome: 'open' }]);
});

it('progress tells the rows so far, and the end of each stream', async () => {
  await using temp = await openTempStore();
  const pages = [{ tables: accounts('a') }, { tables: accounts('a', 'b') }];
  const seen: unknown[] = [];
  await runSync(temp, [connectMemory('crm', { name: 'Account', pages })], {
    onProgress: ({ rows, written, done }) => seen.push([rows, written, done]),
  });
  expect(seen).toEqual([
    [1, 1, false],
    [3, 2, false],
    [3, 2, true],
  ]);
});
