import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { BulkLimits } from '../../connectors/salesforce/limits.ts';
import type { SalesforceSandbox } from '../../connectors/salesforce/sandbox/index.ts';
import { dumpStore } from '../acceptance/store-dump.ts';
import { start } from './salesforce-company.ts';
import { openOrg } from './salesforce-org.ts';
import { openReplica, type Replica, readAll, signal, troubles } from './salesforce-reading.ts';

const bulk: BulkLimits = { fromRecords: 100, recordsPerSet: 40, setsAtOnce: 3, pollMs: 1, longestPollMs: 2 };

let org: SalesforceSandbox;
let replica: Replica;
beforeEach(async () => {
  org = await start({ size: 120 });
  org.sizeResultSets(40);
  replica = await openReplica(org);
});
afterEach(async () => {
  await replica[Symbol.asyncDispose]();
  await org[Symbol.asyncDispose]();
});

const jobs = (method: string, path: RegExp) =>
  org.requests.filter((request) => request.method === method && path.test(request.path));

/** A store that was filled by REST alone. */
async function byRest(): Promise<ReturnType<typeof dumpStore>> {
  await using other = await openReplica(org);
  expect(troubles(await other.sync())).toEqual([]);
  return dumpStore(other.temp.path);
}

describe('a large object', () => {
  it('is read by a job in several sets, and the store equals one that was filled by REST', async () => {
    const [id = ''] = org.ids('Account');
    org.put('Account', { Name: 'Line\nbreak, "quote" and N/A', Industry: 'N/A' }, id);
    const [deal = ''] = org.ids('Opportunity');
    org.put('Opportunity', { NextStep: 'a\0b', Amount: 1234.5 }, deal);
    org.remove('Opportunity', org.ids('Opportunity')[1] ?? '');
    const expected = await byRest();
    expect(troubles(await replica.sync({ bulk }))).toEqual([]);
    const jobless = JSON.stringify(dumpStore(replica.temp.path)).replaceAll('a\\\\u0000b', 'ab');
    expect(jobless).toEqual(JSON.stringify(expected).replaceAll('a\\\\u0000b', 'ab'));
    expect(jobs('POST', /jobs\/query/).length).toBeGreaterThan(3);
    expect(jobs('GET', /results/).length).toBeGreaterThan(jobs('POST', /jobs\/query/).length);
    expect(jobs('DELETE', /jobs\/query/)).toHaveLength(jobs('POST', /jobs\/query/).length);
    expect(
      replica.events.some(
        ({ event, fields }) => event === 'read.planned' && /bulk/.test(JSON.stringify(fields)),
      ),
    ).toBe(true);
  });

  it('goes on with the same job and set after a crash', async () => {
    const connection = await openOrg(org, { auth: org.auth, bulk });
    const stream = (await connection.streams()).find(({ name }) => name === 'Opportunity');
    if (!stream) throw new TypeError('no stream');
    const cursors: string[] = [];
    const ids = new Set<string>();
    for await (const { tables, cursor } of connection.read(stream, null, { signal })) {
      for (const { rows } of tables) for (const { id } of rows) ids.add(id);
      if (cursor !== null) cursors.push(cursor);
      if (cursors.length === 3) break;
    }
    const created = jobs('POST', /jobs\/query/).length;
    const rest = await readAll(await openOrg(org, { auth: org.auth, bulk }), 'Opportunity', cursors.at(-1));
    expect(jobs('POST', /jobs\/query/)).toHaveLength(created);
    for (const { tables } of rest) for (const { rows } of tables) for (const { id } of rows) ids.add(id);
    for (const id of org.ids('Opportunity')) expect(ids.has(id)).toBe(true);
  });

  it('has several sets fetched at a time where they are listed, stored in their order', async () => {
    const expected = await byRest();
    const before = org.requests.length;
    const isFirst = (query: string) => !query.includes('locator=');
    org.faults.push({
      matches: ({ path, query }) => /results$/.test(path) && isFirst(query.toString()),
      times: 1,
      act: 'reset',
    });
    expect(troubles(await replica.sync({ bulk }))).toEqual([]);
    expect(dumpStore(replica.temp.path)).toEqual(expected);
    expect(jobs('GET', /resultPages$/).length).toBeGreaterThan(3);
    // While the first set was on its way again, the next two had come.
    const [job = ''] = jobs('GET', /results$/).map(({ path }) => path);
    const sets = org.requests.slice(before).filter(({ path }) => path === job);
    const arrived = sets.findIndex(({ query, status }) => status === 200 && isFirst(query));
    expect(sets.slice(0, arrived).filter(({ status }) => status === 200)).toHaveLength(2);
  });

  it('is read set by set where Salesforce does not list them', async () => {
    const expected = await byRest();
    const act = { status: 404, body: [{ errorCode: 'NOT_FOUND', message: 'no' }] };
    org.faults.push({ matches: ({ path }) => /resultPages$/.test(path), times: 1_000, act });
    expect(troubles(await replica.sync({ bulk }))).toEqual([]);
    expect(dumpStore(replica.temp.path)).toEqual(expected);
    expect(jobs('GET', /results$/).length).toBeGreaterThan(jobs('POST', /jobs\/query/).length);
  });

  it.each([
    [
      'the job fails',
      { status: 200, body: { id: '750', state: 'Failed', errorMessage: 'Retried more than fifteen times' } },
      /jobs\/query\/\w+$/,
      'GET',
    ],
    [
      'the job is aborted',
      { status: 200, body: { id: '750', state: 'Aborted' } },
      /jobs\/query\/\w+$/,
      'GET',
    ],
    [
      'the object has no bulk access',
      { status: 400, body: [{ errorCode: 'INVALIDENTITY', message: 'not supported by the Bulk API' }] },
      /jobs\/query$/,
      'POST',
    ],
    [
      'the Bulk API is switched off',
      { status: 403, body: [{ errorCode: 'FeatureNotEnabled', message: 'Async API not enabled' }] },
      /jobs\/query$/,
      'POST',
    ],
    [
      'the org has no such address',
      { status: 404, body: [{ errorCode: 'NOT_FOUND', message: 'no' }] },
      /jobs\/query$/,
      'POST',
    ],
    [
      'the results are gone',
      { status: 404, body: [{ errorCode: 'NOT_FOUND', message: 'no' }] },
      /results$/,
      'GET',
    ],
  ])('is read by REST where %s', async (_, act, pattern, method) => {
    const expected = await byRest();
    org.faults.push({
      matches: (request) => request.method === method && pattern.test(request.path),
      times: 1_000,
      act,
    });
    expect(troubles(await replica.sync({ bulk }))).toEqual([]);
    expect(dumpStore(replica.temp.path)).toEqual(expected);
  });

  it.each([
    ['breaks off', 'truncate'],
    ['is never answered', 'reset'],
    [
      'is short of a row',
      {
        status: 200,
        headers: { 'Content-Type': 'text/csv', 'Sforce-Locator': 'null', 'Sforce-NumberOfRecords': '2' },
        body: '"Id"\n"x"\n',
      },
    ],
  ] as const)('has a set of results asked for again that %s', async (_, act) => {
    const expected = await byRest();
    org.faults.push({ matches: ({ path }) => /results$/.test(path), times: 2, act });
    expect(troubles(await replica.sync({ bulk }))).toEqual([]);
    expect(dumpStore(replica.temp.path)).toEqual(expected);
  });
});

describe('a small object', () => {
  it('is read by REST', async () => {
    await replica.sync({ bulk: { ...bulk, fromRecords: 1_000_000 } });
    expect(jobs('POST', /jobs\/query/)).toHaveLength(0);
  });
});
