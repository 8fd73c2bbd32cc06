import assert from 'node:assert/strict';
import type { Outcome } from '../../src/model/connector.ts';
import type { ResultChange } from '../../src/model/result.ts';
import { type ConnectorHarness, need, type PlannedCase } from './harness.ts';

/** Writing back. */
export const publishCases: readonly PlannedCase[] = [
  { name: 'publish gives exactly one outcome per change', levers: ['publishing'], run: testOutcomes },
  { name: 'publishing twice leaves one record per key', levers: ['publishing'], run: testTwice },
  { name: 'a deleted result leaves no record', levers: ['publishing'], run: testDelete },
];

/** Installs where that is possible, then publishes over a new connection. */
async function publishAll(
  harness: ConnectorHarness,
  changes: readonly ResultChange[],
): Promise<readonly Outcome[]> {
  const { target } = need(harness.publishing);
  await using connection = await harness.open();
  const plan = await connection.install?.(target);
  if (plan) for await (const step of plan.apply()) assert.ok(step.what, 'A step does not say what it did.');
  assert.ok(connection.publish, 'The harness has a lever for publishing, the connection cannot publish.');
  const outcomes: Outcome[] = [];
  for await (const outcome of connection.publish(changes, target)) outcomes.push(outcome);
  return outcomes;
}

async function testOutcomes(harness: ConnectorHarness): Promise<void> {
  const changes = need(harness.publishing).changes();
  const outcomes = await publishAll(harness, changes);
  const told = outcomes.map(({ key }) => key).sort();
  assert.deepEqual(
    told,
    changes.map(({ key }) => key).sort(),
    'One outcome per change, no more and no fewer.',
  );
  for (const { key, ok, reason } of outcomes) assert.ok(ok || reason, `${key}: refused without a reason.`);
}

async function testTwice(harness: ConnectorHarness): Promise<void> {
  const { changes, remoteKeys } = publishingOf(harness);
  const outcomes = [...(await publishAll(harness, changes())), ...(await publishAll(harness, changes()))];
  for (const { key, ok, reason } of outcomes) assert.ok(ok, `${key}: ${reason}`);
  const keys = await remoteKeys();
  for (const { key } of changes()) {
    const found = keys.filter((candidate) => candidate === key).length;
    assert.equal(found, 1, `${key} stands ${found} times in the remote system.`);
  }
}

async function testDelete(harness: ConnectorHarness): Promise<void> {
  const { changes, remoteKeys } = publishingOf(harness);
  const written = await publishAll(harness, changes());
  const gone = written.map(({ key, remoteId }): ResultChange => {
    return { key, change: 'delete', fields: {}, remoteId: remoteId ?? null };
  });
  const outcomes = await publishAll(harness, gone);
  for (const { key, ok, reason } of outcomes) assert.ok(ok, `${key}: ${reason}`);
  const left = new Set(await remoteKeys());
  for (const { key } of gone) assert.ok(!left.has(key), `${key} was deleted and still stands there.`);
}

function publishingOf(harness: ConnectorHarness) {
  const publishing = need(harness.publishing);
  return { changes: () => publishing.changes(), remoteKeys: () => publishing.remoteKeys() };
}
