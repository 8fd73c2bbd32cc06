import assert from 'node:assert/strict';
import type { Batch, Cursor } from '../../src/model/connector.ts';
import { type ConnectorHarness, need, type PlannedCase } from './harness.ts';
import { eachStream, findStream, lastCursor, ownIds, readBatches, replay } from './records.ts';

/** What changes between two runs. */
export const changeCases: readonly PlannedCase[] = [
  { name: 'a changed record is read again', levers: ['change'], run: testChange },
  {
    name: 'two records changed at the same instant are both read, though a run came between them',
    levers: ['change', 'changeAtSameInstant'],
    run: testSameInstant,
  },
  { name: 'a deletion is reported', levers: ['remove'], run: testDeletion },
];

interface Saved {
  readonly batches: readonly Batch[];
  readonly cursor: Cursor | null;
}

/** A run over a new connection, from where the last one ended. */
async function readOn(harness: ConnectorHarness, streamName: string, since: Cursor | null): Promise<Saved> {
  await using connection = await harness.open();
  const batches = await readBatches(connection, await findStream(connection, streamName), since);
  return { batches, cursor: lastCursor(batches) ?? since };
}

async function testChange(harness: ConnectorHarness): Promise<void> {
  const change = need(harness.change?.bind(harness));
  const tried = await forStreams(harness, async (streamName) => {
    const { cursor } = await readOn(harness, streamName, null);
    const id = await change(streamName);
    if (id === null) return false;
    await assertSeen(harness, { streamName, since: cursor, id });
    return true;
  });
  assert.ok(tried > 0, 'The harness changed no record in any stream.');
}

async function testSameInstant(harness: ConnectorHarness): Promise<void> {
  const change = need(harness.change?.bind(harness));
  const changeAgain = need(harness.changeAtSameInstant?.bind(harness));
  const tried = await forStreams(harness, async (streamName) => {
    const before = await readOn(harness, streamName, null);
    const first = await change(streamName);
    if (first === null) return false;
    const cursor = await assertSeen(harness, { streamName, since: before.cursor, id: first });
    const second = await changeAgain(streamName);
    if (second === null) return false;
    assert.notEqual(second, first, 'changeAtSameInstant has to change another record.');
    await assertSeen(harness, { streamName, since: cursor, id: second });
    return true;
  });
  assert.ok(tried > 0, 'The harness changed no record in any stream.');
}

async function assertSeen(
  harness: ConnectorHarness,
  {
    streamName,
    since,
    id,
  }: { readonly streamName: string; readonly since: Cursor | null; readonly id: string },
): Promise<Cursor | null> {
  await using connection = await harness.open();
  const stream = await findStream(connection, streamName);
  const { batches, cursor } = await readOn(harness, streamName, since);
  assert.ok(ownIds(stream, batches).includes(id), `${streamName}: ${id} was changed and not read again.`);
  return cursor;
}

async function testDeletion(harness: ConnectorHarness): Promise<void> {
  const remove = need(harness.remove?.bind(harness));
  const tried = await forStreams(harness, async (streamName) => {
    const before = await readOn(harness, streamName, null);
    const id = await remove(streamName);
    if (id === null) return false;
    const after = await readOn(harness, streamName, before.cursor);
    await using connection = await harness.open();
    const stream = await findStream(connection, streamName);
    const key = `${stream.table} ${id}`;
    assert.ok(replay(stream, before.batches).has(key), `${streamName}: ${id} was never read.`);
    const left = replay(stream, [...before.batches, ...after.batches]);
    assert.ok(!left.has(key), `${streamName}: the deletion of ${id} was not reported.`);
    return true;
  });
  assert.ok(tried > 0, 'The harness deleted no record in any stream.');
}

/** Visits the streams that deliver deletions and changes; how many the harness had a record for. */
async function forStreams(
  harness: ConnectorHarness,
  visit: (streamName: string) => Promise<boolean>,
): Promise<number> {
  let tried = 0;
  await eachStream(harness, async (_, { name, comparable }) => {
    if (comparable && (await visit(name))) tried += 1;
  });
  return tried;
}
