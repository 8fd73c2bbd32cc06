import { chmod, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { type SalesforceSandbox, startSandbox } from '../../connectors/salesforce/sandbox/index.ts';
import { makeWorkspace, runCli, type TestWorkspace } from '../acceptance/cli.ts';
import { sandboxDefaults } from '../acceptance/crms.ts';
import { agree, startConnect } from './connecting.ts';

// Each test starts processes, on a machine that may be busy.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

/** Keeps secrets in a file as the real one does in the session's keyring, and notes how it was called. */
const fakeTool = `#!/bin/sh
printf '%s\\n' "$*" >> "$HOME/calls"
env >> "$HOME/environment"
case "$1" in
  store) cat > "$HOME/secret" ;;
  lookup) test -f "$HOME/secret" && cat "$HOME/secret" ;;
esac
`;
const brokenTool = '#!/bin/sh\necho "Cannot autolaunch D-Bus without X11 \\$DISPLAY" >&2\nexit 1\n';

let sandbox: SalesforceSandbox;
let workspace: TestWorkspace;
let env: Readonly<Record<string, string>>;
beforeAll(async () => {
  sandbox = await startSandbox({ ...sandboxDefaults, size: 10 });
});
beforeEach(async () => {
  workspace = await makeWorkspace(`timeZone: Europe/Madrid
currency: EUR
connections:
  crm:
    connector: salesforce
    loginUrl: ${sandbox.url}
    objects: [leads]
    auth: { flow: authorization_code, clientId: "${sandbox.auth.clientId}" }
`);
  env = {
    HOME: workspace.folder,
    PATH: `${join(workspace.folder, 'bin')}:${process.env.PATH}`,
    ANOTHER_SECRET: 'hush-hush-4711',
  };
  return () => workspace[Symbol.asyncDispose]();
});
afterAll(() => sandbox[Symbol.asyncDispose]());

async function installTool(text: string): Promise<void> {
  await mkdir(join(workspace.folder, 'bin'), { recursive: true });
  await writeFile(join(workspace.folder, 'bin', 'secret-tool'), text);
  await chmod(join(workspace.folder, 'bin', 'secret-tool'), 0o755);
}

async function signIn(own: Readonly<Record<string, string>> = {}): Promise<void> {
  const connecting = await startConnect(workspace.folder, ['--no-browser', '--port', '0'], {
    ...env,
    ...own,
  });
  await fetch(await agree(connecting.url));
  expect((await connecting.ended).code).toBe(0);
}

const check = (own: Readonly<Record<string, string>> = {}) =>
  runCli(['check'], { cwd: workspace.folder, env: { ...env, ...own } });
const dataFiles = () => readdir(join(workspace.folder, 'data'));

it.runIf(process.platform === 'linux')(
  'the keychain keeps the key; no secret is on its command line or in its environment',
  async () => {
    await installTool(fakeTool);
    await signIn();
    expect(await dataFiles()).not.toContain('token.key');
    expect(await check()).toMatchObject({ code: 0 });
    const secret = (await readFile(join(workspace.folder, 'secret'), 'utf8')).trim();
    expect(Buffer.from(secret, 'base64')).toHaveLength(32);
    const told =
      (await readFile(join(workspace.folder, 'calls'), 'utf8')) +
      (await readFile(join(workspace.folder, 'environment'), 'utf8'));
    expect(told).toContain('store --label=crm-kpi');
    expect(told).not.toContain(secret);
    expect(told).not.toContain('hush-hush-4711');
  },
);

it.runIf(process.platform === 'linux')('a keychain that does not work leaves the key to a file', async () => {
  await installTool(brokenTool);
  await signIn();
  expect(await dataFiles()).toContain('token.key');
  expect((await stat(join(workspace.folder, 'data', 'token.key'))).mode & 0o777).toBe(0o600);
  expect(await check()).toMatchObject({ code: 0 });
});

it.runIf(process.platform === 'linux')('CRM_KPI_KEY comes first, and the keychain is not asked', async () => {
  await installTool(fakeTool);
  const own = { CRM_KPI_KEY: 'a passphrase of some length' };
  await signIn(own);
  expect(await check(own)).toMatchObject({ code: 0 });
  expect(await readdir(workspace.folder)).not.toContain('calls');
});

it.runIf(process.platform === 'linux')(
  'a keychain that is locked when the job runs: a person is told what to do, with exit 2',
  async () => {
    await installTool(fakeTool);
    await signIn();
    await installTool(brokenTool);
    const { code, stdout } = await check();
    expect(code).toBe(2);
    expect(stdout).toContain('unlock the keychain');
  },
);
