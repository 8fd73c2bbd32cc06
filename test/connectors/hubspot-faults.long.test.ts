import { afterAll, describe, expect, it } from 'vitest';
import { hubspot } from '../../connectors/hubspot/index.ts';
import { type HubSpotSandbox, startSandbox } from '../../connectors/hubspot/sandbox/index.ts';
import { hubspotSettings } from '../../connectors/hubspot/settings.ts';
import type { Connection } from '../../src/model/connector.ts';
import { entityTables } from '../../src/model/entities.ts';
import { RunError } from '../../src/model/errors.ts';
import type { ResultChange } from '../../src/model/result.ts';
import { createHttp } from '../../src/remote/http.ts';
import type { Fault, SandboxRequest } from '../../src/sandbox/server.ts';
import { sync } from '../../src/sync/sync.ts';
import { openTempStore, type TempStore } from '../store/temp-store.ts';
import { change, schema } from './hubspot-result-schema.ts';
import { createMemoryTokens } from './memory-tokens.ts';

const silent = { debug() {}, info() {}, warn() {}, error() {} };
const hourMs = 3_600_000;
const signal = new AbortController().signal;

/** Pauses pass at once; the clock moves by them. */
function createHurriedTime() {
  let skippedMs = 0;
  return {
    clock: { now: () => Date.now() + skippedMs },
    sleep: async (ms: number) => {
      skippedMs += ms;
    },
  };
}

async function open(sandbox: HubSpotSandbox): Promise<Connection> {
  const { clock, sleep } = createHurriedTime();
  const { clientId, clientSecret, refreshToken } = sandbox.oauth;
  const auth = { flow: 'refresh_token', clientId, clientSecret, refreshToken };
  const { policy } = hubspot;
  const common = { where: 'crm', clock, log: silent, signal } as const;
  return hubspot.open({
    ...{ name: 'crm', folder: '/', objects: hubspot.objects, fields: {}, entities: {}, since: null },
    ...{ currency: 'EUR', timeZone: 'Europe/Madrid', language: 'en', tokens: createMemoryTokens() },
    ...{ clock, log: silent, signal },
    settings: hubspotSettings.parse({ baseUrl: sandbox.url, auth }),
    http: createHttp({ ...common, policy, sleep, random: () => 0 }),
  });
}

const send = (at: string, sent: number) => ({ at, counters: { sent, delivered: sent, open: 1 } });
const automated = {
  name: 'Welcome',
  type: 'AUTOMATED_EMAIL',
  createdAt: '2026-02-01T09:00:00Z',
  publishDate: '2026-02-01T09:00:00Z',
  sends: [send('2026-02-20T10:00:00Z', 4), send('2026-03-09T10:00:00Z', 2)],
};

async function start(tier: string): Promise<HubSpotSandbox> {
  const now = Date.parse('2026-03-10T12:00:00Z');
  const where = { currency: 'EUR', timeZone: 'Europe/Madrid', tier, without: [] };
  const sandbox = await startSandbox({ port: 0, data: null, seed: 7, size: 40, now, ...where });
  Object.assign(sandbox.limits, { tenSecondly: 1e9, searchPerSecond: 1e9, daily: 1e9 });
  sandbox.put('marketing_emails', automated, '7001');
  const rate = { fromCurrencyCode: 'USD', conversionRate: 0.9, effectiveAt: '2026-01-01T00:00:00Z' };
  sandbox.put('exchange_rates', rate, 'usd');
  await using connection = await open(sandbox);
  for await (const _ of (await connection.install?.(schema))?.apply() ?? []);
  return sandbox;
}

async function syncInto(temp: TempStore, sandbox: HubSpotSandbox): Promise<readonly unknown[]> {
  const target = { name: 'crm', connector: 'hubspot', open: () => open(sandbox) };
  const { errors } = await sync({
    ...{ store: temp.store, connections: [target], runId: 1, log: silent, signal, full: false },
    ...{ changedSince: null, clock: { now: () => Date.now() }, onProgress: () => {} },
  });
  return errors;
}

