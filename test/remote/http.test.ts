import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { RunError } from '../../src/model/errors.ts';
import { createHttp } from '../../src/remote/http.ts';
import {
  answer,
  hang,
  keepLog,
  listen,
  policy,
  quickHttp,
  reset,
  truncate,
  truncateChunked,
} from './listen.ts';

const failure = (kind: string, part: RegExp) =>
  expect.objectContaining({ name: 'RunError', kind, message: expect.stringMatching(part) });

describe('send', () => {
  it('sends again after 503 and hands over the answer', async () => {
    await using server = await listen(answer(503), answer(200, 'fine', { 'X-Thing': 'a' }));
    const { http, slept } = quickHttp();
    const got = await http.send({ method: 'GET', url: `${server.url}/a?q=1` });
    expect(got).toMatchObject({ status: 200, text: 'fine', headers: { 'x-thing': 'a' } });
    expect(slept).toEqual([500]);
    expect(http.usage.calls).toBe(2);
  });

  it('does not repeat a POST that may have arrived', async () => {
    await using server = await listen(reset, answer(200));
    const { http } = quickHttp();
    const sent = http.send({ method: 'POST', url: server.url, body: 'x' });
    await expect(sent).rejects.toEqual(failure('remote', /broke off/));
    expect(server.seen).toHaveLength(1);
  });

  it('repeats a POST that is said to be repeatable', async () => {
    await using server = await listen(reset, reset, answer(200, 'ok'));
    const { http } = quickHttp();
    const got = await http.send({ method: 'POST', url: server.url, body: 'x', repeatable: true });
    expect(got.text).toBe('ok');
    expect(server.seen.map((request) => request.body)).toEqual(['x', 'x', 'x']);
  });

  it('hands a 503 of a POST to the caller, and repeats it when nothing was done', async () => {
    await using server = await listen(answer(503), answer(429), answer(201));
    const { http } = quickHttp();
    expect(await http.send({ method: 'POST', url: server.url })).toMatchObject({ status: 503 });
    expect(await http.send({ method: 'POST', url: server.url })).toMatchObject({ status: 201 });
  });

  it('takes a truncated body for a failure, whole or chunked', async () => {
    const zipped = gzipSync('x'.repeat(10_000));
    const half: typeof truncate = (request, response) => {
      response.writeHead(200, { 'content-encoding': 'gzip', 'content-length': String(zipped.length) });
      response.write(zipped.subarray(0, 20), () => request.socket.destroy());
    };
    await using server = await listen(truncate, truncateChunked, half, answer(200, 'whole'));
    const { http } = quickHttp();
    expect((await http.send({ method: 'GET', url: server.url })).text).toBe('whole');
    expect(server.seen).toHaveLength(4);
  });

  it('reads compressed answers', async () => {
    await using server = await listen((_, response) => {
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync('añadido'));
    });
    expect((await quickHttp().http.send({ method: 'GET', url: server.url })).text).toBe('añadido');
  });

  it('waits as long as Retry-After says', async () => {
    await using server = await listen(answer(503, '', { 'retry-after': '17' }), answer(200));
    const { http, slept } = quickHttp();
    await http.send({ method: 'GET', url: server.url });
    expect(slept).toEqual([17_000]);
  });

  it('leaves a long pause to the next run and says when', async () => {
    await using server = await listen(answer(503, '', { 'retry-after': '3600' }));
    const sent = quickHttp().http.send({ method: 'GET', url: server.url });
    await expect(sent).rejects.toEqual(failure('stopped', /pause of 60 minutes/));
    await expect(sent).rejects.toMatchObject({ fix: expect.stringMatching(/after 2026-11-02T01:00:00Z/) });
  });

  it('hands over an answer that stays bad after six attempts', async () => {
    await using server = await listen(answer(502, 'bad gateway'));
    const { http } = quickHttp();
    expect(await http.send({ method: 'GET', url: server.url })).toMatchObject({
      status: 502,
      text: 'bad gateway',
    });
    expect(server.seen).toHaveLength(6);
  });

  it('explains an unreachable host after six attempts', async () => {
    const server = await listen(answer(200));
    await server[Symbol.asyncDispose]();
    const { http } = quickHttp();
    const sent = http.send({ method: 'POST', url: `${server.url}/services/data?token=secret` });
    await expect(sent).rejects.toEqual(failure('remote', /refused \(6 attempts\)/));
    await expect(sent).rejects.toMatchObject({ where: 'sales POST /services/data' });
  });

  it('stops on a stop verdict with its words', async () => {
    await using server = await listen(answer(403));
    const sent = quickHttp().http.send({ method: 'GET', url: server.url });
    await expect(sent).rejects.toMatchObject({
      kind: 'stopped',
      message: 'The daily limit is spent.',
      fix: 'Run again tomorrow.',
    });
  });

  it('times out the whole answer, and tries again', async () => {
    const slowBody: typeof hang = (_, response) => {
      response.writeHead(200).write('a');
    };
    await using server = await listen(hang, slowBody, answer(200, 'in time'));
    const { http } = quickHttp();
    const got = await http.send({ method: 'GET', url: server.url, timeoutMs: 150 });
    expect(got.text).toBe('in time');
  });

  it('holds back the whole bucket after a rate limit', async () => {
    await using server = await listen(answer(429, '', { 'x-after': '9000' }), answer(200));
    const { http, slept } = quickHttp({
      policy: { ...policy, buckets: { rest: { concurrency: 1 } } },
    });
    await Promise.all([1, 2].map(() => http.send({ method: 'GET', url: server.url })));
    expect(slept).toContain(9000);
    expect(server.seen).toHaveLength(3);
  });

  it('knows the server time of the newest answer', async () => {
    await using server = await listen(answer(200, '', { date: 'Mon, 02 Nov 2026 10:00:00 GMT' }));
    const { http } = quickHttp();
    expect(http.serverNow()).toBeNull();
    await http.send({ method: 'GET', url: server.url });
    expect(http.serverNow()).toBe(Date.UTC(2026, 10, 2, 10));
  });
});

