import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { SalesforceSandbox } from '../../connectors/salesforce/sandbox/index.ts';
import type { Connection, InstallOptions, InstallStep, Outcome } from '../../src/model/connector.ts';
import type { ResultChange } from '../../src/model/result.ts';
import { resultSchema } from '../../src/publish/fields.ts';
import { result, start } from './salesforce-company.ts';
import { failDeployment, holds } from './salesforce-deployments.ts';
import { openOrg } from './salesforce-org.ts';

const target = resultSchema('en');
const object = 'KPI_Result__c';

let org: SalesforceSandbox;
let connection: Connection;
beforeEach(async () => {
  org = await start();
  connection = await openOrg(org, { auth: org.auth });
});
afterEach(() => org[Symbol.asyncDispose]());

async function install(schema = target, options?: InstallOptions): Promise<InstallStep[]> {
  const done: InstallStep[] = [];
  for await (const step of (await connection.install?.(schema, options))?.apply() ?? []) done.push(step);
  return done;
}

async function uninstall(): Promise<InstallStep[]> {
  const done: InstallStep[] = [];
  for await (const step of (await connection.uninstall?.())?.apply() ?? []) done.push(step);
  return done;
}

async function publish(changes: readonly ResultChange[]): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  for await (const outcome of connection.publish?.(changes, target) ?? []) outcomes.push(outcome);
  return outcomes;
}

const changesOf = (steps: readonly InstallStep[] | undefined) =>
  steps?.filter(({ change }) => change !== 'none').map(({ change, what }) => `${change} ${what}`);
const named = (objectName: string, field: string) =>
  org.ids(objectName).map((id) => String(org.get(objectName, id)?.[field]));
const deployments = () =>
  org.requests.filter(({ method, path }) => method === 'POST' && /deployRequest/.test(path));

