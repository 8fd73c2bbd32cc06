import type { Context, Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { deleteCookie, getCookie, setCookie } from 'hono/cookie';
import { loginPage } from '../report/message-page.ts';
import { words } from '../report/words.ts';
import { inTurn } from './in-turn.ts';
import { equalSecrets, verifyPassword } from './password.ts';
import { readQuery } from './query.ts';
import {
  type AttemptLimit,
  loginFormSeconds,
  newSecret,
  type Session,
  type Sessions,
  sessionSeconds,
} from './sessions.ts';

/** Either is enough to sign in; none of them: nobody has to. */
export interface Credentials {
  /** As `crm-kpi serve --hash-password` prints it. */
  readonly passwordHash: string | null;
  readonly token: string | null;
}

export interface LoginParts {
  readonly credentials: Credentials;
  readonly sessions: Sessions;
  readonly attempts: AttemptLimit;
  readonly language: 'en' | 'es';
  /** Cookies only over https: where the public address says so. */
  readonly isSecure: boolean;
  readonly now: () => number;
  readonly addressOf: (c: Context) => string;
}

const sessionCookie = 'crmkpi_session';
const formCookie = 'crmkpi_form';

/** Bytes of a form: a password and where to go then. */
const longestForm = 16_384;

export function needsLogin({ passwordHash, token }: Credentials): boolean {
  return passwordHash !== null || token !== null;
}

/** By the cookie of a session, or a program by its token. */
export function findSession(c: Context, { credentials, sessions, now }: LoginParts): Session | null {
  const bearer = /^Bearer (.+)$/i.exec(c.req.header('authorization') ?? '')?.[1];
  if (bearer && credentials.token !== null && equalSecrets(bearer, credentials.token))
    return { id: '', csrf: '' };
  return sessions.find(getCookie(c, sessionCookie), now());
}

export function addLogin(app: Hono, parts: LoginParts): void {
  // Checking a password takes memory on purpose.
  const verifyInTurn = inTurn((given: string) => isRight(given, parts.credentials));
  app.post('*', bodyLimit({ maxSize: longestForm, onError: (c) => c.text('Too long', 413) }));
  app.get('/login', (c) =>
    showForm(c, parts, { next: ownPath(c.req.query('next')), problem: null, status: 200 }),
  );

  app.post('/login', async (c) => {
    const form = await c.req.parseBody();
    const next = ownPath(String(form.next ?? '/'));
    const say = words[lookOf(next, parts).language].login;
    const retry = (problem: string, status: 403 | 401 | 429) => showForm(c, parts, { next, problem, status });
    const expected = getCookie(c, formCookie);
    if (!expected || !isSameOrigin(c) || !equalSecrets(String(form.csrf ?? ''), expected))
      return retry(say.expired, 403);
    const address = parts.addressOf(c);
    const waitMs = parts.attempts.waitMs(address, parts.now());
    if (waitMs > 0) {
      const seconds = String(Math.ceil(waitMs / 1000));
      c.header('Retry-After', seconds);
      return retry(say.wait(seconds), 429);
    }
    if (!(await verifyInTurn(String(form.password ?? '')))) {
      parts.attempts.fail(address, parts.now());
      return retry(say.wrong, 401);
    }
    parts.attempts.succeed(address);
    deleteCookie(c, formCookie);
    setCookie(c, sessionCookie, parts.sessions.create(parts.now()).id, cookieOptions(parts, sessionSeconds));
    return c.redirect(next, 303);
  });

  app.post('/logout', async (c) => {
    const session = findSession(c, parts);
    const form = await c.req.parseBody();
    if (session && isSameOrigin(c) && equalSecrets(String(form.csrf ?? ''), session.csrf)) {
      parts.sessions.end(session.id);
      deleteCookie(c, sessionCookie);
    }
    return c.redirect('/login', 303);
  });
}

interface FormState {
  readonly next: string;
  readonly problem: string | null;
  readonly status: 200 | 401 | 403 | 429;
}

async function showForm(
  c: Context,
  parts: LoginParts,
  { next, problem, status }: FormState,
): Promise<Response> {
  const csrf = newSecret();
  setCookie(c, formCookie, csrf, cookieOptions(parts, loginFormSeconds));
  const { language, theme } = lookOf(next, parts);
  return c.html(await loginPage({ say: words[language], csrf, next, problem, language, theme }), status);
}

/** In the language and appearance of the page that was asked for. */
function lookOf(next: string, { language }: Pick<LoginParts, 'language'>) {
  const { selection, theme } = readQuery(new URL(next, 'http://localhost').searchParams, language);
  return { language: selection.language, theme };
}

function cookieOptions({ isSecure }: LoginParts, maxAge: number) {
  return { httpOnly: true, sameSite: 'Lax', secure: isSecure, path: '/', maxAge } as const;
}

async function isRight(given: string, { passwordHash, token }: Credentials): Promise<boolean> {
  if (token !== null && equalSecrets(given, token)) return true;
  return passwordHash !== null && (await verifyPassword(given, passwordHash));
}

function isSameOrigin(c: Context): boolean {
  const origin = c.req.header('origin');
  if (origin === undefined || origin === 'null') return c.req.header('sec-fetch-site') !== 'cross-site';
  return URL.canParse(origin) && new URL(origin).host === c.req.header('host');
}

/** Only a path of ours: `//elsewhere` and `/\elsewhere` would lead away. */
function ownPath(path: string | undefined): string {
  return path && /^\/(?![/\\])/.test(path) && !/[\r\n\t]/.test(path) ? path : '/';
}
