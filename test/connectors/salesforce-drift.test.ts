import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { SalesforceSandbox } from '../../connectors/salesforce/sandbox/index.ts';
import { start } from './salesforce-company.ts';
import { dayMs, openReplica, type Replica } from './salesforce-reading.ts';

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
