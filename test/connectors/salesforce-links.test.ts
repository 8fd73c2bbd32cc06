import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { SalesforceSandbox } from '../../connectors/salesforce/sandbox/index.ts';
import type { InstallStep, Outcome } from '../../src/model/connector.ts';
import type { ResultChange } from '../../src/model/result.ts';
import { resultSchema } from '../../src/publish/fields.ts';
import { result, start } from './salesforce-company.ts';
import { openOrg } from './salesforce-org.ts';

const object = 'KPI_Result__c';
const target = resultSchema('en');
let org: SalesforceSandbox;
beforeEach(async () => {
  org = await start({ size: 20 });
});
afterEach(() => org[Symbol.asyncDispose]());

async function install(): Promise<InstallStep[]> {
  const done: InstallStep[] = [];
  const plan = await (await openOrg(org, { auth: org.auth })).install?.(target);
  for await (const step of plan?.apply() ?? []) done.push(step);
  return done;
}

async function publish(changes: readonly ResultChange[]): Promise<Outcome[]> {
  const connection = await openOrg(org, { auth: org.auth });
  const outcomes: Outcome[] = [];
  for await (const outcome of connection.publish?.(changes, target) ?? []) outcomes.push(outcome);
  return outcomes;
}

const records = () => org.ids(object).map((id) => org.get(object, id) ?? {});
const linkOf = (key: string) => records().find(({ Key__c }) => Key__c === key)?.Records__c;

function change(key: string, fields: ResultChange['fields']): ResultChange {
  const { user: _, ...rest } = result(key).fields;
  const period = { period_start: '2026-10-01', period_end: '2026-11-01' };
  return { ...result(key), fields: { ...rest, ...period, ...fields } };
}

describe('a result record', () => {
  it('links to a report of the records behind it, by period and person', async () => {
    await install();
    const report = (name: string) =>
      org.ids('Report').find((id) => org.get('Report', id)?.DeveloperName === name) ?? '';
    const outcomes = await publish([
      change('a', { domain: 'sales', segment_kind: 'company', segment_name: null }),
      change('b', { domain: 'service', segment_kind: 'owner', segment_name: 'Ana Núñez' }),
      change('c', { domain: 'marketing', segment_kind: 'company', segment_name: null }),
    ]);
    expect(outcomes.map(({ ok }) => ok)).toEqual([true, true, true]);
    expect(linkOf('a')).toBe(
      `${org.url}/lightning/r/Report/${report('KPI_Deals')}/view?fv0=2026-10-01&fv1=2026-11-01`,
    );
    expect(linkOf('b')).toBe(
      `${org.url}/lightning/r/Report/${report('KPI_Cases_Person')}/view?fv0=2026-10-01&fv1=2026-11-01&fv2=Ana%20N%C3%BA%C3%B1ez`,
    );
    expect(linkOf('c')).toBeNull();
  });

  it('does without where the org refuses these reports, and everything else is there', async () => {
    org.faults.push({
      matches: ({ method, path, body }) =>
        method === 'POST' && path.endsWith('/deployRequest') && body.includes('KPI_Deals_Person'),
      times: 1,
      act: { status: 400, body: [{ errorCode: 'INVALID_REQUEST', message: 'not here' }] },
    });
    const refused = (await install()).filter(({ problem }) => problem !== undefined);
    expect(refused.map(({ what }) => what)).toEqual([
      'reports of the records behind results in folder KPI_Reports',
    ]);
    const [outcome] = await publish([change('a', { domain: 'sales', segment_kind: 'company' })]);
    expect([outcome?.ok, linkOf('a')]).toEqual([true, null]);
    const [, again] = [await install(), await install()];
    expect(again.filter(({ change: kind }) => kind !== 'none')).toEqual([]);
    expect(org.ids('Report').map((id) => org.get('Report', id)?.DeveloperName)).toContain('KPI_Deals');
  });
});

describe('retiring', () => {
  const retire = (key: string, remoteId: string | null): ResultChange => ({
    key,
    change: 'retire',
    fields: { current: false },
    remoteId,
  });

  it('changes what is there and brings nothing back that was deleted in the org', async () => {
    await install();
    const made = await publish([change('a', {}), change('b', {}), change('c', {})]);
    const [, b = ''] = made.map(({ remoteId }) => remoteId ?? '');
    org.remove(object, b);
    const outcomes = await publish([
      retire('a', null),
      retire('b', b),
      retire('c', made[2]?.remoteId ?? null),
      retire('never', null),
    ]);
    expect(outcomes.filter(({ ok }) => !ok)).toEqual([]);
    expect(outcomes.map(({ key }) => key).sort()).toEqual(['a', 'b', 'c', 'never']);
    expect(records().map(({ Key__c, Current__c, KPI__c }) => [Key__c, Current__c, KPI__c])).toEqual([
      ['a', false, 'win_rate'],
      ['c', false, 'win_rate'],
    ]);
  });
});
