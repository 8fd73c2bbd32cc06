import { describe, expect, it } from 'vitest';
import type { SqlValue } from '../../src/model/entities.ts';
import type { Store } from '../../src/model/store.ts';
import { createQueryChecker } from '../../src/store/facts.ts';
import { at, openTempStore, registerStream } from './temp-store.ts';

async function readAll(store: Store, sql: string, params: Readonly<Record<string, SqlValue>> = {}) {
  const chunks: (readonly (readonly SqlValue[])[])[] = [];
  for await (const chunk of store.rows({ sql, params })) chunks.push(chunk);
  return chunks;
}

const read = async (...args: Parameters<typeof readAll>) => (await readAll(...args)).flat();

describe('queries', () => {
  it('deleted, merged and test records are not seen', async () => {
    await using temp = await openTempStore();
    await temp.save('account', {
      rows: [{ id: 'alive' }, { id: 'deleted' }, { id: 'merged' }],
      deleted: [{ id: 'deleted', at: 1 }],
      merged: [{ id: 'merged', into: 'alive' }],
    });
    await temp.save('account', { rows: [{ id: 'test', is_test: 1 }] });
    expect(await read(temp.store, 'select id from account')).toEqual([['alive']]);
    expect(await temp.store.rowCounts()).toEqual([{ connection: 'crm', table: 'account', rows: 1 }]);
    expect(await temp.store.streamOf('crm', 'account', 'alive')).toBe('account');
    expect(await temp.store.streamOf('crm', 'account', 'deleted')).toBeNull();
  });

  it('whole numbers are bound as integers, so that integer arithmetic stays exact', async () => {
    await using temp = await openTempStore();
    const sql = 'select typeof(:whole), :whole / 2, typeof(:part), typeof(:text), typeof(:none)';
    const params = { whole: 7, part: 0.5, text: '7', none: null, unused: 1 };
    expect(await read(temp.store, sql, params)).toEqual([['integer', 3, 'real', 'text', 'null']]);
  });

  it('rows come in chunks, in the order of the query', async () => {
    await using temp = await openTempStore();
    const sql =
      'with recursive n(i) as (select 1 union all select i + 1 from n where i < 2500) select i from n';
    const chunks = await readAll(temp.store, sql);
    expect(chunks.map((chunk) => chunk.length)).toEqual([1000, 1000, 500]);
    expect(chunks[2]?.at(-1)).toEqual([2500]);
    expect(await readAll(temp.store, 'select 1 where 0')).toEqual([]);
  });

  it('an abandoned reading leaves the store usable', async () => {
    await using temp = await openTempStore();
    await temp.save('account', { rows: Array.from({ length: 1500 }, (_, index) => ({ id: `a${index}` })) });
    for await (const _ of temp.store.rows({ sql: 'select id from account', params: {} })) break;
    await temp.save('account', { rows: [{ id: 'more' }] });
    expect(await read(temp.store, 'select count(*) from account')).toEqual([[1501]]);
  });

  it('writing and other reading go on while rows are read', async () => {
    await using temp = await openTempStore();
    await temp.save('account', { rows: Array.from({ length: 1500 }, (_, index) => ({ id: `a${index}` })) });
    let seen = 0;
    for await (const chunk of temp.store.rows({ sql: 'select id from account', params: {} })) {
      seen += chunk.length;
      await temp.save('account', { rows: [{ id: `new ${seen}` }] });
      expect((await read(temp.store, 'select count(*) from actor'))[0]).toEqual([0]);
    }
    expect(seen).toBe(1500);
  });

  it('a query cannot write, whatever it says', async () => {
    await using temp = await openTempStore();
    await temp.save('account', { rows: [{ id: 'a' }] });
    await expect(read(temp.store, 'delete from main.account returning id')).rejects.toMatchObject({
      kind: 'store',
    });
    expect(temp.sql('SELECT count(*) AS n FROM account')).toEqual([{ n: 1 }]);
    await expect(read(temp.store, "select load_extension('x')")).rejects.toThrow('not authorized');
  });
});

