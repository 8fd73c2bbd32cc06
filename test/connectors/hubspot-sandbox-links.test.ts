import { describe, expect, it } from 'vitest';
import type { HubSpotSandbox } from '../../connectors/hubspot/sandbox/index.ts';
import { call, openPortal } from './hubspot-sandbox-calls.ts';

describe('associations', () => {
  const read = (portal: HubSpotSandbox, ids: readonly string[], pair = 'deals/companies') =>
    call(portal, ['POST', `/crm/v4/associations/${pair}/batch/read`, { inputs: ids.map((id) => ({ id })) }]);

  it('answer 207 as soon as one record has none', async () => {
    const portal = await openPortal();
    const company = portal.put('companies', { name: 'A' });
    const linked = portal.put('deals', { dealname: 'A' });
    const alone = portal.put('deals', { dealname: 'B' });
    portal.link(['deals', linked], ['companies', company]);
    const answer = await read(portal, [linked, alone]);
    expect(answer.status).toBe(207);
    expect(answer.body.results).toEqual([
      {
        from: { id: linked },
        to: [
          {
            toObjectId: Number(company),
            associationTypes: [
              { category: 'HUBSPOT_DEFINED', typeId: 5, label: 'Primary' },
              { category: 'HUBSPOT_DEFINED', typeId: 341, label: null },
            ],
          },
        ],
      },
    ]);
    expect(answer.body.errors).toMatchObject([
      { subCategory: 'crm.associations.NO_ASSOCIATIONS_FOUND', context: { fromObjectId: [alone] } },
    ]);
    expect(await read(portal, [linked])).toMatchObject({ status: 200 });
  });

  it('do not touch the records that they link', async () => {
    const portal = await openPortal();
    const company = portal.put('companies', { name: 'A' });
    const deal = portal.put('deals', { dealname: 'A' });
    const before = portal.get('deals', deal)?.updatedAt;
    portal.advance(60_000);
    portal.link(['deals', deal], ['companies', company]);
    portal.unlink(['deals', deal], ['companies', company]);
    expect(portal.get('deals', deal)?.updatedAt).toBe(before);
    expect((await read(portal, [deal])).body.results).toEqual([]);
  });

  it('are made with types that the two objects have, and with no others', async () => {
    const portal = await openPortal();
    const [companyA, companyB] = [
      portal.put('companies', { name: 'A' }),
      portal.put('companies', { name: 'B' }),
    ];
    const deal = portal.put('deals', { dealname: 'A' });
    const create = (toId: string, associationTypeId: number) => {
      const types = [{ associationCategory: 'HUBSPOT_DEFINED', associationTypeId }];
      const inputs = [{ from: { id: deal }, to: { id: toId }, types }];
      return call(portal, ['POST', '/crm/v4/associations/deals/companies/batch/create', { inputs }]);
    };
    expect(await create(companyA, 341)).toMatchObject({ status: 201 });
    expect(await create(companyB, 5)).toMatchObject({
      status: 201,
      body: { results: [{ labels: ['Primary'] }] },
    });
    expect(await create(companyB, 3)).toMatchObject({
      status: 400,
      body: { subCategory: 'crm.associations.INVALID_ASSOCIATION_TYPE' },
    });
    const seen = await call(portal, ['GET', `/crm/v4/objects/deals/${deal}/associations/companies`]);
    expect(seen.body.results).toMatchObject([
      { toObjectId: Number(companyA), associationTypes: [{ typeId: 341 }] },
      { toObjectId: Number(companyB), associationTypes: [{ typeId: 5 }, { typeId: 341 }] },
    ]);
    const labels = await call(portal, ['GET', '/crm/v4/associations/companies/deals/labels']);
    expect(labels.body.results).toMatchObject([{ typeId: 6, label: 'Primary' }, { typeId: 342 }]);
  });

  it('page when there are more than 500', async () => {
    const portal = await openPortal({ size: 1 });
    const company = portal.put('companies', { name: 'A' });
    for (let index = 0; index < 510; index++) {
      portal.link(['companies', company], ['deals', portal.put('deals', { dealname: `${index}` })]);
    }
    const path = `/crm/v4/objects/companies/${company}/associations/deals`;
    const first = await call(portal, ['GET', path]);
    expect(first.body.results).toHaveLength(500);
    const rest = await call(portal, ['GET', `${path}?after=${first.body.paging?.next.after}`]);
    expect(rest.body.results).toHaveLength(10);
    expect(await call(portal, ['GET', path.replace('v4/objects', 'objects/2026-09')])).toMatchObject({
      status: 404,
    });
  });
});
