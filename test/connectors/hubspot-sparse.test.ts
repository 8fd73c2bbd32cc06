import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { hold, openAt, readInto, rowsOf } from './hubspot-open.ts';

type Route = (query: URLSearchParams, body: string) => object | number;

const servers: Server[] = [];

afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

/** A server that has only what is given; all else is 404 without a body. */
async function serve(routes: Readonly<Record<string, Route>>): Promise<{ readonly url: string }> {
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://localhost');
    let body = '';
    request.on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () => {
      const answer = routes[`${request.method} ${url.pathname}`]?.(url.searchParams, body) ?? 404;
      response.setHeader('content-type', 'application/json');
      response.statusCode = typeof answer === 'number' ? answer : 200;
      response.end(typeof answer === 'number' ? '' : JSON.stringify(answer));
    });
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}` };
}

const deals = [
  { id: 1, properties: { dealname: 'One', dealstage: 'closedwon', hs_is_closed_won: 'true', amount: 10 } },
  { id: 2, properties: { dealname: 'Two', dealstage: 'x', hs_is_closed: 'false', amount: null } },
];

describe('a server with little', () => {
  it('reads deals from the bare list: numeric ids, no envelope, no account, no pipelines, no search', async () => {
    const server = await serve({ 'GET /crm/v3/objects/deals': () => ({ results: deals }) });
    await using connection = await openAt(server, { objects: ['deals'] });
    expect(await connection.account()).toMatchObject({ currency: null, timeZone: null });
    const streams = await connection.streams();
    const usable = streams.filter(({ unavailable }) => !unavailable).map(({ name }) => name);
    expect(usable).toEqual(['deals']);
    expect(streams.find(({ name }) => name === 'owners')?.unavailable?.problem).toContain('owners');
    const held = await readInto(connection, 'deals', hold());
    expect(rowsOf(held, 'deal').map(({ id, outcome, amount_minor }) => [id, outcome, amount_minor])).toEqual([
      ['1', 'won', 1_000],
      ['2', 'open', null],
    ]);
    expect(held.deleted.size).toBe(0);
    expect(held.cursor).not.toBeNull();
    const again = await readInto(connection, 'deals', held);
    expect(rowsOf(again, 'deal')).toHaveLength(2);
  });

  it('an answer that is no JSON is said to be none, with the place', async () => {
    const server = await serve({});
    const page = createServer((_, response) => response.end('<html>Proxy</html>'));
    servers.push(page);
    await new Promise<void>((resolve) => page.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(page.address() as AddressInfo).port}`;
    await using connection = await openAt({ ...server, url }, { objects: ['deals'] });
    await expect(connection.streams()).rejects.toMatchObject({
      kind: 'remote',
      where: 'crm account details',
    });
  });

  it('a refused token is a matter of signing in, told once', async () => {
    const server = await serve({
      'GET /account-info/v3/details': () => 401,
      'GET /crm/v3/owners': () => 401,
    });
    await using connection = await openAt(server);
    await expect(connection.account()).rejects.toMatchObject({ kind: 'auth' });
    const checks = [];
    for await (const check of connection.check()) checks.push(check);
    expect(checks).toHaveLength(1);
    expect(checks[0]).toMatchObject({ check: 'account', ok: false, severity: 'error' });
  });

  it('an expired access token is renewed once, and the newest refresh token is used', async () => {
    const seen: string[] = [];
    let issued = 0;
    const server = await serve({
      'POST /oauth/v3/token': (_, body) => {
        seen.push(new URLSearchParams(body).get('refresh_token') ?? '');
        issued += 1;
        return { access_token: `a${issued}`, refresh_token: `r${issued}`, expires_in: 1, scopes: ['oauth'] };
      },
      'GET /account-info/v3/details': () => ({ portalId: 5, companyCurrency: 'eur' }),
      'GET /crm/v3/owners': () => ({ results: [] }),
    });
    const auth = { flow: 'refresh_token', clientId: 'c', clientSecret: 's', refreshToken: 'r0' };
    await using connection = await openAt({ ...server, auth }, { objects: [] });
    expect(await connection.account()).toMatchObject({ id: '5', currency: 'EUR' });
    await connection.streams();
    expect(seen.slice(0, 2)).toEqual(['r0', 'r1']);
  });

  it('signing in by browser is for connect', async () => {
    const server = await serve({});
    const auth = { flow: 'authorization_code', clientId: 'c', clientSecret: 's' };
    await expect(openAt({ ...server, auth })).rejects.toMatchObject({
      kind: 'auth',
      fix: 'Run crm-kpi connect crm',
    });
  });
});

/** 12,000 companies changed within one millisecond by a bulk edit, 9,500 more over the hour after it. */
function bulkEdited(startAt: number) {
  const stamps = Array.from({ length: 21_500 }, (_, index) =>
    index < 12_000 ? startAt : startAt + (index - 12_000) * 379,
  );
  const stampOf = (id: number) => stamps[id - 1] ?? 0;
  const toRecord = (id: number) => {
    const at = new Date(stampOf(id)).toISOString();
    return { id: `${id}`, updatedAt: at, properties: { hs_lastmodifieddate: at } };
  };
  const search: Route = (_, body) => {
    const { filterGroups, limit, after = '0' } = JSON.parse(body);
    const matching: number[] = [];
    for (let id = 1; id <= stamps.length; id++) {
      if (filterGroups[0].filters.every((filter: Filter) => meets(filter, id, stampOf(id))))
        matching.push(id);
    }
    const from = Number(after);
    if (from + limit > 10_000) return 400;
    const results = matching.slice(from, from + limit).map(toRecord);
    const more = from + limit < matching.length;
    return {
      total: matching.length,
      results,
      ...(more ? { paging: { next: { after: `${from + limit}` } } } : {}),
    };
  };
  const read: Route = (_, body) => ({
    results: JSON.parse(body).inputs.map(({ id }: { id: string }) => toRecord(Number(id))),
  });
  return { search, read };
}

type Filter = { propertyName: string; operator: string; value: string; highValue?: string };

function meets({ propertyName, operator, value, highValue }: Filter, id: number, stamp: number): boolean {
  const actual = propertyName === 'hs_object_id' ? id : stamp;
  if (operator === 'EQ') return actual === Number(value);
  if (operator === 'GT') return actual > Number(value);
  if (operator === 'GTE') return actual >= Number(value);
  return actual >= Number(value) && actual <= Number(highValue);
}

describe('more changes than search pages through', () => {
  it('all are read, also those of one millisecond', async () => {
    const startAt = Date.now() - 2 * 3_600_000;
    const { search, read } = bulkEdited(startAt);
    const server = await serve({
      'GET /crm/v3/objects/companies': () => ({ results: [] }),
      'POST /crm/v3/objects/companies/search': search,
      'POST /crm/v3/objects/companies/batch/read': read,
    });
    await using connection = await openAt(server, { objects: ['deals'], unpaced: true });
    const held = hold();
    held.cursor = JSON.stringify({
      phase: 'changes',
      confirmed: startAt - 1_000,
      newest: startAt - 1_000,
      loadedAt: Date.now(),
    });
    await readInto(connection, 'companies', held);
    expect(rowsOf(held, 'account')).toHaveLength(21_500);
  }, 60_000);
});
