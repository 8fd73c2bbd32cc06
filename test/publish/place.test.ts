import { expect, it } from 'vitest';
import { openTempStore } from '../store/temp-store.ts';
import { evaluate, keyOf, makeCrm, month, told, write } from './memory-crm.ts';

it('what the CRM has no place for is left out: nobody has to act, and the rest is written', async () => {
  await using temp = await openTempStore();
  await evaluate(temp.store, [month(3), month(4)]);
  const crm = makeCrm('sales');
  const open = async () => ({
    ...(await crm.open()),
    accepts: async (changes: readonly { readonly key: string }[]) =>
      new Set(changes.map(({ key }) => key).filter((key) => key !== keyOf(3))),
  });
  const { connections, errors } = await write(temp.store, [{ name: 'sales', open }]);
  expect(errors).toEqual([]);
  expect(told(crm.seen)).toEqual([`create ${keyOf(4)}`]);
  expect(connections[0]?.plan.changes.map(({ key }) => key)).not.toContain(keyOf(3));
  expect(await temp.store.refused()).toEqual([]);
  expect((await temp.store.published('sales')).has(keyOf(3))).toBe(false);
});
