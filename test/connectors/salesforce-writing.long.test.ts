import { describe, expect, it } from 'vitest';
import type { SalesforceSandbox } from '../../connectors/salesforce/sandbox/index.ts';
import type { InstallPlan, Outcome } from '../../src/model/connector.ts';
import type { ResultChange } from '../../src/model/result.ts';
import { resultSchema } from '../../src/publish/fields.ts';
import type { Fault, SandboxRequest } from '../../src/sandbox/server.ts';
import { result, start } from './salesforce-company.ts';
import { openOrg } from './salesforce-org.ts';

const target = resultSchema('en');
const object = 'KPI_Result__c';

/** Requests of one kind have their ids taken out. */
function kindOf({ method, path }: Pick<SandboxRequest, 'method' | 'path'>): string {
  const plain = path.replace(/^\/services\/data\/v[\d.]+/, '').replace(/\/(0Af|750)\w+/, '/{id}');
  return `${method} ${plain}`;
}

const html = {
  status: 503,
  headers: { 'content-type': 'text/html' },
  body: '<html>Down for maintenance</html>',
};
const faults: Readonly<Record<string, Fault['act']>> = {
  reset: 'reset',
  truncated: 'truncate',
  'lost answer': 'after',
  '503': { status: 503, body: '' },
  'maintenance page': html,
  'session expired': {
    status: 401,
    body: [{ errorCode: 'INVALID_SESSION_ID', message: 'Session expired or invalid' }],
  },
};

const small = Array.from({ length: 60 }, (_, index) => result(`win_rate|2026-10|team:${index}|-`));
const large = Array.from({ length: 2_001 }, (_, index) => result(`open_deals|2026-10|team:${index}|-`));
const gone = Array.from({ length: 5 }, (_, index) => result(`case_resolution|2026-10|team:${index}|-`));
const removed = gone.map((change) => ({ ...change, change: 'delete' as const, fields: {} }));

async function applyAll(plan: InstallPlan | undefined): Promise<void> {
  for await (const { problem, what } of plan?.apply() ?? []) expect(problem, what).toBeUndefined();
}

/** What the nightly job writes, in an org that an admin has prepared; then again, which changes nothing. */
async function work(org: SalesforceSandbox, { bulk }: { bulk: boolean }): Promise<string> {
  const connection = await openOrg(org, { auth: org.auth });
  await applyAll(await connection.install?.(target));
  const publish = async (changes: readonly ResultChange[]) => {
    const outcomes: Outcome[] = [];
    for await (const outcome of connection.publish?.(changes, target) ?? []) outcomes.push(outcome);
    expect(outcomes.filter(({ ok }) => !ok)).toEqual([]);
    expect(outcomes.map(({ key }) => key).sort()).toEqual(changes.map(({ key }) => key).sort());
  };
  await publish([...small, ...gone]);
  await publish([...(bulk ? large : small), ...removed]);
  return pictureOf(org);
}

function pictureOf(org: SalesforceSandbox): string {
  const fields = ['Key__c', 'Value__c', 'Current__c', 'Explanation__c', 'User__c'];
  const rows = org.ids(object).map((id) => fields.map((field) => org.get(object, id)?.[field]));
  const setUp = ['PermissionSet', 'PermissionSetAssignment', 'Report', 'Dashboard', 'Group'];
  return JSON.stringify([rows.sort(), setUp.map((name) => org.ids(name).length)]);
}

async function takeAway(org: SalesforceSandbox): Promise<void> {
  const connection = await openOrg(org, { auth: org.auth });
  await applyAll(await connection.uninstall?.());
}

describe('whatever answer is lost', () => {
  it('results stand once, and are taken away whole', { timeout: 600_000 }, async () => {
    await using calm = await start();
    const expected = await work(calm, { bulk: true });
    await using other = await start({ size: 20 });
    const expectedWithoutBulk = await work(other, { bulk: false });
    const writing = new Set(calm.requests.map(kindOf));
    const before = calm.requests.length;
    await takeAway(calm);
    const removing = new Set(calm.requests.slice(before).map(kindOf));
    let combinations = 0;
    for (const [name, act] of Object.entries(faults)) {
      for (const kind of new Set([...writing, ...removing])) {
        if (kind.includes('/oauth2/') && name === 'session expired') continue;
        combinations += 1;
        await using org = await start({ size: 20 });
        const fault = () => ({
          matches: (request: SandboxRequest) => kindOf(request) === kind,
          times: 1,
          act,
        });
        if (writing.has(kind)) org.faults.push(fault());
        const bulk = kind.includes('/jobs/ingest');
        const picture = await work(org, { bulk });
        expect(picture, `${name} on ${kind}`).toBe(bulk ? expected : expectedWithoutBulk);
        expect(org.faults, `${name} on ${kind}`).toEqual([]);
        if (!removing.has(kind)) continue;
        org.faults.push(fault());
        await takeAway(org);
        expect(org.faults, `${name} on ${kind}, removing`).toEqual([]);
        expect(() => org.ids(object)).toThrow('no object');
        expect(org.ids('PermissionSetAssignment')).toEqual([]);
      }
    }
    process.stderr.write(`salesforce writing: ${combinations} combinations of request and fault\n`);
  });
});