describe('installing', () => {
  it('leaves an org where a sales manager finds tab, reports, dashboard and a group of readers', async () => {
    const steps = await install();
    expect(steps.filter(({ problem }) => problem)).toEqual([]);
    expect(named('PermissionSet', 'Name')).toEqual(expect.arrayContaining(['KPI_Connector', 'KPI_Reader']));
    expect(named('Report', 'DeveloperName')).toEqual(expect.arrayContaining(['KPI_Attainment', 'KPI_Trend']));
    expect(named('Dashboard', 'DeveloperName')).toEqual(['KPI_Overview']);
    expect(named('Group', 'DeveloperName')).toContain('KPI_Readers');
    expect(await publish([result('win_rate|2026-10|company|-')])).toMatchObject([{ ok: true }]);
  });

  it('does nothing the second time', async () => {
    await install();
    const before = deployments().length;
    connection = await openOrg(org, { auth: org.auth });
    expect(changesOf((await connection.install?.(target))?.steps)).toEqual([]);
    await install();
    expect(deployments().length).toBe(before);
  });

  it('adds the fields that a newer version brings, and leaves the rest as the admin made it', async () => {
    const older = { ...target, fields: target.fields.filter(({ name }) => name !== 'forecast') };
    await install(older);
    await publish([{ ...result('win_rate|2026-10|company|-') }]);
    const plan = await connection.install?.(target);
    expect(changesOf(plan?.steps)).toEqual([
      `create field ${object}.Forecast__c`,
      'update permission set KPI_Connector',
      'update permission set KPI_Reader',
    ]);
    await install();
    expect(changesOf((await connection.install?.(target))?.steps)).toEqual([]);
    expect(org.ids(object)).toHaveLength(1);
  });

  it('refuses to give a field another type', async () => {
    const other = target.fields.map((field) =>
      field.name === 'value' ? { ...field, kind: 'text' as const } : field,
    );
    await install({ ...target, fields: other });
    await expect(connection.install?.(target)).rejects.toMatchObject({
      kind: 'config',
      where: `sales ${object}.Value__c`,
      message: expect.stringContaining('type string'),
    });
  });

  it("never touches somebody else's permission set", async () => {
    org.put('PermissionSet', { Name: 'KPI_Reader', Label: 'Ours', Description: 'Made in 2019' });
    await expect(connection.install?.(target)).rejects.toMatchObject({
      kind: 'config',
      where: 'sales KPI_Reader',
    });
    expect(deployments()).toEqual([]);
  });

  it("leaves somebody else's report folder and group alone and installs the rest", async () => {
    org.put('Group', { Name: 'Readers of key figures', DeveloperName: 'KPI_Readers', Type: 'Regular' });
    const steps = await install();
    expect(steps.find(({ what }) => what.startsWith('group'))).toMatchObject({
      change: 'none',
      note: expect.stringContaining('not made by crm-kpi'),
    });
    expect(named('Group', 'Name')).toContain('Readers of key figures');
  });

  it('knows its folders again when an admin has renamed them', async () => {
    await install();
    for (const id of org.ids('Folder')) org.put('Folder', { Name: 'Key figures' }, id);
    expect(changesOf(await install())).toEqual([]);
    const plan = await (await openOrg(org, { auth: org.auth })).uninstall?.();
    expect(plan?.steps.map(({ what }) => what).join()).toContain('reports and dashboard of crm-kpi');
  });

  it('keeps the results object when reports are refused, says why, and makes them the next time', async () => {
    failDeployment(org, holds('KPI_Overview'), { type: 'Report', problem: 'Cannot find folder:KPI_Reports' });
    const failed = (await install()).filter(({ problem }) => problem);
    expect(failed).toMatchObject([
      { what: expect.stringContaining('dashboard'), problem: expect.stringContaining('Cannot find folder') },
      { what: expect.stringContaining('behind results'), problem: 'Their folder is not there.' },
    ]);
    expect(await publish([result('win_rate|2026-10|company|-')])).toMatchObject([{ ok: true }]);
    expect(changesOf(await install())).toEqual([
      expect.stringContaining('create reports'),
      expect.stringContaining('create reports of the records'),
    ]);
    expect(named('Dashboard', 'DeveloperName')).toEqual(['KPI_Overview']);
  });

  it('does without sharing and without a page layout where the org has neither', async () => {
    failDeployment(org, holds('layouts/'), { type: 'Layout', problem: 'Unknown type name Layout' });
    failDeployment(org, holds('sharingRules/'), { type: 'Group', problem: 'Unknown type name Group' });
    const steps = await install();
    expect(steps.filter(({ problem }) => problem).map(({ what }) => what)).toEqual([
      expect.stringContaining('KPI_Readers'),
    ]);
    expect(named('Dashboard', 'DeveloperName')).toEqual(['KPI_Overview']);
    expect(await publish([result('win_rate|2026-10|company|-')])).toMatchObject([{ ok: true }]);
  });

  it('tells what the org refused, and assigns nothing then', async () => {
    failDeployment(org, holds('objects/'), {
      type: 'CustomObject',
      problem: 'reached the limit on custom objects',
    });
    await expect(install()).rejects.toMatchObject({
      kind: 'config',
      fix: expect.stringContaining('free one'),
    });
    expect(org.ids('PermissionSetAssignment')).toEqual([]);
  });

  it('comes to the same end when answers are lost', async () => {
    for (const path of [/deployRequest$/, /deployRequest\/\w+/, /PermissionSetAssignment/]) {
      org.faults.push({ matches: (request) => path.test(request.path), times: 1, act: 'after' });
    }
    const steps = await install();
    expect(org.faults).toEqual([]);
    expect(steps.filter(({ problem }) => problem)).toEqual([]);
    expect(org.ids('PermissionSetAssignment')).toHaveLength(1);
    connection = await openOrg(org, { auth: org.auth });
    expect(changesOf((await connection.install?.(target))?.steps)).toEqual([]);
  });

  it('is finished by the next one when it is stopped while Salesforce deploys', async () => {
    const stop = new AbortController();
    connection = await openOrg(org, { auth: org.auth, signal: stop.signal });
    org.faults.push({
      matches: ({ method, path }) => {
        const isPoll = method === 'GET' && path.includes('/deployRequest/');
        if (isPoll) stop.abort(new Error('stopped by a person'));
        return isPoll;
      },
      times: 1,
      act: 'hang',
    });
    await expect(install()).rejects.toThrow();
    connection = await openOrg(org, { auth: org.auth });
    expect((await install()).filter(({ problem }) => problem)).toEqual([]);
    expect(await publish([result('win_rate|2026-10|company|-')])).toMatchObject([{ ok: true }]);
    expect(changesOf((await connection.install?.(target))?.steps)).toEqual([]);
  });

  it('tells the licence from the permission when the assignment is refused', async () => {
    org.faults.push({
      matches: ({ method, path }) => method === 'POST' && path.endsWith('/PermissionSetAssignment'),
      times: 1,
      act: {
        status: 400,
        body: [{ errorCode: 'FIELD_INTEGRITY_EXCEPTION', message: "The user license doesn't allow it" }],
      },
    });
    await expect(install()).rejects.toMatchObject({
      kind: 'config',
      fix: expect.stringContaining('Salesforce API Integration'),
    });
    expect(changesOf(await install())?.slice(0, 1)).toEqual([
      'create assignment of KPI_Connector to the user of this connection',
    ]);
  });

  it('lets an admin install for another user', async () => {
    const nightly = org.put('User', {
      Username: 'nightly@acme.test',
      LastName: 'Nightly',
      IsActive: true,
      Email: 'n@acme.test',
      Alias: 'night',
      TimeZoneSidKey: 'Europe/Madrid',
      ProfileId: null,
    });
    await install(target, { assignTo: nightly });
    expect(named('PermissionSetAssignment', 'AssigneeId')).toEqual([nightly]);
    expect(changesOf((await connection.install?.(target, { assignTo: nightly }))?.steps)).toEqual([]);
  });

  it("uses the org's namespace in every name", async () => {
    const [id] = org.ids('Organization');
    org.put('Organization', { NamespacePrefix: 'acme' }, id);
    connection = await openOrg(org, { auth: org.auth });
    await install();
    expect(await publish([result('win_rate|2026-10|company|-')])).toMatchObject([{ ok: true }]);
    expect(org.get('acme__KPI_Result__c', org.ids('acme__KPI_Result__c')[0] ?? '')).toMatchObject({
      acme__Key__c: 'win_rate|2026-10|company|-',
    });
    await uninstall();
    expect(() => org.ids('acme__KPI_Result__c')).toThrow('no object');
  });
});

