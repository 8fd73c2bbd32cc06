import { describe, expect, it } from 'vitest';
import { type Answer, filters, openPortal, search } from './hubspot-sandbox-calls.ts';

describe('search', () => {
  it.each([
    ['EQ', ['EQ', '100'], ['a']],
    ['NEQ, records without a value too', ['NEQ', '100'], ['b', 'c', 'none']],
    ['GT', ['GT', '200'], ['c']],
    ['GTE', ['GTE', '200'], ['b', 'c']],
    ['LT', ['LT', '200'], ['a']],
    ['BETWEEN, both ends included', ['BETWEEN', '100', '200'], ['a', 'b']],
    ['IN', ['IN', ['100', '300']], ['a', 'c']],
    ['NOT_IN, records without a value too', ['NOT_IN', ['100', '300']], ['b', 'none']],
    ['HAS_PROPERTY', ['HAS_PROPERTY'], ['a', 'b', 'c']],
    ['NOT_HAS_PROPERTY', ['NOT_HAS_PROPERTY'], ['none']],
  ] as const)('filters by %s', async (_name, [operator, value, high], expected) => {
    const portal = await openPortal();
    for (const [name, amount] of [
      ['a', 100],
      ['b', 200],
      ['c', 300],
      ['none', null],
    ] as const) {
      portal.put('deals', { dealname: `probe ${name}`, amount });
    }
    const [group] = filters(
      ['dealname', 'CONTAINS_TOKEN', 'probe'],
      value === undefined ? ['amount', operator] : ['amount', operator, value, high],
    );
    const found = await search(portal, 'deals', { filterGroups: [group], properties: ['dealname'] });
    const names = found.body.results.map(({ properties }) => properties.dealname?.replace('probe ', ''));
    expect(names.sort()).toEqual([...expected]);
    expect(found.body.total).toBe(expected.length);
  });

  it('compares the values of IN with texts in lower case', async () => {
    const portal = await openPortal();
    portal.put('companies', { name: 'Acme' });
    const total = async (value: string) =>
      (await search(portal, 'companies', { filterGroups: filters(['name', 'IN', [value]]) })).body.total;
    expect(await total('acme')).toBe(1);
    expect(await total('Acme')).toBe(0);
  });

  it('finds by association', async () => {
    const portal = await openPortal();
    const company = portal.put('companies', { name: 'A' });
    const deal = portal.put('deals', { dealname: 'D' });
    portal.link(['deals', deal], ['companies', company]);
    const found = await search(portal, 'deals', {
      filterGroups: filters(['associations.companies', 'EQ', company]),
    });
    expect(found.body.results.map(({ id }) => id)).toEqual([deal]);
    expect(found.body.results[0]).not.toHaveProperty('associations');
  });

  it('finds what was modified within a window, by epoch milliseconds and by ISO times', async () => {
    const portal = await openPortal();
    portal.advance(3_600_000);
    const from = portal.now();
    const [changed = ''] = portal.ids('tickets');
    portal.put('tickets', { hs_ticket_priority: 'LOW' }, changed);
    for (const bound of [`${from}`, new Date(from).toISOString()]) {
      const found = await search(portal, 'tickets', {
        filterGroups: filters(['hs_lastmodifieddate', 'GTE', bound]),
      });
      expect(found.body.results.map(({ id }) => id)).toEqual([changed]);
    }
  });

  it('knows the modification of contacts as lastmodifieddate only', async () => {
    const portal = await openPortal();
    const total = async (name: string) =>
      (await search(portal, 'contacts', { filterGroups: filters([name, 'GT', '1']) })).body.total;
    expect(await total('lastmodifieddate')).toBe(portal.ids('contacts').length);
    expect(await total('hs_lastmodifieddate')).toBe(0);
  });

  it('fails on the epoch as lower bound', async () => {
    const portal = await openPortal();
    const found = await search(portal, 'deals', {
      filterGroups: filters(['hs_lastmodifieddate', 'GTE', '0']),
    });
    expect(found.status).toBe(500);
  });

  it.each([
    ['201 a page', { limit: 201 }],
    ['an offset of 10,000', { limit: 200, after: '10000' }],
    ['two sorts', { sorts: [{ propertyName: 'amount' }, { propertyName: 'closedate' }] }],
    ['six groups', { filterGroups: Array.from({ length: 6 }, () => filters(['amount', 'GT', '1'])[0]) }],
    [
      'seven filters',
      { filterGroups: filters(...Array.from({ length: 7 }, () => ['amount', 'GT', '1'] as const)) },
    ],
    ['a property that does not exist', { filterGroups: filters(['nothing', 'EQ', '1']) }],
    ['an operator that does not exist', { filterGroups: filters(['amount', 'ABOUT', '1']) }],
    ['no value', { filterGroups: filters(['amount', 'EQ']) }],
    ['a long query', { query: 'a'.repeat(3001) }],
  ])('refuses %s', async (_name, body) => {
    const portal = await openPortal();
    expect(await search(portal, 'deals', body)).toMatchObject({
      status: 400,
      body: { category: 'VALIDATION_ERROR' },
    });
  });

  it('reaches 10,000 results, offers a page beyond, and refuses it; the total is not cut', async () => {
    const portal = await openPortal({ size: 1 });
    for (let index = 0; index < 10_050; index++) portal.put('products', { name: 'p' });
    const last = await search(portal, 'products', { limit: 200, after: '9800' });
    expect(last.body.results).toHaveLength(200);
    expect(last.body.total).toBe(10_050);
    expect(last.body.paging?.next.after).toBe('10000');
    expect(await search(portal, 'products', { limit: 200, after: '10000' })).toMatchObject({ status: 400 });
  });

  it('sorts by number and by time, not by text', async () => {
    const portal = await openPortal();
    for (const amount of [9, 100, 20]) portal.put('deals', { dealname: 'probe', amount });
    const found = await search(portal, 'deals', {
      filterGroups: filters(['dealname', 'EQ', 'probe']),
      sorts: [{ propertyName: 'amount', direction: 'DESCENDING' }],
      properties: ['amount'],
    });
    expect(found.body.results.map(({ properties }) => properties.amount)).toEqual(['100', '20', '9']);
  });

  it('does not find archived records', async () => {
    const portal = await openPortal();
    const before = (await search(portal, 'deals', { limit: 1 })).body.total;
    portal.remove('deals', portal.ids('deals')[0] ?? '');
    expect((await search(portal, 'deals', { limit: 1 })).body.total).toBe(before - 1);
  });
});

