import { readdirSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, it } from 'vitest';
import { createZone } from '../../src/model/zone.ts';
import { backUpStore, restoreStore } from '../../src/store/backup.ts';
import { openStore } from '../../src/store/open.ts';
import { at, makeFolder, openTempStore } from './temp-store.ts';

const deal = (id: string) => ({ id, outcome: 'open', created_at: at('2026-01-05') });

function countDeals(path: string): unknown {
  const handle = new Database(path, { readonly: true });
  const count = handle.prepare('SELECT count(*) FROM deal').pluck().get();
  handle.close();
  return count;
}

it('copies the store while a transaction is writing: what is committed, nothing else', async () => {
  await using temp = await openTempStore();
  await temp.fill({ deal: [deal('1'), deal('2')] });
  const writer = new Database(temp.path);
  writer.exec("BEGIN IMMEDIATE; DELETE FROM deal WHERE id = '1'");
  const target = join(dirname(temp.path), 'kept', 'backup.db');
  const copy = backUpStore(temp.path, target);
  writer.exec('COMMIT');
  writer.close();
  expect(countDeals(target)).toBe(2);
  expect(countDeals(temp.path)).toBe(1);
  expect(copy.bytes).toBe(statSync(target).size);
  expect(statSync(target).mode & 0o777).toBe(0o600);
  expect(readdirSync(dirname(target))).toEqual(['backup.db']);
});

it('replaces an earlier backup, and no other file', async () => {
  await using temp = await openTempStore();
  const target = join(dirname(temp.path), 'backup.db');
  backUpStore(temp.path, target);
  await temp.fill({ deal: [deal('1')] });
  backUpStore(temp.path, target);
  expect(countDeals(target)).toBe(1);
  const letter = join(dirname(temp.path), 'letter.txt');
  writeFileSync(letter, 'Dear Ana');
  expect(() => backUpStore(temp.path, letter)).toThrow('no backup');
  expect(readFileSync(letter, 'utf8')).toBe('Dear Ana');
  expect(() => backUpStore(temp.path, temp.path)).toThrow('the store itself');
});

it('restores a backup and keeps what was there', async () => {
  await using folder = await openTempStore();
  await folder.fill({ deal: [deal('1')] });
  const backup = join(dirname(folder.path), 'backup.db');
  backUpStore(folder.path, backup);
  await folder.fill({ deal: [deal('2'), deal('3')] });
  await folder.store[Symbol.asyncDispose]();
  const kept = restoreStore(folder.path, backup, at('2026-11-02'));
  expect(kept).toBe(`${folder.path}.before-restore-2026-11-02T000000`);
  expect(countDeals(folder.path)).toBe(1);
  expect(countDeals(String(kept))).toBe(3);
  await openStore(folder.path, createZone('UTC'))[Symbol.asyncDispose]();
});

it('replaces a damaged store', async () => {
  using folder = makeFolder();
  const path = join(folder.path, 'store.db');
  await openStore(path, createZone('UTC'))[Symbol.asyncDispose]();
  const backup = join(folder.path, 'backup.db');
  backUpStore(path, backup);
  writeFileSync(path, 'this was a database');
  restoreStore(path, backup, at('2026-11-02'));
  expect(countDeals(path)).toBe(0);
});

it.each([
  ['a damaged backup', (path: string) => truncateSync(path, 8192), 'damaged'],
  [
    'another program’s database',
    (path: string) => new Database(path).exec('CREATE TABLE x (y)').close(),
    'another program',
  ],
])('refuses %s, and the store stays', async (_, spoil, message) => {
  await using temp = await openTempStore();
  await temp.fill({ deal: [deal('1')] });
  const backup = join(dirname(temp.path), 'backup.db');
  if (message === 'damaged') backUpStore(temp.path, backup);
  spoil(backup);
  expect(() => restoreStore(temp.path, backup, 0)).toThrow(message);
  expect(countDeals(temp.path)).toBe(1);
  expect(readdirSync(dirname(temp.path)).filter((name) => name.includes('incoming'))).toEqual([]);
});

it('an older store is backed up before its tables are upgraded', async () => {
  using folder = makeFolder();
  const path = join(folder.path, 'store.db');
  const handle = new Database(path);
  handle.exec(readFileSync(new URL('../../src/store/migrations/0001_init.sql', import.meta.url), 'utf8'));
  handle.exec("INSERT INTO setting VALUES ('kept', 'yes')");
  handle.pragma(`application_id = ${0x63726d6b}`);
  handle.pragma('user_version = 1');
  handle.close();
  await openStore(path, createZone('UTC'))[Symbol.asyncDispose]();
  const copy = new Database(`${path}.version-1.bak`, { readonly: true });
  expect(copy.pragma('user_version', { simple: true })).toBe(1);
  copy.close();
  const upgraded = new Database(path, { readonly: true });
  expect(upgraded.pragma('user_version', { simple: true })).toBeGreaterThan(1);
  expect(upgraded.prepare("SELECT value FROM setting WHERE name = 'kept'").pluck().get()).toBe('yes');
  upgraded.close();
});
