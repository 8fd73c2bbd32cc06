import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Connection, Outcome, ResultSchema } from '../../src/model/connector.ts';
import type { ResultChange } from '../../src/model/result.ts';
import { openOrg, type ScriptedOrg, startScriptedOrg } from './salesforce-org.ts';

const target: ResultSchema = {
  language: 'en',
  fields: [
    { name: 'key', apiName: 'Key__c', label: 'Key', kind: 'key' },
    { name: 'value', apiName: 'Value__c', label: 'Value', kind: 'number' },
    { name: 'data_as_of', apiName: 'Data_As_Of__c', label: 'As of', kind: 'instant' },
    { name: 'current', apiName: 'Current__c', label: 'Current', kind: 'bool' },
    { name: 'user', apiName: 'User__c', label: 'Person', kind: 'user' },
  ],
};
const installed = {
  Id: 'a01',
  Key__c: '',
  Value__c: 1,
  Data_As_Of__c: '',
  Current__c: true,
  User__c: '',
  OwnerId: '',
};
const anna = '005000000000001AAA';

let org: ScriptedOrg;
let connection: Connection;
beforeEach(async () => {
  org = await startScriptedOrg();
  org.records.set('KPI_Result__c', [installed]);
  connection = await openOrg(org);
});
afterEach(() => org.close());

function change(key: string, fields: ResultChange['fields'] = { value: 0.18 }): ResultChange {
  return { key, change: 'create', fields, remoteId: null };
}

async function publish(changes: readonly ResultChange[]): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  for await (const outcome of connection.publish?.(changes, target) ?? []) outcomes.push(outcome);
  return outcomes;
}

/** The next collections call is answered so, row by row. */
function answerNext(...results: readonly unknown[]) {
  org.faults.push({
    matches: ({ path }) => path.includes('/composite/sobjects'),
    times: 1,
    act: { status: 200, body: results },
  });
}

function refusal(statusCode: string, fields: readonly string[] = []) {
  return { success: false, errors: [{ statusCode, message: statusCode, fields }] };
}

function sentRecords(): unknown[][] {
  return org.requests
    .filter(({ path }) => path.includes('/composite/sobjects'))
    .map(({ body }) => JSON.parse(body).records);
}

