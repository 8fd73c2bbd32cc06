import { scryptSync } from 'node:crypto';
import { Hono } from 'hono';
import { describe, expect, it } from 'vitest';
import { createAddressOf, listen } from '../../src/serve/listen.ts';
import { monthOf, now, openDesk } from '../report/company.ts';
import { openDashboard } from './dashboard.ts';

const password = 'correct horse battery';
const passwordHash = `scrypt$1024$8$1$${Buffer.from('salt').toString('base64url')}$${scryptSync(password, 'salt', 32, { N: 1024 }).toString('base64url')}`;
const results = [monthOf('2026-10')];
const locked = { credentials: { passwordHash, token: null } };

type Ask = ReturnType<typeof openDashboard>['ask'];

async function postLogin(ask: Ask, given: string) {
  const form = await ask('/login');
  const cookie = form.headers.get('set-cookie')?.split(';')[0] ?? '';
  const csrf = /name="csrf" value="([^"]+)"/.exec(await form.text())?.[1] ?? '';
  return ask('/login', {
    method: 'POST',
    headers: { cookie, 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ csrf, next: '/', password: given }).toString(),
  });
}

describe('every answer', () => {
  it.each(['/', '/kpi/win_rate', '/operations', '/reports', '/nowhere', '/style.css'])(
    'forbids scripts, frames and everything from elsewhere: %s',
    async (path) => {
      await using fixture = await openDesk({ results });
      const { headers } = await openDashboard(fixture).ask(path);
      const policy = headers.get('content-security-policy');
      expect(policy).toContain("default-src 'none'");
      expect(policy).not.toContain('unsafe');
      expect(policy).toContain("frame-ancestors 'none'");
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('referrer-policy')).toBe('no-referrer');
      expect(headers.get('cross-origin-resource-policy')).toBe('same-origin');
      expect(headers.get('access-control-allow-origin')).toBeNull();
    },
  );

  it('that shows figures is kept by no cache; what shows none may be', async () => {
    await using fixture = await openDesk({ results });
    const { ask } = openDashboard(fixture);
    for (const path of [
      '/',
      '/kpi/win_rate/records',
      '/files/overview.csv',
      '/files/report.html',
      '/nowhere',
    ])
      expect((await ask(path)).headers.get('cache-control'), path).toBe('no-store');
    expect((await ask('/style.css')).headers.get('cache-control')).toContain('immutable');
  });

  it('names its file without what an address could put into a header', async () => {
    await using fixture = await openDesk({ results });
    const { ask } = openDashboard(fixture);
    const csv = await ask('/files/overview.csv');
    expect(csv.headers.get('content-disposition')).toBe('attachment; filename="overview.csv"');
    const page = await ask('/files/report.html');
    expect(page.headers.get('content-disposition')).toBe('inline; filename="report.html"');
    expect(page.headers.get('content-security-policy')).toMatch(/default-src 'none';.*sandbox/);
    const odd = await ask('/files/kpi/win_rate%22%0d%0aSet-Cookie:x.csv');
    expect([odd.status, odd.headers.get('set-cookie')]).toEqual([404, null]);
  });
});

describe('a name that somebody points at this machine (DNS rebinding)', () => {
  it.each([
    'evil.example',
    'evil.example:8080',
    '127.0.0.1.evil.example:8080',
    'localhost.evil.example',
    'evil.localhost:8080',
    '127.0.0.1:8080.evil.example',
    '[::1].evil.example',
    '',
  ])('reads nothing: %s', async (host) => {
    await using fixture = await openDesk({ results });
    const metrics = async () => ({ body: 'calls 1', contentType: 'text/plain', status: 200 as const });
    const { ask } = openDashboard(fixture, { plain: { '/metrics': metrics } });
    for (const path of ['/', '/files/overview.csv', '/metrics', '/style.css'])
      expect((await ask(path, { headers: { host } })).status, path).toBe(421);
  });

  it('does not shut out this machine’s own names, nor the public one', async () => {
    await using fixture = await openDesk({ results });
    const { ask } = openDashboard(fixture, { publicUrl: 'https://kpi.example.com' });
    for (const host of ['localhost:8080', '127.0.0.1', '[::1]:8080', 'KPI.example.com'])
      expect((await ask('/', { headers: { host } })).status, host).toBe(200);
  });
});

describe('cookies', () => {
  it.each([
    ['https://kpi.example.com', true],
    [null, false],
  ])('are for https alone where the public address says so: %s', async (publicUrl, isSecure) => {
    await using fixture = await openDesk({ results });
    const { ask } = openDashboard(fixture, { ...locked, publicUrl });
    const cookies = [await ask('/login'), await postLogin(ask, password)].flatMap(({ headers }) =>
      headers.getSetCookie().filter((cookie) => !cookie.includes('Max-Age=0')),
    );
    expect(cookies).toHaveLength(2);
    for (const cookie of cookies) {
      expect(cookie).toMatch(/HttpOnly/);
      expect(cookie).toMatch(/SameSite=Lax/);
      expect(/Secure/.test(cookie)).toBe(isSecure);
    }
  });
});

describe('guessing', () => {
  it('is slowed down by address, and for all addresses together', async () => {
    await using fixture = await openDesk({ results });
    let address = '10.0.0.1';
    const { ask } = openDashboard(fixture, { ...locked, addressOf: () => address });
    for (let attempt = 0; attempt < 5; attempt += 1) await postLogin(ask, 'wrong');
    expect((await postLogin(ask, password)).status).toBe(429);
    address = '10.0.0.2';
    expect((await postLogin(ask, password)).status).toBe(303);
    for (let attempt = 0; attempt < 50; attempt += 1) {
      address = `10.1.0.${attempt}`;
      await postLogin(ask, 'wrong');
    }
    address = '10.2.0.1';
    const waiting = await postLogin(ask, password);
    expect(waiting.status).toBe(429);
    expect(Number(waiting.headers.get('retry-after'))).toBeLessThanOrEqual(10);
  });

  it('counts whom a proxy on this machine names last, and nobody’s word without one', async () => {
    const seen: string[] = [];
    for (const isProxied of [true, false]) {
      const addressOf = createAddressOf({ isProxied });
      const app = new Hono().get('/', (c) => c.text(addressOf(c)));
      await using server = await listen(app, { host: '127.0.0.1', port: 0 });
      const answer = await fetch(server.url, { headers: { 'x-forwarded-for': '1.2.3.4, 10.9.8.7' } });
      seen.push(await answer.text());
    }
    expect(seen).toEqual(['10.9.8.7', '127.0.0.1']);
  });

  it('by a form too long to be one is not even read', async () => {
    await using fixture = await openDesk({ results });
    const { ask } = openDashboard(fixture, { ...locked, now: () => now });
    const answer = await ask('/login', {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded', 'content-length': '20000' },
      body: `password=${'x'.repeat(20_000)}`,
    });
    expect(answer.status).toBe(413);
  });
});
