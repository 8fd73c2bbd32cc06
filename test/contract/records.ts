import assert from 'node:assert/strict';
import type { Batch, Connection, Cursor, Stream } from '../../src/model/connector.ts';
import type { ConnectorHarness } from './harness.ts';

/** More batches than this from a few dozen records are a loop. */
const mostBatches = 5000;

/** All batches of one read, in order. */
export async function readBatches(
  connection: Connection,
  stream: Stream,
  since: Cursor | null,
): Promise<readonly Batch[]> {
  const { signal } = new AbortController();
  const batches: Batch[] = [];
  for await (const batch of connection.read(stream, since, { signal })) {
    batches.push(batch);
    assert.ok(batches.length <= mostBatches, `${stream.name}: the read does not end.`);
  }
  return batches;
}

/** The streams that can be read here. */
export async function readableStreams(connection: Connection): Promise<readonly Stream[]> {
  const streams = await connection.streams();
  const readable = streams.filter((stream) => stream.unavailable === undefined);
  assert.ok(readable.length > 0, 'No stream can be read.');
  return readable;
}

/** Does something with every readable stream, each over a connection of its own. */
export async function eachStream(
  harness: ConnectorHarness,
  visit: (connection: Connection, stream: Stream) => Promise<void>,
): Promise<void> {
  await using first = await harness.open();
  for (const { name } of await readableStreams(first)) {
    await using connection = await harness.open();
    const stream = await findStream(connection, name);
    await visit(connection, stream);
  }
}

export async function findStream(connection: Connection, name: string): Promise<Stream> {
  const stream = (await connection.streams()).find((candidate) => candidate.name === name);
  assert.ok(stream, `The stream ${name} is gone from streams().`);
  return stream;
}

export type Values = Readonly<Record<string, unknown>>;

/** Counters carry the moment of their reading, which is another each time. */
const volatile = new Set(['fetched_at']);

/** What a store holds after these batches: `table id` -> columns; later ones overlay earlier ones, deletions remove. */
export function replay(stream: Stream, batches: readonly Batch[]): ReadonlyMap<string, Values> {
  const records = new Map<string, Values>();
  const own = `${stream.table} `;
  for (const batch of batches) {
    for (const { table, rows } of batch.tables) {
      for (const row of rows) overlay(records, `${table} ${row.id}`, row);
    }
    for (const { id } of batch.deleted) records.delete(own + id);
    for (const { id } of batch.merged ?? []) records.delete(own + id);
    if (batch.complete) keepOnly(records, own, new Set(batch.complete));
  }
  return records;
}

function overlay(records: Map<string, Values>, key: string, row: Values): void {
  const merged: Record<string, unknown> = { ...records.get(key) };
  for (const [column, value] of Object.entries(row)) if (!volatile.has(column)) merged[column] = value;
  records.set(key, merged);
}

function keepOnly(records: Map<string, Values>, own: string, living: ReadonlySet<string>): void {
  for (const key of [...records.keys()]) {
    if (key.startsWith(own) && !living.has(key.slice(own.length))) records.delete(key);
  }
}

/** Ids of the stream's own table in these batches, repeats included. */
export function ownIds(stream: Stream, batches: readonly Batch[]): readonly string[] {
  const ids: string[] = [];
  for (const batch of batches) {
    for (const { table, rows } of batch.tables) {
      if (table === stream.table) for (const row of rows) ids.push(row.id);
    }
  }
  return ids;
}

/** The cursor that a store would hold after these batches. */
export function lastCursor(batches: readonly Batch[]): Cursor | null {
  return batches.findLast((batch) => batch.cursor !== null)?.cursor ?? null;
}

/** The same records with the same values; says which differ. */
export function assertSameRecords(
  actual: ReadonlyMap<string, Values>,
  expected: ReadonlyMap<string, Values>,
  what: string,
): void {
  const missing = [...expected.keys()].filter((key) => !actual.has(key));
  const extra = [...actual.keys()].filter((key) => !expected.has(key));
  assert.deepEqual({ missing, extra }, { missing: [], extra: [] }, what);
  for (const [key, values] of expected) {
    assert.deepEqual(sortColumns(actual.get(key)), sortColumns(values), `${what} ${key}`);
  }
}

function sortColumns(values: Values | undefined): readonly unknown[] {
  return Object.entries(values ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
}

export function assertRunError(error: unknown, kinds: readonly string[]): void {
  assert.ok(error instanceof Error, 'What is thrown has to be an Error.');
  const { name, message } = error;
  assert.equal(
    name,
    'RunError',
    `A person has to be able to read the failure; this is a ${name}: ${message}`,
  );
  const { kind, fix, where } = error as Error & Record<string, unknown>;
  assert.ok(kinds.includes(String(kind)), `The kind is ${kind}, it should be ${kinds.join(' or ')}.`);
  assert.ok(fix && where && message, 'A RunError says where, what and how to fix it.');
}
