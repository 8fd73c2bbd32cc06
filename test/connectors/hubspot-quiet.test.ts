import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { type HubSpotSandbox, startSandbox } from '../../connectors/hubspot/sandbox/index.ts';
import { type Held, hold, livingIds, openAt, readInto, rowsOf, saveBatch } from './hubspot-open.ts';

const hourMs = 3_600_000;
const closing: (() => unknown)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

/** All streams once, with the proof of completeness, as a run does; returns the calls that it took. */
async function spendNight(sandbox: HubSpotSandbox, helds: Map<string, Held>): Promise<number> {
  const before = sandbox.requests.length;
  await using connection = await openAt(sandbox, { unpaced: true });
  await connection.account();
  const signal = new AbortController().signal;
  for (const stream of await connection.streams()) {
    const held = helds.get(stream.name) ?? hold();
    helds.set(stream.name, held);
    const options = { signal, held: () => livingIds(held, stream.table) };
    for await (const batch of connection.read(stream, held.cursor, options)) saveBatch(held, batch);
    if (stream.comparable) await connection.count?.(stream);
  }
  return sandbox.requests.length - before;
}

it('a quiet night takes few calls, the proof of completeness included', async () => {
  const now = Date.parse('2026-03-10T12:00:00Z');
  const where = { currency: 'EUR', timeZone: 'Europe/Madrid', tier: 'enterprise', without: [] };
  const sandbox = await startSandbox({ port: 0, data: null, seed: 7, size: 300, now, ...where });
  closing.push(() => sandbox[Symbol.asyncDispose]());
  Object.assign(sandbox.limits, { tenSecondly: 1e9, searchPerSecond: 1e9 });
  const helds = new Map<string, Held>();
  await spendNight(sandbox, helds);
  sandbox.advance(24 * hourMs);
  await spendNight(sandbox, helds);
  sandbox.advance(24 * hourMs);
  expect(await spendNight(sandbox, helds)).toBeLessThan(90);
});

it('estimates what the next pass takes', async () => {
  const now = Date.parse('2026-03-10T12:00:00Z');
  const where = { currency: 'EUR', timeZone: 'Europe/Madrid', tier: 'enterprise', without: [] };
  const sandbox = await startSandbox({ port: 0, data: null, seed: 7, size: 120, now, ...where });
  closing.push(() => sandbox[Symbol.asyncDispose]());
  await using connection = await openAt(sandbox);
  const stream = (await connection.streams()).find(({ name }) => name === 'deals');
  if (!stream) throw new Error('no deals');
  expect(await connection.estimate?.(stream, null)).toEqual({ rows: 120, calls: 3 + 3 + 1 });
  const held = await readInto(connection, 'deals', hold());
  sandbox.advance(24 * hourMs);
  sandbox.put('deals', { amount: '1' }, sandbox.ids('deals')[0]);
  expect(await connection.estimate?.(stream, held.cursor)).toMatchObject({ rows: 1 });
});

interface Known {
  readonly id: string;
  readonly at: string;
}

/** Companies in a list, in search and by id, and nothing else; as many as the array holds now. */
async function serve(records: readonly Known[], batches: string[][]): Promise<{ readonly url: string }> {
  const show = ({ id, at }: Known) => ({ id, updatedAt: at, properties: { hs_lastmodifieddate: at } });
  const server: Server = createServer(async (request, response) => {
    let text = '';
    for await (const chunk of request) text += chunk;
    const url = new URL(request.url ?? '/', 'http://localhost');
    const answer = () => {
      if (url.pathname.endsWith('/batch/read')) {
        const ids: string[] = JSON.parse(text).inputs.map(({ id }: Known) => id);
        batches.push(ids);
        return { results: records.filter(({ id }) => ids.includes(id)).map(show) };
      }
      if (url.pathname.endsWith('/search')) {
        const [filter] = JSON.parse(text).filterGroups?.[0]?.filters ?? [];
        const found = records.filter(({ at }) => Date.parse(at) >= Number(filter?.value ?? 0));
        return { total: found.length, results: found.map(show) };
      }
      const isBin = url.searchParams.get('archived') === 'true';
      return url.pathname.endsWith('/objects/companies') ? { results: isBin ? [] : records.map(show) } : null;
    };
    const found = answer();
    response.statusCode = found ? 200 : 404;
    response.end(found ? JSON.stringify(found) : '');
  });
  closing.push(() => server.close());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

it('a known newest record is not read again, one more with the very same instant is', async () => {
  const records: Known[] = [{ id: '1', at: '2024-05-01T10:00:00.000Z' }];
  const batches: string[][] = [];
  const server = await serve(records, batches);
  await using connection = await openAt(server, { objects: ['deals'] });
  const held = await readInto(connection, 'companies', hold());
  await readInto(connection, 'companies', held);
  expect(batches).toEqual([]);
  records.push({ id: '2', at: '2024-05-01T10:00:00.000Z' });
  await readInto(connection, 'companies', held);
  expect(rowsOf(held, 'account').map(({ id }) => id)).toEqual(['1', '2']);
});
