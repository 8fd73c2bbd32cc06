import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Batch, Connection, Stream } from '../../src/model/connector.ts';
import { accounts, openOrg, type ScriptedOrg, startScriptedOrg } from './salesforce-org.ts';

let org: ScriptedOrg;
beforeEach(async () => {
  org = await startScriptedOrg();
  org.records.set('Account', accounts(7));
});
afterEach(() => org.close());

async function accountStream(connection: Connection): Promise<Stream> {
  const stream = (await connection.streams()).find((one) => one.name === 'Account');
  if (!stream) throw new TypeError('no stream Account');
  return stream;
}

async function readAll(
  connection: Connection,
  cursor: string | null = null,
  limit = Number.POSITIVE_INFINITY,
) {
  const batches: Batch[] = [];
  const { signal } = new AbortController();
  for await (const batch of connection.read(await accountStream(connection), cursor, { signal })) {
    batches.push(batch);
    if (batches.length >= limit) break;
  }
  return batches;
}

function idsOf(batches: readonly Batch[]): string[] {
  return batches.flatMap((batch) => batch.tables.flatMap(({ rows }) => rows.map((row) => row.id)));
}

const allIds = accounts(7).map((record) => String(record.Id));

describe('reading', () => {
  it('delivers every record once, in batches that each carry a position', async () => {
    const batches = await readAll(await openOrg(org));
    expect(idsOf(batches)).toEqual(allIds);
    expect(batches.every((batch) => batch.cursor !== null)).toBe(true);
  });

  it('resumes after a crash between records of the same second without losing one', async () => {
    for (const crash of [1, 2, 3]) {
      const first = await readAll(await openOrg(org), null, crash);
      const rest = await readAll(await openOrg(org), first.at(-1)?.cursor ?? null);
      expect(idsOf(rest)[0]).toBe(idsOf(first).at(-1));
      expect(new Set([...idsOf(first), ...idsOf(rest)])).toEqual(new Set(allIds));
    }
  });

  it('goes back ten minutes behind the last run and no further', async () => {
    const cursor = (await readAll(await openOrg(org))).at(-1)?.cursor ?? null;
    expect(JSON.parse(cursor ?? '{}')).toMatchObject({ upto: Date.parse('2026-03-10T12:00:00Z') });
    const late = { ...accounts(1)[0], Id: '001000000000099AAA', SystemModstamp: '2026-03-10T11:50:00.000Z' };
    const tooOld = { ...late, Id: '001000000000098AAA', SystemModstamp: '2026-03-10T11:49:59.000Z' };
    org.records.set('Account', [...accounts(7), late, tooOld]);
    expect(idsOf(await readAll(await openOrg(org), cursor))).toEqual(['001000000000099AAA']);
  });

  it('asks for a new session once and begins the query again where it was', async () => {
    const connection = await openOrg(org);
    const batches: Batch[] = [];
    for await (const batch of connection.read(await accountStream(connection), null, {
      signal: new AbortController().signal,
    })) {
      batches.push(batch);
      if (batches.length === 2) org.token = 't2';
    }
    expect(new Set(idsOf(batches))).toEqual(new Set(allIds));
    expect(org.requests.filter(({ path }) => path === '/services/oauth2/token')).toHaveLength(2);
  });

  it('gives up on a session that is refused again, after one new sign-in', async () => {
    const connection = await openOrg(org);
    org.faults.push({
      matches: ({ path }) => path.includes('/sobjects'),
      times: 99,
      act: {
        status: 401,
        body: [{ errorCode: 'INVALID_SESSION_ID', message: 'Session expired or invalid' }],
      },
    });
    await expect(connection.streams()).rejects.toMatchObject({ name: 'RunError', kind: 'auth' });
    expect(org.requests.filter(({ path }) => path === '/services/oauth2/token').length).toBeLessThanOrEqual(
      2,
    );
  });

  it('takes the same next page twice for an error, not for a loop', async () => {
    org.repeatPage = true;
    await expect(readAll(await openOrg(org))).rejects.toMatchObject({ name: 'RunError', kind: 'remote' });
  });

  it('does not pass off a partial answer as a whole one', async () => {
    org.swallow = 1;
    await expect(readAll(await openOrg(org))).rejects.toMatchObject({
      name: 'RunError',
      kind: 'remote',
      message: expect.stringContaining('announced 7'),
    });
  });

  it('delivers a page once that failed twice', async () => {
    const connection = await openOrg(org);
    await connection.streams();
    org.faults.push({
      matches: ({ path }) => /\/query\/01g/.test(path),
      times: 2,
      act: { status: 503, body: '' },
    });
    expect(idsOf(await readAll(connection))).toEqual(allIds);
  });

  it('ends at once when it is told to', async () => {
    const connection = await openOrg(org);
    const stream = await accountStream(connection);
    org.faults.push({ matches: ({ path }) => path.includes('/queryAll'), times: 1, act: 'hang' });
    const stop = new AbortController();
    const reading = connection.read(stream, null, { signal: stop.signal })[Symbol.asyncIterator]().next();
    stop.abort(new Error('enough'));
    await expect(reading).rejects.toThrow('enough');
  });
});

