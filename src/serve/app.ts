import { type Context, Hono } from 'hono';
import { html } from 'hono/html';
import { RunError } from '../model/errors.ts';
import type { Language } from '../model/kpi.ts';
import type { Desk } from '../report/desk.ts';
import { createFormat } from '../report/format.ts';
import { layout, type PageBody } from '../report/layout.ts';
import type { ReportFile } from '../report/make-report.ts';
import { messagePage } from '../report/message-page.ts';
import type { PageContext } from '../report/page-context.ts';
import type { PdfMaker } from '../report/pdf-file.ts';
import { styleSheet } from '../report/style.ts';
import { createTeller } from '../report/technical.ts';
import { kpiFile, overviewFile, parseFileName, reportFile } from './files.ts';
import { documentPolicy, isOwnHost, protect } from './headers.ts';
import { inTurn } from './in-turn.ts';
import { addLogin, type Credentials, findSession, type LoginParts, needsLogin } from './login.ts';
import {
  makeFindings,
  makeKpi,
  makeOperations,
  makeOverview,
  makeRecords,
  makeReports,
  makeReview,
} from './pages.ts';
import { type PageQuery, readQuery, readReportQuery } from './query.ts';
import { createAttemptLimit, createSessions } from './sessions.ts';

export interface Dashboard {
  /** Made anew for each request: time goes on. */
  readonly desk: () => Desk;
  readonly language: Language;
  readonly timeZone: string;
  readonly accounts: () => Promise<readonly string[]>;
  readonly credentials: Credentials;
  /** The address under which others see it, where a proxy stands before it. */
  readonly publicUrl: string | null;
  readonly browser: Pick<PdfMaker, 'browser' | 'path' | 'signal'>;
  readonly now: () => number;
  readonly addressOf: (c: Context) => string;
  /** With the path of the page. */
  readonly reportBug: (error: unknown, path: string) => void;
  /** Further paths that only read: health, metrics. */
  readonly plain: Readonly<
    Record<
      string,
      () => Promise<{ readonly body: string; readonly contentType: string; readonly status: 200 | 503 }>
    >
  >;
}

const icon =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="7" fill="#185a86"/><path d="M6 22 13 14l5 4 8-10" fill="none" stroke="#fff" stroke-width="3.2" stroke-linecap="round" stroke-linejoin="round"/></svg>';
const forEver = 'public, max-age=31536000, immutable';
const openPaths = new Set(['/login', '/style.css', '/icon.svg', '/healthz']);

/** The dashboard. Nothing behind it can write: its only forms ask, sign in and sign out. */
export function createApp(dashboard: Dashboard): Hono {
  const app = new Hono();
  const login: LoginParts = {
    ...dashboard,
    sessions: createSessions(),
    attempts: createAttemptLimit(),
    isSecure: dashboard.publicUrl?.startsWith('https:') ?? false,
  };
  const publicHost = dashboard.publicUrl === null ? null : new URL(dashboard.publicUrl).host;
  const hasLogin = needsLogin(dashboard.credentials);
  app.use('/files/*', async (c, next) => {
    await next();
    if (c.res.headers.get('Content-Disposition')?.startsWith('inline'))
      c.res.headers.set('Content-Security-Policy', documentPolicy);
  });
  app.use(protect());
  app.use(async (c, next) => {
    if (!hasLogin && !isOwnHost(c.req.header('host'), publicHost)) return c.text('Unknown host', 421);
    if (hasLogin && !openPaths.has(c.req.path) && !findSession(c, login)) return askToSignIn(c);
    c.header('Cache-Control', 'no-store');
    return next();
  });
  app.get('/style.css', (c) =>
    c.body(styleSheet, 200, { 'Content-Type': 'text/css; charset=utf-8', 'Cache-Control': forEver }),
  );
  app.get('/icon.svg', (c) =>
    c.body(icon, 200, { 'Content-Type': 'image/svg+xml', 'Cache-Control': forEver }),
  );
  if (hasLogin) addLogin(app, login);
  for (const [path, answer] of Object.entries(dashboard.plain)) {
    app.get(path, async (c) => {
      const { body, contentType, status } = await answer();
      return c.body(body, status, { 'Content-Type': contentType });
    });
  }
  addPages(app, { dashboard, login });
  addFiles(app, { dashboard, login });
  app.notFound(async (c) => showMissing(c, await open(c, { dashboard, login })));
  app.onError((error, c) => showError(c, error, { dashboard, login }));
  return app;
}

function askToSignIn(c: Context): Response {
  if (c.req.method !== 'GET' || !c.req.header('accept')?.includes('text/html'))
    return c.text('Sign in first', 401);
  const url = new URL(c.req.url);
  return c.redirect(`/login?${new URLSearchParams({ next: `${url.pathname}${url.search}` })}`, 303);
}

interface Parts {
  readonly dashboard: Dashboard;
  readonly login: LoginParts;
}

/** What every page needs of a request. */
interface Opened {
  readonly desk: Desk;
  readonly query: PageQuery;
  readonly params: URLSearchParams;
  readonly context: PageContext;
}

