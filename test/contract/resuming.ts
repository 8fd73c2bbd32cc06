import type { Batch, Cursor, Stream } from '../../src/model/connector.ts';
import type { ConnectorHarness, PlannedCase } from './harness.ts';
import { assertSameRecords, eachStream, findStream, readBatches, replay } from './records.ts';

/** Crashes: what is saved so far, with its cursor, is all that the next run has. */
export const resumeCases: readonly PlannedCase[] = [
  { name: 'resuming from any saved cursor loses no record', levers: [], run: testResume },
  { name: 'reading again from the end changes nothing', levers: [], run: testReread },
];

/** So many crash points per stream; the first and the last are always among them. */
const mostCrashes = 8;

async function testResume(harness: ConnectorHarness): Promise<void> {
  await eachStream(harness, async (connection, stream) => {
    const whole = await readBatches(connection, stream, null);
    const expected = replay(stream, whole);
    for (const crashAfter of spread(savedPoints(whole), mostCrashes)) {
      const { batches, cursor } = await readUntil(harness, stream.name, crashAfter);
      await using resumed = await harness.open();
      const rest = await readBatches(resumed, await findStream(resumed, stream.name), cursor);
      const what = `${stream.name}, resumed after batch ${crashAfter} of ${whole.length}:`;
      assertSameRecords(replay(stream, [...batches, ...rest]), expected, what);
    }
  });
}

/** Numbers of the batches that carry a cursor, counted from 1. */
function savedPoints(batches: readonly Batch[]): readonly number[] {
  const points: number[] = [];
  for (const [index, batch] of batches.entries()) if (batch.cursor !== null) points.push(index + 1);
  return points;
}

function spread(points: readonly number[], most: number): readonly number[] {
  if (points.length <= most) return points;
  const step = (points.length - 1) / (most - 1);
  const chosen = Array.from({ length: most }, (_, index) => points[Math.round(index * step)] ?? 1);
  return [...new Set(chosen)];
}

/** A read that ends in the middle; the cursor is the newest that was saved. */
async function readUntil(
  harness: ConnectorHarness,
  streamName: string,
  count: number,
): Promise<{ readonly batches: readonly Batch[]; readonly cursor: Cursor | null }> {
  await using connection = await harness.open();
  const stream: Stream = await findStream(connection, streamName);
  const batches: Batch[] = [];
  let cursor: Cursor | null = null;
  for await (const batch of connection.read(stream, null, { signal: new AbortController().signal })) {
    batches.push(batch);
    cursor = batch.cursor ?? cursor;
    if (batches.length >= count) break;
  }
  return { batches, cursor };
}

async function testReread(harness: ConnectorHarness): Promise<void> {
  await eachStream(harness, async (connection, stream) => {
    const whole = await readBatches(connection, stream, null);
    const cursor = whole.findLast((batch) => batch.cursor !== null)?.cursor ?? null;
    if (cursor === null) return;
    await using next = await harness.open();
    const rest = await readBatches(next, await findStream(next, stream.name), cursor);
    const what = `${stream.name}, read again from its end:`;
    assertSameRecords(replay(stream, [...whole, ...rest]), replay(stream, whole), what);
  });
}