/** A working day: changed, created, deleted, purged and merged records. */
function workADay(sandbox: HubSpotSandbox): void {
  sandbox.advance(20 * hourMs);
  const [first = '', second = '', third = '', fourth = ''] = sandbox.ids('deals');
  sandbox.put('deals', { amount: '4711' }, first);
  sandbox.put('deals', { dealname: 'New', dealstage: 'contractsent', pipeline: 'default' });
  sandbox.remove('deals', second);
  sandbox.remove('deals', third, 'purge');
  sandbox.put('deals', { hubspot_owner_id: sandbox.ids('owners')[0] ?? '' }, fourth);
  const [from = '', into = ''] = sandbox.ids('companies');
  sandbox.merge('companies', { from, into });
  const [ticket = ''] = sandbox.ids('tickets');
  sandbox.put('tickets', { subject: 'Changed' }, ticket);
  for (const object of ['calls', 'emails', 'meetings', 'tasks', 'leads']) {
    const [id = ''] = sandbox.ids(object);
    sandbox.put(object, { hubspot_owner_id: sandbox.ids('owners')[1] ?? '' }, id);
  }
  const sends = [...automated.sends, send('2026-03-11T06:00:00Z', 3)];
  sandbox.put('marketing_emails', { sends }, '7001');
  sandbox.advance(2 * hourMs);
}

const results = [
  change('win_rate|2026-02|company|g1'),
  change('win_rate|2026-01|company|g1', { period_end: '2026-02-01' }),
  change('deals_won|2026-02|team:5|-'),
];

const tasks = ['win_rate', 'deals_won'].map((kpi) => ({
  key: `task|${kpi}|company|g1|2026-02`,
  ...{ subject: `${kpi} is off target`, body: 'Look for the cause.', ownerId: null, dueOn: '2026-03-20' },
}));

/** Writes what is not confirmed yet, as the outbox would: by key, with the CRM's id where there is one. */
async function publish(sandbox: HubSpotSandbox, done: Map<string, string | null>): Promise<void> {
  await using connection = await open(sandbox);
  const open_: readonly ResultChange[] = results.filter(({ key }) => !done.has(key));
  if (open_.length > 0) {
    const written = connection.publish?.(open_, schema) ?? [];
    for await (const { key, ok, remoteId } of written) if (ok) done.set(key, remoteId ?? null);
  }
  const changes = tasks.map((task) => ({ ...task, remoteId: done.get(task.key) ?? null }));
  const saved = connection.saveTasks?.(changes) ?? [];
  for await (const { key, ok, remoteId } of saved) if (ok) done.set(key, remoteId ?? null);
  const known = tasks.flatMap(({ key }) => done.get(key) ?? []);
  for (const { state } of (await connection.taskStates?.(known)) ?? []) expect(state).toBe('open');
}

async function allowFailure(work: () => Promise<unknown>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof RunError)) throw error;
  }
}

/** `POST /crm/v3/objects/deals/search`: ids replaced. */
function kindOf(request: { readonly method: string; readonly path: string }): string {
  return `${request.method} ${request.path.replace(/\/\d{4,}(?=\/|$)/g, '/{id}')}`;
}

const body = (fields: object) => ({ status: 'error', correlationId: 'c', ...fields });
const faults: Readonly<Record<string, Fault['act']>> = {
  reset: 'reset',
  truncate: 'truncate',
  'lost answer': 'after',
  '500 HTML': { status: 500, body: '<html>Internal error</html>' },
  502: { status: 502, body: '' },
  503: { status: 503, headers: { 'Retry-After': '2' }, body: body({}) },
  524: { status: 524, body: '<html>' },
  423: { status: 423, body: body({ category: 'LOCKED' }) },
  477: { status: 477, headers: { 'Retry-After': '3' }, body: body({}) },
  '429 ten seconds': { status: 429, body: body({ policyName: 'TEN_SECONDLY_ROLLING' }) },
  '429 bare': { status: 429, body: body({ category: 'RATE_LIMITS' }) },
  '429 daily': { status: 429, body: body({ policyName: 'DAILY' }) },
  '401 expired': { status: 401, body: body({ category: 'EXPIRED_AUTHENTICATION' }) },
};

interface Told {
  readonly store: Readonly<Record<string, readonly unknown[]>>;
  readonly portal: unknown;
}

const tables = Object.keys(entityTables);

/** Everything that lives in the store, without when it was fetched. */
async function tell(temp: TempStore, sandbox: HubSpotSandbox): Promise<Told> {
  const store: Record<string, readonly unknown[]> = {};
  for (const table of tables) {
    const rows = temp.sql(`SELECT * FROM ${table} WHERE deleted_at IS NULL ORDER BY id`);
    store[table] = rows
      .filter((row) => table !== 'change' || isOfLiving(temp, String(row.object), String(row.record_id)))
      .map(({ synced_at: _, fetched_at: __, ...row }) => withLivingLinks(temp, row));
  }
  return { store, portal: tellPortal(sandbox) };
}