describe('uninstalling', () => {
  it('removes all that was written and deployed, and a second time finds nothing', async () => {
    const before = ['Report', 'Dashboard', 'Folder', 'Group', 'PermissionSet'].map((name) => org.ids(name));
    await install();
    await publish(Array.from({ length: 250 }, (_, index) => result(`win_rate|2026-10|team:${index}|-`)));
    const plan = await connection.uninstall?.();
    expect(plan?.steps[0]).toEqual({ change: 'delete', what: `250 records of ${object}` });
    expect((await uninstall()).filter(({ problem }) => problem)).toEqual([]);
    expect(() => org.ids(object)).toThrow('no object');
    expect(['Report', 'Dashboard', 'Folder', 'Group', 'PermissionSet'].map((name) => org.ids(name))).toEqual(
      before,
    );
    expect(org.ids('PermissionSetAssignment')).toEqual([]);
    connection = await openOrg(org, { auth: org.auth });
    expect((await connection.uninstall?.())?.steps).toEqual([]);
    await install();
    expect(await publish([result('win_rate|2026-10|company|-')])).toMatchObject([{ ok: true }]);
  });

  it('goes on where an interrupted one stopped', async () => {
    await install();
    await publish([result('win_rate|2026-10|company|-')]);
    const steps = (await connection.uninstall?.())?.apply()[Symbol.asyncIterator]();
    await steps?.next();
    await steps?.next();
    await steps?.next();
    connection = await openOrg(org, { auth: org.auth });
    await uninstall();
    expect(named('PermissionSet', 'Name')).not.toContain('KPI_Connector');
    expect(named('Group', 'DeveloperName')).not.toContain('KPI_Readers');
  });
});
