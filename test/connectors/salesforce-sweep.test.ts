import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type SalesforceSandbox, startSandbox } from '../../connectors/salesforce/sandbox/index.ts';
import { compareIds } from '../../connectors/salesforce/sweep.ts';
import { now, start } from './salesforce-company.ts';
import { dayMs, openReplica, type Replica, troubles } from './salesforce-reading.ts';

async function* items(ids: readonly string[]) {
  yield* ids;
}

async function compare(theirs: readonly string[], ours: readonly string[]) {
  const found: string[] = [];
  for await (const { side, id } of compareIds(items(theirs), items(ours))) found.push(`${side} ${id}`);
  return found;
}

describe('two ascending sequences of ids', () => {
  it('differ in what only one of them has', async () => {
    expect(await compare(['a', 'c', 'd', 'f'], ['b', 'c', 'e', 'f', 'g'])).toEqual([
      'theirs a',
      'ours b',
      'theirs d',
      'ours e',
      'ours g',
    ]);
  });

  it('do not differ when they are equal or empty', async () => {
    expect(await compare(['a', 'b'], ['a', 'b'])).toEqual([]);
    expect(await compare([], [])).toEqual([]);
    expect(await compare(['a'], [])).toEqual(['theirs a']);
    expect(await compare([], ['a'])).toEqual(['ours a']);
  });
});

it('the amounts of an org with several currencies are proven in each of them', async () => {
  await using org = await startSandbox({
    port: 0,
    data: null,
    seed: 1,
    size: 60,
    now,
    currency: 'EUR,USD,JPY',
    timeZone: 'Europe/Madrid',
    tier: null,
    without: [],
  });
  const [one = '', two = ''] = org.ids('Opportunity');
  org.put('Opportunity', { Amount: 1234.56, CurrencyIsoCode: 'USD' }, one);
  org.put('Opportunity', { Amount: 900_001, CurrencyIsoCode: 'JPY' }, two);
  await using replica = await openReplica(org, { objects: ['deals'] });
  const report = await replica.sync();
  expect(troubles(report)).toEqual([]);
  const deals = report.streams.find(({ object }) => object === 'Opportunity');
  const amounts = deals?.complete?.amounts ?? [];
  expect(amounts.map(({ currency }) => currency).sort()).toEqual(['EUR', 'JPY', 'USD']);
  expect(amounts.find(({ currency }) => currency === 'JPY')).toMatchObject({
    ours: 900_001,
    theirs: 900_001,
  });
  for (const { ours, theirs } of amounts) expect(ours).toBe(theirs);
});

