import { describe, expect, it } from 'vitest';
import { call, openPortal } from './hubspot-sandbox-calls.ts';

describe('property values', () => {
  it.each([
    [{ nothing: '1' }, 'PROPERTY_DOESNT_EXIST'],
    [{ dealtype: 'gift' }, 'INVALID_OPTION'],
    [{ amount: 'much' }, 'INVALID_INTEGER'],
    [{ closedate: 'soon' }, 'INVALID_LONG'],
    [{ hs_is_closed: 'true' }, 'READ_ONLY_VALUE'],
    [{ dealstage: 'nowhere' }, 'INVALID_OPTION'],
    [{ pipeline: 'nowhere' }, 'INVALID_OPTION'],
    [{ deal_currency_code: 'USD' }, 'INVALID_OPTION'],
    [{ hubspot_owner_id: '1' }, 'INVALID_OWNER_ID'],
  ])('refuses %j with %s', async (properties, code) => {
    const portal = await openPortal();
    const count = portal.ids('deals').length;
    const answer = await call(portal, ['POST', '/crm/v3/objects/deals', { properties }]);
    expect(answer).toMatchObject({ status: 400, body: { category: 'VALIDATION_ERROR' } });
    const [name] = Object.keys(properties);
    expect(answer.body.errors).toMatchObject([{ code, context: { propertyName: [name] } }]);
    expect(answer.body.message).toContain(`"error":"${code}"`);
    expect(portal.ids('deals')).toHaveLength(count);
  });

  it('come back as texts: times in ISO form, empty as null', async () => {
    const portal = await openPortal();
    const properties = { dealname: 'A', amount: 12.5, closedate: 1_767_225_600_000, hs_next_step: '' };
    const made = await call(portal, ['POST', '/crm/v3/objects/deals', { properties }]);
    expect(made.status).toBe(201);
    expect(made.body.properties).toMatchObject({
      amount: '12.5',
      closedate: '2026-01-01T00:00:00.000Z',
      hs_next_step: null,
      pipeline: 'default',
      dealstage: 'appointmentscheduled',
    });
  });

  it('of a date must lie at midnight UTC', async () => {
    const portal = await openPortal();
    const definition = { name: 'day', label: 'Day', type: 'date', fieldType: 'date' };
    const groupName = 'dealinformation';
    await call(portal, ['POST', '/crm/v3/properties/deals', { ...definition, groupName }]);
    const write = (day: string) => call(portal, ['POST', '/crm/v3/objects/deals', { properties: { day } }]);
    expect((await write('1767225600000')).body.properties).toMatchObject({ day: '2026-01-01' });
    expect((await write('2026-01-31')).body.properties).toMatchObject({ day: '2026-01-31' });
    expect((await write('1767225600001')).body.errors).toMatchObject([{ code: 'INVALID_DATE' }]);
  });

  it('of a second contact with the same address are a conflict that names the first', async () => {
    const portal = await openPortal();
    const id = portal.put('contacts', { email: 'a@example.com' });
    const body = { properties: { email: 'A@Example.com' } };
    const answer = await call(portal, ['POST', '/crm/v3/objects/contacts', body]);
    expect(answer).toMatchObject({ status: 409, body: { category: 'CONFLICT' } });
    expect(answer.body.message).toBe(`Contact already exists. Existing ID: ${id}`);
  });

  it('of an activity must hold its time', async () => {
    const portal = await openPortal();
    const body = { properties: { hs_note_body: 'Digest' } };
    expect(await call(portal, ['POST', '/crm/v3/objects/notes', body])).toMatchObject({ status: 400 });
    const timed = { properties: { ...body.properties, hs_timestamp: '2026-11-20T10:00:00Z' } };
    expect(await call(portal, ['POST', '/crm/v3/objects/notes', timed])).toMatchObject({ status: 201 });
  });
});

describe('single records', () => {
  it('are changed, deleted and linked on creation', async () => {
    const portal = await openPortal();
    const company = portal.put('companies', { name: 'A' });
    const types = [{ associationCategory: 'HUBSPOT_DEFINED', associationTypeId: 190 }];
    const made = await call(portal, [
      'POST',
      '/crm/v3/objects/notes',
      {
        properties: { hs_timestamp: '2026-11-20T10:00:00Z', hs_note_body: 'one' },
        associations: [{ to: { id: company }, types }],
      },
    ]);
    const path = `/crm/v3/objects/notes/${made.body.id}`;
    const links = await call(portal, ['GET', `/crm/v4/objects/companies/${company}/associations/notes`]);
    expect(links.body.results).toMatchObject([{ toObjectId: Number(made.body.id) }]);
    expect(await call(portal, ['PATCH', path, { properties: { hs_note_body: 'two' } }])).toMatchObject({
      status: 200,
      body: { properties: { hs_note_body: 'two' } },
    });
    expect(await call(portal, ['DELETE', path])).toMatchObject({ status: 204 });
    expect(await call(portal, ['DELETE', path])).toMatchObject({ status: 204 });
    expect(await call(portal, ['GET', path])).toMatchObject({ status: 404 });
    expect(await call(portal, ['GET', `${path}?archived=true`])).toMatchObject({ status: 200 });
  });

  it('are found by a property with unique values only', async () => {
    const portal = await openPortal();
    const id = portal.put('contacts', { email: 'a@example.com' });
    const get = (name: string) =>
      call(portal, ['GET', `/crm/v3/objects/contacts/a@example.com?idProperty=${name}`]);
    expect((await get('email')).body.id).toBe(id);
    expect(await get('firstname')).toMatchObject({ status: 400 });
  });

  it('leave no trace after a GDPR deletion', async () => {
    const portal = await openPortal();
    const id = portal.put('contacts', { email: 'a@example.com' });
    await call(portal, ['POST', '/crm/v3/objects/contacts/gdpr-delete', { objectId: id }]);
    expect(portal.get('contacts', id)).toBeUndefined();
    expect((await call(portal, ['GET', '/crm/v3/objects/contacts?archived=true'])).body.results).toEqual([]);
  });
});
