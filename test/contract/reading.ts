import assert from 'node:assert/strict';
import type { Connection, Stream } from '../../src/model/connector.ts';
import { type ConnectorHarness, need, type PlannedCase } from './harness.ts';
import {
  assertRunError,
  assertSameRecords,
  eachStream,
  findStream,
  lastCursor,
  ownIds,
  readBatches,
  replay,
} from './records.ts';

/** Whole reads, undisturbed and disturbed. */
export const readCases: readonly PlannedCase[] = [
  { name: 'a completed read ends with a cursor where deletions are delivered', levers: [], run: testEnd },
  { name: 'counts as many living records as it reads', levers: [], run: testCount },
  { name: 'a page that fails twice arrives once', levers: ['failNextPage'], run: testFailingPage },
  {
    name: 'a repeated page token is an error, not a loop',
    levers: ['repeatPageToken'],
    run: testRepeatedToken,
  },
  { name: 'an abort ends a read at once with its reason', levers: [], run: testAbort },
];

async function testEnd(harness: ConnectorHarness): Promise<void> {
  await eachStream(harness, async (connection, stream) => {
    if (!stream.comparable) return;
    const batches = await readBatches(connection, stream, null);
    assert.ok(lastCursor(batches) !== null, `${stream.name}: no batch of a completed read has a cursor.`);
    assert.ok(batches.at(-1)?.cursor != null, `${stream.name}: the last batch has no cursor.`);
  });
}

async function testCount(harness: ConnectorHarness): Promise<void> {
  await eachStream(harness, async (connection, stream) => {
    if (!stream.comparable || !connection.count) return;
    const records = replay(stream, await readBatches(connection, stream, null));
    const ours = [...records.keys()].filter((key) => key.startsWith(`${stream.table} `)).length;
    const theirs = await connection.count(stream);
    assert.deepEqual({ stream: stream.name, rows: ours }, { stream: stream.name, rows: theirs.rows });
  });
}

async function testFailingPage(harness: ConnectorHarness): Promise<void> {
  const failNextPage = need(harness.failNextPage?.bind(harness));
  await eachStream(harness, async (connection, stream) => {
    const undisturbed = replay(stream, await readBatches(connection, stream, null));
    await using disturbed = await harness.open();
    const batches = [];
    failNextPage();
    for await (const batch of disturbed.read(stream, null, { signal: new AbortController().signal })) {
      if (batches.push(batch) === 1) failNextPage();
    }
    assertSameRecords(replay(stream, batches), undisturbed, `${stream.name} with failing pages:`);
    const ids = ownIds(stream, batches);
    assert.equal(ids.length, new Set(ids).size, `${stream.name}: a record of a failed page arrived twice.`);
  });
}

/** A loop may hang within one page, so time decides too. */
const loopTimeMs = 20_000;

async function testRepeatedToken(harness: ConnectorHarness): Promise<void> {
  await using before = await harness.open();
  const usual = new Map<string, number>();
  const streams = (await before.streams()).filter((stream) => !stream.unavailable);
  for (const stream of streams) usual.set(stream.name, (await readBatches(before, stream, null)).length);
  const repair = need(harness.repeatPageToken?.bind(harness))();
  try {
    await using connection = await harness.open();
    let refused = 0;
    for (const stream of streams) {
      const most = 3 * (usual.get(stream.name) ?? 0) + 10;
      refused += (await endsWithError(connection, stream, most)) ? 1 : 0;
    }
    assert.ok(refused > 0, 'No read noticed that a page named itself as the next one.');
  } finally {
    repair();
  }
}

/** Whether a read ends with a failure for people, before so many batches. */
async function endsWithError(connection: Connection, stream: Stream, most: number): Promise<boolean> {
  const signal = AbortSignal.timeout(loopTimeMs);
  let batches = 0;
  try {
    for await (const _ of connection.read(stream, null, { signal })) {
      batches += 1;
      assert.ok(batches <= most, `${stream.name}: a repeated page token makes the read go round for ever.`);
    }
    return false;
  } catch (error) {
    if (error instanceof assert.AssertionError) throw error;
    assert.ok(!signal.aborted, `${stream.name}: a repeated page token makes the read hang.`);
    assertRunError(error, ['remote']);
    return true;
  }
}

const promptMs = 3000;

async function testAbort(harness: ConnectorHarness): Promise<void> {
  await eachStream(harness, async (connection, stream) => {
    await assertAborted(harness, stream.name, 0);
    const batches = await readBatches(connection, stream, null);
    if (batches.length >= 4) await assertAborted(harness, stream.name, 1);
  });
}

/** Aborts after so many batches. In the midst of a read one more may come, which was there already. */
async function assertAborted(harness: ConnectorHarness, name: string, after: number): Promise<void> {
  const controller = new AbortController();
  const reason = new Error('the run was stopped');
  await using connection = await harness.open(controller.signal);
  const stream = await findStream(connection, name);
  const batches = connection.read(stream, null, { signal: controller.signal })[Symbol.asyncIterator]();
  for (let read = 0; read < after; read += 1) await batches.next();
  controller.abort(reason);
  const startedAt = performance.now();
  const next = () =>
    batches.next().then(
      ({ done }) => (done ? 'its end' : 'a batch'),
      (error: unknown) => error,
    );
  let end = await next();
  if (end === 'a batch' && after > 0) end = await next();
  const tookMs = performance.now() - startedAt;
  assert.equal(end, reason, `${name}: aborted after ${after} batches, the read gave ${String(end)}.`);
  assert.ok(tookMs < promptMs, `${name}: the abort took ${Math.round(tookMs)} ms.`);
}
