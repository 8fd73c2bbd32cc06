import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseCsv } from '../../connectors/salesforce/sandbox/bulk/csv.ts';
import type { SalesforceSandbox } from '../../connectors/salesforce/sandbox/index.ts';
import { type Client, clientOf, signIn, start } from './salesforce-sandbox-client.ts';

let sandbox: SalesforceSandbox;
let client: Client;
beforeAll(async () => {
  sandbox = await start();
  client = await signIn(sandbox);
});
afterAll(() => sandbox[Symbol.asyncDispose]());

async function runJob(query: string): Promise<string> {
  const { body } = await client.call('POST', '/jobs/query', { operation: 'queryAll', query });
  expect(body.state).toBe('UploadComplete');
  const states: string[] = [];
  while (states.at(-1) !== 'JobComplete')
    states.push((await client.call('GET', `/jobs/query/${body.id}`)).body.state);
  expect(states).toEqual(['InProgress', 'JobComplete']);
  return body.id;
}

describe('bulk queries', () => {
  it('page through CSV with a header on every page, all quoted, instants with Z', async () => {
    const id = await runJob(
      'SELECT Id, Name, Amount, CreatedDate, IsWon, Owner.Name, NextStep FROM Opportunity',
    );
    const rows: string[][] = [];
    let locator = '';
    while (locator !== 'null') {
      const next = locator === '' ? '' : `&locator=${locator}`;
      const answer = await client.call('GET', `/jobs/query/${id}/results?maxRecords=130${next}`);
      const [header, ...records] = parseCsv(answer.text, ',');
      expect(header).toEqual(['Id', 'Name', 'Amount', 'CreatedDate', 'IsWon', 'Owner.Name', 'NextStep']);
      expect(answer.headers.get('sforce-numberofrecords')).toBe(String(records.length));
      rows.push(...records);
      locator = answer.headers.get('sforce-locator') ?? 'null';
    }
    expect(rows).toHaveLength(300);
    expect(rows[0]?.[2]).toMatch(/^\d+\.\d+$|^$/);
    expect(rows[0]?.[3]).toMatch(/\.000Z$/);
    expect((await client.call('GET', `/jobs/query/${id}`)).body.numberRecordsProcessed).toBe(300);
    const other = await client.call('GET', `/services/data/v65.0/jobs/query/${id}/results`);
    expect(other.status).toBe(409);
    expect((await client.call('DELETE', `/jobs/query/${id}`)).status).toBe(204);
    expect((await client.call('GET', `/jobs/query/${id}`)).status).toBe(404);
  });

  it('are refused for reference tables, aggregates and compounds, and can be aborted', async () => {
    const refused = async (query: string) =>
      (await client.call('POST', '/jobs/query', { operation: 'query', query })).body[0].errorCode;
    expect(await refused('SELECT Id FROM CaseStatus')).toBe('INVALIDENTITY');
    expect(await refused('SELECT count(Id) FROM Case')).toBe('API_ERROR');
    expect(await refused('SELECT Id, BillingAddress FROM Account')).toBe('API_ERROR');
    expect(await refused('SELECT Nope__c FROM Account')).toBe('INVALID_FIELD');
    const { body } = await client.call('POST', '/jobs/query', {
      operation: 'query',
      query: 'SELECT Id FROM Account',
    });
    expect((await client.call('PATCH', `/jobs/query/${body.id}`, { state: 'Aborted' })).body.state).toBe(
      'Aborted',
    );
  });
});

describe('bulk ingest', () => {
  it('updates rows one by one and tells which failed', async () => {
    const [id = ''] = sandbox.ids('Account');
    const { body: job } = await client.call('POST', '/jobs/ingest', {
      object: 'Account',
      operation: 'update',
      lineEnding: 'LF',
    });
    expect(job).toMatchObject({
      state: 'Open',
      contentUrl: `services/data/v66.0/jobs/ingest/${job.id}/batches`,
    });
    const csv = `Id,NumberOfEmployees,Phone\n${id},17,#N/A\n0015e0000000zzzAAA,1,\n`;
    expect(
      (await client.call('PUT', `/jobs/ingest/${job.id}/batches`, csv, { 'content-type': 'text/csv' }))
        .status,
    ).toBe(201);
    await client.call('PATCH', `/jobs/ingest/${job.id}`, { state: 'UploadComplete' });
    await client.call('GET', `/jobs/ingest/${job.id}`);
    const done = (await client.call('GET', `/jobs/ingest/${job.id}`)).body;
    expect(done).toMatchObject({ state: 'JobComplete', numberRecordsProcessed: 2, numberRecordsFailed: 1 });
    expect(sandbox.get('Account', id)).toMatchObject({ NumberOfEmployees: 17 });
    const failed = parseCsv((await client.call('GET', `/jobs/ingest/${job.id}/failedResults`)).text, ',');
    expect(failed[0]).toEqual(['sf__Id', 'sf__Error', 'Id', 'NumberOfEmployees', 'Phone']);
    expect(failed[1]?.[1]).toContain('MALFORMED_ID');
  });
});

describe('jsforce', () => {
  it('signs in, describes, queries, changes and deletes as against the real thing', async () => {
    const { default: jsforce } = await import('jsforce');
    const { client_id: clientId, client_secret: clientSecret } = clientOf(sandbox);
    const oauth2 = { clientId, clientSecret, loginUrl: sandbox.url };
    const conn = new jsforce.Connection({ version: '66.0', instanceUrl: sandbox.url, oauth2 });
    await conn.authorize({ grant_type: 'client_credentials' });
    expect((await conn.identity()).organization_id).toMatch(/^00D/);
    const meta = await conn.describe('Opportunity');
    expect(meta.fields.find((field) => field.name === 'CloseDate')).toMatchObject({
      type: 'date',
      nillable: false,
    });
    const found = await conn.query('SELECT Id, Owner.Name FROM Opportunity', {
      autoFetch: true,
      maxFetch: 10_000,
    });
    expect(found.records).toHaveLength(300);
    expect(conn.limitInfo.apiUsage?.limit).toBeGreaterThan(100_000);
    const made = await conn.sobject('Account').create({ Name: 'Acme' });
    expect(made).toMatchObject({ success: true });
    await conn.sobject('Account').destroy(String(made.id));
    expect(sandbox.ids('Account')).not.toContain(made.id);
  });
});

const data = fileURLToPath(new URL('../../../shared/data/maven_crm_sales/salesforce', import.meta.url));
if (!existsSync(data)) process.stderr.write(`Left out: loading a folder of records (no ${data}).\n`);

it.runIf(existsSync(data))('loads a folder of records, with fields of its own', async () => {
  await using loaded = await start({ data });
  const own = await signIn(loaded);
  const won = await own.query(
    'SELECT count(Id) deals, sum(Amount) total FROM Opportunity WHERE IsWon = true',
  );
  expect(won.body.records[0]).toMatchObject({ deals: 4238, total: 10_005_534 });
  const fields = (await own.call('GET', '/sobjects/Opportunity/describe')).body.fields;
  const engaged = fields.find((field: { name: string }) => field.name === 'Engage_Date__c');
  expect(engaged).toMatchObject({ type: 'date', custom: true, filterable: true });
  const byRole = await own.query(
    'SELECT Owner.UserRole.Name, count(Id) n FROM Opportunity GROUP BY Owner.UserRole.Name',
  );
  expect(byRole.body.totalSize).toBe(3);
  const dates = await own.query('SELECT MAX(CreatedDate) last FROM Opportunity');
  expect(dates.body.records[0].last).toBe('2017-12-31T12:00:00.000+0000');
});