describe('hazards of the search index', () => {
  it('lag: shows the state of a while ago, which the record itself has left', async () => {
    const portal = await openPortal();
    const old = portal.put('deals', { dealname: 'probe', amount: 1 });
    portal.advance(3_600_000);
    portal.hazards.lagMs = 600_000;
    portal.put('deals', { amount: 2 }, old);
    portal.put('deals', { dealname: 'probe', amount: 3 });
    const amounts = async () => {
      const found = await search(portal, 'deals', {
        filterGroups: filters(['dealname', 'EQ', 'probe']),
        properties: ['amount'],
      });
      return found.body.results.map(({ properties }) => properties.amount).sort();
    };
    expect(await amounts()).toEqual(['1']);
    expect(portal.get('deals', old)?.properties).toMatchObject({ amount: '2' });
    portal.advance(601_000);
    expect(await amounts()).toEqual(['2', '3']);
  });

  it('misorder: every record is there, the order is not', async () => {
    const portal = await openPortal();
    const body = { limit: 200, sorts: [{ propertyName: 'hs_object_id', direction: 'ASCENDING' }] };
    const sorted = (await search(portal, 'deals', body)).body.results.map(({ id }) => id);
    portal.hazards.misorder = true;
    const mixed = (await search(portal, 'deals', body)).body.results.map(({ id }) => id);
    expect(mixed).not.toEqual(sorted);
    expect([...mixed].sort()).toEqual(sorted);
  });

  it('short pages: fewer records than asked for, with a next link, and none lost', async () => {
    const portal = await openPortal();
    portal.hazards.shortPages = true;
    const ids: string[] = [];
    let after: string | undefined = '0';
    while (after !== undefined) {
      const page: Answer = await search(portal, 'deals', { limit: 20, after });
      expect(page.body.results.length).toBeLessThan(20);
      ids.push(...page.body.results.map(({ id }) => id));
      after = page.body.paging?.next.after;
    }
    expect(ids.sort()).toEqual([...portal.ids('deals')].sort());
  });
});
