import { afterEach, describe, expect, it } from 'vitest';
import {
  compareIdSets,
  compareIdStreams,
  compareIds,
  type Difference,
  inIdOrder,
  UnorderedIds,
} from '../../connectors/hubspot/ids.ts';
import { type HubSpotSandbox, startSandbox } from '../../connectors/hubspot/sandbox/index.ts';
import type { Connection } from '../../src/model/connector.ts';
import { type Held, hold, livingIds, openAt, readInto, rowsOf } from './hubspot-open.ts';

const hourMs = 3_600_000;
const started: HubSpotSandbox[] = [];

afterEach(async () => {
  for (const sandbox of started.splice(0)) await sandbox[Symbol.asyncDispose]();
});

async function start(size = 120): Promise<HubSpotSandbox> {
  const now = Date.parse('2026-03-10T12:00:00Z');
  const where = { currency: 'EUR', timeZone: 'Europe/Madrid', tier: 'enterprise', without: [] };
  const sandbox = await startSandbox({ port: 0, data: null, seed: 7, size, now, ...where });
  started.push(sandbox);
  return sandbox;
}

async function* inTextOrder(ids: readonly string[]): AsyncGenerator<readonly string[]> {
  const sorted = [...ids].sort();
  for (let start = 0; start < sorted.length; start += 2) yield sorted.slice(start, start + 2);
}

async function* each(ids: readonly string[]): AsyncGenerator<string> {
  yield* ids;
}

async function collect(found: AsyncIterable<Difference>): Promise<string[]> {
  const seen: string[] = [];
  for await (const one of found) if (one.kind !== 'both') seen.push(`${one.kind} ${one.id}`);
  return seen.sort();
}

describe('ids of different lengths', () => {
  const ours = ['9', '10', '99', '100', '1000'];

  it('are compared as numbers, though the store gives them in the order of texts', async () => {
    const held = () => inTextOrder(ours);
    const ordered: string[] = [];
    for await (const id of inIdOrder(held)) ordered.push(id);
    expect(ordered).toEqual(ours);
    expect(compareIds('9', '10')).toBeLessThan(0);
    const theirs = ['8', '9', '10', '100', '101', '1000', '20000'];
    expect(await collect(compareIdStreams(inIdOrder(held), each(theirs)))).toEqual([
      'gone 99',
      'missing 101',
      'missing 20000',
      'missing 8',
    ]);
  });

  it('a list that does not ascend is compared all the same', async () => {
    const held = () => inTextOrder(ours);
    const theirs = ['100', '9', '7', '1000', '10'];
    await expect(collect(compareIdStreams(inIdOrder(held), each(theirs)))).rejects.toThrow(UnorderedIds);
    expect(await collect(compareIdSets(held, each(theirs)))).toEqual(['gone 99', 'missing 7']);
  });
});

function living(held: Held, table: 'account' | 'deal'): string[] {
  return rowsOf(held, table)
    .map(({ id }) => id)
    .filter((id) => !held.deleted.has(id) && !held.merged.has(id))
    .sort();
}

async function countOf(connection: Connection, name: string): Promise<number | undefined> {
  const stream = (await connection.streams()).find((one) => one.name === name);
  return stream && (await connection.count?.(stream))?.rows;
}

