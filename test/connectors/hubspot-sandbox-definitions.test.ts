import { describe, expect, it } from 'vitest';
import { call, openPortal } from './hubspot-sandbox-calls.ts';

const kpiResult = {
  name: 'kpi_result',
  labels: { singular: 'KPI result', plural: 'KPI results' },
  primaryDisplayProperty: 'kpi_name',
  searchableProperties: ['kpi_name'],
  requiredProperties: ['kpi_name', 'crmkpi_key'],
  properties: [
    { name: 'kpi_name', label: 'KPI', type: 'string', fieldType: 'text' },
    { name: 'crmkpi_key', label: 'Key', type: 'string', fieldType: 'text', hasUniqueValue: true },
    { name: 'value', label: 'Value', type: 'number', fieldType: 'number' },
  ],
  associatedObjects: ['COMPANY'],
};
const schemas = '/crm-object-schemas/v3/schemas';

describe('custom objects', () => {
  it('are created, found by name, type id and full name, and written by their key', async () => {
    const portal = await openPortal();
    const made = await call(portal, ['POST', schemas, kpiResult]);
    expect(made).toMatchObject({
      status: 201,
      body: { name: 'kpi_result', fullyQualifiedName: `p${portal.portalId}_kpi_result`, archived: false },
    });
    const typeId = String(made.body.objectTypeId);
    expect(typeId).toMatch(/^2-\d+$/);
    const properties = { kpi_name: 'Sales conversion', value: '0.18' };
    const inputs = [{ id: 'k1', idProperty: 'crmkpi_key', properties }];
    const written = await call(portal, ['POST', `/crm/v3/objects/${typeId}/batch/upsert`, { inputs }]);
    expect(written.body.results).toMatchObject([
      { new: true, properties: { crmkpi_key: 'k1', value: '0.18' } },
    ]);
    for (const name of ['kpi_result', typeId, `p${portal.portalId}_kpi_result`]) {
      expect((await call(portal, ['GET', `/crm/v3/objects/${name}`])).body.results, name).toHaveLength(1);
    }
    expect((await call(portal, ['GET', schemas])).body.results).toMatchObject([{ name: 'kpi_result' }]);
  });

  it('demand their required properties', async () => {
    const portal = await openPortal();
    await call(portal, ['POST', schemas, kpiResult]);
    const body = { properties: { kpi_name: 'A' } };
    const answer = await call(portal, ['POST', '/crm/v3/objects/kpi_result', body]);
    expect(answer).toMatchObject({ status: 400, body: { context: { properties: ['crmkpi_key'] } } });
  });

  it('keep their name until they are deleted for good, and stay while they have records', async () => {
    const portal = await openPortal();
    await call(portal, ['POST', schemas, kpiResult]);
    expect(await call(portal, ['POST', schemas, kpiResult])).toMatchObject({ status: 409 });
    const id = portal.put('kpi_result', { kpi_name: 'A', crmkpi_key: 'k' });
    const remove = (query = '') => call(portal, ['DELETE', `${schemas}/kpi_result${query}`]);
    expect(await remove()).toMatchObject({ status: 400 });
    portal.remove('kpi_result', id);
    expect(await remove()).toMatchObject({ status: 204 });
    expect(await call(portal, ['POST', schemas, kpiResult])).toMatchObject({ status: 409 });
    expect(await remove('?archived=true')).toMatchObject({ status: 204 });
    expect(await call(portal, ['POST', schemas, kpiResult])).toMatchObject({ status: 201 });
  });

  it('are not to be had below Enterprise', async () => {
    const portal = await openPortal({ tier: 'professional' });
    expect(await call(portal, ['POST', schemas, kpiResult])).toMatchObject({
      status: 403,
      body: { category: 'MISSING_SCOPES' },
    });
  });
});

describe('property definitions', () => {
  const definition = {
    name: 'crmkpi_status',
    label: 'Status',
    type: 'enumeration',
    fieldType: 'select',
    groupName: 'crmkpi',
    options: [{ label: 'At risk', value: 'at_risk', displayOrder: 0 }],
  };

  it('are created in a group, changed, and listed with what a caller must know', async () => {
    const portal = await openPortal();
    const base = '/crm/v3/properties/companies';
    expect(await call(portal, ['POST', base, definition])).toMatchObject({ status: 400 });
    const group = { name: 'crmkpi', label: 'CRM KPI', displayOrder: -1 };
    expect(await call(portal, ['POST', `${base}/groups`, group])).toMatchObject({ status: 201 });
    expect(await call(portal, ['POST', `${base}/batch/create`, { inputs: [definition] }])).toMatchObject({
      status: 201,
    });
    expect(await call(portal, ['POST', base, definition])).toMatchObject({ status: 409 });
    const again = await call(portal, ['POST', `${base}/batch/create`, { inputs: [definition] }]);
    expect(again).toMatchObject({ status: 207, body: { errors: [{ category: 'OBJECT_ALREADY_EXISTS' }] } });
    const changed = await call(portal, ['PATCH', `${base}/crmkpi_status`, { label: 'State' }]);
    expect(changed.body).toMatchObject({ label: 'State', type: 'enumeration', hubspotDefined: false });
    expect((await call(portal, ['GET', base])).body.results).toContainEqual(changed.body);
  });

  it.each([
    ['an upper-case name', { ...definition, name: 'Status' }],
    ['a field type of another type', { ...definition, fieldType: 'number' }],
    ['an enumeration without options', { ...definition, options: [] }],
  ])('refuse %s', async (_name, body) => {
    const portal = await openPortal();
    await call(portal, ['POST', '/crm/v3/properties/companies/groups', { name: 'crmkpi', label: 'CRM KPI' }]);
    expect(await call(portal, ['POST', '/crm/v3/properties/companies', body])).toMatchObject({ status: 400 });
  });

  it('of their own are few on Free', async () => {
    const portal = await openPortal({ tier: 'free' });
    const add = (index: number) =>
      call(portal, [
        'POST',
        '/crm/v3/properties/deals',
        {
          name: `own_${index}`,
          label: 'Own',
          type: 'string',
          fieldType: 'text',
          groupName: 'dealinformation',
        },
      ]);
    const own = (await call(portal, ['GET', '/crm/v3/limits/custom-properties'])).body;
    for (let index = Number(own.overallUsage); index < 10; index++)
      expect((await add(index)).status).toBe(201);
    expect((await add(10)).status).toBe(400);
  });
});