describe('publishing', () => {
  it('sends the fields in the form that Salesforce takes, owned by the person they speak of', async () => {
    answerNext({ id: 'a01000000000001AAA', success: true, errors: [], created: true });
    const fields = { value: 0.18, data_as_of: Date.parse('2026-03-01T00:00:00Z'), current: true, user: anna };
    expect(await publish([change('win_rate|2026-02|owner:005|-', fields)])).toEqual([
      { key: 'win_rate|2026-02|owner:005|-', ok: true, remoteId: 'a01000000000001AAA' },
    ]);
    expect(sentRecords()[0]).toEqual([
      {
        attributes: { type: 'KPI_Result__c' },
        Key__c: 'win_rate|2026-02|owner:005|-',
        Value__c: 0.18,
        Data_As_Of__c: '2026-03-01T00:00:00.000Z',
        Current__c: true,
        User__c: anna,
        OwnerId: anna,
      },
    ]);
  });

  it('tries a locked record again and only that one', async () => {
    answerNext({ id: 'a1', success: true, errors: [] }, refusal('UNABLE_TO_LOCK_ROW'));
    answerNext({ id: 'a2', success: true, errors: [] });
    const outcomes = await publish([change('a'), change('b')]);
    expect(outcomes).toEqual([
      { key: 'a', ok: true, remoteId: 'a1' },
      { key: 'b', ok: true, remoteId: 'a2' },
    ]);
    expect(sentRecords().map((records) => records.length)).toEqual([2, 1]);
  });

  it("leaves an inactive person's record with the integration user", async () => {
    answerNext(refusal('INACTIVE_OWNER_OR_USER'));
    answerNext({ id: 'a1', success: true, errors: [] });
    expect(await publish([change('a', { user: anna })])).toEqual([{ key: 'a', ok: true, remoteId: 'a1' }]);
    expect(sentRecords()[1]).toEqual([expect.objectContaining({ User__c: anna })]);
    expect(sentRecords()[1]).not.toEqual([expect.objectContaining({ OwnerId: anna })]);
  });

  it("a queue's result names no person, whom the lookup to User would refuse", async () => {
    answerNext({ id: 'a1', success: true, errors: [] });
    await publish([change('open_cases|2026-02|owner:00G1|-', { user: '00G000000000001AAA' })]);
    expect(sentRecords()[0]).toEqual([expect.objectContaining({ User__c: null })]);
    expect(sentRecords()[0]).not.toEqual([expect.objectContaining({ OwnerId: expect.anything() })]);
  });

  it('tells one record refused from a set-up that refuses all', async () => {
    answerNext({ id: 'a1', success: true, errors: [] }, refusal('FIELD_CUSTOM_VALIDATION_EXCEPTION'));
    const [, second] = await publish([change('a'), change('b')]);
    expect(second).toMatchObject({ key: 'b', ok: false, reason: expect.stringContaining('validation rule') });
    answerNext(refusal('INVALID_FIELD'), refusal('INVALID_FIELD'));
    await expect(publish([change('a'), change('b')])).rejects.toMatchObject({
      kind: 'config',
      fix: 'Run `crm-kpi install sales`.',
    });
  });

  it('gives an outcome to a record of which the answer says nothing', async () => {
    answerNext({ id: 'a1', success: true, errors: [] });
    expect(await publish([change('a'), change('b')])).toMatchObject([{ ok: true }, { key: 'b', ok: false }]);
  });

  it('repeats an upsert whose answer was lost', async () => {
    org.faults.push({ matches: ({ path }) => path.includes('/composite/sobjects'), times: 1, act: 'reset' });
    answerNext({ id: 'a1', success: true, errors: [] });
    expect(await publish([change('a')])).toMatchObject([{ ok: true }]);
  });

  it('says to install where the object is not there', async () => {
    org.records.delete('KPI_Result__c');
    await expect(publish([change('a')])).rejects.toMatchObject({
      kind: 'config',
      where: 'sales KPI_Result__c',
      fix: 'Run `crm-kpi install sales`.',
    });
  });

  it('removes by id, and takes what is gone for removed', async () => {
    answerNext({ id: 'a01000000000001AAA', success: true, errors: [] });
    const removal = { key: 'a', change: 'delete', fields: {}, remoteId: 'a01000000000001AAA' } as const;
    const outcomes = await publish([removal, { ...removal, key: 'b', remoteId: null }]);
    expect(outcomes.map(({ key, ok }) => [key, ok]).sort()).toEqual([
      ['a', true],
      ['b', true],
    ]);
    expect(org.requests.find(({ method }) => method === 'DELETE')?.query).toContain('ids=a01000000000001AAA');
  });
});

describe('installing', () => {
  it('refuses an object of its name that somebody else made', async () => {
    org.records.set('KPI_Result__c', [{ Id: 'a01', Score__c: 1 }]);
    await expect(connection.install?.(target)).rejects.toMatchObject({
      kind: 'config',
      message: expect.stringContaining('was not made by crm-kpi'),
    });
  });

  it('plans everything where nothing is there', async () => {
    org.records.delete('KPI_Result__c');
    org.records.set('PermissionSet', []);
    const plan = await connection.install?.(target);
    expect(plan?.steps.every((step) => step.change === 'create')).toBe(true);
    expect(plan?.steps.map((step) => step.what)).toContain('field KPI_Result__c.Value__c');
  });

  it('removes nothing of an object of its name that somebody else made', async () => {
    org.records.set('KPI_Result__c', [{ Id: 'a01', Score__c: 1 }]);
    const plan = await connection.uninstall?.();
    expect(plan?.steps).toEqual([
      { change: 'none', what: 'object KPI_Result__c', note: expect.stringContaining('not made by crm-kpi') },
    ]);
    for await (const _ of plan?.apply() ?? [])
      expect(org.requests.some(({ method }) => method === 'DELETE')).toBe(false);
  });
});