describe('abort', () => {
  const realWait = (signal: AbortSignal) =>
    createHttp({ where: 'sales', policy, log: keepLog().log, clock: Date, signal });

  it('ends a pause at once with its reason', async () => {
    await using server = await listen(answer(503, '', { 'retry-after': '200' }));
    const controller = new AbortController();
    const sent = realWait(controller.signal).send({ method: 'GET', url: server.url });
    const reason = new Error('interrupted');
    await expect.poll(() => server.seen.length).toBe(1);
    controller.abort(reason);
    await expect(sent).rejects.toBe(reason);
  });

  it('ends a request under way, and those that queue behind it', async () => {
    await using server = await listen(hang);
    const controller = new AbortController();
    const http = realWait(controller.signal);
    const sent = Array.from({ length: 9 }, () => http.send({ method: 'GET', url: server.url }));
    await expect.poll(() => server.seen.length).toBe(4);
    const reason = new Error('interrupted');
    controller.abort(reason);
    const ends = await Promise.allSettled(sent);
    expect(ends.every((end) => end.status === 'rejected' && end.reason === reason)).toBe(true);
    expect(server.seen).toHaveLength(4);
  });
});

describe('budget', () => {
  it('stops at the share of the limit that the remote system tells', async () => {
    await using server = await listen(answer(200, '', { 'x-used': '40' }));
    const { http } = quickHttp({ budgetShare: 0.03 });
    for (let call = 0; call < 3; call += 1) await http.send({ method: 'GET', url: server.url });
    const sent = http.send({ method: 'GET', url: server.url });
    await expect(sent).rejects.toEqual(failure('stopped', /3 calls of 3 \(3 % of the daily limit of 100\)/));
    await expect(sent).rejects.toMatchObject({ where: 'sales apiBudget' });
    expect(http.usage).toEqual({ calls: 3, used: 40, limit: 100, resetsAt: null });
  });

  it('counts the calls of earlier runs of the day, and tells its own before they are made', async () => {
    await using server = await listen(answer(200, '', { 'x-used': '40' }));
    const told: number[] = [];
    const { http } = quickHttp({
      budgetShare: 0.5,
      spentCalls: 38,
      tellCalls: (calls) => void told.push(calls),
    });
    for (let call = 0; call < 12; call += 1) await http.send({ method: 'GET', url: server.url });
    const sent = http.send({ method: 'GET', url: server.url });
    await expect(sent).rejects.toEqual(
      failure('stopped', /50 calls of 50 .*, 38 of them by earlier runs of the day/),
    );
    expect(told).toEqual([10, 10]);
  });

  it('stops at a number of calls, repeats included', async () => {
    await using server = await listen(answer(503));
    const sent = quickHttp({ maxCalls: 2 }).http.send({ method: 'GET', url: server.url });
    await expect(sent).rejects.toEqual(failure('stopped', /2 calls of 2/));
    expect(server.seen).toHaveLength(2);
  });
});

describe('safety', () => {
  it('sends plain http to this machine only', async () => {
    const sent = quickHttp().http.send({ method: 'GET', url: 'http://crm.example.com/a' });
    await expect(sent).rejects.toEqual(failure('config', /plain http is allowed to this machine only/));
  });

  it('follows a redirect within the origin and hands over any other', async () => {
    await using server = await listen(
      answer(302, '', { location: '/b' }),
      answer(200, 'b'),
      answer(302, '', { location: 'https://elsewhere.example.com/' }),
    );
    const { http } = quickHttp();
    expect((await http.send({ method: 'GET', url: `${server.url}/a` })).text).toBe('b');
    const other = await http.send({ method: 'GET', url: server.url, headers: { authorization: 'Bearer x' } });
    expect(other.status).toBe(302);
    expect(server.seen).toHaveLength(3);
  });

  it('logs one line per attempt without query, headers, body or tokens', async () => {
    await using server = await listen(answer(503), answer(200, 'answer-secret'));
    const { http, lines } = quickHttp();
    await http.send({
      method: 'PUT',
      url: `${server.url}/oauth/refresh-tokens/path-secret?key=query-secret`,
      headers: { authorization: 'Bearer header-secret' },
      body: 'body-secret',
    });
    expect(lines.map((line) => line.event)).toEqual(['http', 'http']);
    expect(lines[0]?.fields).toMatchObject({ method: 'PUT', path: '/oauth/refresh-tokens/…', status: 503 });
    expect(JSON.stringify(lines)).not.toMatch(/secret/);
  });

  it('does not show a header that HTTP forbids', async () => {
    const sent = quickHttp().http.send({
      method: 'GET',
      url: 'http://127.0.0.1:1',
      headers: { authorization: 'Bearer se\ncret' },
    });
    const error = await sent.catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(RunError);
    expect(`${error}${JSON.stringify(error)}`).not.toMatch(/cret/);
    expect(error).toMatchObject({ kind: 'config', message: expect.stringMatching(/authorization header/) });
  });
});
