import assert from 'node:assert/strict';
import { type ConnectorHarness, need, type PlannedCase } from './harness.ts';
import { assertRunError, readableStreams, readBatches } from './records.ts';

/** What a person has to put right. */
export const troubleCases: readonly PlannedCase[] = [
  {
    name: 'refused credentials are a failure of kind auth with a fix',
    levers: ['openRefused'],
    run: testRefused,
  },
  {
    name: 'a denied object is unavailable with its fix, and the others are read',
    levers: ['denyPermission'],
    run: testDenied,
  },
];

async function testRefused(harness: ConnectorHarness): Promise<void> {
  const openRefused = need(harness.openRefused?.bind(harness));
  let thrown: unknown;
  try {
    // Some systems show only at the first request that a token is worth nothing.
    await using connection = await openRefused();
    await connection.account();
    await connection.streams();
  } catch (error) {
    thrown = error;
  }
  assert.ok(thrown !== undefined, 'Wrong credentials opened a connection.');
  assertRunError(thrown, ['auth']);
}

async function testDenied(harness: ConnectorHarness): Promise<void> {
  const deny = need(harness.denyPermission?.bind(harness));
  await using before = await harness.open();
  let tried = 0;
  for (const { name } of await readableStreams(before)) {
    const restore = await deny(name);
    if (restore === null) continue;
    tried += 1;
    try {
      await assertDenied(harness, name);
    } finally {
      await restore();
    }
  }
  assert.ok(tried > 0, 'The harness denied no stream.');
}

async function assertDenied(harness: ConnectorHarness, name: string): Promise<void> {
  await using connection = await harness.open();
  const streams = await connection.streams();
  const denied = streams.find((stream) => stream.name === name);
  assert.ok(denied, `${name}: a denied stream is gone from streams(), it should say why.`);
  assert.ok(denied.unavailable, `${name}: the permission is denied and streams() offers it.`);
  assert.ok(denied.unavailable.problem && denied.unavailable.fix, `${name}: no problem or no fix.`);
  const others = streams.filter((stream) => stream.unavailable === undefined);
  assert.ok(others.length > 0, `${name}: denied, and nothing else can be read either.`);
  for (const stream of others) await readBatches(connection, stream, null);
}
