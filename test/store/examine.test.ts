import { readFileSync, writeFileSync } from 'node:fs';
import Database from 'better-sqlite3';
import { expect, it } from 'vitest';
import { examineStore } from '../../src/store/examine.ts';
import { at, openTempStore } from './temp-store.ts';

const deals = Array.from({ length: 50 }, (_, place) => ({
  id: `d${place}`,
  outcome: 'won',
  account_id: 'a',
  created_at: at('2026-01-05'),
  closed_on: '2026-02-01',
}));

it('finds nothing wrong with a sound store, and counts what is in it', async () => {
  await using temp = await openTempStore();
  await temp.fill({ deal: deals });
  const found = examineStore(temp.path);
  expect(found).toMatchObject({ damage: null, missingIndexes: [], orphans: [], connections: ['crm'] });
  expect(found.version).toBe(found.newestVersion);
  expect(found.tables.find(({ table }) => table === 'deal')).toMatchObject({ rows: 50 });
  expect(found.tables.reduce((sum, { bytes }) => sum + bytes, 0)).toBeLessThanOrEqual(
    found.bytes + found.logBytes,
  );
});

it('finds a dropped index and states whose record is gone', async () => {
  await using temp = await openTempStore();
  await temp.fill({ deal: deals });
  const other = new Database(temp.path);
  other.exec("DROP INDEX purchase_by_account; DELETE FROM deal WHERE id = 'd1'; DELETE FROM touched");
  other.close();
  const { missingIndexes, orphans } = examineStore(temp.path);
  expect(missingIndexes).toEqual(['purchase_by_account']);
  expect(orphans.map(({ table }) => table)).toEqual(['deal_state', 'purchase']);
});

it('finds a page that was overwritten', async () => {
  await using temp = await openTempStore();
  await temp.fill({ deal: deals });
  await temp.store[Symbol.asyncDispose]();
  const bytes = readFileSync(temp.path);
  const root = temp.sql<{ page: number }>(
    "SELECT rootpage AS page FROM sqlite_schema WHERE name = 'deal'",
  )[0];
  bytes.fill(0x5a, (Number(root?.page) - 1) * 4096, Number(root?.page) * 4096);
  writeFileSync(temp.path, bytes);
  const found = (() => {
    try {
      return examineStore(temp.path).damage;
    } catch (error) {
      return String(error);
    }
  })();
  expect(found).toMatch(/deal|damaged|malformed|page/i);
});
