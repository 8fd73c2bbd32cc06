import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Client } from '@hubspot/api-client';
import { describe, expect, it } from 'vitest';
import { call, filters, openPortal, search } from './hubspot-sandbox-calls.ts';

describe('around the records', () => {
  it('describes the account', async () => {
    const portal = await openPortal();
    for (const path of ['/account-info/v3/details', '/account-info/2026-09/details']) {
      expect((await call(portal, ['GET', path])).body).toMatchObject({
        portalId: Number(portal.portalId),
        timeZone: 'Europe/Madrid',
        companyCurrency: 'EUR',
        utcOffset: '+01:00',
        uiDomain: 'app.hubspot.com',
      });
    }
  });

  it('lists owners who left in the archived pass only, with their teams', async () => {
    const portal = await openPortal({ size: 300 });
    const active = await call(portal, ['GET', '/crm/v3/owners?limit=500']);
    const left = await call(portal, ['GET', '/crm/v3/owners?archived=true']);
    expect(left.body.results.length).toBeGreaterThan(0);
    for (const owner of left.body.results) expect(owner).toMatchObject({ archived: true, userId: null });
    for (const owner of active.body.results)
      expect(owner.teams).toContainEqual(expect.objectContaining({ primary: true }));
    const first = await call(portal, ['GET', '/crm/v3/owners?limit=1']);
    const second = await call(portal, [
      'GET',
      `/crm/v3/owners?limit=1&after=${first.body.paging?.next.after}`,
    ]);
    expect([first, second].map(({ body }) => body.results[0]?.id)).toEqual(
      active.body.results.slice(0, 2).map(({ id }) => id),
    );
  });

  it('shows pipelines with the meaning of their stages in texts', async () => {
    const portal = await openPortal();
    const deals = await call(portal, ['GET', '/crm/v3/pipelines/deals']);
    expect(deals.body.results).toMatchObject([
      {
        id: 'default',
        stages: expect.arrayContaining([
          expect.objectContaining({ id: 'closedwon', metadata: { isClosed: 'true', probability: '1.0' } }),
          expect.objectContaining({ id: 'closedlost', metadata: { isClosed: 'true', probability: '0.0' } }),
        ]),
      },
    ]);
    const tickets = await call(portal, ['GET', '/crm/pipelines/2026-09/tickets']);
    expect(tickets.body.results).toMatchObject([
      { id: '0', stages: [{ id: '1' }, { id: '2' }, { id: '3' }, { id: '4' }] },
    ]);
  });

  it('leaves e-mails without statistics out of a list with statistics', async () => {
    const portal = await openPortal();
    const plain = await call(portal, ['GET', '/marketing/v3/emails?limit=100']);
    const counted = await call(portal, ['GET', '/marketing/v3/emails?limit=100&includeStats=true']);
    expect(plain.body.total).toBeGreaterThan(counted.body.total);
    const [email] = counted.body.results;
    expect(email?.stats).toMatchObject({
      counters: { delivered: expect.any(Number), open: expect.any(Number) },
    });
    expect(plain.body.results[0]).not.toHaveProperty('stats');
  });

  it('gives ratios in percent, and the sum of a period', async () => {
    const portal = await openPortal({ size: 1 });
    for (const id of portal.ids('marketing_emails')) portal.remove('marketing_emails', id);
    const counters = { sent: 720, delivered: 704, open: 443, click: 8 };
    const publishDate = '2026-10-05T08:00:00.000Z';
    const id = portal.put('marketing_emails', { name: 'A', publishDate, stats: { counters } });
    const one = await call(portal, ['GET', `/marketing/v3/emails/${id}?includeStats=true`]);
    const { ratios } = JSON.parse(JSON.stringify(one.body.stats));
    expect(ratios.clickratio).toBeCloseTo(1.136, 3);
    expect(ratios.clickthroughratio).toBeCloseTo(1.806, 3);
    const span = 'startTimestamp=2026-10-01T00:00:00Z&endTimestamp=2026-11-01T00:00:00Z';
    const month = await call(portal, ['GET', `/marketing/v3/emails/statistics/list?${span}`]);
    expect(month.body).toMatchObject({ aggregate: { counters }, emails: [Number(id)] });
    const days = await call(portal, [
      'GET',
      `/marketing/v3/emails/statistics/histogram?${span}&interval=DAY`,
    ]);
    // Days of the account: the first and the last are cut by the span, which is in UTC.
    expect(days.body.total).toBe(32);
    expect(days.body.results.filter((day) => JSON.stringify(day).includes('delivered'))).toHaveLength(1);
  });

  it('shows campaigns with the properties that campaigns may have', async () => {
    const portal = await openPortal({ size: 300 });
    const path = '/marketing/v3/campaigns?properties=hs_name,hs_spend_items_sum_amount';
    const list = await call(portal, ['GET', path]);
    const [campaign] = list.body.results;
    expect(campaign?.properties).toHaveProperty('hs_name');
    const totals = await call(portal, ['GET', `/marketing/v3/campaigns/${campaign?.id}/budget/totals`]);
    expect(totals.body).toMatchObject({
      spendTotal: Number(campaign?.properties.hs_spend_items_sum_amount ?? 0),
    });
    expect(await call(portal, ['GET', '/marketing/v3/campaigns?properties=nothing'])).toMatchObject({
      status: 400,
    });
  });

  it('injects the faults that it is told to', async () => {
    const portal = await openPortal();
    portal.faults.push({
      matches: ({ path }) => path.endsWith('/deals'),
      times: 1,
      act: { status: 423, body: {} },
    });
    expect((await call(portal, ['GET', '/crm/v3/objects/deals'])).status).toBe(423);
    expect((await call(portal, ['GET', '/crm/v3/objects/deals'])).status).toBe(200);
    expect(portal.requests.map(({ status }) => status)).toEqual([423, 200]);
  });
});

