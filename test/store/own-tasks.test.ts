import { expect, it } from 'vitest';
import { at, openTempStore, syncedAt, type TempStore } from './temp-store.ts';

const row = (id: string) => ({ id, kind: 'task', status: 'open', created_at: at('2026-10-01') });
const resultTask = (remoteId: string | null) => ({
  series: 'win_rate|company|-',
  key: 'win_rate|company|-|2026-10',
  remoteId,
  hash: 'h',
  dueOn: null,
  writtenAt: syncedAt,
});

async function countedIds({ store }: TempStore): Promise<readonly string[]> {
  const ids: string[] = [];
  for await (const rows of store.rows({ sql: 'select id from activity order by id', params: {} }))
    for (const [id] of rows) ids.push(String(id));
  return ids;
}

it('a task that was written here never counts as an activity, whichever is known first', async () => {
  await using temp = await openTempStore();
  await temp.save('activity', { rows: [row('early'), row('theirs')] });
  await temp.store.saveResultTasks('crm', [resultTask('early')]);
  expect(await countedIds(temp)).toEqual(['theirs']);
  await temp.store.saveResultTasks('crm', [resultTask('late')]);
  await temp.save('activity', { rows: [row('early'), row('late'), row('theirs')] });
  expect(await countedIds(temp)).toEqual(['theirs']);
});

it('a task stays hidden when the result that it was about is on target again', async () => {
  await using temp = await openTempStore();
  await temp.store.saveResultTasks('crm', [resultTask('ours')]);
  await temp.store.removeResultTasks('crm', ['win_rate|company|-']);
  await temp.save('activity', { rows: [row('ours'), row('theirs')] });
  expect(await countedIds(temp)).toEqual(['theirs']);
});

it('hidden tasks still count in the proof of completeness, and are not written again', async () => {
  await using temp = await openTempStore();
  await temp.store.saveResultTasks('crm', [resultTask('ours')]);
  await temp.save('activity', { rows: [row('ours'), row('theirs')] });
  const again = await temp.save('activity', { rows: [row('ours'), row('theirs')] });
  expect(again).toMatchObject({ written: 0, unchanged: 2 });
  expect(await temp.store.countLiving({ connection: 'crm', stream: 'activity' })).toMatchObject({ rows: 2 });
});

it('the same id of another connection is somebody else’s', async () => {
  await using temp = await openTempStore();
  await temp.store.saveResultTasks('other', [resultTask('1')]);
  await temp.save('activity', { rows: [row('1')] });
  expect(await countedIds(temp)).toEqual(['1']);
});
