import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startSandbox as startHubspot } from '../../connectors/hubspot/sandbox/index.ts';
import { startSandbox as startSalesforce } from '../../connectors/salesforce/sandbox/index.ts';
import type { Sandbox } from '../../src/sandbox/sandbox.ts';
import { makeWorkspace, type TestWorkspace } from '../acceptance/cli.ts';
import { sandboxDefaults } from '../acceptance/crms.ts';
import { agree, deny, startConnect } from './connecting.ts';

const small = { ...sandboxDefaults, size: 10 };

const crms = [
  {
    name: 'salesforce',
    start: async () => {
      const sandbox = await startSalesforce(small);
      return { sandbox, settings: { clientId: String(sandbox.auth.clientId) }, address: 'loginUrl' };
    },
    user: 'integration@sandbox.example',
  },
  {
    name: 'hubspot',
    start: async () => {
      const sandbox = await startHubspot(small);
      const { clientId, clientSecret } = sandbox.oauth;
      return { sandbox, settings: { clientId, clientSecret }, address: 'baseUrl' };
    },
    user: null,
  },
] as const;

const json = (text: string) => JSON.parse(text) as Record<string, unknown>;

describe.each(crms)('connect to $name', { timeout: 60_000 }, ({ name, start, user }) => {
  let sandbox: Sandbox;
  let workspace: TestWorkspace;
  beforeAll(async () => {
    const started = await start();
    sandbox = started.sandbox;
    const auth = JSON.stringify({ flow: 'authorization_code', ...started.settings });
    workspace = await makeWorkspace(`timeZone: Europe/Madrid
currency: EUR
connections:
  crm: { connector: ${name}, ${started.address}: "${sandbox.url}", objects: [deals], auth: ${auth} }
`);
  });
  afterAll(async () => {
    await workspace[Symbol.asyncDispose]();
    await sandbox[Symbol.asyncDispose]();
  });
  const tokenCalls = () => sandbox.requests.filter(({ path }) => path.endsWith('/token')).length;

  it('says what to do while nobody has signed in', async () => {
    const { code, stdout } = await workspace.run('check', 'crm', '--json');
    expect(code).toBe(2);
    expect(stdout).toContain('crm-kpi connect crm');
  });

  it('wants a terminal, or to be told how to go without one', async () => {
    const { code, stdout } = await workspace.run('connect', 'crm', '--json');
    expect(code).toBe(2);
    expect(json(stdout)).toMatchObject({
      error: { kind: 'usage', fix: expect.stringMatching(/--paste.*--no-browser/) },
    });
  });

  it('keeps nothing when the person denies', async () => {
    const connecting = await startConnect(workspace.folder, ['--no-browser', '--port', '0']);
    await fetch(deny(connecting.url));
    const { code, stderr } = await connecting.ended;
    expect(code).toBe(2);
    expect(stderr).toMatch(/access was denied in the browser/i);
    expect(existsSync(join(workspace.folder, 'data', 'tokens', 'crm.json'))).toBe(false);
    expect(tokenCalls()).toBe(0);
  });

  it('ignores answers of other sign-ins, takes its own once, and is signed in', async () => {
    const connecting = await startConnect(workspace.folder, ['--no-browser', '--port', '0', '--json']);
    const target = await agree(connecting.url);
    const foreign = new URL(target);
    foreign.searchParams.set('state', 'x'.repeat(32));
    expect((await fetch(foreign)).status).toBe(400);
    expect((await fetch(new URL('/favicon.ico', target))).status).toBe(404);
    expect(tokenCalls()).toBe(0);
    const page = await fetch(target);
    expect(page.status).toBe(200);
    expect(await page.text()).not.toContain(foreign.searchParams.get('code'));
    const { code, stdout } = await connecting.ended;
    expect(code).toBe(0);
    expect(json(stdout)).toMatchObject({
      connection: 'crm',
      connector: name,
      user,
      account: { id: expect.any(String) },
    });
    expect((await workspace.run('sync', '--json')).code).toBe(0);
  });

  it('takes the address pasted, and says so when it is the wrong one', async () => {
    const connecting = await startConnect(workspace.folder, ['--paste']);
    const target = await agree(connecting.url);
    expect(new URL(target).origin).toBe('http://localhost:8737');
    connecting.child.stdin.write('https://example.com/\n');
    await connecting.said('the address must hold ?code=');
    connecting.child.stdin.write(`${target.replace(/state=[^&]*/, 'state=other')}\n`);
    await connecting.said('belongs to another sign-in');
    connecting.child.stdin.write(`  ${target}\n`);
    const { code, stdout } = await connecting.ended;
    expect(code).toBe(0);
    expect(stdout).toContain('Signed in to');
  });

  it('leaves the environment out of a diagnostic report of Node', async () => {
    const reports = join(workspace.folder, 'reports');
    await mkdir(reports, { recursive: true });
    const env = {
      NODE_OPTIONS: `--report-on-signal --report-directory=${reports}`,
      SOME_SECRET: 'hush-hush',
    };
    const connecting = await startConnect(workspace.folder, ['--no-browser', '--port', '0'], env);
    connecting.child.kill('SIGUSR2');
    await connecting.said('Node.js report');
    connecting.child.kill('SIGTERM');
    expect((await connecting.ended).code).toBe(143);
    const [report = ''] = await readAll(reports);
    expect(report).toContain('"nodejsVersion"');
    expect(report).not.toContain('hush-hush');
  });

  it('keeps every secret to itself', async () => {
    const secrets = secretsOf(sandbox);
    expect(secrets.length).toBeGreaterThan(3);
    sandbox.faults.push({ matches: () => true, times: 1, act: { status: 401, body: [] } });
    const ends = [
      await workspace.run('check', '--log-level', 'debug'),
      await workspace.run('sync', '--full', '--log-level', 'debug'),
    ];
    const written = await readAll(join(workspace.folder, 'data'));
    const all = [...ends.flatMap(({ stdout, stderr }) => [stdout, stderr]), ...written];
    for (const secret of secrets) expect(all.filter((text) => text.includes(secret))).toEqual([]);
  });
});

/** Codes, verifiers, secrets and tokens that the sandbox has seen in forms. */
function secretsOf(sandbox: Sandbox): readonly string[] {
  const found = new Set<string>();
  for (const { path, body } of sandbox.requests) {
    if (!path.endsWith('/token')) continue;
    const form = new URLSearchParams(body);
    for (const field of ['code', 'code_verifier', 'client_secret', 'refresh_token'])
      if (form.get(field)) found.add(form.get(field) ?? '');
  }
  return [...found, 'CN-sandbox-', '00D5e0000000001!', 'refresh-', '5Aep'];
}

async function readAll(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  return Promise.all(files.map((file) => readFile(join(file.parentPath, file.name), 'latin1')));
}
