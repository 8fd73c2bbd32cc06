import { afterEach, describe, expect, it } from 'vitest';
import { type HubSpotSandbox, startSandbox } from '../../connectors/hubspot/sandbox/index.ts';
import { hold, openAt, readInto, rowsOf, saveBatch } from './hubspot-open.ts';

const hourMs = 3_600_000;
const started: HubSpotSandbox[] = [];

afterEach(async () => {
  for (const sandbox of started.splice(0)) await sandbox[Symbol.asyncDispose]();
});

async function start(
  size = 300,
  account: { tier?: string; without?: string[] } = {},
): Promise<HubSpotSandbox> {
  const now = Date.parse('2026-03-10T12:00:00Z');
  const where = { currency: 'EUR', timeZone: 'Europe/Madrid', tier: 'enterprise', without: [], ...account };
  const sandbox = await startSandbox({ port: 0, data: null, seed: 7, size, now, ...where });
  started.push(sandbox);
  return sandbox;
}

/** All companies are renamed a day after the first load; returns those whose new name did not arrive. */
async function missedBy(hazards: object): Promise<readonly string[]> {
  const sandbox = await start();
  await using connection = await openAt(sandbox);
  const held = await readInto(connection, 'companies', hold());
  sandbox.advance(24 * hourMs);
  for (const id of sandbox.ids('companies')) sandbox.put('companies', { name: `Name ${id}` }, id);
  Object.assign(sandbox.hazards, hazards);
  await readInto(connection, 'companies', held);
  return rowsOf(held, 'account')
    .filter(({ id, name }) => name !== `Name ${id}`)
    .map(({ id }) => id);
}

describe('what search does in production', () => {
  it('a first page that is empty, with a next link, is not the end', async () => {
    expect(await missedBy({ emptyPages: true })).toEqual([]);
  });

  it('short pages are followed to their end', async () => {
    expect(await missedBy({ shortPages: true })).toEqual([]);
  });

  it('totals that move lose nothing', async () => {
    expect(await missedBy({ driftingTotals: true, shortPages: true })).toEqual([]);
  });

  it('an order that does not hold loses nothing', async () => {
    expect(await missedBy({ misorder: true })).toEqual([]);
  });

  it('all of it at once loses nothing', async () => {
    const all = { emptyPages: true, shortPages: true, driftingTotals: true, misorder: true, outsiders: true };
    expect(await missedBy(all)).toEqual([]);
  });

  it('records outside the window are dropped, not read', async () => {
    const sandbox = await start();
    await using connection = await openAt(sandbox);
    const held = await readInto(connection, 'companies', hold());
    sandbox.advance(24 * hourMs);
    const [changed = ''] = sandbox.ids('companies').slice(-1);
    sandbox.put('companies', { name: 'Changed' }, changed);
    sandbox.hazards.outsiders = true;
    const before = sandbox.requests.length;
    await readInto(connection, 'companies', held);
    const reads = sandbox.requests.slice(before).filter(({ path }) => path.endsWith('/batch/read'));
    expect(reads.map(({ body }) => JSON.parse(body).inputs)).toEqual([[{ id: changed }]]);
  });

  it('open deals in no order are read all the same, beyond what search pages through', async () => {
    const sandbox = await start();
    await using connection = await openAt(sandbox);
    const held = await readInto(connection, 'deals', hold());
    const open = rowsOf(held, 'deal').filter(({ outcome }) => outcome === 'open');
    sandbox.advance(24 * hourMs);
    for (const { id } of open) sandbox.unlink(['deals', id], ['companies', companyOf(sandbox, id)]);
    Object.assign(sandbox.hazards, { misorder: true, emptyPages: true });
    await readInto(connection, 'deals', held);
    const account = new Map(rowsOf(held, 'deal').map(({ id, account_id }) => [id, account_id]));
    expect(open.filter(({ id }) => account.get(id) === companies.get(id))).toEqual([]);
  });
});

const companies = new Map<string, string>();

function companyOf(sandbox: HubSpotSandbox, id: string): string {
  const shown = sandbox.get('deals', id) as { associations?: Record<string, { results: { id: string }[] }> };
  const company = shown.associations?.companies?.results[0]?.id ?? '';
  companies.set(id, company);
  return company;
}

