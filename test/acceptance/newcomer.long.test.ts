import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { Sandbox } from '../../src/sandbox/sandbox.ts';
import { runCli } from './cli.ts';
import { crms, sandboxDefaults } from './crms.ts';

const bin = fileURLToPath(new URL('../../src/cli/crm-kpi.cjs', import.meta.url));

/** Answers to questions, by a piece of each question's text; an empty line takes the default. */
type Script = readonly (readonly [question: string, answer: string])[];

/** Runs the program on a pseudo-terminal as a person would who reads the questions. */
async function converse(
  { folder, env = {} }: { readonly folder: string; readonly env?: Readonly<Record<string, string>> },
  args: readonly string[],
  script: Script,
): Promise<string> {
  const command = [process.execPath, bin, ...args].map((part) => `'${part}'`).join(' ');
  const child = spawn('script', ['-qec', command, '/dev/null'], {
    cwd: folder,
    env: { PATH: process.env.PATH, HOME: process.env.HOME, TERM: 'xterm', ...env },
  });
  const rest = [...script];
  let shown = '';
  let seen = 0;
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    shown += text;
    const [question, answer] = rest[0] ?? [];
    if (question === undefined || !shown.slice(seen).includes(question)) return;
    seen = shown.length;
    rest.shift();
    child.stdin.write(`${answer}\r`);
  });
  const [code] = await once(child, 'close');
  if (code !== 0 || rest.length > 0) throw new Error(`ended with ${code}, unasked: ${rest}\n${shown}`);
  return shown;
}

const common: Script = [
  ['Write the results back', ''],
  ['Business time zone', 'Europe/Madrid'],
  ['Reporting currency', ''],
  ['Language', ''],
  ['Goal 1', ''],
  ['Goal 2', ''],
  ['Goal 3', ''],
];

const wizards: Readonly<
  Record<string, (sandbox: Sandbox) => { readonly flags: readonly string[]; readonly script: Script }>
> = {
  salesforce: ({ url, auth }) => ({
    flags: [],
    script: [
      ['Which CRM', '1'],
      ['A name', ''],
      ['Address of the CRM', url],
      ['How does crm-kpi sign in', ''],
      ['Client id', auth.clientId ?? ''],
      ['Client secret', auth.clientSecret ?? ''],
      ...common,
    ],
  }),
  hubspot: ({ url, auth }) => ({
    flags: ['--url', url],
    script: [
      ['Which CRM', 'hubspot'],
      ['A name', ''],
      ['How does crm-kpi sign in', '1'],
      ['The service key', auth.accessToken ?? ''],
      ...common,
    ],
  }),
};

describe.each(crms)('a newcomer with $name', ({ name, start, resultObject }) => {
  it('gets from nothing to a KPI in the CRM by answering questions', { timeout: 300_000 }, async () => {
    await using sandbox = await start(sandboxDefaults);
    const folder = await mkdtemp(join(tmpdir(), 'newcomer-'));
    const wizard = wizards[name]?.(sandbox) ?? { flags: [], script: [] };
    const shown = await converse({ folder }, ['init', ...wizard.flags], wizard.script);
    for (const secret of [sandbox.auth.clientSecret, sandbox.auth.accessToken])
      if (secret) expect(shown).not.toContain(secret);
    const next = [...shown.matchAll(/^ {2}crm-kpi (.+?)\s*$/gm)].map(([, command = '']) => command);
    expect(next).toEqual(['check crm', 'install crm', 'run', 'results', 'status']);
    for (const step of next) {
      const answers: Script = step.startsWith('install') ? [['Apply this plan?', 'y']] : [];
      await converse({ folder }, step.split(' '), answers);
    }
    expect(sandbox.ids(resultObject).length).toBeGreaterThan(3);
    await rm(folder, { recursive: true });
  });
});

it('signs in by the browser that connect opens', { timeout: 120_000 }, async () => {
  const [salesforce] = crms;
  await using sandbox = await salesforce.start({ ...sandboxDefaults, size: 10 });
  const folder = await mkdtemp(join(tmpdir(), 'newcomer-'));
  const browser = join(folder, 'browser.mjs');
  await writeFile(browser, 'await fetch(process.argv[2]);');
  const flags = ['--yes', '--url', sandbox.url, '--sign-in', 'authorization_code'];
  const init = await runCli(['init', ...flags, '--client-id', sandbox.auth.clientId ?? ''], { cwd: folder });
  expect(init).toMatchObject({ code: 0, stdout: expect.stringContaining('crm-kpi connect crm') });
  const env = { BROWSER: `${process.execPath} ${browser}` };
  const shown = await converse({ folder, env }, ['connect', 'crm', '--port', '0'], []);
  expect(shown).toContain('Signed in to Salesforce as integration@sandbox.example');
  expect(await runCli(['check'], { cwd: folder })).toMatchObject({ code: 0 });
  await rm(folder, { recursive: true });
});
