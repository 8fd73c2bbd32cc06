import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openTokenStore } from '../../src/config/tokens.ts';
import { holdFile } from '../../src/store/hold-file.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tokens-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const token = 'refresh-token-of-a-customer';
const base64Key = Buffer.alloc(32, 7).toString('base64');

function open(secret: string | null = null, connection = 'sales') {
  const options = { patienceMs: 200, signal: new AbortController().signal, what: 'the sign-in' };
  return openTokenStore({
    folder,
    connection,
    secret: () => Promise.resolve(secret),
    hold: (path, work) => holdFile(path, options, work),
  });
}
const path = (name: string) => join(folder, name);
const modeOf = async (name: string) => ((await stat(path(name))).mode & 0o777).toString(8);

describe('the token store', () => {
  it('gives back what was kept, and null before', async () => {
    expect(await open().read()).toBeNull();
    await open().write(token);
    expect(await open().read()).toBe(token);
    await open().write('next');
    expect(await open().read()).toBe('next');
  });

  it.each([
    ['base64', base64Key],
    ['hexadecimal', 'ab'.repeat(32)],
    ['a passphrase', 'correct horse battery staple'],
  ])('takes a key in %s and makes no key file', async (_form, secret) => {
    await open(secret).write(token);
    expect(await open(secret).read()).toBe(token);
    expect(await readdir(folder)).toEqual(['tokens']);
  });

  it('keeps nothing readable, neither the token nor the key', async () => {
    await open(base64Key).write(token);
    const kept = await readFile(path('tokens/sales.json'), 'utf8');
    expect(kept).not.toContain(token);
    expect(kept).not.toContain(base64Key);
    expect([await modeOf('tokens/sales.json'), await modeOf('tokens')]).toEqual(['600', '700']);
  });

  it('makes a key file that only its owner reads', async () => {
    await open().write(token);
    expect(await modeOf('token.key')).toBe('600');
  });

  it('ends with one key when many connections make it at once', async () => {
    const names = ['a', 'b', 'c', 'd', 'e'];
    await Promise.all(names.map((name) => open(null, name).write(name)));
    expect(await Promise.all(names.map((name) => open(null, name).read()))).toEqual(names);
    expect((await readdir(folder)).toSorted()).toEqual(['token.key', 'tokens']);
  });

  it('refuses a key file that others can read', async () => {
    await open().write(token);
    await chmod(path('token.key'), 0o640);
    await expect(open().read()).rejects.toMatchObject({
      kind: 'config',
      where: path('token.key'),
      message: expect.stringContaining('mode 0640'),
      fix: expect.stringContaining('chmod 600'),
    });
  });

  it('reads what was kept under the key file after CRM_KPI_KEY is set, and moves it with the next write', async () => {
    await open().write(token);
    expect(await open(base64Key).read()).toBe(token);
    await open(base64Key).write(token);
    await rm(path('token.key'));
    expect(await open(base64Key).read()).toBe(token);
  });

  it('names another key as the reason, not damage', async () => {
    await open(base64Key).write(token);
    await expect(open('another passphrase of mine').read()).rejects.toMatchObject({
      kind: 'auth',
      message: expect.stringContaining('another key'),
      fix: expect.stringContaining('crm-kpi connect sales'),
    });
  });

  it('refuses a short passphrase without repeating it', async () => {
    const error = await open('hunter2')
      .write(token)
      .catch((caught: unknown) => caught);
    expect(error).toMatchObject({ kind: 'config', where: 'CRM_KPI_KEY' });
    expect(String(error)).not.toContain('hunter2');
  });

  it.each([
    ['cut off', (text: string) => text.slice(0, 40)],
    ['empty', () => ''],
    ['changed', (text: string) => text.replace(/"text":"..../, '"text":"AAAA')],
    ['without its seal', (text: string) => text.replace(/"tag":"[^"]*"/, '"tag":"AAAAAAAAAAAAAAAAAAAAAA=="')],
  ])('tells a person to sign in again when the file is %s', async (_what, spoil) => {
    await open(base64Key).write(token);
    await writeFile(path('tokens/sales.json'), spoil(await readFile(path('tokens/sales.json'), 'utf8')));
    await expect(open(base64Key).read()).rejects.toMatchObject({
      kind: 'auth',
      message: 'The stored sign-in of sales is damaged and cannot be used.',
      fix: 'Sign in again: crm-kpi connect sales',
    });
    await open(base64Key).write(token);
    expect(await open(base64Key).read()).toBe(token);
  });

  it('does not take the file of one connection for another', async () => {
    await open(base64Key, 'sales').write(token);
    await writeFile(path('tokens/other.json'), await readFile(path('tokens/sales.json')));
    await expect(open(base64Key, 'other').read()).rejects.toMatchObject({ kind: 'auth' });
  });

  it('lets one at a time in, and goes on after a failure', async () => {
    const store = open();
    const seen: string[] = [];
    const visit = (name: string) =>
      store.exclusively(async () => {
        seen.push(`${name} in`);
        await store.read();
        seen.push(`${name} out`);
        if (name === 'a') throw new Error('a fails');
      });
    await Promise.allSettled([visit('a'), visit('b')]);
    expect(seen).toEqual(['a in', 'a out', 'b in', 'b out']);
  });

  it('stops with a reason when another one never ends', async () => {
    const end = Promise.withResolvers<void>();
    const holding = open().exclusively(() => end.promise);
    await expect(open().exclusively(() => Promise.resolve())).rejects.toMatchObject({ kind: 'stopped' });
    end.resolve();
    await holding;
  });
});
