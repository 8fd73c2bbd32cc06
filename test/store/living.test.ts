import { expect, it } from 'vitest';
import { openTempStore } from './temp-store.ts';

it('living records are counted, deals with the sums of their amounts by currency', async () => {
  await using temp = await openTempStore();
  await temp.save('deal', {
    rows: [
      { id: 'a', amount_minor: 100, currency: 'EUR' },
      { id: 'b', amount_minor: 250, currency: 'EUR' },
      { id: 'c', amount_minor: 7, currency: 'JPY' },
      { id: 'd', amount_minor: null, currency: 'EUR' },
      { id: 'e', amount_minor: 9000, currency: 'EUR' },
    ],
    deleted: [{ id: 'e', at: 1 }],
  });
  await temp.save('deal', { rows: [{ id: 'x', amount_minor: 1, currency: 'EUR' }], stream: 'other' });
  const key = { connection: 'crm', stream: 'deal' };
  expect(await temp.store.countLiving(key)).toEqual({ rows: 4, amounts: { EUR: 350, JPY: 7 } });
  expect(await temp.store.countLiving({ ...key, stream: 'unknown' })).toEqual({ rows: 0, forgotten: 0 });
});

it('deals in one currency are added up with those that have no amount or no currency beside them', async () => {
  await using temp = await openTempStore();
  const key = { connection: 'crm', stream: 'deal' };
  await temp.save('deal', { rows: [{ id: 'a', amount_minor: null, currency: 'EUR' }] });
  expect(await temp.store.countLiving(key)).toEqual({ rows: 1, amounts: {} });
  await temp.save('deal', {
    rows: [
      { id: 'b', amount_minor: 100, currency: 'EUR' },
      { id: 'c', amount_minor: 5, currency: null },
    ],
  });
  expect(await temp.store.countLiving(key)).toEqual({ rows: 3, amounts: { EUR: 100 } });
});

it('living ids come in ascending order, in chunks, while rows are written', async () => {
  await using temp = await openTempStore();
  const ids = Array.from({ length: 12_000 }, (_, index) => `id${String(index).padStart(5, '0')}`);
  await temp.save('account', { rows: ids.map((id) => ({ id })), deleted: [{ id: 'id00001', at: 1 }] });
  const read: string[] = [];
  const sizes: number[] = [];
  for await (const chunk of temp.store.livingIds({ connection: 'crm', stream: 'account' })) {
    sizes.push(chunk.length);
    read.push(...chunk);
    await temp.save('account', { rows: [{ id: 'before them all' }] });
  }
  expect(sizes).toEqual([5000, 5000, 1999]);
  expect(read).toEqual(ids.filter((id) => id !== 'id00001'));
});
