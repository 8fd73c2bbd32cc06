import { describe, expect, it } from 'vitest';
import type { HubSpotSandbox } from '../../connectors/hubspot/sandbox/index.ts';
import { call, openPortal } from './hubspot-sandbox-calls.ts';

describe('batches', () => {
  const batch = (portal: HubSpotSandbox, [object, kind, body]: readonly [string, string, object]) =>
    call(portal, ['POST', `/crm/v3/objects/${object}/batch/${kind}`, body]);

  it('of reads answer 207 and name the ids that are not there', async () => {
    const portal = await openPortal();
    const [id = ''] = portal.ids('deals');
    const inputs = [{ id }, { id: '7' }, { id: 'x' }];
    const answer = await batch(portal, ['deals', 'read', { properties: ['amount'], inputs }]);
    expect(answer.status).toBe(207);
    expect(answer.body.results.map((row) => row.id)).toEqual([id]);
    expect(answer.body).toMatchObject({ status: 'COMPLETE', numErrors: 1 });
    expect(answer.body.errors).toMatchObject([
      { category: 'OBJECT_NOT_FOUND', context: { ids: ['7', 'x'] } },
    ]);
  });

  it('take 100 inputs, 50 with history', async () => {
    const portal = await openPortal();
    const inputs = (count: number) => Array.from({ length: count }, (_, index) => ({ id: `${index + 1}` }));
    const read = (count: number, more: object = {}) =>
      batch(portal, ['deals', 'read', { inputs: inputs(count), ...more }]);
    expect((await read(100)).status).toBe(207);
    expect((await read(101)).status).toBe(400);
    expect((await read(51, { propertiesWithHistory: ['amount'] })).status).toBe(400);
  });

  const good = { properties: { dealname: 'good' } };
  const bad = { properties: { dealname: 'bad', amount: 'much' } };

  it('of creations write nothing when one input is bad and not all carry trace ids', async () => {
    const portal = await openPortal();
    const count = portal.ids('deals').length;
    for (const inputs of [
      [good, bad],
      [
        { ...good, objectWriteTraceId: 'same' },
        { ...bad, objectWriteTraceId: 'same' },
      ],
    ]) {
      expect(await batch(portal, ['deals', 'create', { inputs }])).toMatchObject({ status: 400 });
    }
    expect(portal.ids('deals')).toHaveLength(count);
  });

  it('of creations succeed in part when each input carries a trace id of its own', async () => {
    const portal = await openPortal();
    const count = portal.ids('deals').length;
    const inputs = [
      { ...good, objectWriteTraceId: 'u1' },
      { ...bad, objectWriteTraceId: 'u2' },
    ];
    const answer = await batch(portal, ['deals', 'create', { inputs }]);
    expect(answer.status).toBe(207);
    expect(answer.body.results).toMatchObject([{ objectWriteTraceId: 'u1' }]);
    expect(answer.body.errors).toMatchObject([
      { category: 'VALIDATION_ERROR', context: { objectWriteTraceId: ['u2'] } },
    ]);
    expect(portal.ids('deals')).toHaveLength(count + 1);
    expect(await batch(portal, ['deals', 'create', { inputs: [good] }])).toMatchObject({ status: 201 });
  });

  it('of updates tell unknown ids beside the results', async () => {
    const portal = await openPortal();
    const [id = ''] = portal.ids('deals');
    const inputs = [
      { id, properties: { amount: '5' } },
      { id: '7', properties: { amount: '5' } },
    ];
    const answer = await batch(portal, ['deals', 'update', { inputs }]);
    expect(answer).toMatchObject({ status: 207, body: { results: [{ id }] } });
    expect(answer.body.errors).toMatchObject([{ category: 'OBJECT_NOT_FOUND', context: { ids: ['7'] } }]);
    const twice = { inputs: [inputs[0], inputs[0]] };
    expect(await batch(portal, ['deals', 'update', twice])).toMatchObject({ status: 400 });
  });

  it('of upserts create once and change afterwards', async () => {
    const portal = await openPortal();
    await call(portal, [
      'POST',
      '/crm/v3/properties/companies',
      {
        name: 'board_key',
        label: 'Key',
        type: 'string',
        fieldType: 'text',
        groupName: 'companyinformation',
        hasUniqueValue: true,
      },
    ]);
    const upsert = (name: string, idProperty = 'board_key') => {
      const inputs = [
        { id: 'win_rate|2026-10|company|-', idProperty, properties: { name }, objectWriteTraceId: 't' },
      ];
      return batch(portal, ['companies', 'upsert', { inputs }]);
    };
    const first = await upsert('one');
    expect(first).toMatchObject({ status: 200, body: { results: [{ new: true, objectWriteTraceId: 't' }] } });
    const second = await upsert('two');
    expect(second.body.results).toMatchObject([{ new: false, id: first.body.results[0]?.id }]);
    expect(portal.get('companies', first.body.results[0]?.id ?? '')?.properties).toMatchObject({
      name: 'two',
      board_key: 'win_rate|2026-10|company|-',
    });
    expect((await upsert('three', 'name')).body.errors).toMatchObject([{ category: 'VALIDATION_ERROR' }]);
    portal.remove('companies', first.body.results[0]?.id ?? '');
    expect((await upsert('four')).body.results).toMatchObject([{ new: true }]);
  });

  it('of deletions pass over unknown ids', async () => {
    const portal = await openPortal();
    const [id = ''] = portal.ids('deals');
    const inputs = [{ id }, { id: '7' }];
    expect(await batch(portal, ['deals', 'archive', { inputs }])).toMatchObject({ status: 204 });
    expect(portal.ids('deals')).not.toContain(id);
  });
});