const linkColumns = { account_id: 'account', deal_id: 'deal', ticket_id: 'ticket' } as const;

/** Links to what is gone are mended by the weekly reading: until then they lead to the survivor, or nowhere. */
function withLivingLinks(temp: TempStore, row: Readonly<Record<string, unknown>>): object {
  const links: Record<string, unknown> = {};
  for (const [column, table] of Object.entries(linkColumns)) {
    const id = row[column];
    if (typeof id !== 'string') continue;
    const query = `SELECT merged_into, deleted_at FROM ${table} WHERE id = ?`;
    const [target] = temp.sql<{ merged_into: string | null; deleted_at: number | null }>(query, id);
    links[column] = target?.merged_into ?? (target?.deleted_at === null ? id : null);
  }
  return { ...row, ...links };
}

function isOfLiving(temp: TempStore, object: string, id: string): boolean {
  return temp.sql(`SELECT id FROM ${object} WHERE id = ? AND deleted_at IS NULL`, id).length > 0;
}

type Shown = { readonly properties: Readonly<Record<string, string | null>> };
const changing = /^(hs_|createdate|lastmodifieddate)/;

function tellPortal(sandbox: HubSpotSandbox): unknown {
  const show = (object: string) =>
    sandbox.ids(object).map((id) => {
      const { properties } = sandbox.get(object, id) as unknown as Shown;
      const kept = Object.entries(properties).filter(
        ([name, value]) => value !== null && (name === 'hs_note_body' || !changing.test(name)),
      );
      return JSON.stringify(Object.fromEntries(kept.sort()));
    });
  const board = show('companies').filter((text) => text.includes('crmkpi_board'));
  const notes = show('notes').filter((text) => text.includes('crm-kpi digest'));
  const made = sandbox.ids('tasks').filter((id) => {
    const { properties } = sandbox.get('tasks', id) as unknown as Shown;
    return properties.hs_task_subject?.endsWith('(crm-kpi)');
  });
  return { results: show('kpi_result').sort(), board, notes: notes.sort(), tasks: made.length };
}

interface Disturbance {
  readonly act: Fault['act'];
  /** The first request of each kind, or the second. */
  readonly nth: number;
}

/** Two nights and a publication, every kind of request meeting the fault once; then a run in peace. */
async function live(tier: string, disturbance: Disturbance | null) {
  await using sandbox = await start(tier);
  await using temp = await openTempStore();
  const met = new Map<string, number>();
  if (disturbance) {
    const matches = (request: SandboxRequest) => {
      const kind = kindOf(request);
      met.set(kind, (met.get(kind) ?? 0) + 1);
      return met.get(kind) === disturbance.nth;
    };
    sandbox.faults.push({ matches, times: Number.POSITIVE_INFINITY, act: disturbance.act });
  }
  const done = new Map<string, string | null>();
  await allowFailure(() => syncInto(temp, sandbox));
  workADay(sandbox);
  await allowFailure(() => syncInto(temp, sandbox));
  await allowFailure(() => publish(sandbox, done));
  sandbox.faults.length = 0;
  await publish(sandbox, done);
  sandbox.advance(hourMs);
  expect(await syncInto(temp, sandbox)).toEqual([]);
  expect(done.size).toBe(results.length + tasks.length);
  const told = await tell(temp, sandbox);
  await using fresh = await openTempStore();
  expect(await syncInto(fresh, sandbox)).toEqual([]);
  const undisturbed = await tell(fresh, sandbox);
  const kinds = [...met].filter(([, count]) => count >= (disturbance?.nth ?? 1));
  return { told, undisturbed, combinations: kinds.length };
}

describe.each(['enterprise', 'free'])('faults in a portal of tier %s', (tier) => {
  let combinations = 0;
  let calm: unknown = null;
  const cases = Object.entries(faults).flatMap(([name, act]) =>
    [1, 2].map((nth) => ({ name, disturbance: { act, nth } })),
  );

  it.each(cases)(
    '$name leaves store and portal as an undisturbed run does ($disturbance.nth)',
    async (one) => {
      calm ??= (await live(tier, null)).told.portal;
      const { told, undisturbed, combinations: met } = await live(tier, one.disturbance);
      expect(told.store).toEqual(undisturbed.store);
      expect(told.portal).toEqual(calm);
      combinations += met;
    },
  );

  afterAll(() => {
    process.stdout.write(`hubspot ${tier}: ${combinations} combinations of request and fault\n`);
  });
});
