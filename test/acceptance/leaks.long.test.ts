import { spawn } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { startSandbox as startHubspot } from '../../connectors/hubspot/sandbox/index.ts';
import { startSandbox as startSalesforce } from '../../connectors/salesforce/sandbox/index.ts';
import type { Sandbox } from '../../src/sandbox/sandbox.ts';
import { makeWorkspace } from './cli.ts';
import { goals, sandboxDefaults } from './crms.ts';
import { bin } from './machine.ts';

const small = { ...sandboxDefaults, size: 60 };

interface Flow {
  readonly name: string;
  readonly start: () => Promise<Sandbox>;
  /** The connection's own settings; secrets are `$NAME`, filled in from the environment. */
  readonly settings: (sandbox: Sandbox) => string;
  readonly secrets: (sandbox: Sandbox) => Readonly<Record<string, string>>;
}

const salesforce = (auth: string) => (sandbox: Sandbox) =>
  `{ connector: salesforce, loginUrl: "${sandbox.url}", publish: true, auth: { ${auth} } }`;
const hubspot = (auth: string) => (sandbox: Sandbox) =>
  `{ connector: hubspot, baseUrl: "${sandbox.url}", publish: true, auth: { ${auth} } }`;
const startSales = () => startSalesforce(small);
const startHub = () => startHubspot(small);
const made = (word: string) => `${word}-4711-leak-canary`;

/** With right secrets where the sandbox knows them, else with made-up ones, which it refuses: both must stay unseen. */
const flows: readonly Flow[] = [
  {
    name: 'salesforce client_credentials',
    start: startSales,
    settings: salesforce('flow: client_credentials, clientId: id, clientSecret: "$CLIENT_SECRET"'),
    secrets: () => ({ CLIENT_SECRET: made('client') }),
  },
  {
    name: 'salesforce client_credentials that works',
    start: startSales,
    settings: (sandbox) =>
      salesforce(
        `flow: client_credentials, clientId: "${sandbox.auth.clientId}", clientSecret: "$CLIENT_SECRET"`,
      )(sandbox),
    secrets: ({ auth }) => ({ CLIENT_SECRET: String(auth.clientSecret) }),
  },
  {
    name: 'salesforce jwt_bearer',
    start: startSales,
    settings: salesforce('flow: jwt_bearer, clientId: id, username: u@example.com, privateKeyFile: key.pem'),
    secrets: () => ({}),
  },
  {
    name: 'salesforce refresh_token',
    start: startSales,
    settings: salesforce('flow: refresh_token, clientId: id, refreshToken: "$REFRESH_TOKEN"'),
    secrets: () => ({ REFRESH_TOKEN: made('refresh') }),
  },
  {
    name: 'salesforce password',
    start: startSales,
    settings: salesforce(
      'flow: password, clientId: id, clientSecret: "$CLIENT_SECRET", username: u@example.com, password: "$PASSWORD"',
    ),
    secrets: () => ({ CLIENT_SECRET: made('client'), PASSWORD: made('pass') }),
  },
  {
    name: 'salesforce access_token',
    start: startSales,
    settings: (sandbox) =>
      salesforce(`flow: access_token, instanceUrl: "${sandbox.url}", accessToken: "$ACCESS_TOKEN"`)(sandbox),
    secrets: () => ({ ACCESS_TOKEN: made('00Dx!access') }),
  },
  {
    name: 'hubspot private_app',
    start: startHub,
    settings: hubspot('flow: private_app, accessToken: "$ACCESS_TOKEN"'),
    secrets: () => ({ ACCESS_TOKEN: made('pat-na1') }),
  },
  {
    name: 'hubspot private_app that works',
    start: startHub,
    settings: hubspot('flow: private_app, accessToken: "$ACCESS_TOKEN"'),
    secrets: ({ auth }) => ({ ACCESS_TOKEN: String(auth.accessToken) }),
  },
  {
    name: 'hubspot refresh_token',
    start: startHub,
    settings: hubspot(
      'flow: refresh_token, clientId: id, clientSecret: "$CLIENT_SECRET", refreshToken: "$REFRESH_TOKEN"',
    ),
    secrets: () => ({ CLIENT_SECRET: made('client'), REFRESH_TOKEN: made('refresh') }),
  },
];

