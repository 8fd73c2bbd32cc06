import { expect, it } from 'vitest';
import { startSandbox } from '../../../connectors/hubspot/sandbox/index.ts';
import type { Connection, TaskChange } from '../../../src/model/connector.ts';
import { openAt } from '../hubspot-open.ts';

async function save(connection: Connection, task: TaskChange): Promise<string | undefined> {
  for await (const outcome of connection.saveTasks?.([task]) ?? []) return outcome.remoteId;
  return undefined;
}

it('a task whose answer was lost is found while the index does not show it yet', async () => {
  await using sandbox = await startSandbox({
    ...{ port: 0, data: null, seed: 7, size: 40, now: Date.parse('2026-03-10T12:00:00Z') },
    ...{ currency: 'EUR', timeZone: 'Europe/Madrid', tier: 'enterprise', without: [] },
  });
  sandbox.hazards.lagMs = 50 * 60_000;
  await using connection = await openAt(sandbox);
  const task = { key: 'a', subject: 'Off', body: 'Why', ownerId: null, dueOn: '2026-03-13', remoteId: null };
  const first = await save(connection, task);
  expect(await save(connection, { ...task, mayExist: true })).toBe(first);
  expect(await save(connection, { ...task, key: 'b', mayExist: true })).not.toBe(first);
});
