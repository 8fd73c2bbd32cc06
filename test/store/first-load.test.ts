import { expect, it } from 'vitest';
import { createZone } from '../../src/model/zone.ts';
import { openStore } from '../../src/store/open.ts';
import { openTempStore, type TempStore } from './temp-store.ts';

const indexesOf = ({ sql }: TempStore, table: string) =>
  sql<{ name: string }>(
    "SELECT name FROM sqlite_schema WHERE type = 'index' AND tbl_name = ? AND sql IS NOT NULL ORDER BY name",
    table,
  ).map(({ name }) => name);
const { signal } = new AbortController();
const deal = { id: 'a', account_id: 'x' };

it('an empty table is filled without its indexes, and has them again before anything is derived', async () => {
  await using temp = await openTempStore();
  const before = indexesOf(temp, 'change');
  expect(before.length).toBeGreaterThan(1);
  await temp.save('deal', { rows: [deal] });
  await temp.save('change', { rows: [{ id: 'c', object: 'deal', record_id: 'a', field: 'stage', at: 1 }] });
  expect(indexesOf(temp, 'deal')).toEqual([]);
  expect(indexesOf(temp, 'change')).toEqual([]);
  await temp.store.derive(signal);
  expect(indexesOf(temp, 'deal')).toEqual(['deal_by_account']);
  expect(indexesOf(temp, 'change')).toEqual(before);
});

it('the indexes come back after a crash in the first load', async () => {
  await using temp = await openTempStore();
  await temp.save('deal', { rows: [deal] });
  await using other = openStore(temp.path, createZone('Europe/Madrid'));
  await other.derive(signal);
  expect(indexesOf(temp, 'deal')).toEqual(['deal_by_account']);
});

it('a table that holds records keeps its indexes', async () => {
  await using temp = await openTempStore();
  await temp.fill({ deal: [deal] });
  await temp.save('deal', { rows: [{ id: 'b', account_id: 'y' }] });
  expect(indexesOf(temp, 'deal')).toEqual(['deal_by_account']);
});

const touched = ({ sql }: TempStore) =>
  sql<{ object: string; id: string }>('SELECT object, id FROM touched ORDER BY object, id').map(
    ({ object, id }) => `${object} ${id}`,
  );

it('what follows from the records of a first load is noted once, for all of them', async () => {
  await using temp = await openTempStore();
  await temp.save('deal', { rows: [deal] });
  await temp.save('deal', { rows: [{ id: 'b', account_id: 'y', created_at: 1 }] });
  await temp.save('change', {
    rows: [
      { id: 'c', object: 'deal', record_id: 'told', field: 'stage', at: 1 },
      { id: 'd', object: 'deal', record_id: 'told', field: 'stage', at: 2 },
      { id: 'e', object: 'actor', record_id: 'not told', field: 'name', at: 2 },
    ],
  });
  expect(touched(temp)).toEqual([]);
  expect(await temp.store.derive(signal)).toBe(3);
  expect(temp.sql('SELECT id FROM deal_state ORDER BY id')).toEqual([{ id: 'a' }, { id: 'b' }]);
  expect(await temp.store.derive(signal)).toBe(0);
});

it('later batches of the same process are noted record by record', async () => {
  await using temp = await openTempStore();
  await temp.save('deal', { rows: [deal, { id: 'b' }] });
  await temp.store.derive(signal);
  await temp.save('deal', { rows: [deal, { id: 'b', name: 'other' }] });
  expect(touched(temp)).toEqual(['deal b']);
});

it('a first load that was cut short is derived by the next process as a whole', async () => {
  await using temp = await openTempStore();
  await temp.save('deal', { rows: [deal] });
  await using other = openStore(temp.path, createZone('Europe/Madrid'));
  await temp.save('deal', { rows: [{ id: 'b' }] });
  expect(await other.derive(signal)).toBe(2);
});