describe('what no change tells', () => {
  it('a record purged for privacy is found gone by comparing all ids', async () => {
    const sandbox = await start();
    await using connection = await openAt(sandbox);
    const held = await readInto(connection, 'companies', hold());
    const [purged = ''] = sandbox.ids('companies');
    sandbox.remove('companies', purged, 'purge');
    sandbox.advance(hourMs);
    await readInto(connection, 'companies', held);
    expect(held.deleted.has(purged)).toBe(false);
    expect(await countOf(connection, 'companies')).toBe(living(held, 'account').length - 1);
    await readInto(connection, 'companies', held, { reconcile: true });
    expect([...held.deleted]).toEqual([purged]);
    expect(await countOf(connection, 'companies')).toBe(living(held, 'account').length);
  });

  it('the loser of a merge is repointed to its survivor, though nothing lists it', async () => {
    const sandbox = await start();
    await using connection = await openAt(sandbox);
    const held = await readInto(connection, 'companies', hold());
    const [from = '', into = ''] = sandbox.ids('companies');
    const survivor = sandbox.merge('companies', { from, into });
    sandbox.advance(hourMs);
    // Only the comparison: no search has told of the survivor's modification.
    await readInto(connection, 'companies', held, { reconcile: true });
    expect(held.merged.get(from)).toBe(survivor);
    expect(held.deleted.size).toBe(0);
  });

  it('a merge that makes a new record leaves one of the three', async () => {
    const sandbox = await start();
    Object.assign(sandbox.hazards, { mergeMakesNewId: true });
    await using connection = await openAt(sandbox);
    const held = await readInto(connection, 'companies', hold());
    const [from = '', into = ''] = sandbox.ids('companies');
    const survivor = sandbox.merge('companies', { from, into });
    sandbox.advance(hourMs);
    await readInto(connection, 'companies', held, { reconcile: true });
    expect(held.merged.get(from)).toBe(survivor);
    expect(held.merged.get(into)).toBe(survivor);
    expect(living(held, 'account')).toEqual([...sandbox.ids('companies')].sort());
  });

  it('what the index hides for an hour is found by the list, and counted by it', async () => {
    const sandbox = await start();
    await using connection = await openAt(sandbox);
    const held = await readInto(connection, 'deals', hold());
    sandbox.advance(24 * hourMs);
    Object.assign(sandbox.hazards, { lagMs: 50 * 60_000 });
    const created = sandbox.put('deals', {
      dealname: 'Late',
      dealstage: 'contractsent',
      pipeline: 'default',
    });
    const [removed = ''] = sandbox.ids('deals');
    sandbox.remove('deals', removed);
    await readInto(connection, 'deals', held);
    expect(living(held, 'deal')).not.toContain(created);
    await readInto(connection, 'deals', held, { reconcile: true });
    expect(living(held, 'deal')).toEqual([...sandbox.ids('deals')].sort());
    expect(await countOf(connection, 'deals')).toBe(sandbox.ids('deals').length);
  });

  it('once a week all ids are compared without being asked', async () => {
    const sandbox = await start();
    await using connection = await openAt(sandbox);
    const held = await readInto(connection, 'companies', hold(), { sweeps: true });
    const [purged = ''] = sandbox.ids('companies');
    sandbox.remove('companies', purged, 'purge');
    sandbox.advance(8 * 24 * hourMs);
    await connection.account();
    await using later = await openAt(sandbox);
    await readInto(later, 'companies', held, { sweeps: true });
    expect([...held.deleted]).toEqual([purged]);
  });

  it('our own board is neither missing nor gone', async () => {
    const sandbox = await start();
    await using connection = await openAt(sandbox);
    const held = await readInto(connection, 'companies', hold());
    const board = sandbox.put('companies', { name: 'CRM KPI board', crmkpi_board: 'true' });
    await readInto(connection, 'companies', held, { reconcile: true });
    expect(living(held, 'account')).not.toContain(board);
    expect(await countOf(connection, 'companies')).toBe(living(held, 'account').length);
  });

  it('a comparison reads nothing but ids where nothing differs', async () => {
    const sandbox = await start();
    await using connection = await openAt(sandbox);
    const held = await readInto(connection, 'deals', hold());
    const before = sandbox.requests.length;
    await readInto(connection, 'deals', held, { reconcile: true });
    // The definitions of the properties, then ids.
    expect(sandbox.requests.length - before).toBe(1 + Math.ceil(sandbox.ids('deals').length / 100));
    let chunks = 0;
    for await (const ids of livingIds(held, 'deal')) chunks += ids.length > 0 ? 1 : 0;
    expect(chunks).toBeGreaterThan(1);
  });
});
