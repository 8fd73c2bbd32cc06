import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { RunError } from '../../src/model/errors.ts';
import { createZone } from '../../src/model/zone.ts';
import { openHandle } from '../../src/store/database.ts';
import { explainStoreError, withStoreErrors } from '../../src/store/explain-error.ts';
import { openStore } from '../../src/store/open.ts';
import { createRecordStore } from '../../src/store/records.ts';
import { makeFolder, openTempStore, registerStream } from './temp-store.ts';

const zone = createZone('UTC');
const impatient = { busyTimeoutMs: 20 };

function refusalOf(access: () => unknown): RunError {
  try {
    access();
  } catch (error) {
    if (error instanceof RunError) return error;
    throw error;
  }
  throw new Error('it was not refused');
}

function makeDatabase(path: string, sql: string): void {
  const handle = new Database(path);
  handle.exec(sql);
  handle.close();
}

describe('a file that is not ours is refused and left as it is', () => {
  it.each([
    ['a newer store', 'PRAGMA user_version = 99', /newer crm-kpi \(its version is 99/],
    [
      "another program's database",
      'CREATE TABLE invoice (id TEXT); PRAGMA user_version = 1',
      /another program/,
    ],
  ])('%s', (_, sql, message) => {
    using folder = makeFolder();
    const path = join(folder.path, 'store.db');
    makeDatabase(path, sql);
    const before = readFileSync(path);
    const error = refusalOf(() => openStore(path, zone));
    expect(error).toMatchObject({ kind: 'store', where: path, message: expect.stringMatching(message) });
    expect(error.fix).toMatch(/crm-kpi/);
    expect(readFileSync(path).equals(before)).toBe(true);
  });

  it('our own store, once a newer program has upgraded it', async () => {
    await using temp = await openTempStore();
    const newer = new Database(temp.path);
    newer.pragma('user_version = 9999');
    newer.close();
    expect(refusalOf(() => openStore(temp.path, zone)).message).toMatch(/newer crm-kpi/);
  });

  it('a text', () => {
    using folder = makeFolder();
    const path = join(folder.path, 'store.db');
    writeFileSync(path, 'name,amount\n'.repeat(200));
    expect(refusalOf(() => openStore(path, zone))).toMatchObject({
      kind: 'store',
      message: 'The file is damaged, or is no crm-kpi store.',
    });
    expect(readFileSync(path, 'utf8')).toBe('name,amount\n'.repeat(200));
  });
});

describe('a place that cannot hold a store', () => {
  it('a path below a file', () => {
    using folder = makeFolder();
    writeFileSync(join(folder.path, 'file'), '');
    const path = join(folder.path, 'file', 'data', 'store.db');
    expect(refusalOf(() => openStore(path, zone))).toMatchObject({
      kind: 'store',
      message: 'The folder of the store cannot be made: a part of its path is no folder.',
    });
  });

  it('a folder of that name', () => {
    using folder = makeFolder();
    const path = join(folder.path, 'store.db');
    mkdirSync(path);
    expect(refusalOf(() => openStore(path, zone)).message).toBe('The store cannot be opened.');
  });
});

describe('other processes', () => {
  it('one that holds a write transaction is waited for, then named as the reason', async () => {
    await using temp = await openTempStore();
    const other = new Database(temp.path);
    other.exec('BEGIN IMMEDIATE');
    const refused = temp.save('account', { rows: [{ id: 'a' }] });
    await expect(refused).rejects.toMatchObject({
      kind: 'store',
      message: expect.stringMatching(/Another process/),
    });
    other.exec('ROLLBACK');
    other.close();
    await temp.save('account', { rows: [{ id: 'a' }] });
    expect(temp.sql('SELECT id FROM account')).toEqual([{ id: 'a' }]);
  });

  it('one that only reads disturbs nobody', async () => {
    await using temp = await openTempStore();
    await temp.save('account', { rows: [{ id: 'a' }] });
    const other = new Database(temp.path, { readonly: true });
    other.exec('BEGIN');
    expect(other.prepare('SELECT count(*) FROM account').pluck().get()).toBe(1);
    await temp.save('account', { rows: [{ id: 'b' }] });
    expect(other.prepare('SELECT count(*) FROM account').pluck().get()).toBe(1);
    other.close();
    expect(temp.sql('SELECT id FROM account')).toHaveLength(2);
  });

  it('one that upgraded the store while this one waited has done the work', () => {
    using folder = makeFolder();
    const path = join(folder.path, 'store.db');
    const earlier = openHandle(path, impatient);
    const upgraded = earlier.pragma('user_version', { simple: true });
    earlier.close();
    const handle = openHandle(path, impatient);
    expect(handle.pragma('user_version', { simple: true })).toBe(upgraded);
    handle.close();
  });
});

describe('a full disk', () => {
  it('rolls the whole batch back and says so; with space again it goes on', async () => {
    using folder = makeFolder();
    const path = join(folder.path, 'store.db');
    const handle = openHandle(path, impatient);
    await using store = openStore(path, zone, impatient);
    await registerStream(store, 'crm', { name: 'account', table: 'account' });
    const key = { connection: 'crm', stream: 'account' };
    const rows = Array.from({ length: 2000 }, (_, index) => ({ id: `a${index}`, name: 'x'.repeat(200) }));
    const { saveBatch } = createRecordStore(handle, zone);
    const save = () =>
      saveBatch(
        key,
        'account',
        { tables: [{ table: 'account', rows }], deleted: [], cursor: 'end' },
        { runId: 1, at: 1 },
      );
    const pages = Number(handle.pragma('page_count', { simple: true }));
    handle.pragma(`max_page_count = ${pages + 5}`);
    const error = refusalOf(() => withStoreErrors(path, save));
    expect(error).toMatchObject({ kind: 'store', message: 'The disk that holds the store is full.' });
    expect(await store.countLiving(key)).toEqual({ rows: 0, forgotten: 0 });
    expect(await store.cursor(key)).toBeNull();
    handle.pragma('max_page_count = 100000');
    expect(save()).toMatchObject({ written: 2000 });
    handle.close();
  });
});

it('an error that is no trouble of the store flies on', async () => {
  await using temp = await openTempStore();
  const read = async () => {
    for await (const _ of temp.store.rows({ sql: 'select colour from deal', params: {} })) return;
  };
  await expect(read()).rejects.toThrow('no such column: colour');
  expect(explainStoreError('text', 'x')).toBe('text');
});

it('folders on the way to the store are made', () => {
  using folder = makeFolder();
  const path = join(folder.path, 'a', 'b', 'store.db');
  openHandle(path, impatient).close();
  expect(statSync(path).isFile()).toBe(true);
});

it('several processes may create the same store at once', async () => {
  using folder = makeFolder();
  const path = join(folder.path, 'data', 'store.db');
  const script = `
    const { openHandle } = await import(${JSON.stringify(join(import.meta.dirname, '../../src/store/database.ts'))});
    openHandle(${JSON.stringify(path)}).close();`;
  const open = () => spawn(process.execPath, ['--input-type=module', '--eval', script], { stdio: 'inherit' });
  const ends = await Promise.all([open(), open(), open(), open()].map((child) => once(child, 'exit')));
  expect(ends.map(([code]) => code)).toEqual([0, 0, 0, 0]);
});
