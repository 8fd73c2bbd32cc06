import { expect, it } from 'vitest';
import { openTempStore, registerStream } from './temp-store.ts';

const key = { connection: 'crm', stream: 'account' };

it('a failure is kept until the next success, the last success through failures', async () => {
  await using temp = await openTempStore();
  await temp.save('account', { rows: [{ id: 'a' }, { id: 'b' }], deleted: [{ id: 'b', at: 1 }] });
  const { store } = temp;
  await store.finishStream(key, { at: 100, error: null, fix: null, theirs: 1 });
  await store.finishStream(key, { at: 200, error: 'It failed.', fix: 'Wait.', theirs: null });
  expect(await store.streamStates()).toEqual([
    {
      connection: 'crm',
      stream: 'account',
      table: 'account',
      rows: 1,
      deleted: 1,
      watermark: 100,
      lastSuccessAt: 100,
      lastError: 'It failed.',
      fix: 'Wait.',
      unavailable: null,
      ours: null,
      theirs: null,
    },
  ]);
  await store.finishStream(key, { at: 300, error: null, fix: null, theirs: 4 });
  expect(await store.streamStates()).toMatchObject([
    { lastSuccessAt: 300, lastError: null, fix: null, ours: 1, theirs: 4 },
  ]);
});

it('an unavailable stream tells why and what to do, until it is there', async () => {
  await using temp = await openTempStore();
  const unavailable = { problem: 'No permission.', fix: 'Give it.' };
  await registerStream(temp.store, 'crm', { name: 'account', table: 'account', unavailable });
  expect(await temp.store.streamStates()).toMatchObject([{ unavailable: 'No permission.', fix: 'Give it.' }]);
  await registerStream(temp.store, 'crm', { name: 'account', table: 'account' });
  expect(await temp.store.streamStates()).toMatchObject([{ unavailable: null, fix: null }]);
});

it('forgetting cursors is for one connection', async () => {
  await using temp = await openTempStore();
  await temp.save('account', { cursor: 'one' });
  await temp.save('account', { cursor: 'two', source: 'other' });
  await temp.store.forgetCursors('crm');
  expect(await temp.store.cursor(key)).toBeNull();
  expect(await temp.store.cursor({ ...key, connection: 'other' })).toBe('two');
});

it('the API use last told stays when a later run is not told', async () => {
  await using temp = await openTempStore();
  await registerStream(temp.store, 'crm', { name: 'account', table: 'account' });
  await temp.store.saveApiUsage('crm', { used: 10, limit: 100, resetsAt: 5, calls: 3 }, 1);
  await temp.store.saveApiUsage('crm', { used: null, limit: null, resetsAt: null, calls: 0 }, 2);
  expect(await temp.store.apiUsage()).toEqual([
    { connection: 'crm', used: 10, limit: 100, resetsAt: null, calls: 0 },
  ]);
});

it('a run without an end shows that it was killed', async () => {
  await using temp = await openTempStore();
  const done = await temp.store.beginRun('run', 10);
  const end = { at: 20, outcome: 'done', exitCode: 0, phases: { sync: [1] }, error: null };
  await temp.store.finishRun(done, end);
  const killed = await temp.store.beginRun('sync', 30);
  expect(await temp.store.runs(2)).toMatchObject([
    { id: killed, job: 'sync', startedAt: 30, finishedAt: null, outcome: null, exitCode: null, phases: null },
    { id: done, finishedAt: 20, outcome: 'done', exitCode: 0, phases: { sync: [1] }, error: null },
  ]);
  expect(await temp.store.runs(1)).toHaveLength(1);
});
