import { createApp, type Dashboard } from '../../src/serve/app.ts';
import type { DeskFixture } from '../report/company.ts';
import { now } from '../report/company.ts';

export const browser = { browser: null, path: '', signal: new AbortController().signal };

/** A dashboard that is asked without a network. */
export function openDashboard({ desk }: Pick<DeskFixture, 'desk'>, over: Partial<Dashboard> = {}) {
  const bugs: unknown[] = [];
  const app = createApp({
    desk: () => desk,
    language: 'en',
    timeZone: 'Europe/Madrid',
    accounts: async () => ['Talvera'],
    credentials: { passwordHash: null, token: null },
    publicUrl: null,
    browser,
    now: () => now,
    addressOf: () => '10.0.0.9',
    reportBug: (error) => bugs.push(error),
    plain: {},
    ...over,
  });
  const ask = (path: string, init: RequestInit = {}) =>
    app.request(`http://127.0.0.1:8080${path}`, {
      ...init,
      headers: { host: '127.0.0.1:8080', accept: 'text/html', ...init.headers },
    });
  return { ask, bugs };
}