async function open(c: Context, { dashboard, login }: Parts): Promise<Opened> {
  const params = new URL(c.req.url).searchParams;
  const query = readQuery(params, dashboard.language);
  const { selection, theme, refreshS } = query;
  const session = needsLogin(dashboard.credentials) ? findSession(c, login) : null;
  const context = {
    format: createFormat(selection.language, dashboard.timeZone),
    selection,
    theme,
    refreshS,
    path: c.req.path,
    accounts: await dashboard.accounts(),
    csrf: session?.csrf || null,
  };
  if (refreshS !== null) c.header('Refresh', String(refreshS));
  return { desk: dashboard.desk(), query, params, context };
}

function addPages(app: Hono, parts: Parts): void {
  const page = (path: string, make: (opened: Opened, c: Context) => Promise<PageBody | null> | PageBody) =>
    app.get(path, async (c) => {
      const begun = performance.now();
      const opened = await open(c, parts);
      if ((await opened.desk.reader.latestEvaluation(opened.desk.asOf)) === null && path !== '/operations')
        return showEmpty(c, opened);
      const body = await make(opened, c);
      if (body === null) return showMissing(c, opened);
      const text = String(await layout(opened.context, body));
      c.header('Server-Timing', `app;dur=${(performance.now() - begun).toFixed(1)}`);
      return c.html(text);
    });
  page('/', async ({ desk, context }) =>
    makeOverview(desk, context, (await desk.reader.latestEvaluation(desk.asOf)) ?? desk.asOf),
  );
  const ofKpi = ({ query }: Opened, c: Context) => ({
    kpi: c.req.param('kpi') ?? '',
    goal: query.goal,
    limit: query.limit,
  });
  page('/kpi/:kpi', (opened, c) => makeKpi(opened.desk, opened.context, ofKpi(opened, c)));
  page('/kpi/:kpi/records', (opened, c) => makeRecords(opened.desk, opened.context, ofKpi(opened, c)));
  page('/findings', ({ desk, context }) => makeFindings(desk, context));
  page('/review', ({ desk, context, query }) => makeReview(desk, context, query.id));
  page('/operations', ({ desk, context }) => makeOperations(desk, context));
  page('/reports', ({ desk, context, params, query }) =>
    makeReports(desk, context, readReportQuery(params, query.selection.language)),
  );
}

function addFiles(app: Hono, parts: Parts): void {
  const { browser } = parts.dashboard;
  // A browser for each PDF: not many at a time.
  const printInTurn = inTurn((print: () => Promise<ReportFile | null>) => print());
  const file = (
    path: string,
    make: (
      opened: Opened,
      name: { name: string; format: 'html' | 'pdf' | 'xlsx' | 'csv' },
    ) => Promise<ReportFile | null>,
  ) =>
    app.get(path, async (c) => {
      const opened = await open(c, parts);
      const name = parseFileName(c.req.param('file') ?? '');
      const print = () => (name ? make(opened, name) : Promise.resolve(null));
      const made = await (name?.format === 'pdf' ? printInTurn(print) : print());
      if (!name || !made) return showMissing(c, opened);
      const disposition = name.format === 'html' ? 'inline' : 'attachment';
      const ascii = name.name.replace(/[^\w.-]/g, '_');
      return c.body(new Uint8Array(made.body), 200, {
        'Content-Type': made.contentType,
        'Content-Disposition': `${disposition}; filename="${ascii}.${name.format}"`,
      });
    });
  const maker = ({ desk, context }: Opened) => ({ desk, context, pdf: browser });
  file('/files/kpi/:file', (opened, { name, format }) =>
    kpiFile(maker(opened), { kpi: name, goal: opened.query.goal }, format),
  );
  file('/files/:file', async (opened, { name, format }) => {
    if (name === 'overview') return overviewFile(maker(opened), format);
    if (name !== 'report') return null;
    const request = readReportQuery(opened.params, opened.query.selection.language);
    return reportFile(maker(opened), { name: opened.params.get('name'), request }, format);
  });
}

async function showMissing(c: Context, { context }: Opened): Promise<Response> {
  const { error } = context.format.say;
  return c.html(
    await layout(context, messagePage(context, { title: error.notFound, text: error.notFoundWhy })),
    404,
  );
}

async function showEmpty(c: Context, { context }: Opened): Promise<Response> {
  const { nothing, nothingFix } = context.format.say.overview;
  return c.html(await layout(context, messagePage(context, { title: nothing, text: nothingFix })));
}

/** A RunError says what to do; of a bug only the log tells more. */
async function showError(c: Context, error: Error, parts: Parts): Promise<Response> {
  if (!(error instanceof RunError)) parts.dashboard.reportBug(error, c.req.path);
  // Whatever is broken may be what names the accounts.
  const { context, desk } = await open(c, parts).catch(() =>
    open(c, { ...parts, dashboard: { ...parts.dashboard, accounts: async () => [] } }),
  );
  const { title, bug } = context.format.say.error;
  const tell = createTeller(context.format, await desk.spanish());
  const text = error instanceof RunError ? html`${tell(error.message)} ${tell(error.fix)}` : bug;
  return c.html(await layout(context, messagePage(context, { title, text })), 500);
}
