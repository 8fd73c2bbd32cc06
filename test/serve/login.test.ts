import { scryptSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { monthOf, now, openDesk } from '../report/company.ts';
import { openDashboard } from './dashboard.ts';

const password = 'correct horse battery';
/** Cheaper than the program makes it, so that the tests are quick. */
const passwordHash = `scrypt$1024$8$1$${Buffer.from('salt').toString('base64url')}$${scryptSync(password, 'salt', 32, { N: 1024 }).toString('base64url')}`;
const token = 'a-token-of-at-least-twenty-characters';
const results = [monthOf('2026-10')];

async function openWithLogin() {
  const fixture = await openDesk({ results });
  let time = now;
  const { ask } = openDashboard(fixture, {
    credentials: { passwordHash, token },
    publicUrl: 'https://kpi.example.com',
    now: () => time,
  });
  const login = async (given: string, over: { csrf?: string; next?: string; origin?: string } = {}) => {
    const form = await ask('/login');
    const cookie = form.headers.get('set-cookie')?.split(';')[0] ?? '';
    const csrf = /name="csrf" value="([^"]+)"/.exec(await form.text())?.[1] ?? '';
    return ask('/login', {
      method: 'POST',
      headers: {
        cookie,
        origin: over.origin ?? 'http://127.0.0.1:8080',
        'content-type': 'application/x-www-form-urlencoded',
      },
      body: new URLSearchParams({
        csrf: over.csrf ?? csrf,
        next: over.next ?? '/findings',
        password: given,
      }).toString(),
    });
  };
  const pass = (ms: number) => {
    time += ms;
  };
  return { ask, login, pass, [Symbol.asyncDispose]: () => fixture[Symbol.asyncDispose]() };
}

const sessionOf = (response: Response) =>
  response.headers.getSetCookie().find((cookie) => cookie.startsWith('crmkpi_session=')) ?? '';

describe('the login', () => {
  it('stands before every page and file', async () => {
    await using dashboard = await openWithLogin();
    for (const path of ['/', '/kpi/win_rate', '/operations', '/files/overview.csv', '/metrics', '/nowhere']) {
      const response = await dashboard.ask(path);
      expect(response.status, path).toBe(303);
      expect(response.headers.get('location')).toBe(`/login?next=${encodeURIComponent(path)}`);
      expect((await dashboard.ask(path, { headers: { accept: 'application/json' } })).status).toBe(401);
    }
  });

  it('opens a session by the password, in a cookie that no script reads', async () => {
    await using dashboard = await openWithLogin();
    const response = await dashboard.login(password);
    expect(response.status).toBe(303);
    expect(response.headers.get('location')).toBe('/findings');
    const cookie = sessionOf(response);
    expect(cookie).toMatch(/; Max-Age=43200; Path=\/; HttpOnly; Secure; SameSite=Lax/);
    const page = await dashboard.ask('/', { headers: { cookie: cookie.split(';')[0] ?? '' } });
    expect(page.status).toBe(200);
    const text = await page.text();
    for (const secret of [password, passwordHash, token]) expect(text).not.toContain(secret);
  });

  it('ends with the session, and after twelve hours', async () => {
    await using dashboard = await openWithLogin();
    const cookie = sessionOf(await dashboard.login(token)).split(';')[0] ?? '';
    const page = await (await dashboard.ask('/', { headers: { cookie } })).text();
    const csrf = /action="\/logout"><input type="hidden" name="csrf" value="([^"]+)"/.exec(page)?.[1] ?? '';
    const leave = (value: string) =>
      dashboard.ask('/logout', {
        method: 'POST',
        headers: { cookie, 'content-type': 'application/x-www-form-urlencoded' },
        body: new URLSearchParams({ csrf: value }).toString(),
      });
    await leave('forged');
    expect((await dashboard.ask('/', { headers: { cookie } })).status).toBe(200);
    await leave(csrf);
    expect((await dashboard.ask('/', { headers: { cookie } })).status).toBe(303);
    const other = sessionOf(await dashboard.login(password)).split(';')[0] ?? '';
    dashboard.pass(12 * 3_600_000);
    expect((await dashboard.ask('/', { headers: { cookie: other } })).status).toBe(303);
  });

  it('lets a program in by its token', async () => {
    await using dashboard = await openWithLogin();
    const by = (given: string) =>
      dashboard.ask('/files/overview.csv', { headers: { authorization: `Bearer ${given}` } });
    expect((await by(token)).status).toBe(200);
    expect((await by(`${token}x`)).status).toBe(303);
  });

  it('refuses a wrong password, a forged form and another origin', async () => {
    await using dashboard = await openWithLogin();
    expect((await dashboard.login('wrong')).status).toBe(401);
    expect((await dashboard.login(password, { csrf: 'forged' })).status).toBe(403);
    expect((await dashboard.login(password, { origin: 'https://evil.example' })).status).toBe(403);
  });

  it('leads nowhere else', async () => {
    await using dashboard = await openWithLogin();
    for (const next of ['//evil.example', '/\\evil.example', 'https://evil.example', 'javascript:alert(1)']) {
      expect((await dashboard.login(password, { next })).headers.get('location'), next).toBe('/');
    }
  });

  it('makes guessing slow: after five wrong passwords even the right one waits', async () => {
    await using dashboard = await openWithLogin();
    for (let attempt = 0; attempt < 5; attempt += 1) await dashboard.login('wrong');
    const refused = await dashboard.login(password);
    expect(refused.status).toBe(429);
    expect(refused.headers.get('retry-after')).toBe('2');
    dashboard.pass(2000);
    expect((await dashboard.login('wrong again')).status).toBe(401);
    expect((await dashboard.login(password)).headers.get('retry-after')).toBe('4');
    dashboard.pass(4000);
    expect((await dashboard.login(password)).status).toBe(303);
  });
});
