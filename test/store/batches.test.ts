import { describe, expect, it } from 'vitest';
import { at, openTempStore, syncedAt, type TempStore } from './temp-store.ts';

const key = { connection: 'crm', stream: 'account' };

const accounts = ({ sql }: TempStore) =>
  sql('SELECT id, name, deleted_at, merged_into, synced_at FROM account ORDER BY source_id, id');
const living = ({ sql }: TempStore) =>
  sql<{ id: string }>('SELECT id FROM account WHERE deleted_at IS NULL ORDER BY id').map(({ id }) => id);

describe('a batch is one transaction', () => {
  it('rows, deletions and cursor are saved together', async () => {
    await using temp = await openTempStore();
    await temp.save('account', { rows: [{ id: 'a', name: 'Alfa' }] });
    const tally = await temp.save('account', {
      rows: [{ id: 'b', name: 'Beta' }],
      deleted: [{ id: 'a', at: 500 }],
      cursor: 'page 2',
    });
    expect(tally).toEqual({ written: 1, unchanged: 0, deleted: 1 });
    expect(accounts(temp)).toEqual([
      { id: 'a', name: 'Alfa', deleted_at: 500, merged_into: null, synced_at: syncedAt },
      { id: 'b', name: 'Beta', deleted_at: null, merged_into: null, synced_at: syncedAt },
    ]);
    expect(await temp.store.cursor(key)).toBe('page 2');
  });

  it('a row that fails leaves neither rows, deletions, memberships nor the cursor', async () => {
    await using temp = await openTempStore();
    await temp.save('account', { rows: [{ id: 'a', name: 'Alfa' }], cursor: 'page 1' });
    const failing = temp.save('account', {
      rows: [
        { id: 'b', updated_at: 5 },
        { id: 'c', updated_at: 'yesterday' },
      ],
      deleted: [{ id: 'a', at: 1 }],
      memberships: [{ actorId: 'u', at: 1, teams: [{ teamId: 't', primary: true }] }],
      cursor: 'page 2',
    });
    await expect(failing).rejects.toThrow(/INTEGER/);
    expect(living(temp)).toEqual(['a']);
    expect(temp.sql('SELECT * FROM team_member')).toEqual([]);
    expect(await temp.store.cursor(key)).toBe('page 1');
  });

  it('a batch without a cursor leaves the saved one', async () => {
    await using temp = await openTempStore();
    await temp.save('account', { cursor: 'page 1' });
    await temp.save('account', { rows: [{ id: 'a' }], cursor: null });
    expect(await temp.store.cursor(key)).toBe('page 1');
    await temp.store.forgetCursors('crm');
    expect(await temp.store.cursor(key)).toBeNull();
  });

  it('refuses a column that the model does not have', async () => {
    await using temp = await openTempStore();
    await expect(temp.save('account', { rows: [{ id: 'a', colour: 'red' }] })).rejects.toThrow(
      'account has no column colour',
    );
  });
});

describe('rows', () => {
  it('an equal row is left alone', async () => {
    await using temp = await openTempStore();
    const row = { id: 'a', name: 'Alfa', updated_at: 7 };
    await temp.save('account', { rows: [row] });
    const tally = await temp.save('account', { rows: [row, { ...row, id: 'b' }], syncedAt: syncedAt + 1 });
    expect(tally).toEqual({ written: 1, unchanged: 1, deleted: 0 });
    expect(accounts(temp).map((account) => account.synced_at)).toEqual([syncedAt, syncedAt + 1]);
  });

  it('a change from or to an empty value is a change', async () => {
    await using temp = await openTempStore();
    await temp.save('account', { rows: [{ id: 'a', name: null }] });
    expect(await temp.save('account', { rows: [{ id: 'a', name: 'Alfa' }] })).toMatchObject({ written: 1 });
    expect(await temp.save('account', { rows: [{ id: 'a', name: null }] })).toMatchObject({ written: 1 });
  });

  it('columns that are not delivered keep what is stored', async () => {
    await using temp = await openTempStore();
    await temp.save('deal', {
      rows: [{ id: 'd', name: 'Deal', created_at: at('2026-01-10'), stage: 'new' }],
    });
    await temp.save('deal', { rows: [{ id: 'd', campaign_id: 'c' }] });
    expect(temp.sql('SELECT name, created_on, stage, campaign_id FROM deal')).toEqual([
      { name: 'Deal', created_on: '2026-01-10', stage: 'new', campaign_id: 'c' },
    ]);
  });

  it('the same id in two connections is two records', async () => {
    await using temp = await openTempStore();
    await temp.save('account', { rows: [{ id: 'a', name: 'Alfa' }] });
    await temp.save('account', { rows: [{ id: 'a', name: 'Omega' }], source: 'other' });
    expect(accounts(temp).map(({ name }) => name)).toEqual(['Alfa', 'Omega']);
  });

  it('the moment at which equal counters were read is no change', async () => {
    await using temp = await openTempStore();
    await temp.save('email_stat', { rows: [{ id: 'e', sent: 10, fetched_at: 100 }] });
    const tally = await temp.save('email_stat', {
      rows: [{ id: 'e', sent: 10, fetched_at: 200 }],
      syncedAt: syncedAt + 1,
    });
    expect(tally).toEqual({ written: 0, unchanged: 1, deleted: 0 });
    expect(temp.sql('SELECT synced_at, fetched_at FROM email_stat')).toEqual([
      { synced_at: syncedAt, fetched_at: 200 },
    ]);
  });
});

