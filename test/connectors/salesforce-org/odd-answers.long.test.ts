import { afterEach, describe, expect, it } from 'vitest';
import type { BulkLimits } from '../../../connectors/salesforce/limits.ts';
import { type SyncReport, sync } from '../../../src/sync/sync.ts';
import { openTempStore, type TempStore } from '../../store/temp-store.ts';
import { openOrg, silentLog } from '../salesforce-org.ts';
import { type OtherOrg, startOtherOrg } from './org.ts';
import { type Answer, html, json, refusal } from './org-answer.ts';
import { deals } from './org-company.ts';
import { answerQuery } from './org-query.ts';
import { type Dialect, purgeRow } from './org-state.ts';

const auth = { flow: 'client_credentials', clientId: 'id', clientSecret: 'secret' } as const;
const signal = new AbortController().signal;
const bulk: BulkLimits = { fromRecords: 100, recordsPerSet: 40, setsAtOnce: 3, pollMs: 1, longestPollMs: 2 };

const opened: AsyncDisposable[] = [];
afterEach(async () => {
  for (const one of opened.splice(0)) await one[Symbol.asyncDispose]();
});

async function start(dialect: Partial<Dialect> = {}): Promise<{ other: OtherOrg; temp: TempStore }> {
  const other = await startOtherOrg(dialect, () => Date.now());
  const temp = await openTempStore();
  opened.push(other, temp);
  return { other, temp };
}

type OpenOptions = NonNullable<Parameters<typeof openOrg>[1]>;

function syncOnce(
  { other, temp }: { other: OtherOrg; temp: TempStore },
  options: OpenOptions = {},
): Promise<SyncReport> {
  const open = () => openOrg(other, { auth, ...options });
  return sync({
    store: temp.store,
    connections: [{ name: 'sales', connector: 'salesforce', open }],
    runId: 1,
    clock: Date,
    log: silentLog,
    signal,
    full: false,
    changedSince: null,
    onProgress() {},
  });
}

/** Answers so many requests whose method, path and query look so with something else. */
function answerWith(other: OtherOrg, sign: RegExp, answer: Answer, times = 1): void {
  for (let count = 0; count < times; count += 1)
    other.faults.push(({ method, path, query }) =>
      sign.test(`${method} ${path}?${query.get('q') ?? ''}`) ? answer : null,
    );
}

const failedOf = ({ streams }: SyncReport) =>
  streams.filter(({ error }) => error !== null).map(({ object }) => object);
const rowsOf = ({ streams }: SyncReport, name: string) =>
  streams.find(({ object }) => object === name)?.rows ?? null;

describe('an object that cannot be described', () => {
  it.each([
    [
      'a feature that is off',
      { status: 403, body: [{ errorCode: 'FUNCTIONALITY_NOT_ENABLED', message: 'no' }] },
    ],
    [
      'an object of another system',
      { status: 400, body: { errorCode: 'EXTERNAL_OBJECT_EXCEPTION', message: 'no' } },
    ],
  ])('is named, and the others are read: %s', async (_, answer) => {
    const org = await start({ broken: new Map([['Campaign', answer]]) });
    const report = await syncOnce(org);
    expect(report.errors).toEqual([]);
    const campaign = report.streams.find(({ object }) => object === 'Campaign');
    expect(campaign?.unavailable).toContain('Salesforce does not show Campaign to this user');
    expect(rowsOf(report, 'Opportunity')).toBe(deals);
  });

  it('fails alone, to be read next time, where Salesforce fails on it', async () => {
    const body = [{ errorCode: 'UNKNOWN_EXCEPTION', message: 'An unexpected error occurred' }];
    const org = await start({ broken: new Map([['Lead', { status: 500, body }]]) });
    const report = await syncOnce(org);
    expect(failedOf(report)).toEqual(['Lead']);
    expect(report.errors).toMatchObject([{ kind: 'remote', where: 'sales Lead' }]);
    expect(rowsOf(report, 'Opportunity')).toBe(deals);
  });

  it('does without the list of objects where this user may not have it', async () => {
    const org = await start();
    answerWith(org.other, /sobjects\/?\?/, refusal(403, 'FUNCTIONALITY_NOT_ENABLED'));
    const report = await syncOnce(org);
    expect(report.errors).toEqual([]);
    expect(rowsOf(report, 'Opportunity')).toBe(deals);
  });

  it('checks the rest, and says which question failed', async () => {
    const { other } = await start();
    const body = [{ errorCode: 'UNKNOWN_EXCEPTION', message: 'An unexpected error occurred' }];
    answerWith(other, /FROM Organization/, json(500, body), 100);
    const connection = await openOrg(other, { auth });
    const checks = [];
    for await (const check of connection.check()) checks.push(check);
    expect(checks[0]).toMatchObject({ check: 'account', ok: false, severity: 'error' });
    expect(checks.find(({ check }) => check === 'permission Opportunity')).toMatchObject({ ok: true });
  });
});