describe('checking a query', () => {
  const check = createQueryChecker();

  it('tells its columns', () => {
    expect(check('select source_id, id, closed_on as day from deal -- all')).toEqual({
      columns: ['source_id', 'id', 'day'],
    });
    expect(check('with d as (select id from deal) select id, :as_of as at from d')).toEqual({
      columns: ['id', 'at'],
    });
  });

  it.each([
    ['an insert', "insert into deal (id) values ('x')"],
    ['a deletion that returns rows', 'delete from deal returning id'],
    ['an attach', "attach 'other.db' as other"],
    ['a pragma', 'pragma user_version = 5'],
    ['a transaction', 'begin'],
    ['two statements', 'select 1; delete from deal'],
    ['a way out of the brackets', 'select 1); delete from deal; --'],
    ['nothing', ''],
  ])('refuses %s', (_, sql) => {
    expect(check(sql)).toEqual({ problem: expect.any(String) });
  });

  it('names a column or table that there is not', () => {
    expect(check('select colour from deal')).toEqual({ problem: 'no such column: colour' });
    expect(check('select id from invoice')).toEqual({ problem: 'no such table: invoice' });
  });

  it('an open store checks alike', async () => {
    await using temp = await openTempStore();
    expect(await temp.store.checkQuery('select id from deal')).toEqual({ columns: ['id'] });
    expect(await temp.store.checkQuery('delete from deal')).toEqual({ problem: expect.any(String) });
  });
});

describe('what there is', () => {
  it('people, teams, names and links are told by connection', async () => {
    await using temp = await openTempStore();
    const link = 'https://crm.example/deal/{id}';
    await registerStream(temp.store, 'crm', { name: 'deals', table: 'deal', link });
    await temp.save('actor', {
      rows: [
        { id: 'u1', name: 'Ann', kind: 'user', active: 1 },
        { id: 'u2', name: 'Bot', kind: 'integration', active: null },
      ],
    });
    await temp.save('team', { rows: [{ id: 't', name: 'Sales', parent_id: 'top' }] });
    await temp.save('campaign', { rows: [{ id: 'c', name: 'Spring' }] });
    await temp.save('stage', {
      rows: [{ id: 's', object: 'deal', pipeline: 'p', key: 'new', label: 'New' }],
    });
    const { store } = temp;
    expect(await store.actors()).toEqual([
      { source: 'crm', id: 'u1', name: 'Ann', kind: 'user', active: true, createdAt: null },
      { source: 'crm', id: 'u2', name: 'Bot', kind: 'integration', active: false, createdAt: null },
    ]);
    expect(await store.teams()).toEqual([{ source: 'crm', id: 't', name: 'Sales', parentId: 'top' }]);
    expect(await store.names('campaign')).toEqual([{ source: 'crm', id: 'c', name: 'Spring' }]);
    expect(await store.names('stage')).toEqual([{ source: 'crm', id: 'p:new', name: 'New' }]);
    expect(await store.links()).toEqual([{ source: 'crm', stream: 'deals', table: 'deal', link }]);
  });

  it('a table is complete through the oldest success of the streams that feed it', async () => {
    await using temp = await openTempStore();
    const { store } = temp;
    const end = { error: null, fix: null, theirs: null };
    for (const name of ['tasks', 'events']) await registerStream(store, 'crm', { name, table: 'activity' });
    await registerStream(store, 'crm', { name: 'deals', table: 'deal' });
    const unavailable = { problem: 'No permission.', fix: 'Give it.' };
    await registerStream(store, 'crm', { name: 'calls', table: 'activity', unavailable });
    const through = async () => (await store.sources())[0]?.completeThrough;
    await store.finishStream({ connection: 'crm', stream: 'tasks' }, { ...end, at: at('2026-01-02') });
    expect(await through()).toEqual({ activity: null, deal: null });
    await store.finishStream({ connection: 'crm', stream: 'events' }, { ...end, at: at('2026-01-01') });
    expect(await through()).toEqual({ activity: at('2026-01-01'), deal: null });
  });
});