describe('what changes while a run is on', () => {
  it('a token that expires is renewed once, and the run goes on', async () => {
    const sandbox = await start();
    const { clientId, clientSecret, refreshToken } = sandbox.oauth;
    const auth = { flow: 'refresh_token', clientId, clientSecret, refreshToken };
    await using connection = await openAt({ url: sandbox.url, auth });
    const held = await readInto(connection, 'companies', hold(), 1);
    sandbox.advance(hourMs);
    const before = sandbox.requests.length;
    await readInto(connection, 'companies', held);
    const made = sandbox.requests.slice(before);
    expect(rowsOf(held, 'account')).toHaveLength(sandbox.ids('companies').length);
    expect(made.some(({ status }) => status === 401)).toBe(true);
    expect(made.filter(({ path }) => path.includes('/oauth/'))).toHaveLength(1);
  });

  it('a scope that is taken away stops its object with its name; the place is kept, and others go on', async () => {
    const sandbox = await start();
    await using connection = await openAt(sandbox);
    const held = await readInto(connection, 'deals', hold(), 2);
    sandbox.withhold('crm.objects.deals.read');
    const rows = rowsOf(held, 'deal').length;
    await expect(readInto(connection, 'deals', held)).rejects.toMatchObject({
      kind: 'config',
      message: expect.stringContaining('crm.objects.deals.read'),
    });
    expect(rowsOf(held, 'deal')).toHaveLength(rows);
    expect(held.deleted.size).toBe(0);
    const tickets = await readInto(connection, 'tickets', hold());
    expect(rowsOf(tickets, 'ticket')).toHaveLength(sandbox.ids('tickets').length);
  });

  it('a mapped property that is removed does not empty what is known', async () => {
    const sandbox = await start();
    await using connection = await openAt(sandbox, { fields: { 'account.category': 'segment' } });
    const held = await readInto(connection, 'companies', hold());
    const [changed = ''] = sandbox.ids('companies');
    expect(held.tables.get('account')?.get(changed)).toMatchObject({ category: expect.any(String) });
    const headers = { authorization: `Bearer ${sandbox.auth.accessToken}` };
    const url = `${sandbox.url}/crm/v3/properties/companies/segment`;
    expect((await fetch(url, { method: 'DELETE', headers })).status).toBe(204);
    sandbox.advance(24 * hourMs);
    sandbox.put('companies', { name: 'Changed' }, changed);
    await expect(readInto(connection, 'companies', held)).rejects.toMatchObject({
      kind: 'config',
      message: expect.stringContaining('segment'),
    });
    // All else is up to date; a column that a row does not name keeps its stored value.
    expect(held.tables.get('account')?.get(changed)).toMatchObject({ name: 'Changed' });
    expect(held.tables.get('account')?.get(changed)).not.toHaveProperty('category');
  });

  it('a mapped property that is removed while a run is on stops its object before anything is emptied', async () => {
    const sandbox = await start(560);
    const fields = { 'account.category': 'segment' };
    await using connection = await openAt(sandbox, { fields });
    const stream = (await connection.streams()).find(({ name }) => name === 'companies');
    if (!stream) throw new Error('no companies');
    const headers = { authorization: `Bearer ${sandbox.auth.accessToken}` };
    const url = `${sandbox.url}/crm/v3/properties/companies/segment`;
    const held = hold();
    const readOn = async () => {
      const signal = new AbortController().signal;
      for await (const batch of connection.read(stream, null, { signal })) {
        saveBatch(held, batch);
        await fetch(url, { method: 'DELETE', headers });
      }
    };
    await expect(readOn()).rejects.toMatchObject({ kind: 'config' });
    const known = rowsOf(held, 'account').length;
    expect(known).toBeGreaterThan(0);
    expect(known).toBeLessThan(sandbox.ids('companies').length);
    expect(rowsOf(held, 'account').every(({ category }) => category !== null)).toBe(true);
    await expect(readInto(connection, 'companies', held)).rejects.toMatchObject({ kind: 'config' });
    expect(rowsOf(held, 'account')).toHaveLength(sandbox.ids('companies').length);
  });

  it('a property that is mapped anew is filled in for all records of its object, and of no other', async () => {
    const sandbox = await start();
    await using before = await openAt(sandbox);
    const companies = await readInto(before, 'companies', hold());
    const deals = await readInto(before, 'deals', hold());
    expect(rowsOf(companies, 'dimension')).toEqual([]);
    sandbox.advance(24 * hourMs);
    await using after = await openAt(sandbox, { fields: { 'account.segment': 'segment' } });
    await readInto(after, 'companies', companies);
    expect(rowsOf(companies, 'dimension')).toHaveLength(sandbox.ids('companies').length);
    const asked = sandbox.requests.length;
    await readInto(after, 'companies', companies);
    await readInto(after, 'deals', deals);
    const lists = sandbox.requests
      .slice(asked)
      .filter(
        ({ method, path, query }) =>
          method === 'GET' && /\/objects\/\w+$/.test(path) && !query.includes('archived=true'),
      );
    expect(lists).toEqual([]);
  });

  it('a property that comes back is filled in again', async () => {
    const sandbox = await start();
    const fields = { 'account.category': 'tier' };
    await using connection = await openAt(sandbox, { fields });
    const held = hold();
    await expect(readInto(connection, 'companies', held)).rejects.toMatchObject({ kind: 'config' });
    const [id = ''] = sandbox.ids('companies');
    sandbox.put('companies', { tier: 'Gold' }, id);
    sandbox.advance(24 * hourMs);
    await readInto(connection, 'companies', held);
    expect(held.tables.get('account')?.get(id)).toMatchObject({ category: 'Gold' });
    expect(rowsOf(held, 'account').every((row) => 'category' in row)).toBe(true);
  });

  it('a pipeline that is deleted keeps its stages: history still names them', async () => {
    const sandbox = await start();
    await using connection = await openAt(sandbox);
    const held = await readInto(connection, 'pipelines/deals', hold());
    const stages = rowsOf(held, 'stage').length;
    const [pipeline = ''] = sandbox.ids('pipelines_deals');
    sandbox.remove('pipelines_deals', pipeline);
    await using later = await openAt(sandbox);
    await readInto(later, 'pipelines/deals', held);
    expect(stages).toBeGreaterThan(0);
    expect(rowsOf(held, 'stage')).toHaveLength(stages);
    expect(held.deleted.size).toBe(0);
  });

  it('an address that is too long is done without: ids by list, values by id', async () => {
    const sandbox = await start();
    await using connection = await openAt(sandbox);
    await connection.streams();
    sandbox.faults.push({
      matches: ({ path, query }) => path.endsWith('/objects/deals') && query.getAll('properties').length > 5,
      times: 100,
      act: { status: 414, body: '<html>' },
    });
    const held = await readInto(connection, 'deals', hold());
    const deals = rowsOf(held, 'deal');
    expect(deals).toHaveLength(sandbox.ids('deals').length);
    expect(deals.every(({ account_id, stage }) => account_id && stage)).toBe(true);
    expect(rowsOf(held, 'change').length).toBeGreaterThan(deals.length);
  });

  it('a page that takes HubSpot too long is asked for in smaller ones', async () => {
    const sandbox = await start();
    await using connection = await openAt(sandbox);
    await connection.streams();
    sandbox.faults.push({
      matches: ({ path, query }) =>
        path.endsWith('/objects/companies') && query.get('limit') === '100' && !query.has('archived', 'true'),
      times: 100,
      act: { status: 524, body: '<html>' },
    });
    const held = await readInto(connection, 'companies', hold());
    expect(rowsOf(held, 'account')).toHaveLength(sandbox.ids('companies').length);
  });
});