describe('streams', () => {
  it('name what this user is not shown, and do not stop the rest', async () => {
    const streams = await (await openOrg(org)).streams();
    const lead = streams.find((stream) => stream.name === 'Lead');
    expect(lead?.unavailable?.problem).toContain('Lead');
    expect(lead?.unavailable?.fix).toContain('View All Records');
    expect(streams.find((stream) => stream.name === 'Account')?.unavailable).toBeUndefined();
  });

  it('name a mapped field that is not there, with the one that was meant', async () => {
    org.records.set('Account', [{ ...accounts(1)[0], Segment__c: 'SMB' }]);
    const connection = await openOrg(org, { context: { fields: { 'account.category': 'Segmnt__c' } } });
    expect((await accountStream(connection)).unavailable?.problem).toContain('Did you mean Segment__c?');
  });

  it('feed canonical columns and dimensions from mapped fields', async () => {
    org.records.set('Account', [{ ...accounts(1)[0], Segment__c: 'SMB', Region__c: 'North' }]);
    const fields = { 'account.category': 'Segment__c', 'account.region': 'region__c' };
    const [batch] = await readAll(await openOrg(org, { context: { fields } }));
    expect(batch?.tables).toMatchObject([
      { table: 'account', rows: [{ category: 'SMB' }] },
      {
        table: 'dimension',
        rows: [
          {
            id: `account:${allIds[0]}:region`,
            object: 'account',
            record_id: allIds[0],
            name: 'region',
            value: 'North',
          },
        ],
      },
    ]);
  });

  it('take the older of the pinned and the org version, and the page of a record', async () => {
    const stream = await accountStream(await openOrg(org));
    expect(stream.link).toBe(`${org.url}/lightning/r/Account/{id}/view`);
    expect(org.requests.some(({ path }) => path.startsWith('/services/data/v66.0/sobjects'))).toBe(true);
  });
});

describe('sign-in', () => {
  it('tells to run connect where only a person can sign in', async () => {
    const auth = { flow: 'authorization_code', clientId: 'id' };
    await expect(openOrg(org, { auth })).rejects.toMatchObject({
      kind: 'auth',
      fix: 'Run `crm-kpi connect sales`.',
    });
  });

  it('uses a given token as it is and says when it has died', async () => {
    const auth = { flow: 'access_token', instanceUrl: org.url, accessToken: 't1' };
    expect(await (await openOrg(org, { auth })).streams()).not.toHaveLength(0);
    const dead = openOrg(org, { auth: { ...auth, accessToken: 'old' } }).then((connection) =>
      connection.streams(),
    );
    await expect(dead).rejects.toMatchObject({ kind: 'auth' });
  });
});