it('ends with an error where nothing can be read at all', async () => {
  const { other } = await start();
  const hidden = new Set([...other.org.objects.keys()].filter((name) => !/^(User|Organization)$/.test(name)));
  const report = await syncOnce(await start({ hidden }));
  expect(report.errors).toMatchObject([
    { kind: 'config', where: 'sales', message: expect.stringContaining('Nothing can be read here.') },
  ]);
});

describe('a question that fails in passing', () => {
  it.each([
    ['as 400', refusal(400, 'SERVER_UNAVAILABLE', 'try again')],
    [
      'with a lock',
      json(400, [{ errorCode: 'UNABLE_TO_LOCK_ROW', message: 'unable to obtain exclusive access' }]),
    ],
    ['as a page for people', html(200)],
    ['after two minutes', json(400, [{ errorCode: 'QUERY_TIMEOUT', message: 'running for too long' }])],
  ])('is asked again: %s', async (_, answer) => {
    const org = await start();
    answerWith(org.other, /FROM CaseStatus/, answer);
    const report = await syncOnce(org);
    expect(report.errors).toEqual([]);
    expect(rowsOf(report, 'CaseStatus')).toBe(2);
    expect(org.other.faults).toEqual([]);
  });
});

describe('pages in another form', () => {
  type Page = Record<string, unknown>;

  /** Changes every answer to a query that looks so. */
  function rewrite(other: OtherOrg, sign: RegExp, change: (page: Page) => unknown): void {
    const act = ({ path, query }: { path: string; query: URLSearchParams }): Answer | null => {
      const soql = query.get('q');
      if (soql === null || !sign.test(soql) || !/FROM (Lead|Opportunity)\b/.test(soql)) return null;
      other.faults.push(act);
      return json(200, change(answerQuery(other.org, soql, path.includes('queryAll'))));
    };
    other.faults.push(act);
  }

  const named = (prefix: string) => (page: Page) =>
    page.nextRecordsUrl ? { ...page, nextRecordsUrl: `${prefix}${page.nextRecordsUrl}` } : page;
  it.each<readonly [string, RegExp, (page: Page) => unknown]>([
    ['numbers as text', /./, (page) => ({ ...page, totalSize: String(page.totalSize) })],
    [
      'a count in a record',
      /count\(/,
      ({ totalSize }) => ({ done: true, totalSize: 1, records: [{ expr0: totalSize }] }),
    ],
    ['a total of -1', /SELECT Id/, (page) => ({ ...page, totalSize: -1 })],
    ['no word about the end', /./, ({ done: _, ...page }) => page],
    ['next pages from the root of the gateway', /./, named('/instance')],
  ])('is read all the same: %s', async (_, sign, change) => {
    const org = await start({ pageSize: 250 });
    rewrite(org.other, sign, change);
    const report = await syncOnce(org);
    expect(report.errors).toEqual([]);
    const leads = report.streams.find(({ object }) => object === 'Lead');
    expect(leads?.complete).toMatchObject({ ours: 40, theirs: 40 });
    expect(rowsOf(report, 'Opportunity')).toBe(deals);
  });

  it('compares ids that come in an order of their own', async () => {
    const org = await start();
    await syncOnce(org);
    rewrite(org.other, /ORDER BY/, ({ records, ...page }) => ({
      ...page,
      records: Array.isArray(records) ? [...records].reverse() : records,
    }));
    answerWith(org.other, /\/deleted/, refusal(404, 'NOT_FOUND'), 50);
    const leads = org.other.org.objects.get('Lead')?.rows;
    const gone = [...(leads?.keys() ?? [])].slice(0, 3);
    for (const id of gone) leads?.delete(id);
    const report = await syncOnce(org);
    expect(report.errors).toEqual([]);
    expect(org.temp.sql('SELECT id FROM lead WHERE deleted_at IS NOT NULL ORDER BY id')).toEqual(
      gone.sort().map((id) => ({ id })),
    );
  });

  it('asks again for a body that ends in its middle, and does without queryAll', async () => {
    const org = await start();
    const text = '{"totalSize":40,"done":true,"records":[{"Id":"00Q';
    answerWith(
      org.other,
      /FROM Lead/,
      { status: 200, headers: { 'content-type': 'application/json' }, text },
      2,
    );
    answerWith(org.other, /queryAll/, refusal(405, 'METHOD_NOT_ALLOWED'));
    const report = await syncOnce(org);
    expect(report.errors).toEqual([]);
    expect(rowsOf(report, 'Lead')).toBe(40);
  });
});

it('does not take a user without the API for one who lacks every object', async () => {
  const org = await start();
  answerWith(org.other, /sobjects|composite/, refusal(403, 'API_DISABLED_FOR_ORG'), 100);
  const report = await syncOnce(org);
  expect(report.errors).toMatchObject([
    { kind: 'auth', message: expect.stringContaining('API is not enabled') },
  ]);
});

describe('reading by jobs', () => {
  const manyForms: readonly (readonly [string, Partial<Dialect>])[] = [
    ['lines that end with a line feed', {}],
    ['carriage returns, packed, columns in their own order', { sparse: true, lineEnd: '\r\n' }],
  ];
  it.each(manyForms)('gives what REST gives, with %s', async (_, dialect) => {
    const org = await start(dialect);
    const report = await syncOnce(org, { bulk });
    expect(report.errors).toEqual([]);
    expect(rowsOf(report, 'Opportunity')).toBe(deals);
    expect(org.temp.sql('SELECT count(*) AS n FROM deal WHERE name = \'Two\nlines, "quoted"\'')).toEqual([
      { n: 25 },
    ]);
    expect(org.other.org.jobs.size).toBeGreaterThan(3);
    expect(org.other.org.complaints).toEqual([]);
  });

  it('falls back to REST where sets of results come without even a header', async () => {
    const org = await start();
    answerWith(org.other, /results\?/, { status: 204, headers: {}, text: '' }, 100);
    const report = await syncOnce(org, { bulk });
    expect(report.errors).toEqual([]);
    expect(rowsOf(report, 'Opportunity')).toBe(deals);
  });

  it('is the way where even counting takes too long', async () => {
    const org = await start();
    answerWith(
      org.other,
      /count\(\) FROM Case$/,
      json(400, [{ errorCode: 'QUERY_TIMEOUT', message: 'too long' }]),
    );
    const report = await syncOnce(org, { bulk: { ...bulk, fromRecords: 40_000 } });
    expect(report.errors).toEqual([]);
    expect([...org.other.org.jobs.values()].map(({ object }) => object)).toEqual(['Case']);
  });
});

describe('the log of deleted records', () => {
  it('may name ids in short, and living ones over several pages, which stay', async () => {
    const org = await start({ pageSize: 100 });
    await syncOnce(org);
    const { objects } = org.other.org;
    const [leads, opportunities] = [objects.get('Lead'), objects.get('Opportunity')];
    if (!leads || !opportunities) throw new Error('an empty org');
    const [gone = ''] = [...leads.rows.keys()];
    purgeRow(org.other.org, leads, gone);
    for (const id of [...opportunities.rows.keys()].slice(0, 290)) opportunities.purged.set(id, Date.now());
    const report = await syncOnce(org);
    expect(report.errors).toEqual([]);
    expect(org.temp.sql('SELECT id FROM lead WHERE deleted_at IS NOT NULL')).toEqual([{ id: gone }]);
    expect(org.temp.sql('SELECT id FROM deal WHERE deleted_at IS NOT NULL')).toEqual([]);
  });
});

it('goes on where a new session lives on another host, in the middle of the pages', async () => {
  const { other } = await start({ pageSize: 200 });
  const elsewhere = `${other.url.replace('127.0.0.1', 'localhost')}/instance`;
  const connection = await openOrg(other, { auth });
  const stream = (await connection.streams()).find(({ name }) => name === 'Opportunity');
  if (!stream) throw new Error('no stream');
  other.faults.push(({ path }) => {
    if (!path.includes('0r8')) return null;
    other.sessions.clear();
    return refusal(401, 'INVALID_SESSION_ID', 'Session expired or invalid');
  });
  other.faults.push(({ path }) => {
    if (path !== '/services/oauth2/token') return null;
    other.sessions.add('new');
    return json(200, { access_token: 'new', instance_url: elsewhere });
  });
  const ids = new Set<string>();
  for await (const { tables } of connection.read(stream, null, { signal }))
    for (const { table, rows } of tables) if (table === 'deal') for (const { id } of rows) ids.add(id);
  expect(ids.size).toBe(deals);
});