describe('the official client', () => {
  it('lists, searches, writes and links', async () => {
    const portal = await openPortal();
    const client = new Client({ accessToken: portal.auth.accessToken ?? '', basePath: portal.url });
    const page = await client.crm.deals.basicApi.getPage(5, undefined, ['amount', 'dealname'], ['dealstage']);
    expect(page.results.map(({ id }) => id)).toEqual(portal.ids('deals').slice(0, 5));
    expect(page.results[0]?.propertiesWithHistory?.dealstage?.length).toBeGreaterThan(0);
    const made = await client.crm.companies.basicApi.create({ properties: { name: 'Probe' } });
    expect(made.createdAt).toBeInstanceOf(Date);
    const found = await client.crm.companies.searchApi.doSearch({
      query: 'probe',
      limit: 10,
      after: '0',
      sorts: ['-createdate'],
      properties: ['name'],
      filterGroups: [],
    });
    expect(found.results.map(({ id }) => id)).toEqual([made.id]);
    const [deal = ''] = portal.ids('deals');
    await client.crm.associations.v4.basicApi.createDefault('deals', deal, 'companies', made.id);
    const links = await client.crm.associations.v4.batchApi.getPage('deals', 'companies', {
      inputs: [{ id: deal }],
    });
    expect(JSON.stringify(links.results)).toContain(made.id);
    const owners = await client.crm.owners.ownersApi.getPage();
    expect(owners.results[0]?.id).toBe(portal.ids('owners')[0]);
    const schema = await client.crm.schemas.coreApi.getAll();
    expect(schema.results).toEqual([]);
  });

  it('reports the error of an unknown token as it is', async () => {
    const portal = await openPortal();
    const client = new Client({ accessToken: 'pat-eu1-wrong', basePath: portal.url });
    await expect(client.crm.deals.basicApi.getPage()).rejects.toMatchObject({
      code: 401,
      body: { category: 'INVALID_AUTHENTICATION' },
    });
  });
});

describe('the made-up company', () => {
  it('has the same deals every time, and tells their path', async () => {
    const [one, two] = [await openPortal(), await openPortal()];
    const [id = ''] = one.ids('deals');
    const names = 'dealname,dealstage,amount,closedate,hubspot_owner_id';
    const [ours, theirs] = [one, two].map((portal) =>
      call(portal, ['GET', `/crm/v3/objects/deals?limit=60&properties=${names}`]),
    );
    expect((await ours)?.body.results).toEqual((await theirs)?.body.results);
    const path = `/crm/v3/objects/deals/${id}?properties=dealstage&propertiesWithHistory=dealstage`;
    const read = await call(one, ['GET', path]);
    const stages = read.body.propertiesWithHistory?.dealstage;
    expect(stages?.[0]).toMatchObject({ value: read.body.properties.dealstage });
    expect(stages?.at(-1)?.timestamp).toBe(read.body.properties.createdate);
  });

  it('has its activities linked to deals and companies', async () => {
    const portal = await openPortal();
    const inputs = portal.ids('calls').map((id) => ({ id }));
    for (const to of ['deals', 'companies', 'contacts']) {
      const links = await call(portal, ['POST', `/crm/v4/associations/calls/${to}/batch/read`, { inputs }]);
      expect(links.body.results.length, to).toBeGreaterThan(inputs.length / 3);
    }
  });
});

const maven = fileURLToPath(new URL('../../../shared/data/maven_crm_sales/hubspot', import.meta.url));

if (!existsSync(maven))
  process.stdout.write('Left out: the data set of 8,800 deals is not beside the checkout.\n');

describe('loaded data', () => {
  it.runIf(existsSync(maven))(
    'keeps ids, times, values and links, and types what is not standard',
    async () => {
      const portal = await openPortal({ data: maven });
      expect(portal.ids('deals')).toHaveLength(8800);
      expect(portal.get('deals', '30000001')).toMatchObject({
        updatedAt: '2017-03-01T12:00:00.000Z',
        properties: {
          amount: '1054',
          hs_is_closed_won: 'true',
          hs_lastmodifieddate: '2017-03-01T12:00:00.000Z',
        },
        associations: { companies: { results: [{ id: '5000009' }, { id: '5000009' }] } },
      });
      const won = await search(portal, 'deals', {
        filterGroups: filters(['dealstage', 'EQ', 'closedwon']),
        limit: 1,
      });
      expect(won.body.total).toBe(4238);
      const properties = await call(portal, ['GET', '/crm/v3/properties/deals']);
      const typeOf = (wanted: string) => properties.body.results.find(({ name }) => name === wanted)?.type;
      expect(['product_name', 'engage_date'].map(typeOf)).toEqual(['string', 'date']);
      const read = await call(portal, [
        'GET',
        '/crm/v3/objects/deals/30000001?propertiesWithHistory=dealstage',
      ]);
      expect(read.body.propertiesWithHistory?.dealstage).toMatchObject([
        { value: 'closedwon', timestamp: '2017-03-01T12:00:00.000Z' },
      ]);
      const owners = await call(portal, ['GET', '/crm/v3/owners']);
      expect(owners.body.results).toHaveLength(41);
    },
  );
});
