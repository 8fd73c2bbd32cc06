import { describe, expect, it } from 'vitest';
import type { HubSpotSandbox } from '../../connectors/hubspot/sandbox/index.ts';
import { type Answer, call, now, openPortal } from './hubspot-sandbox-calls.ts';

async function listAll(portal: HubSpotSandbox, path: string): Promise<string[]> {
  const ids: string[] = [];
  let after = '';
  do {
    const page: Answer = await call(portal, ['GET', `${path}${after === '' ? '' : `&after=${after}`}`]);
    expect(page.status).toBe(200);
    ids.push(...page.body.results.map(({ id }) => id));
    after = page.body.paging?.next.after ?? '';
  } while (after !== '');
  return ids;
}

describe('lists', () => {
  it('page through every living record, ids ascending', async () => {
    const portal = await openPortal();
    const ids = await listAll(portal, '/crm/v3/objects/deals?limit=7');
    expect(ids).toEqual(portal.ids('deals'));
    expect(ids).toEqual([...ids].sort((a, b) => Number(a) - Number(b)));
    const page = await call(portal, ['GET', '/crm/v3/objects/deals?limit=7']);
    expect(page.body.paging?.next.after).toBe(`${Number(ids[6]) + 1}`);
    expect(page.body.paging?.next.link).toContain(portal.url);
  });

  it('give 10 records unless asked, 100 at most, 50 with history', async () => {
    const portal = await openPortal();
    expect((await call(portal, ['GET', '/crm/v3/objects/deals'])).body.results).toHaveLength(10);
    expect(await call(portal, ['GET', '/crm/v3/objects/deals?limit=101'])).toMatchObject({ status: 400 });
    const history = '/crm/v3/objects/deals?propertiesWithHistory=dealstage&limit=';
    expect(await call(portal, ['GET', `${history}51`])).toMatchObject({ status: 400 });
    expect(await call(portal, ['GET', `${history}50`])).toMatchObject({ status: 200 });
  });

  it('take repeated names and comma lists alike, and leave out names that do not exist', async () => {
    const portal = await openPortal();
    const repeated = await call(portal, [
      'GET',
      '/crm/v3/objects/deals?properties=amount&properties=dealname',
    ]);
    const listed = await call(portal, ['GET', '/crm/v3/objects/deals?properties=amount,dealname,nothing']);
    expect(listed.body.results).toEqual(repeated.body.results);
    expect(Object.keys(listed.body.results[0]?.properties ?? {}).sort()).toEqual([
      'amount',
      'createdate',
      'dealname',
      'hs_lastmodifieddate',
      'hs_object_id',
    ]);
  });

  it('show deleted records only in the archived pass, until they are restored or purged', async () => {
    const portal = await openPortal();
    const [first = '', second = ''] = portal.ids('deals');
    portal.remove('deals', first);
    portal.remove('deals', second, 'purge');
    const archived = await call(portal, ['GET', '/crm/v3/objects/deals?archived=true']);
    expect(archived.body.results).toMatchObject([{ id: first, archived: true }]);
    expect(Date.parse(String(archived.body.results[0]?.archivedAt))).toBeGreaterThanOrEqual(now);
    expect(await call(portal, ['GET', `/crm/v3/objects/deals/${first}`])).toMatchObject({ status: 404 });
    expect(await listAll(portal, '/crm/v3/objects/deals?limit=100')).not.toContain(first);
    portal.restore('deals', first);
    expect(await listAll(portal, '/crm/v3/objects/deals?limit=100')).toContain(first);
    expect((await call(portal, ['GET', '/crm/v3/objects/deals?archived=true'])).body.results).toEqual([]);
  });

  it('bring associations, the primary company twice', async () => {
    const portal = await openPortal();
    const page = await call(portal, ['GET', '/crm/v3/objects/deals?limit=1&associations=companies,contacts']);
    const companies = page.body.results[0]?.associations?.companies;
    const contacts = page.body.results[0]?.associations?.contacts;
    expect(companies?.results).toMatchObject([
      { type: 'deal_to_company' },
      { type: 'deal_to_company_unlabeled' },
    ]);
    expect(new Set(companies?.results.map(({ id }) => id)).size).toBe(1);
    expect(contacts?.results).toMatchObject([{ type: 'deal_to_contact' }]);
  });
});

