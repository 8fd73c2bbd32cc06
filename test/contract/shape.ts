import assert from 'node:assert/strict';
import type { Batch, Stream } from '../../src/model/connector.ts';
import { type ColumnKind, columnKind, entityTables, type TableName } from '../../src/model/entities.ts';
import type { ConnectorHarness, PlannedCase } from './harness.ts';
import { eachStream, ownIds, readBatches, type Values } from './records.ts';

/** What streams and rows look like. */
export const shapeCases: readonly PlannedCase[] = [
  { name: 'names its account', levers: [], run: testAccount },
  { name: 'stream names are unique, and their tables exist', levers: [], run: testStreams },
  { name: 'ids are unique within a full read', levers: [], run: testUniqueIds },
  {
    name: 'rows hold known columns and SQLite values, the same columns in every row',
    levers: [],
    run: testRows,
  },
  { name: 'every check has a message, and a fix where it failed', levers: [], run: testChecks },
];

async function testAccount(harness: ConnectorHarness): Promise<void> {
  await using connection = await harness.open();
  const { id, name } = await connection.account();
  assert.ok(id && name, 'The account has no id or no name.');
}

async function testStreams(harness: ConnectorHarness): Promise<void> {
  await using connection = await harness.open();
  const streams = await connection.streams();
  const names = streams.map((stream) => stream.name);
  assert.deepEqual(names, [...new Set(names)], 'A stream name comes twice.');
  for (const { name, table, link, unavailable } of streams) {
    assert.ok(table in entityTables, `${name}: ${table} is no table.`);
    assert.ok(link === null || link.includes('{id}'), `${name}: the link lacks {id}.`);
    if (unavailable) assert.ok(unavailable.problem && unavailable.fix, `${name}: no problem or no fix.`);
  }
}

async function testUniqueIds(harness: ConnectorHarness): Promise<void> {
  await eachStream(harness, async (connection, stream) => {
    const seen = new Set<string>();
    for (const id of ownIds(stream, await readBatches(connection, stream, null))) {
      assert.ok(!seen.has(id), `${stream.name}: ${id} comes twice in a full read.`);
      seen.add(id);
    }
  });
}

async function testRows(harness: ConnectorHarness): Promise<void> {
  await eachStream(harness, async (connection, stream) => {
    for (const batch of await readBatches(connection, stream, null)) assertBatch(stream, batch);
  });
}

function assertBatch(stream: Stream, batch: Batch): void {
  for (const { table, rows } of batch.tables) {
    const columns = Object.keys(rows[0] ?? {}).sort();
    for (const row of rows) {
      const place = `${stream.name}: ${table} ${row.id}`;
      assert.deepEqual(Object.keys(row).sort(), columns, `${place}: other columns than the first row.`);
      assertRow(table, row, place);
    }
  }
  for (const { id, at } of batch.deleted) {
    assert.ok(id !== '' && Number.isSafeInteger(at), `${stream.name}: deletion of ${id} at ${at}.`);
  }
}

function assertRow(table: TableName, row: Values, place: string): void {
  assert.ok(typeof row.id === 'string' && row.id !== '', `${place}: the id is no text.`);
  for (const [column, value] of Object.entries(row)) {
    const kind = columnKind(table, column);
    assert.ok(kind !== undefined, `${place}: ${table} has no column ${column}.`);
    const fits = value === null || fitsKind(value, kind);
    assert.ok(fits, `${place}: ${column} is ${typeof value} ${JSON.stringify(value)}, not ${kind} or null.`);
    const isMoney = kind === 'minor' && value !== null && 'currency' in row;
    assert.ok(!isMoney || row.currency !== null, `${place}: ${column} has no currency.`);
  }
}

function fitsKind(value: unknown, kind: ColumnKind): boolean {
  switch (kind) {
    case 'text':
    case 'id':
      return typeof value === 'string' && value !== '';
    case 'date':
      return typeof value === 'string' && isDate(value);
    case 'bool':
      return value === 0 || value === 1;
    case 'real':
      return Number.isFinite(value);
    case 'instant':
    case 'minor':
    case 'int':
      return Number.isSafeInteger(value);
  }
}

function isDate(value: string): boolean {
  const at = Date.parse(`${value}T00:00:00Z`);
  return !Number.isNaN(at) && new Date(at).toISOString().slice(0, 10) === value;
}

async function testChecks(harness: ConnectorHarness): Promise<void> {
  await using connection = await harness.open();
  for await (const { check, ok, severity, message, fix } of connection.check()) {
    assert.ok(check && message, 'A check has no name or no message.');
    assert.ok(ok || severity === 'info' || fix, `${check}: failed without a fix.`);
  }
}
