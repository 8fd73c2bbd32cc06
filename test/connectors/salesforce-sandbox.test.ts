import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { salesforceId, toId18 } from '../../connectors/salesforce/sandbox/ids.ts';
import type { SalesforceSandbox } from '../../connectors/salesforce/sandbox/index.ts';
import { type Client, signIn, start } from './salesforce-sandbox-client.ts';

let sandbox: SalesforceSandbox;
let client: Client;
beforeAll(async () => {
  sandbox = await start();
  client = await signIn(sandbox);
});
afterAll(() => sandbox[Symbol.asyncDispose]());

describe('queries', () => {
  it('writes instants with +0000 in whole seconds, dates plainly, and nests parents', async () => {
    const { body } = await client.query(
      'SELECT Id, CreatedDate, CloseDate, Owner.Manager.Name FROM Opportunity LIMIT 1',
    );
    const [deal] = body.records;
    expect(deal.attributes).toEqual({
      type: 'Opportunity',
      url: `/services/data/v66.0/sobjects/Opportunity/${deal.Id}`,
    });
    expect(deal.CreatedDate).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.000\+0000$/);
    expect(deal.CloseDate).toMatch(/^\d{4}-\d\d-\d\d$/);
    expect(deal.Owner).toHaveProperty('Manager');
    expect(toId18(deal.Id.slice(0, 15))).toBe(deal.Id);
  });

  it('pages by a locator that dies with the session', async () => {
    const hint = { 'sforce-query-options': 'batchSize=200' };
    const first = (await client.query('SELECT Id FROM Opportunity', hint)).body;
    expect(first).toMatchObject({ totalSize: 300, done: false });
    expect(first.records).toHaveLength(200);
    const second = (await client.call('GET', first.nextRecordsUrl, undefined, hint)).body;
    expect(second.done).toBe(true);
    expect(second).not.toHaveProperty('nextRecordsUrl');
    const ids = new Set([...first.records, ...second.records].map((record: { Id: string }) => record.Id));
    expect(ids.size).toBe(300);
    sandbox.expireTokens();
    expect((await client.call('GET', first.nextRecordsUrl)).status).toBe(401);
    client = await signIn(sandbox);
    const late = await client.call('GET', first.nextRecordsUrl);
    expect([late.status, late.body[0].errorCode]).toEqual([400, 'INVALID_QUERY_LOCATOR']);
  });

  it('promises no order without ORDER BY, but keeps to the one asked for', async () => {
    const idsOf = async (soql: string): Promise<string[]> =>
      (await client.query(soql)).body.records.map((record: { Id: string }) => record.Id);
    const loose = await idsOf('SELECT Id FROM Opportunity');
    expect(loose).not.toEqual([...loose].sort());
    expect(await idsOf('SELECT Id FROM Opportunity')).toEqual(loose);
    expect(await idsOf('SELECT Id FROM Opportunity ORDER BY Id')).toEqual([...loose].sort());
  });

  it('finds what changed since an instant, in the order of stamp and id', async () => {
    const [first = '', second = ''] = sandbox.ids('Opportunity');
    const since = new Date(sandbox.now()).toISOString();
    sandbox.advance(60_000);
    sandbox.put('Opportunity', { Amount: 4321.5 }, first);
    sandbox.put('Opportunity', { NextStep: 'Call' }, second);
    const soql = `SELECT Id, Amount, SystemModstamp FROM Opportunity WHERE SystemModstamp >= ${since} ORDER BY SystemModstamp, Id`;
    const { body } = await client.queryAll(soql);
    expect(body.records.map((record: { Id: string }) => record.Id).sort()).toEqual([first, second].sort());
    const last = body.records.at(-1);
    const keyset = `SELECT Id FROM Opportunity WHERE (SystemModstamp = ${last.SystemModstamp} AND Id > '${last.Id}') OR SystemModstamp > ${last.SystemModstamp} ORDER BY SystemModstamp, Id LIMIT 2000`;
    expect((await client.queryAll(keyset)).body.totalSize).toBe(0);
  });

  it('counts, sums and groups', async () => {
    const count = (await client.query('SELECT count() FROM Opportunity WHERE IsWon = true')).body;
    expect(count.records).toEqual([]);
    const { body } = await client.query(
      'SELECT IsWon, count(Id) deals, sum(Amount) FROM Opportunity GROUP BY IsWon',
    );
    const won = body.records.find((record: { IsWon: boolean }) => record.IsWon);
    expect(won).toMatchObject({ attributes: { type: 'AggregateResult' }, deals: count.totalSize });
    expect(won.expr0).toBeGreaterThan(0);
  });

  it('compares text without letter case and understands IN, LIKE, NOT and null', async () => {
    const count = async (where: string) =>
      (await client.query(`SELECT count() FROM Opportunity WHERE ${where}`)).body.totalSize;
    const won = await count("StageName = 'closed won'");
    expect(won).toBe(await count('IsWon = true'));
    expect(await count("StageName LIKE 'Closed%'")).toBe(
      await count("StageName IN ('Closed Won', 'Closed Lost')"),
    );
    expect(await count("NOT (StageName = 'Closed Won')")).toBe(300 - won);
    expect((await count('Amount = null')) + (await count('Amount != null'))).toBe(300);
    expect(await count("Account.Industry = 'Nothing' OR (Amount > 1 AND Amount <= 1)")).toBe(0);
  });

  it('tells what a polymorphic owner is', async () => {
    const queued = await client.query("SELECT Owner.Name FROM Case WHERE Owner.Type = 'Queue'");
    expect(queued.body.records[0].Owner).toMatchObject({
      attributes: { type: 'Name' },
      Name: 'Support Queue',
    });
    const task = await client.query('SELECT What.Type, Owner.Type FROM Task WHERE WhatId != null LIMIT 1');
    expect(task.body.records[0].Owner.Type).toBe('User');
    expect(['Opportunity', 'Case', 'Account']).toContain(task.body.records[0].What.Type);
  });

  it.each([
    ['SELECT Id, Foo__c FROM Account', 'INVALID_FIELD', "No such column 'Foo__c' on entity 'Account'"],
    ['SELECT Id FROM Nothing__c', 'INVALID_TYPE', "sObject type 'Nothing__c' is not supported"],
    [
      "SELECT Id FROM Account WHERE CreatedDate > '2026-01-01T00:00:00Z'",
      'INVALID_FIELD',
      'should not be enclosed in quotes',
    ],
    ['SELECT Id FROM Account WHERE Name = 5', 'INVALID_FIELD', 'should be enclosed in quotes'],
    [
      'SELECT Id FROM Opportunity WHERE HasOverdueTask = true',
      'INVALID_FIELD',
      "field 'HasOverdueTask' can not be filtered in a query call",
    ],
    ['SELECT Id FROM Account WHERE CreatedDate > 2026-01-01T00:00:00 00:00', 'MALFORMED_QUERY', ''],
    [
      "SELECT Id FROM Account WHERE Name = 'a' AND Name = 'b' OR Name = 'c'",
      'MALFORMED_QUERY',
      "unexpected token: 'OR'",
    ],
    ['SELECT Id FROM Account OFFSET 2001', 'NUMBER_OUTSIDE_VALID_RANGE', '2000'],
    ['SELECT Id, (SELECT Id FROM Contacts) FROM Account', 'MALFORMED_QUERY', ''],
    ['SELECT Name, count(Id) FROM Account', 'MALFORMED_QUERY', 'Field must be grouped or aggregated: Name'],
  ])('refuses %s', async (soql, code, message) => {
    const { status, body } = await client.query(soql);
    expect([status, body[0].errorCode]).toEqual([400, code]);
    expect(body[0].message).toContain(message);
  });

  it('points at the place of an error', async () => {
    const { body } = await client.query('SELECT Id, Foo FROM Account');
    expect(body[0].message.split('\n').slice(1, 4)).toEqual([
      'SELECT Id, Foo FROM Account',
      '           ^',
      'ERROR at Row:1:Column:12',
    ]);
  });
});

