import { describe, expect, it } from 'vitest';
import type { HttpStream } from '../../src/model/http.ts';
import { type Answer, answer, hang, listen, quickHttp, reset } from './listen.ts';

async function readText(stream: HttpStream): Promise<string> {
  let text = '';
  for await (const chunk of stream.chunks) text += new TextDecoder().decode(chunk);
  return text;
}

const begin =
  (after: (socket: { destroy(): void }) => void): Answer =>
  (request, response) => {
    response.writeHead(200);
    response.write('first,', () => after(request.socket));
  };

describe('stream', () => {
  it('gives the chunks of a large body as they arrive', async () => {
    const body = 'abcdefgh'.repeat(100_000);
    await using server = await listen(answer(200, body, { 'X-Next': '7' }));
    const stream = await quickHttp().http.stream({ method: 'GET', url: server.url });
    expect(stream.headers['x-next']).toBe('7');
    expect(await readText(stream)).toBe(body);
  });

  it('tries again until the first chunk', async () => {
    await using server = await listen(reset, answer(503), hang, answer(200, 'a,b'));
    const stream = await quickHttp().http.stream({ method: 'GET', url: server.url, timeoutMs: 150 });
    expect(await readText(stream)).toBe('a,b');
    expect(server.seen).toHaveLength(4);
  });

  it('reports a body that breaks off or stalls after that', async () => {
    await using server = await listen(
      begin((socket) => socket.destroy()),
      begin(() => {}),
    );
    const { http } = quickHttp();
    const request = { method: 'GET', url: server.url, timeoutMs: 150 } as const;
    const broken = http.stream(request).then(readText);
    await expect(broken).rejects.toMatchObject({
      kind: 'remote',
      message: expect.stringMatching(/broke off/),
    });
    const stalled = http.stream(request).then(readText);
    await expect(stalled).rejects.toMatchObject({ kind: 'remote', message: expect.stringMatching(/within/) });
  });

  it('ends with the reason of an abort', async () => {
    await using server = await listen(begin(() => {}));
    const controller = new AbortController();
    const stream = await quickHttp({ signal: controller.signal }).http.stream({
      method: 'GET',
      url: server.url,
    });
    const reading = readText(stream);
    const reason = new Error('interrupted');
    controller.abort(reason);
    await expect(reading).rejects.toBe(reason);
  });

  it('gives a refusal as its only chunk', async () => {
    await using server = await listen(answer(404, 'no such job'));
    const stream = await quickHttp().http.stream({ method: 'GET', url: server.url });
    expect([stream.status, await readText(stream)]).toEqual([404, 'no such job']);
  });
});