describe('deletions', () => {
  it('a deleted record that is delivered again lives again', async () => {
    await using temp = await openTempStore();
    await temp.save('account', { rows: [{ id: 'a' }], deleted: [{ id: 'a', at: 9 }] });
    expect(living(temp)).toEqual([]);
    expect(await temp.save('account', { rows: [{ id: 'a' }] })).toMatchObject({ written: 1 });
    expect(living(temp)).toEqual(['a']);
  });

  it('deleting twice or what was never seen counts once', async () => {
    await using temp = await openTempStore();
    await temp.save('account', { rows: [{ id: 'a' }] });
    const deleted = [
      { id: 'a', at: 9 },
      { id: 'a', at: 10 },
      { id: 'unknown', at: 9 },
    ];
    expect(await temp.save('account', { deleted })).toMatchObject({ deleted: 1 });
    expect(await temp.save('account', { deleted })).toMatchObject({ deleted: 0 });
    expect(accounts(temp)).toMatchObject([{ id: 'a', deleted_at: 9 }]);
  });

  it('a merged record names the one that survives and no longer counts', async () => {
    await using temp = await openTempStore();
    await temp.save('account', { rows: [{ id: 'a' }, { id: 'b' }] });
    const merged = [{ id: 'a', into: 'b' }];
    expect(await temp.save('account', { merged })).toMatchObject({ deleted: 1 });
    expect(await temp.save('account', { merged })).toMatchObject({ deleted: 0 });
    expect(accounts(temp)).toMatchObject([
      { id: 'a', merged_into: 'b', deleted_at: syncedAt },
      { id: 'b', merged_into: null, deleted_at: null },
    ]);
    expect(await temp.store.countLiving(key)).toEqual({ rows: 1, forgotten: 0 });
  });

  it('the whole set of ids deletes the others of that stream only', async () => {
    await using temp = await openTempStore();
    await temp.save('account', { rows: [{ id: 'a' }, { id: 'b' }] });
    await temp.save('account', { rows: [{ id: 'x' }], stream: 'other stream' });
    await temp.save('account', { rows: [{ id: 'b' }], source: 'other' });
    expect(await temp.save('account', { complete: ['a', 'never seen'] })).toMatchObject({ deleted: 1 });
    expect(temp.sql('SELECT source_id, id FROM account WHERE deleted_at IS NULL ORDER BY id')).toEqual([
      { source_id: 'crm', id: 'a' },
      { source_id: 'other', id: 'b' },
      { source_id: 'crm', id: 'x' },
    ]);
  });

  it('an empty whole set deletes all of the stream', async () => {
    await using temp = await openTempStore();
    await temp.save('account', { rows: [{ id: 'a' }, { id: 'b' }] });
    expect(await temp.save('account', { complete: [] })).toMatchObject({ deleted: 2 });
  });

  it('ten thousand ids of a whole set are compared without a limit', async () => {
    await using temp = await openTempStore();
    const ids = Array.from({ length: 10_000 }, (_, index) => `id ${index} "quoted"`);
    await temp.save('account', { rows: ids.map((id) => ({ id })) });
    expect(await temp.save('account', { complete: ids.slice(1) })).toMatchObject({ deleted: 1 });
  });
});
