import { expect, it } from 'vitest';
import { RunError } from '../../src/model/errors.ts';
import type { ResultChange } from '../../src/model/result.ts';
import { openTempStore } from '../store/temp-store.ts';
import { type Answer, accept, evaluate, keyOf, makeCrm, month, told, write } from './memory-crm.ts';
import { settingsOf } from './samples.ts';

const refuse: Answer = ({ key }) =>
  key === keyOf(4) ? { key, ok: false, reason: 'Status__c is too long' } : accept({ key } as ResultChange);

it('what is refused is kept with its reason and tried again', async () => {
  await using temp = await openTempStore();
  await evaluate(temp.store, [month(3), month(4)]);
  const crm = makeCrm('sales', refuse);
  const { connections, errors } = await write(temp.store, [crm]);
  expect(connections).toMatchObject([{ written: 2, refused: 1 }]);
  expect(errors).toMatchObject([{ kind: 'remote', message: expect.stringMatching(/^1 result was refused/) }]);
  expect(await temp.store.refused()).toEqual([
    { connection: 'sales', key: keyOf(4), reason: 'Status__c is too long' },
  ]);
  crm.seen.length = 0;
  crm.answer = accept;
  expect((await write(temp.store, [crm])).errors).toEqual([]);
  expect(told(crm.seen)).toEqual([`create ${keyOf(4)}`]);
  expect(await temp.store.refused()).toEqual([]);
});

it('what was refused and is no longer wanted is forgotten', async () => {
  await using temp = await openTempStore();
  await evaluate(temp.store, [month(4)]);
  await write(temp.store, [makeCrm('sales', refuse)]);
  await write(temp.store, [makeCrm('sales')], { settings: settingsOf({ goals: [] }) });
  expect(await temp.store.refused()).toEqual([]);
});

it('ended between two outcomes, nothing is lost and nothing is written twice', async () => {
  await using temp = await openTempStore();
  await evaluate(temp.store, [month(2), month(3), month(4)]);
  const failing = makeCrm('sales', (change) => {
    if (change.key === keyOf(3))
      throw new RunError('remote', { where: 'sales', message: 'Away.', fix: 'Wait.' });
    return accept(change);
  });
  const { connections, errors } = await write(temp.store, [failing]);
  expect(connections).toMatchObject([{ written: 1, refused: 0 }]);
  expect(errors).toMatchObject([{ message: 'Away.' }]);
  const crm = makeCrm('sales');
  await write(temp.store, [crm]);
  expect(told(crm.seen)).toEqual([`create ${keyOf(3)}`, `create ${keyOf(4)}`]);
});

it('an abort keeps what was answered and flies on', async () => {
  await using temp = await openTempStore();
  await evaluate(temp.store, [month(3), month(4)]);
  const stop = new AbortController();
  const crm = makeCrm('sales', (change) => {
    stop.abort(new Error('interrupted'));
    return accept(change);
  });
  await expect(write(temp.store, [crm], { signal: stop.signal })).rejects.toThrow('interrupted');
  expect([...(await temp.store.published('sales')).keys()]).toEqual([keyOf(3)]);
});

it('a change that is never answered is written the next time', async () => {
  await using temp = await openTempStore();
  await evaluate(temp.store, [month(4)]);
  await write(temp.store, [makeCrm('sales', () => ({ key: 'another', ok: true }))]);
  const crm = makeCrm('sales');
  await write(temp.store, [crm]);
  expect(told(crm.seen)).toEqual([`create ${keyOf(4)}`]);
});

it('one connection that fails or only reads does not stop the others', async () => {
  await using temp = await openTempStore();
  await evaluate(temp.store, [month(4)]);
  const refused = new RunError('auth', { where: 'broken', message: 'No.', fix: 'Sign in.' });
  const broken = { name: 'broken', open: () => Promise.reject(refused) };
  const { publish: _, ...readOnly } = await makeCrm('files').open();
  const files = { name: 'files', open: async () => readOnly };
  const crm = makeCrm('sales');
  const { errors } = await write(temp.store, [broken, files, crm]);
  expect(errors).toMatchObject([{ kind: 'auth' }, { kind: 'config', where: 'connections.files.publish' }]);
  expect(told(crm.seen)).toHaveLength(1);
});

it('a bug flies on', async () => {
  await using temp = await openTempStore();
  await evaluate(temp.store, [month(4)]);
  const buggy = makeCrm('sales', () => {
    throw new TypeError('bug');
  });
  await expect(write(temp.store, [buggy])).rejects.toThrow(TypeError);
});
