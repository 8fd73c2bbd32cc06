import { expect, it } from 'vitest';
import { listStoredConnections, removeConnection, renameConnection } from '../../src/store/connections.ts';
import { at, openTempStore, signal, type TempStore } from './temp-store.ts';

async function fill(temp: TempStore): Promise<void> {
  for (const source of ['sales', 'marketing']) {
    await temp.save('deal', {
      source,
      rows: [
        {
          id: '1',
          account_id: 'a',
          owner_id: 'u',
          outcome: 'won',
          created_at: at('2026-01-05'),
          closed_on: '2026-02-01',
        },
      ],
    });
    await temp.save('actor', { source, rows: [{ id: 'u', name: 'Ana', kind: 'user', active: 1 }] });
  }
  await temp.store.derive(signal);
}

/** Rows of every table that name a connection. */
function countNamed(temp: TempStore, name: string): number {
  const columns = temp.sql<{ t: string; c: string }>(
    `SELECT t.name AS t, c.name AS c FROM sqlite_schema t, pragma_table_info(t.name) c
     WHERE t.type = 'table' AND (c.name LIKE '%source_id' OR c.name LIKE '%\\_source' ESCAPE '\\' OR (t.name = 'source' AND c.name = 'id'))`,
  );
  return columns.reduce(
    (sum, { t, c }) =>
      sum + Number(temp.sql<{ n: number }>(`SELECT count(*) AS n FROM "${t}" WHERE "${c}" = ?`, name)[0]?.n),
    0,
  );
}

it('a renamed connection leaves nothing under its old name, and loses nothing', async () => {
  await using temp = await openTempStore();
  await fill(temp);
  const before = countNamed(temp, 'sales');
  expect(before).toBeGreaterThan(6);
  expect(renameConnection(temp.path, 'sales', 'crm')).toBe(before);
  expect(countNamed(temp, 'sales')).toBe(0);
  expect(countNamed(temp, 'crm')).toBe(before);
});

it('a name that is taken is refused, and nothing moves', async () => {
  await using temp = await openTempStore();
  await fill(temp);
  expect(() => renameConnection(temp.path, 'sales', 'marketing')).toThrow('called marketing already');
  expect(listStoredConnections(temp.path).map(({ name }) => name)).toEqual(['marketing', 'sales']);
});

it('a removed connection leaves no orphan, and the others whole', async () => {
  await using temp = await openTempStore();
  await fill(temp);
  const [marketing, sales] = listStoredConnections(temp.path);
  expect(removeConnection(temp.path, 'sales')).toBe(sales?.rows);
  expect(countNamed(temp, 'sales')).toBe(0);
  expect(listStoredConnections(temp.path)).toEqual([marketing]);
});
