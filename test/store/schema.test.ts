// To regenerate test/schema.sql after a migration: UPDATE_SCHEMA=1 npx vitest run test/store/schema.test.ts
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { type ColumnKind, commonColumns, entityTables } from '../../src/model/entities.ts';
import { openTempStore, type TempStore } from './temp-store.ts';

const schemaFile = join(import.meta.dirname, '../schema.sql');

const typeOf: Readonly<Record<ColumnKind, string>> = {
  text: 'TEXT',
  id: 'TEXT',
  instant: 'INTEGER',
  date: 'TEXT',
  minor: 'INTEGER',
  int: 'INTEGER',
  real: 'REAL',
  bool: 'INTEGER',
};

/** Set by the store itself. */
const ownColumns = { source_id: 'TEXT', id: 'TEXT', stream: 'TEXT', synced_at: 'INTEGER' };

function dumpSchema({ sql }: TempStore): string {
  const objects = sql<{ sql: string }>(
    'SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY type DESC, name',
  );
  return `${objects.map((object) => `${object.sql};`).join('\n\n')}\n`;
}

function columnsOf({ sql }: TempStore, table: string): Record<string, string> {
  const columns = sql<{ name: string; type: string }>('SELECT name, type FROM pragma_table_info(?)', table);
  return Object.fromEntries(columns.map(({ name, type }) => [name, type]));
}

it('the migrated schema equals the committed one', async () => {
  await using temp = await openTempStore();
  const dumped = dumpSchema(temp);
  if (process.env.UPDATE_SCHEMA) writeFileSync(schemaFile, dumped);
  expect(dumped).toBe(readFileSync(schemaFile, 'utf8'));
});

it.each(Object.keys(entityTables))(
  'table %s has the columns of the model, no more and no less',
  async (table) => {
    await using temp = await openTempStore();
    const own: Readonly<Record<string, readonly [ColumnKind, string]>> = {
      ...commonColumns,
      ...entityTables[table as keyof typeof entityTables],
    };
    const expected = Object.entries(own).map(([column, [kind]]) => [column, typeOf[kind]]);
    expect(columnsOf(temp, table)).toEqual({ ...ownColumns, ...Object.fromEntries(expected) });
  },
);

it('every table refuses values of another type', async () => {
  await using temp = await openTempStore();
  const loose = temp.sql(
    "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND strict = 0",
  );
  expect(loose.map(({ name }) => name)).toEqual(['sqlite_schema']);
});

it('opening an up-to-date store changes nothing in it', async () => {
  await using temp = await openTempStore();
  const before = dumpSchema(temp);
  await using again = await openTempStore({ path: temp.path });
  expect(dumpSchema(again)).toBe(before);
});