describe('completeness', () => {
  let org: SalesforceSandbox;
  let replica: Replica;
  beforeEach(async () => {
    org = await start();
    replica = await openReplica(org, { objects: ['deals'] });
    expect(troubles(await replica.sync())).toEqual([]);
  });
  afterEach(async () => {
    await replica[Symbol.asyncDispose]();
    await org[Symbol.asyncDispose]();
  });
  const living = (table: string) =>
    replica.temp.sql<{ id: string }>(`SELECT id FROM ${table} WHERE deleted_at IS NULL ORDER BY id`);

  it('is shown by counts and by the sum of amounts, to the cent', async () => {
    const deals = (await replica.sync()).streams.find(({ object }) => object === 'Opportunity');
    const [sum] = deals?.complete?.amounts ?? [];
    expect(sum?.currency).toBe('EUR');
    expect(sum?.theirs).toBeGreaterThan(0);
    expect(sum?.ours).toBe(sum?.theirs);
  });

  it('finds rows of a deal’s history that vanished while the deal lives, once a week', async () => {
    const [kept = '', gone = ''] = org.ids('OpportunityHistory');
    const rowsOf = (id: string) => living('change').filter((row) => row.id.startsWith(id)).length;
    const before = rowsOf(gone);
    expect(before).toBeGreaterThan(1);
    org.remove('OpportunityHistory', gone, 'purge');
    org.faults.push({
      matches: ({ path }) => path.includes('/OpportunityHistory/deleted'),
      times: 10,
      act: { status: 200, body: { deletedRecords: [] } },
    });
    org.advance(dayMs);
    await replica.sync();
    expect(rowsOf(gone)).toBe(before);
    org.advance(7 * dayMs);
    await replica.sync();
    expect(rowsOf(gone)).toBe(0);
    expect(rowsOf(kept)).toBeGreaterThan(1);
    expect(living('change').length).toBeGreaterThan(before);
  });

  it('finds a record that vanished without a trace, in the run in which it vanished', async () => {
    const [gone = ''] = org.ids('Opportunity');
    org.advance(dayMs);
    org.remove('Opportunity', gone, 'purge');
    org.faults.push({
      matches: ({ path }) => path.includes('/Opportunity/deleted'),
      times: 10,
      act: { status: 200, body: { deletedRecords: [] } },
    });
    expect(troubles(await replica.sync())).toEqual([]);
    expect(living('deal').map(({ id }) => id)).toEqual([...org.ids('Opportunity')].sort());
  });

  it('finds a record that was never delivered', async () => {
    const [lost = ''] = org.ids('Account').filter((id) => id > '');
    await replica.temp.store.saveBatch(
      { connection: 'sales', stream: 'Account' },
      'account',
      { tables: [], deleted: [{ id: lost, at: 1 }], cursor: null },
      { runId: 1, at: 1 },
    );
    org.advance(dayMs);
    expect(troubles(await replica.sync())).toEqual([]);
    expect(living('account')).toHaveLength(org.ids('Account').length);
  });

  it('finds an amount that changed without a stamp, by reading all deals again', async () => {
    const [id = ''] = org.ids('Opportunity');
    await replica.temp.store.saveBatch(
      { connection: 'sales', stream: 'Opportunity' },
      'deal',
      { tables: [{ table: 'deal', rows: [{ id, amount_minor: 1 }] }], deleted: [], cursor: null },
      { runId: 1, at: 1 },
    );
    org.advance(dayMs);
    expect(troubles(await replica.sync())).toEqual([]);
    const [deal] = replica.temp.sql<{ amount_minor: number | null }>(
      `SELECT amount_minor FROM deal WHERE id = '${id}'`,
    );
    const amount = org.get('Opportunity', id)?.Amount;
    expect(deal?.amount_minor).toBe(typeof amount === 'number' ? Math.round(amount * 100) : null);
  });

  it('is checked once a week even if nothing seems to differ, each object on a night of its own', async () => {
    const nights = new Map<string, number[]>();
    for (let night = 0; night < 14; night++) {
      org.advance(dayMs);
      const before = org.requests.length;
      await replica.sync();
      for (const { query } of org.requests.slice(before)) {
        const [, object] = /SELECT Id FROM (\w+)/.exec(decodeURIComponent(query.replaceAll('+', ' '))) ?? [];
        if (object) nights.set(object, [...(nights.get(object) ?? []), night]);
      }
    }
    expect([...nights.keys()]).toEqual(expect.arrayContaining(['Account', 'Opportunity']));
    for (const [first = 0, ...later] of nights.values()) expect(later).toEqual([first + 7]);
    expect(new Set([...nights.values()].map(([first]) => first)).size).toBeGreaterThan(3);
  });

  it('compares all ids where more was deleted than the log can tell', async () => {
    const [gone = ''] = org.ids('Account');
    org.remove('Account', gone, 'purge');
    org.put('Account', { Name: 'New' });
    org.advance(dayMs);
    org.faults.push({
      matches: ({ path }) => path.includes('/Account/deleted'),
      times: 1,
      act: {
        status: 400,
        body: [{ errorCode: 'EXCEEDED_ID_LIMIT', message: 'exceeded the limit of 600,000 ids' }],
      },
    });
    expect(troubles(await replica.sync())).toEqual([]);
    expect(living('account').map(({ id }) => id)).toEqual([...org.ids('Account')].sort());
  });

  it('compares all ids where the log of deletions does not reach back to the last run', async () => {
    const [gone = ''] = org.ids('Account');
    org.remove('Account', gone, 'purge');
    org.put('Account', { Name: 'New' });
    org.advance(40 * dayMs);
    expect(troubles(await replica.sync())).toEqual([]);
    expect(living('account').map(({ id }) => id)).toEqual([...org.ids('Account')].sort());
  });
});

describe('a permission that is taken away', () => {
  it('is not taken for the deletion of nearly all records', async () => {
    await using org = await start({ size: 300 });
    await using replica = await openReplica(org, { objects: [] });
    await replica.sync();
    const before = org.ids('Account').length;
    org.advance(8 * dayMs);
    org.faults.push({
      matches: ({ path, query }) => /query/.test(path) && /FROM Account/.test(query.get('q') ?? ''),
      times: 1_000,
      act: { status: 200, body: { totalSize: 0, done: true, records: [] } },
    });
    const report = await replica.sync();
    expect(troubles(report).join()).toContain(`0 of ${before} records of Account`);
    expect(
      replica.temp.sql<{ n: number }>('SELECT count(*) AS n FROM account WHERE deleted_at IS NULL')[0]?.n,
    ).toBe(before);
  });
});
