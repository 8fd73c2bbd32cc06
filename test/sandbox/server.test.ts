import { get, type IncomingHttpHeaders } from 'node:http';
import { gunzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  type Fault,
  type RunningServer,
  type SandboxAnswer,
  type SandboxRequest,
  type SeenRequest,
  startServer,
} from '../../src/sandbox/server.ts';

const sandboxNow = Date.UTC(2026, 0, 31, 23, 59, 58);
let server: RunningServer;
let faults: Fault[];
let requests: SeenRequest[];
let handled: SandboxRequest[];
let answer: SandboxAnswer;

beforeEach(async () => {
  faults = [];
  requests = [];
  handled = [];
  answer = { status: 200, body: { ok: true } };
  server = await startServer({
    port: 0,
    clock: () => sandboxNow,
    faults,
    requests,
    handle: (request) => {
      handled.push(request);
      if (request.path === '/broken') throw new Error('no such table');
      return answer;
    },
  });
});
afterEach(() => server.close());

const always = (act: Fault['act'], times = 1): Fault => ({ matches: () => true, times, act });

describe('startServer', () => {
  it('answers JSON with the sandbox clock in the Date header', async () => {
    const response = await fetch(`${server.url}/a/b?x=1&x=2`, { method: 'POST', body: '{"n":1}' });
    expect(await response.json()).toEqual({ ok: true });
    expect(response.headers.get('date')).toBe('Sat, 31 Jan 2026 23:59:58 GMT');
    expect(handled[0]?.path).toBe('/a/b');
    expect(handled[0]?.query.getAll('x')).toEqual(['1', '2']);
    expect(handled[0]?.body.toString()).toBe('{"n":1}');
  });

  it('sends strings and bytes as they are, and nothing for 204', async () => {
    answer = { status: 200, headers: { 'Content-Type': 'text/csv' }, body: 'a,b\n' };
    const csv = await fetch(server.url);
    expect([csv.headers.get('content-type'), await csv.text()]).toEqual(['text/csv', 'a,b\n']);
    answer = { status: 200, body: new Uint8Array([1, 2]).subarray(1) };
    expect(await (await fetch(server.url)).bytes()).toEqual(new Uint8Array([2]));
    answer = { status: 204 };
    expect(await (await fetch(server.url)).text()).toBe('');
  });

  it('compresses answers over 1 KB for those who accept it, and only for them', async () => {
    answer = { status: 200, body: { text: 'x'.repeat(2000) } };
    const zipped = await getRaw({ 'accept-encoding': 'br, gzip' });
    expect(zipped.headers['content-encoding']).toBe('gzip');
    expect(gunzipSync(zipped.body).length).toBe(2011);
    expect((await getRaw({})).headers['content-encoding']).toBeUndefined();
    answer = { status: 200, body: { text: 'short' } };
    expect((await getRaw({ 'accept-encoding': 'gzip' })).headers['content-encoding']).toBeUndefined();
  });

  it('turns a failing handler into a 500', async () => {
    const response = await fetch(`${server.url}/broken`);
    expect(response.status).toBe(500);
    expect(await response.json()).toEqual({ message: 'The sandbox failed: no such table' });
  });

  it('records each request, long bodies cut', async () => {
    await fetch(`${server.url}/r?q=1`, { method: 'PUT', body: 'é'.repeat(3000) });
    const body = 'é'.repeat(2000);
    expect(requests).toEqual([
      { method: 'PUT', path: '/r', query: 'q=1', status: 200, at: sandboxNow, body },
    ]);
    expect(handled[0]?.body.length).toBe(6000);
  });

  it('answers many requests on one connection', async () => {
    for (let index = 0; index < 20; index++) await (await fetch(server.url)).text();
    expect(requests).toHaveLength(20);
  });
});

describe('faults', () => {
  it('resets the connection without carrying the request out', async () => {
    faults.push(always('reset'));
    await expect(fetch(server.url)).rejects.toThrow();
    expect([handled.length, requests[0]?.status, faults.length]).toEqual([0, 0, 0]);
    expect((await fetch(server.url)).status).toBe(200);
  });

  it('breaks an answer off after its headers', async () => {
    answer = { status: 200, body: { text: 'x'.repeat(50_000) } };
    faults.push(always('truncate'));
    const response = await fetch(server.url);
    expect(response.status).toBe(200);
    await expect(response.text()).rejects.toThrow();
  });

  it('loses the answer of a request that was carried out', async () => {
    faults.push(always('after'));
    await expect(fetch(server.url, { method: 'POST', body: '{}' })).rejects.toThrow();
    expect([handled.length, requests[0]?.status]).toEqual([1, 200]);
  });

  it('gives the planned answer as often as planned, then the real one', async () => {
    faults.push(always({ status: 503, headers: { 'retry-after': '1' }, body: 'busy' }, 2));
    const statuses: number[] = [];
    for (let index = 0; index < 3; index++) statuses.push((await fetch(server.url)).status);
    expect(statuses).toEqual([503, 503, 200]);
    expect(handled).toHaveLength(1);
  });

  it('leaves requests that do not match alone', async () => {
    faults.push({ matches: (request) => request.path === '/other', times: 1, act: 'reset' });
    expect((await fetch(`${server.url}/this`)).status).toBe(200);
    expect(faults).toHaveLength(1);
  });

  it('never answers a hanging request, and drops it on close', async () => {
    faults.push(always('hang'));
    const waiting = expect(fetch(server.url)).rejects.toThrow();
    await expect.poll(() => requests.length).toBe(1);
    await server.close();
    await waiting;
  });
});

/** fetch asks for gzip by itself and hides it. */
function getRaw(headers: Record<string, string>): Promise<{ headers: IncomingHttpHeaders; body: Buffer }> {
  return new Promise((resolve, reject) => {
    get(server.url, { headers }, async (response) => {
      resolve({ headers: response.headers, body: Buffer.concat(await response.toArray()) });
    }).on('error', reject);
  });
}
