import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { SalesforceSandbox } from '../../connectors/salesforce/sandbox/index.ts';
import { start } from './salesforce-company.ts';
import { openOrg } from './salesforce-org.ts';
import { dayMs, openReplica, type Replica, readAll } from './salesforce-reading.ts';

let org: SalesforceSandbox;
let replica: Replica;
beforeEach(async () => {
  org = await start();
  replica = await openReplica(org, { objects: ['deals'] });
});
afterEach(async () => {
  await replica[Symbol.asyncDispose]();
  await org[Symbol.asyncDispose]();
});

const filled = (column: string) =>
  replica.temp.sql<{ n: number }>(`SELECT count(${column}) AS n FROM deal`)[0]?.n ?? 0;

describe('a schema that changes', () => {
  it('gives old records the values of a field that has become readable', async () => {
    org.hide('Opportunity.LeadSource');
    await replica.sync();
    expect(filled('source')).toBe(0);
    org.advance(dayMs);
    org.show('Opportunity.LeadSource');
    await replica.sync();
    const withSource = org.ids('Opportunity').filter((id) => org.get('Opportunity', id)?.LeadSource != null);
    expect(filled('source')).toBe(withSource.length);
    expect(replica.events.some(({ event }) => event.startsWith('fields.appeared'))).toBe(true);
  });

  it('keeps the values of a field that is no longer readable, and says so', async () => {
    await replica.sync();
    const before = filled('type');
    expect(before).toBeGreaterThan(0);
    org.hide('Opportunity.Type');
    org.advance(dayMs);
    const [id = ''] = org.ids('Opportunity').filter((one) => org.get('Opportunity', one)?.Type != null);
    org.put('Opportunity', { NextStep: 'Call' }, id);
    await replica.sync();
    expect(filled('type')).toBe(before);
    expect(replica.temp.sql(`SELECT next_step FROM deal WHERE id = '${id}'`)).toEqual([
      { next_step: 'Call' },
    ]);
    expect(replica.events.find(({ event }) => event === 'fields.vanished')?.fields).toMatchObject({
      object: 'Opportunity',
      fields: ['Type'],
    });
  });

  it('reads all again of the one object whose mapping changed, and of no other', async () => {
    await replica.sync();
    org.advance(dayMs);
    const first = (await replica.sync()).streams;
    org.advance(dayMs);
    const fields = { 'deal.source': 'NextStep' };
    const report = await replica.sync({ context: { fields } });
    const rowsOf = (streams: typeof first, name: string) =>
      streams.find(({ object }) => object === name)?.rows;
    expect(rowsOf(report.streams, 'Opportunity')).toBeGreaterThanOrEqual(org.ids('Opportunity').length);
    expect(rowsOf(report.streams, 'Account')).toBe(rowsOf(first, 'Account'));
    org.advance(dayMs);
    expect(rowsOf((await replica.sync({ context: { fields } })).streams, 'Opportunity')).toBe(0);
  });

  it('lets records go that an earlier `since` brought and a later one leaves out', async () => {
    await replica.sync();
    org.advance(dayMs);
    const report = await replica.sync({ context: { since: '2026-06-01' } });
    const deals = report.streams.find(({ object }) => object === 'Opportunity');
    expect(deals?.error).toBeNull();
    expect(deals?.complete?.ours).toBe(deals?.complete?.theirs);
    expect(deals?.complete?.ours).toBeLessThan(org.ids('Opportunity').length);
  });

  it('reads again from an earlier instant when it is asked to', async () => {
    await replica.sync();
    org.advance(dayMs);
    expect((await replica.sync()).streams.find(({ object }) => object === 'Opportunity')?.rows).toBe(0);
    const again = await replica.sync({ changedSince: org.now() - 400 * dayMs });
    expect(again.streams.find(({ object }) => object === 'Opportunity')?.rows).toBeGreaterThan(10);
  });
});

describe('a mapped field of another record', () => {
  it('is brought up to date within a week, although the deal itself is not stamped', async () => {
    const context = { fields: { 'deal.customer': 'Account.Name' } };
    await replica.sync({ context });
    const [id = ''] = org.ids('Opportunity').filter((one) => org.get('Opportunity', one)?.AccountId != null);
    org.advance(dayMs);
    org.put('Account', { Name: 'Renamed' }, String(org.get('Opportunity', id)?.AccountId));
    org.advance(7 * dayMs);
    await replica.sync({ context });
    expect(replica.temp.sql(`SELECT value FROM dimension WHERE record_id = '${id}'`)).toEqual([
      { value: 'Renamed' },
    ]);
  });
});

describe('a path through an owner that may be a queue', () => {
  it('reaches what users and queues have in common, and says so of anything else', async () => {
    const connection = await openOrg(org, {
      auth: org.auth,
      context: { fields: { 'ticket.owner_name': 'Owner.Name', 'lead.manager': 'Owner.Manager.Name' } },
    });
    const streams = await connection.streams();
    const problemOf = (name: string) => streams.find((stream) => stream.name === name)?.unavailable?.problem;
    expect(problemOf('Case')).toBeUndefined();
    expect(problemOf('Lead')).toContain('cannot follow to Manager.Name');
    const [batch] = await readAll(connection, 'Case');
    expect(batch?.tables.find(({ table }) => table === 'dimension')?.rows[0]).toMatchObject({
      name: 'owner_name',
      value: expect.any(String),
    });
  });
});
