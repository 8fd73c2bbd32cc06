import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { browserCommand, openBrowser } from '../../src/cli/browser.ts';
import { readPasted } from '../../src/cli/pasted-answer.ts';
import { startRedirectServer } from '../../src/cli/redirect-server.ts';

describe('the browser', () => {
  it.each([
    [{ DISPLAY: ':0' }, 'linux', ['xdg-open']],
    [{}, 'linux', null],
    [{}, 'darwin', ['open']],
    [{ SSH_CONNECTION: '10.0.0.1' }, 'darwin', null],
    [{ SSH_TTY: '/dev/pts/1', DISPLAY: ':10' }, 'linux', ['xdg-open']],
    [{ BROWSER: 'firefox --new-window' }, 'linux', ['firefox', '--new-window']],
  ] as const)('with %j on %s is opened by %j', (env, platform, command) => {
    expect(browserCommand(env, platform)).toEqual(command);
  });

  it('gets the address whole, with nothing read by a shell', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'browser-'));
    const seen = join(folder, 'seen.json');
    const script = join(folder, 'browser.mjs');
    await writeFile(
      script,
      `import { writeFileSync } from 'node:fs'; writeFileSync(${JSON.stringify(seen)}, JSON.stringify(process.argv.slice(2)));`,
    );
    const url = 'https://login.example/authorize?a=1&b=$(touch x);c';
    expect(await openBrowser(url, { BROWSER: `${process.execPath} ${script}` })).toBe(true);
    await vi.waitFor(async () => expect(JSON.parse(await readFile(seen, 'utf8'))).toEqual([url]), 5000);
    await rm(folder, { recursive: true });
  });

  it('that is not there is no failure', async () => {
    expect(await openBrowser('https://login.example', { BROWSER: '/no/such/browser' })).toBe(false);
  });
});

describe('the redirect server', () => {
  it('takes one answer and tells later ones so', async () => {
    await using server = await startRedirectServer(0, 'state-1');
    const target = `${server.redirectUri}?code=c%3D%3D&state=state-1`;
    expect((await fetch(target)).status).toBe(200);
    expect((await server.answer).get('code')).toBe('c==');
    expect((await fetch(target)).status).toBe(410);
  });

  it('ends although a browser holds a connection that it opened ahead of need', async () => {
    const server = await startRedirectServer(0, 's');
    const socket = connect(Number(new URL(server.redirectUri).port), '127.0.0.1');
    await once(socket, 'connect');
    expect((await fetch(`${server.redirectUri}?code=c&state=s`)).status).toBe(200);
    await server.answer;
    await server[Symbol.asyncDispose]();
    socket.destroy();
  });

  it('names the port that is taken and how to use another', async () => {
    await using server = await startRedirectServer(0, 's');
    const port = Number(new URL(server.redirectUri).port);
    await expect(startRedirectServer(port, 's')).rejects.toMatchObject({
      kind: 'usage',
      where: `--port ${port}`,
      fix: expect.stringContaining(`--port ${port + 1}`),
    });
  });
});

describe('a pasted address', () => {
  it.each([
    'http://localhost:8737/callback?code=c%3D&state=s',
    '  "http://localhost:8737/callback?state=s&code=c%3D#_=_"  ',
    'code=c%3D&state=s',
  ])('is read from %s', (text) => {
    const pasted = readPasted(text, 's');
    expect('answer' in pasted && pasted.answer.get('code')).toBe('c=');
  });

  it.each(['', 'https://acme.my.salesforce.com/', 'http://localhost:8737/callback?code=c&state=other', 'c'])(
    'is refused when it is %j',
    (text) => expect(readPasted(text, 's')).toHaveProperty('problem'),
  );
});
