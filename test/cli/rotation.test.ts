import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { type SalesforceSandbox, startSandbox } from '../../connectors/salesforce/sandbox/index.ts';
import { makeWorkspace, type TestWorkspace } from '../acceptance/cli.ts';
import { sandboxDefaults } from '../acceptance/crms.ts';
import { agree, startConnect } from './connecting.ts';

// Each test starts processes, on a machine that may be busy.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

let sandbox: SalesforceSandbox;
let workspace: TestWorkspace;
beforeAll(async () => {
  sandbox = await startSandbox({ ...sandboxDefaults, size: 10 });
  sandbox.rotateRefreshTokens();
  workspace = await makeWorkspace(`timeZone: Europe/Madrid
currency: EUR
connections:
  crm:
    connector: salesforce
    loginUrl: ${sandbox.url}
    objects: [leads]
    auth: { flow: authorization_code, clientId: "${sandbox.auth.clientId}" }
`);
  const connecting = await startConnect(workspace.folder, ['--no-browser', '--port', '0']);
  await fetch(await agree(connecting.url));
  expect((await connecting.ended).code).toBe(0);
});
afterAll(async () => {
  await workspace[Symbol.asyncDispose]();
  await sandbox[Symbol.asyncDispose]();
});

const refreshes = () =>
  sandbox.requests.filter(({ body }) => body.includes('grant_type=refresh_token')).length;
const check = async () => {
  const { code, stdout } = await workspace.run('check', '--json');
  return { code, failed: stdout.includes('"severity":"error"') };
};
const fine = { code: 0, failed: false };

it('two processes that find the session ended at once share one refresh, and no token is lost', async () => {
  sandbox.expireTokens();
  expect(await Promise.all([check(), check()])).toEqual([fine, fine]);
  expect(refreshes()).toBe(1);
});

it('a refresh that fails on the way is tried again with the same token', async () => {
  sandbox.expireTokens();
  const isRefresh = (request: { body: Buffer }) => request.body.includes('refresh_token');
  sandbox.faults.push({ matches: isRefresh, times: 1, act: 'reset' });
  expect(await check()).toEqual(fine);
});

it('a replaced token whose answer is lost on the way asks a person to sign in again', async () => {
  sandbox.expireTokens();
  const isRefresh = (request: { body: Buffer }) => request.body.includes('refresh_token');
  sandbox.faults.push({ matches: isRefresh, times: 1, act: 'after' });
  const { code, stdout } = await workspace.run('sync', '--json');
  expect(code).toBe(2);
  expect(stdout).toContain('crm-kpi connect crm');
});