describe('history', () => {
  it('is newest first and grows with each change, not with a write of the same value', async () => {
    const portal = await openPortal();
    const id = portal.put('deals', { dealname: 'A', amount: 100 });
    portal.advance(60_000);
    portal.put('deals', { amount: 250 }, id);
    portal.put('deals', { amount: 250 }, id);
    const read = await call(portal, ['GET', `/crm/v3/objects/deals/${id}?propertiesWithHistory=amount`]);
    const amount = read.body.propertiesWithHistory?.amount;
    expect(amount).toMatchObject([
      { value: '250', sourceType: 'CRM_UI' },
      { value: '100', sourceType: 'CRM_UI' },
    ]);
    const [newest, oldest] = (amount ?? []).map(({ timestamp }) => Date.parse(timestamp));
    expect((newest ?? 0) - (oldest ?? 0)).toBeGreaterThanOrEqual(60_000);
  });

  it('keeps the last 20 values of a deal and 45 of a contact', async () => {
    const portal = await openPortal();
    const deal = portal.put('deals', { dealname: 'A' });
    const contact = portal.put('contacts', { email: 'a@example.com' });
    for (let value = 0; value < 60; value++) {
      portal.put('deals', { amount: value }, deal);
      portal.put('contacts', { jobtitle: `title ${value}` }, contact);
    }
    const sizes = async (path: string, name: string) => {
      const read = await call(portal, ['GET', `/crm/v3/objects/${path}?propertiesWithHistory=${name}`]);
      return read.body.propertiesWithHistory?.[name]?.length;
    };
    expect(await sizes(`deals/${deal}`, 'amount')).toBe(20);
    expect(await sizes(`contacts/${contact}`, 'jobtitle')).toBe(45);
  });

  it('gives the times in a stage', async () => {
    const portal = await openPortal();
    const id = portal.put('deals', { dealname: 'A', dealstage: 'appointmentscheduled' });
    portal.advance(3_600_000);
    portal.put('deals', { dealstage: 'closedwon' }, id);
    const names =
      'hs_v2_latest_time_in_appointmentscheduled,hs_is_closed_won,closedate,hs_deal_stage_probability';
    const read = await call(portal, ['GET', `/crm/v3/objects/deals/${id}?properties=${names}`]);
    expect(Number(read.body.properties.hs_v2_latest_time_in_appointmentscheduled)).toBeGreaterThanOrEqual(
      3_600_000,
    );
    expect(read.body.properties).toMatchObject({
      hs_is_closed_won: 'true',
      hs_deal_stage_probability: '1.0',
    });
    expect(Date.parse(read.body.properties.closedate ?? '')).toBeGreaterThanOrEqual(now + 3_600_000);
  });

  it('tells of a ticket that was closed and opened again', async () => {
    const portal = await openPortal();
    const id = portal.put('tickets', { subject: 'A', hs_pipeline_stage: '1' });
    portal.put('tickets', { hs_pipeline_stage: '4' }, id);
    expect(portal.get('tickets', id)?.properties).toMatchObject({
      hs_is_closed: 'true',
      hs_ticket_reopened_at: null,
    });
    portal.put('tickets', { hs_pipeline_stage: '3' }, id);
    const names = 'hs_is_closed,closed_date,hs_ticket_reopened_at';
    const after = await call(portal, ['GET', `/crm/v3/objects/tickets/${id}?properties=${names}`]);
    expect(after.body.properties).toMatchObject({ hs_is_closed: 'false', closed_date: null });
    expect(after.body.properties.hs_ticket_reopened_at).not.toBeNull();
  });
});

describe('merges', () => {
  it('leave one record, which both ids find', async () => {
    const portal = await openPortal();
    const into = portal.put('companies', { name: 'A' });
    const from = portal.put('companies', { name: 'B', domain: 'b.example' });
    const deal = portal.put('deals', { dealname: 'D' });
    portal.link(['deals', deal], ['companies', from]);
    const body = { primaryObjectId: into, objectIdToMerge: from };
    expect(await call(portal, ['POST', '/crm/v3/objects/companies/merge', body])).toMatchObject({
      status: 200,
    });
    const read = await call(portal, [
      'GET',
      `/crm/v3/objects/companies/${from}?properties=name,domain,hs_merged_object_ids`,
    ]);
    expect(read.body.id).toBe(into);
    expect(read.body.properties).toMatchObject({
      name: 'A',
      domain: 'b.example',
      hs_merged_object_ids: from,
    });
    expect(portal.ids('companies')).not.toContain(from);
    const links = await call(portal, ['GET', `/crm/v4/objects/deals/${deal}/associations/companies`]);
    expect(links.body.results).toMatchObject([{ toObjectId: Number(into) }]);
    const update = { inputs: [{ id: from, properties: { name: 'C' } }] };
    const updated = await call(portal, ['POST', '/crm/v3/objects/companies/batch/update', update]);
    expect(updated).toMatchObject({ status: 200, body: { results: [] } });
  });

  it('can make a record with a new id', async () => {
    const portal = await openPortal();
    portal.hazards.mergeMakesNewId = true;
    const into = portal.put('deals', { dealname: 'A' });
    const from = portal.put('deals', { dealname: 'B' });
    const survivor = portal.merge('deals', { from, into });
    expect([into, from]).not.toContain(survivor);
    for (const id of [into, from]) {
      expect((await call(portal, ['GET', `/crm/v3/objects/deals/${id}`])).body.id).toBe(survivor);
    }
  });
});