/** Command lines and environments of a process' descendants, as anybody on the machine may list them. */
function lookAtChildren(pid: number): string {
  let seen = '';
  for (const name of readdirSync('/proc').filter((entry) => /^\d+$/.test(entry))) {
    try {
      const parent = /^PPid:\s+(\d+)$/m.exec(readFileSync(`/proc/${name}/status`, 'utf8'))?.[1];
      if (Number(name) === pid) seen += readFileSync(`/proc/${name}/cmdline`, 'utf8');
      if (Number(parent) === pid)
        seen += readFileSync(`/proc/${name}/cmdline`, 'utf8') + readFileSync(`/proc/${name}/environ`, 'utf8');
    } catch {
      // It has just ended.
    }
  }
  return seen;
}

async function watch(folder: string, env: Readonly<Record<string, string>>, args: readonly string[]) {
  const reports = join(folder, 'diagnostics');
  await mkdir(reports, { recursive: true });
  const options = `--report-on-signal --report-signal=SIGUSR2 --report-directory=${reports}`;
  const child = spawn(process.execPath, [bin, ...args], {
    cwd: folder,
    env: { PATH: process.env.PATH, HOME: folder, NODE_OPTIONS: options, ...env },
  });
  let seen = '';
  let asked = false;
  let lookedAt = 0;
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => {
      seen += text;
      if (performance.now() - lookedAt > 200) {
        seen += lookAtChildren(child.pid ?? 0);
        lookedAt = performance.now();
      }
      // Its handlers stand by now; a report is written while it works.
      if (!asked) child.kill('SIGUSR2');
      asked = true;
    });
  await once(child, 'close');
  return seen;
}

function readFiles(folder: string, passedOver: readonly string[]): readonly (readonly [string, Buffer])[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile() && !passedOver.some((name) => path.endsWith(name)))
    .map((path) => [path, readFileSync(path)]);
}

it.each(flows)(
  '$name: no secret in logs, errors, store, reports, process list, diagnostic reports',
  { timeout: 180_000 },
  async ({ start, settings, secrets }) => {
    await using sandbox = await start();
    sandbox.faults.push({ matches: ({ path }) => /search|query/.test(path), times: 2, act: 'reset' });
    await using workspace = await makeWorkspace(
      `timeZone: UTC\ncurrency: EUR\nconnections:\n  crm: ${settings(sandbox).replace(/\$([A-Z_]+)/g, `\${$1}`)}\n${goals}`,
    );
    const env = secrets(sandbox);
    const { privateKey } = generateKeyPairSync('rsa', {
      modulusLength: 2048,
      privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
      publicKeyEncoding: { type: 'spki', format: 'pem' },
    });
    await writeFile(join(workspace.folder, 'key.pem'), privateKey, { mode: 0o600 });
    const words = [...Object.values(env), privateKey.split('\n')[3] ?? ''];
    let seen = '';
    for (const args of [
      ['run', '--log-level', 'debug'],
      ['check', '--json'],
      ['run', '--json'],
      ['status', '--json'],
      ['report', '--out', 'report.html'],
    ])
      seen += await watch(workspace.folder, env, args);
    expect(seen.length).toBeGreaterThan(500);
    const files = readFiles(workspace.folder, ['key.pem', '.env']);
    expect(files.some(([path]) => path.includes('diagnostics'))).toBe(true);
    for (const word of words) {
      expect(word.length).toBeGreaterThan(10);
      for (const form of [word, encodeURIComponent(word), Buffer.from(word).toString('base64')]) {
        expect(seen.includes(form), 'in what was said').toBe(false);
        for (const [path, bytes] of files) expect(bytes.includes(form), path).toBe(false);
      }
    }
  },
);