it('check lists what a free account with few scopes lacks, the scopes in one go, before what is well', async () => {
  const without = ['tickets', 'crm.objects.owners.read', 'sales-email-read'];
  const sandbox = await start(40, { tier: 'free', without });
  await using connection = await openAt(sandbox);
  const checks = [];
  for await (const check of connection.check()) checks.push(check);
  expect(checks[0]).toMatchObject({ check: 'account', ok: true });
  expect(checks[1]).toMatchObject({ check: 'scopes', ok: true });
  expect(checks[2]).toMatchObject({ check: 'scopes missing', ok: false });
  for (const scope of without) expect(checks[2]?.fix).toContain(scope);
  const permissions = checks.filter(({ check }) => check.startsWith('permission'));
  expect(permissions.map(({ ok }) => ok)).toEqual(permissions.map(({ ok }) => ok).sort());
  const lacking = permissions.filter(({ ok }) => !ok).map(({ check }) => check.replace('permission ', ''));
  expect(lacking).toEqual([
    'owners',
    'pipelines/tickets',
    'goal_targets',
    'emails',
    'tickets',
    'marketing_campaigns',
    'feedback_submissions',
  ]);
  expect(checks.every(({ ok, fix }) => ok || fix)).toBe(true);
  expect(checks.at(-1)).toMatchObject({ check: 'target', message: expect.stringContaining('board') });
});
