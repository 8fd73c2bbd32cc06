import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { SalesforceSandbox } from '../../connectors/salesforce/sandbox/index.ts';
import type { SandboxRequest } from '../../src/sandbox/server.ts';
import { dumpStore } from '../acceptance/store-dump.ts';
import { start } from './salesforce-company.ts';
import { openOrg } from './salesforce-org.ts';
import { dayMs, openReplica, type Replica, troubles } from './salesforce-reading.ts';

let org: SalesforceSandbox;
let replica: Replica;
beforeEach(async () => {
  org = await start({ size: 120 });
  replica = await openReplica(org, { objects: ['deals'] });
});
afterEach(async () => {
  await replica[Symbol.asyncDispose]();
  await org[Symbol.asyncDispose]();
});

const timeout = {
  status: 400,
  body: [{ errorCode: 'QUERY_TIMEOUT', message: 'Your query request was running for too long.' }],
};

/** Length of the time that a query on deals asks for, in days; null: it is no such query. */
function daysOf({ query }: Pick<SandboxRequest, 'query'>, now: number): number | null {
  const soql = query.get('q') ?? '';
  if (!/^SELECT Id, .* FROM Opportunity\b/.test(soql) || !/ORDER BY SystemModstamp, Id$/.test(soql))
    return null;
  const from = /SystemModstamp >=? ([\d:TZ.-]+)/.exec(soql)?.[1];
  const until = /SystemModstamp < ([\d:TZ.-]+)/.exec(soql)?.[1];
  const end = until ? Date.parse(until) : now;
  return (end - (from ? Date.parse(from) : Date.UTC(2020, 0, 1))) / dayMs;
}

describe('a query that Salesforce gives up on', () => {
  it('is asked again for less and less time, until all has been read', async () => {
    org.faults.push({
      matches: (request) => (daysOf(request, org.now()) ?? 0) > 100,
      times: 1_000,
      act: timeout,
    });
    expect(troubles(await replica.sync())).toEqual([]);
    const [row] = replica.temp.sql<{ n: number }>('SELECT count(*) AS n FROM deal WHERE deleted_at IS NULL');
    expect(row?.n).toBe(org.ids('Opportunity').length);
    expect(replica.events.some(({ event }) => /query\.sliced/.test(event))).toBe(true);
  });

  it('fails the object, by name, when a single day is too much, and no other', async () => {
    org.faults.push({
      matches: (request) => daysOf(request, org.now()) !== null,
      times: 1_000,
      act: timeout,
    });
    const report = await replica.sync();
    const failed = report.streams.filter(({ error }) => error !== null);
    expect(failed.map(({ object }) => object)).toEqual(['Opportunity']);
    expect(failed[0]?.error).toContain('more than once');
    expect(report.errors).toMatchObject([{ kind: 'remote' }]);
  });
});

describe('the API budget', () => {
  it('stops in time wherever it ends, and the next run goes on until the store is complete', async () => {
    await using undisturbed = await openReplica(org, { objects: ['deals'] });
    await undisturbed.sync();
    for (const maxCalls of [5, 21, 24, 27]) {
      await using stopped = await openReplica(org, { objects: ['deals'] });
      const report = await stopped.sync({ budget: { maxCalls } });
      expect(report.errors).toMatchObject([{ kind: 'stopped' }]);
      expect(troubles(await stopped.sync())).toEqual([]);
      expect(dumpStore(stopped.temp.path)).toEqual(dumpStore(undisturbed.temp.path));
    }
  });
});

describe('an estimate', () => {
  it('tells the rows and calls of a first pass, and nearly none once it is done', async () => {
    const connection = await openOrg(org, { auth: org.auth });
    const stream = (await connection.streams()).find(({ name }) => name === 'Opportunity');
    if (!stream || !connection.estimate) throw new TypeError('no estimate');
    const before = await connection.estimate(stream, null);
    expect(before.rows).toBe(org.ids('Opportunity').length);
    expect(before.calls).toBeGreaterThanOrEqual(1);
    await replica.sync();
    org.advance(dayMs);
    const cursor = await replica.temp.store.cursor({ connection: 'sales', stream: 'Opportunity' });
    expect((await connection.estimate(stream, cursor)).rows).toBe(0);
  });
});
