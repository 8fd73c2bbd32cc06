import { expect, it } from 'vitest';
import { at, openTempStore, syncedAt, type TempStore } from './temp-store.ts';

const row = (id: string, kind: string) => ({ id, kind, created_at: at('2026-10-01') });

async function held({ store }: TempStore, stream: string): Promise<readonly string[]> {
  const ids: string[] = [];
  for await (const chunk of store.livingIds({ connection: 'crm', stream })) ids.push(...chunk);
  return ids;
}

const stored = (temp: TempStore) =>
  temp.sql<{ id: string; stream: string }>(
    'SELECT id, stream FROM activity WHERE deleted_at IS NULL ORDER BY id',
  );

it('records of two objects with the same id are two records', async () => {
  await using temp = await openTempStore();
  await temp.save('activity', { stream: 'calls', rows: [row('1', 'call'), row('2', 'call')] });
  const rows = [row('2', 'email'), row('10', 'email'), row('3', 'email')];
  await temp.save('activity', { stream: 'emails', rows });
  expect(stored(temp).map(({ id, stream }) => `${stream} ${id}`)).toEqual([
    ...['calls 1', 'emails 10', 'calls 2', 'emails 3', 'emails emails:2'],
  ]);
});

it('what is said about a record goes with it', async () => {
  await using temp = await openTempStore();
  await temp.save('activity', { stream: 'calls', rows: [row('2', 'call')] });
  const dimension = {
    id: 'activity:2:region',
    object: 'activity',
    record_id: '2',
    name: 'region',
    value: 'north',
  };
  const tables = [
    { table: 'activity', rows: [row('2', 'email')] },
    { table: 'dimension', rows: [dimension] },
  ] as const;
  await temp.save('activity', { stream: 'emails' });
  await temp.store.saveBatch(
    { connection: 'crm', stream: 'emails' },
    'activity',
    { tables, deleted: [], cursor: null },
    { runId: 1, at: syncedAt },
  );
  expect(temp.sql('SELECT id, record_id FROM dimension')).toEqual([
    { id: 'activity:emails:2:region', record_id: 'emails:2' },
  ]);
});

it('what is read again is known, and the ids are told as the CRM knows them, in order', async () => {
  await using temp = await openTempStore();
  const emails = [row('1', 'email'), row('2', 'email'), row('7', 'email')];
  await temp.save('activity', { stream: 'calls', rows: [row('2', 'call')] });
  await temp.save('activity', { stream: 'emails', rows: emails });
  const again = await temp.save('activity', { stream: 'emails', rows: emails });
  expect(again).toMatchObject({ written: 0, unchanged: 3 });
  expect(await held(temp, 'emails')).toEqual(['1', '2', '7']);
  expect(await held(temp, 'calls')).toEqual(['2']);
  expect(await temp.store.countLiving({ connection: 'crm', stream: 'emails' })).toMatchObject({ rows: 3 });
});

it('a deletion meets the record of its own object only', async () => {
  await using temp = await openTempStore();
  await temp.save('activity', { stream: 'calls', rows: [row('2', 'call')] });
  await temp.save('activity', { stream: 'emails', rows: [row('2', 'email'), row('3', 'email')] });
  // 3 is an e-mail; the call of that number was deleted before this store began.
  await temp.save('activity', { stream: 'calls', deleted: [{ id: '3', at: syncedAt }] });
  await temp.save('activity', { stream: 'emails', deleted: [{ id: '2', at: syncedAt }] });
  expect(stored(temp).map(({ id }) => id)).toEqual(['2', '3']);
});

it('the same id of another connection stays what it is', async () => {
  await using temp = await openTempStore();
  await temp.save('activity', { stream: 'calls', rows: [row('2', 'call')] });
  await temp.save('activity', { source: 'other', stream: 'emails', rows: [row('2', 'email')] });
  expect(temp.sql('SELECT source_id, id FROM activity ORDER BY source_id')).toEqual([
    { source_id: 'crm', id: '2' },
    { source_id: 'other', id: '2' },
  ]);
});
