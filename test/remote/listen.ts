import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Log } from '../../src/model/connector.ts';
import type { RemotePolicy } from '../../src/model/http.ts';
import { createHttp, type HttpOptions } from '../../src/remote/http.ts';

export type Answer = (request: IncomingMessage, response: ServerResponse) => void;

/** A server on loopback that gives these answers in turn, the last one for ever. */
export async function listen(...answers: readonly Answer[]) {
  const seen: { method: string; url: string; body: string }[] = [];
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += String(chunk);
    const answer = answers[Math.min(seen.length, answers.length - 1)];
    seen.push({ method: request.method ?? '', url: request.url ?? '', body });
    answer?.(request, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    seen,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

export const answer =
  (status: number, text = '', headers: Record<string, string> = {}): Answer =>
  (_, response) => {
    response.writeHead(status, headers).end(text);
  };
export const reset: Answer = (request) => {
  request.socket.destroy();
};
export const truncate: Answer = (request, response) => {
  response.writeHead(200, { 'content-length': '100' });
  response.write('{"half":', () => request.socket.destroy());
};
export const truncateChunked: Answer = (request, response) => {
  response.writeHead(200, { 'transfer-encoding': 'chunked' });
  response.write('{"half":', () => request.socket.destroy());
};
export const hang: Answer = () => {};

export const policy: RemotePolicy = {
  buckets: { rest: { concurrency: 4 } },
  bucketOf: () => 'rest',
  observe: ({ headers }) =>
    headers['x-used'] === undefined ? {} : { daily: { used: Number(headers['x-used']), limit: 100 } },
  verdict({ status, headers }) {
    if (status === 403)
      return { kind: 'stop', message: 'The daily limit is spent.', fix: 'Run again tomorrow.' };
    if (status === 429) return { kind: 'again', untouched: true, afterMs: Number(headers['x-after'] ?? 0) };
    return { kind: status >= 500 ? 'again' : 'done' };
  },
};

/** Time that passes only by sleeping. */
export function fakeTime() {
  let now = Date.UTC(2026, 10, 2);
  const slept: number[] = [];
  return {
    clock: { now: () => now },
    slept,
    async sleep(ms: number) {
      slept.push(ms);
      now += ms;
    },
  };
}

export function keepLog() {
  const lines: { fields: object; event: string }[] = [];
  const keep = (fields: object, event: string) => void lines.push({ fields, event });
  return { lines, log: { debug: keep, info: keep, warn: keep, error: keep } satisfies Log };
}

/** An Http whose waiting takes no time. */
export function quickHttp(options: Partial<HttpOptions> = {}) {
  const time = fakeTime();
  const { lines, log } = keepLog();
  const http = createHttp({
    where: 'sales',
    policy,
    log,
    clock: time.clock,
    sleep: time.sleep,
    random: () => 1,
    signal: new AbortController().signal,
    ...options,
  });
  return { http, lines, slept: time.slept };
}
