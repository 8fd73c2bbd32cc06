import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { createApi } from '../../../connectors/hubspot/client.ts';
import { fetchLinks } from '../../../connectors/hubspot/links.ts';
import { loadRequests } from '../../../connectors/hubspot/requests.ts';
import type { Connection } from '../../../src/model/connector.ts';
import { createHttp } from '../../../src/remote/http.ts';
import { openAt } from '../hubspot-open.ts';

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

async function serve(answer: (request: IncomingMessage, response: ServerResponse, body: string) => void) {
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () => answer(request, response, body));
  });
  closing.push(() => server.close());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

const serveAlways = (status: number, type: string, text: string) =>
  serve((_, response) => response.writeHead(status, { 'content-type': type }).end(text));

async function failedChecks(connection: Connection): Promise<readonly string[]> {
  const failed: string[] = [];
  for await (const { check, ok, severity } of connection.check())
    if (!ok && severity === 'error') failed.push(check);
  return failed;
}

it('a gateway that forbids everything is no missing scope', async () => {
  const server = await serveAlways(403, 'text/html', '<html>Forbidden</html>');
  await using connection = await openAt(server, { unpaced: true });
  await expect(connection.streams()).rejects.toMatchObject({ kind: 'remote' });
});

it('a token to which every object is refused makes no quiet night', async () => {
  const server = await serveAlways(403, 'application/json', '{"category":"MISSING_SCOPES"}');
  await using connection = await openAt(server, { unpaced: true });
  await expect(connection.streams()).rejects.toMatchObject({
    kind: 'config',
    message: /Nothing can be read here/,
  });
  expect(await failedChecks(connection)).toEqual(['access']);
});

it('a server that answers everything with nothing is not HubSpot', async () => {
  const server = await serveAlways(200, 'application/json', '{}');
  await using connection = await openAt(server, { unpaced: true });
  await expect(connection.account()).rejects.toMatchObject({ kind: 'remote' });
  expect(await failedChecks(connection)).toEqual(['account']);
});

it('links that take HubSpot too long are asked for in smaller parts', async () => {
  const sizes: number[] = [];
  const server = await serve((_, response, body) => {
    const inputs = (JSON.parse(body) as { inputs: { id: string }[] }).inputs;
    sizes.push(inputs.length);
    const results = inputs.map(({ id }) => ({ from: { id }, to: [{ toObjectId: Number(id) + 1 }] }));
    response.writeHead(inputs.length > 3 ? 524 : 200, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ results }));
  });
  const log = { debug() {}, info() {}, warn() {}, error() {} };
  const clock = { now: () => Date.now() };
  const signal = new AbortController().signal;
  const http = createHttp({ where: 'crm', policy: null, clock, log, signal, sleep: async () => {} });
  const tokens = { current: async () => 'x', renew: async () => null, granted: async () => null };
  const build = await loadRequests(server.url);
  const api = createApi({ connection: 'crm', baseUrl: server.url, http, tokens, build });
  const ids = ['1', '2', '3', '4', '5', '6', '7', '8'];
  const found = await fetchLinks(api, { from: 'deals', to: 'companies' }, ids);
  expect(ids.map((id) => found.get(id)?.[0]?.id)).toEqual(['2', '3', '4', '5', '6', '7', '8', '9']);
  expect(new Set(sizes.filter((size) => size <= 4))).toEqual(new Set([4, 2]));
});
