import { expect, it } from 'vitest';
import type { RunErrorKind } from '../../src/model/errors.ts';
import { openTempStore } from '../store/temp-store.ts';
import { accounts, connectMemory } from './memory-connection.ts';
import { failure, failWith, ids, runSync } from './run-sync.ts';

it('a connection that cannot be opened does not stop the others', async () => {
  await using temp = await openTempStore();
  const refused = failure('auth');
  const broken = { name: 'broken', connector: 'memory', open: () => Promise.reject(refused) };
  const crm = connectMemory('crm', { name: 'Account', pages: [{ tables: accounts('a') }] });
  const { streams, errors } = await runSync(temp, [broken, crm]);
  expect(errors).toEqual([refused]);
  expect(streams).toMatchObject([{ connection: 'crm', rows: 1 }]);
});

it('a stream that fails keeps the pages before it, and the next stream is read', async () => {
  await using temp = await openTempStore();
  const crm = connectMemory(
    'crm',
    {
      name: 'Account',
      async *read() {
        yield { tables: accounts('a'), deleted: [], cursor: 'one' };
        throw failure('remote');
      },
    },
    { name: 'Company', pages: [{ tables: accounts('b') }] },
  );
  const { streams, errors } = await runSync(temp, [crm]);
  expect(streams).toMatchObject([
    { object: 'Account', rows: 1, error: 'It failed: remote.' },
    { object: 'Company', rows: 1, error: null },
  ]);
  expect(errors).toHaveLength(1);
  expect(ids(temp)).toEqual(['a', 'b']);
  expect(await temp.store.streamStates()).toMatchObject([
    { stream: 'Account', lastSuccessAt: null, lastError: 'It failed: remote.', fix: 'Do something.' },
    { stream: 'Company', lastSuccessAt: expect.any(Number), lastError: null },
  ]);
  expect(await temp.store.cursor({ connection: 'crm', stream: 'Account' })).toBe('one');
});

it.each<RunErrorKind>(['auth', 'stopped'])('a failure of kind %s ends that connection only', async (kind) => {
  await using temp = await openTempStore();
  const crm = connectMemory(
    'crm',
    { name: 'Account', read: () => failWith(failure(kind)) },
    { name: 'Company', pages: [{ tables: accounts('b') }] },
  );
  const other = connectMemory('other', { name: 'Account', pages: [{ tables: accounts('x') }] });
  const { streams, errors } = await runSync(temp, [crm, other]);
  expect(errors).toMatchObject([{ kind }]);
  expect(streams.map(({ connection, object }) => `${connection} ${object}`)).toEqual([
    'crm Account',
    'other Account',
  ]);
  expect(crm.calls).toEqual(['read Account since null', 'closed']);
});

it('an object that cannot be read here is reported with its reason and not read', async () => {
  await using temp = await openTempStore();
  const unavailable = { problem: 'No permission to read cases.', fix: 'Give it.' };
  const crm = connectMemory('crm', { name: 'Case', table: 'ticket', unavailable });
  const { streams, errors } = await runSync(temp, [crm]);
  expect(errors).toEqual([]);
  expect(streams).toMatchObject([{ object: 'Case', unavailable: unavailable.problem, error: null }]);
  expect(crm.calls).toEqual(['closed']);
  expect(await temp.store.streamStates()).toMatchObject([
    { unavailable: unavailable.problem, fix: 'Give it.' },
  ]);
});

it('a bug flies on, the connection closed', async () => {
  await using temp = await openTempStore();
  const crm = connectMemory('crm', { name: 'Account', read: () => failWith(new TypeError('bug')) });
  await expect(runSync(temp, [crm])).rejects.toThrow(TypeError);
  expect(crm.calls.at(-1)).toBe('closed');
});

it('a failing store flies on', async () => {
  await using temp = await openTempStore();
  const crm = connectMemory('crm', { name: 'Account', read: () => failWith(failure('store')) });
  await expect(runSync(temp, [crm])).rejects.toMatchObject({ kind: 'store' });
});

it('an abort flies on; what was saved stays, with its cursor', async () => {
  await using temp = await openTempStore();
  const stop = new AbortController();
  const reason = new Error('interrupted');
  const crm = connectMemory('crm', {
    name: 'Account',
    async *read() {
      yield { tables: accounts('a'), deleted: [], cursor: 'one' };
      stop.abort(reason);
      yield { tables: accounts('b'), deleted: [], cursor: 'two' };
    },
  });
  await expect(runSync(temp, [crm], { signal: stop.signal })).rejects.toBe(reason);
  expect(ids(temp)).toEqual(['a']);
  expect(await temp.store.cursor({ connection: 'crm', stream: 'Account' })).toBe('one');
  expect(crm.calls.at(-1)).toBe('closed');
});