describe('quota', () => {
  it('counts each call, each part of a batch, and refuses when the day is spent', async () => {
    await using small = await start({ tier: 'developer', size: 100 });
    const own = await signIn(small);
    const first = await own.query('SELECT Id FROM Account LIMIT 1');
    expect(first.headers.get('sforce-limit-info')).toBe('api-usage=1/15000');
    const parts = ['Account', 'Contact', 'Nothing'].map((name) => ({
      method: 'GET',
      url: `v66.0/sobjects/${name}/describe`,
    }));
    const batch = await own.call('POST', '/composite/batch', { batchRequests: parts });
    expect(batch.body.hasErrors).toBe(true);
    expect(batch.body.results.map((result: { statusCode: number }) => result.statusCode)).toEqual([
      200, 200, 404,
    ]);
    expect(batch.headers.get('sforce-limit-info')).toBe('api-usage=4/15000');
    small.spendCalls(14_996);
    const refused = await own.query('SELECT Id FROM Account LIMIT 1');
    expect(refused.status).toBe(403);
    expect(refused.body[0]).toMatchObject({
      errorCode: 'REQUEST_LIMIT_EXCEEDED',
      message: 'TotalRequests Limit exceeded.',
    });
    small.advance(86_400_000);
    expect((await own.query('SELECT Id FROM Account LIMIT 1')).status).toBe(200);
  });
});

describe('what an administrator hides', () => {
  it('is as if it were not there', async () => {
    await using partial = await start({ without: ['Case', 'Opportunity.Amount', 'ViewSetup'], size: 100 });
    const own = await signIn(partial);
    const names = (await own.call('GET', '/sobjects')).body.sobjects.map(
      (object: { name: string }) => object.name,
    );
    expect(names).not.toContain('Case');
    expect((await own.call('GET', '/sobjects/Case/describe')).status).toBe(404);
    expect((await own.query('SELECT Id FROM Case')).body[0].errorCode).toBe('INVALID_TYPE');
    const fields = (await own.call('GET', '/sobjects/Opportunity/describe')).body.fields;
    expect(fields.map((field: { name: string }) => field.name)).not.toContain('Amount');
    expect((await own.query('SELECT Amount FROM Opportunity')).body[0].errorCode).toBe('INVALID_FIELD');
    expect((await own.call('GET', '/limits')).status).toBe(403);
  });
});

it('makes ids with the checksum of their capitals', () => {
  expect(salesforceId('006', 1)).toBe('0065e0000000001AAA');
  expect(toId18('0015e00000AbCdE')).toBe('0015e00000AbCdEAAV');
});
