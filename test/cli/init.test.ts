import { chmod, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startSandbox } from '../../connectors/salesforce/sandbox/index.ts';
import { answerQuestions } from '../../src/cli/init/answer.ts';
import { createAsker } from '../../src/cli/init/ask.ts';
import { questions } from '../../src/cli/init/questions.ts';
import { mergeEnv } from '../../src/cli/init/write-workspace.ts';
import { parseEnvFile } from '../../src/config/env-file.ts';
import type { Sandbox } from '../../src/sandbox/sandbox.ts';
import { runCli } from '../acceptance/cli.ts';
import { sandboxDefaults } from '../acceptance/crms.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'init-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const run = (args: readonly string[], env: Readonly<Record<string, string>> = {}) =>
  runCli(['init', ...args], { cwd: folder, env });
const text = (name: string) => readFile(join(folder, name), 'utf8');

describe('init without a terminal', { timeout: 60_000 }, () => {
  let sandbox: Sandbox;
  beforeAll(async () => {
    sandbox = await startSandbox({ ...sandboxDefaults, size: 10 });
  });
  afterAll(() => sandbox[Symbol.asyncDispose]());

  it('names every flag that it misses at once', async () => {
    const { code, stderr } = await run(['--connector', 'hubspot']);
    expect(code).toBe(2);
    for (const flag of ['--name', '--sign-in', 'HUBSPOT_TOKEN', '--time-zone', '--currency', '--win-rate'])
      expect(stderr).toContain(flag);
    expect(stderr).not.toContain('--url');
  });

  it('refuses a wrong value and names what it must be', async () => {
    const { code, stderr } = await run(['--yes', '--time-zone', 'Madrid']);
    expect(code).toBe(2);
    expect(stderr).toContain('--time-zone: is Madrid.');
    expect(stderr).toContain('Europe/Madrid');
  });

  it('takes the defaults with --yes and leaves the secrets to be filled in', async () => {
    expect(await run(['--yes'])).toMatchObject({ code: 0 });
    expect((await stat(join(folder, '.env'))).mode & 0o777).toBe(0o600);
    expect(await text('.env')).toMatch(/^SF_CLIENT_ID=\nSF_CLIENT_SECRET=$/m);
    const { code, stderr } = await runCli(['check'], { cwd: folder });
    expect(code).toBe(2);
    expect(stderr).toMatch(/clientId is \$\{SF_CLIENT_ID\}, but SF_CLIENT_ID is empty/);
  });

  it('never replaces settings unless told to', async () => {
    await writeFile(join(folder, 'crm-kpi.yaml'), '# mine\n');
    expect(await run(['--yes'])).toMatchObject({ code: 2, stderr: expect.stringContaining('--force') });
    expect(await text('crm-kpi.yaml')).toBe('# mine\n');
    expect(await run(['--yes', '--force'])).toMatchObject({ code: 0 });
  });

  it('writes settings with which check signs in, the secret in .env only', async () => {
    const { clientId = '', clientSecret = '' } = sandbox.auth;
    const flags = ['--yes', '--url', sandbox.url, '--client-id', clientId, '--time-zone', 'Europe/Madrid'];
    expect(await run(flags, { SF_CLIENT_SECRET: clientSecret })).toMatchObject({ code: 0 });
    const settings = await text('crm-kpi.yaml');
    expect(settings).not.toContain(clientSecret);
    expect(settings).not.toContain(clientId);
    expect(await runCli(['check', '--json'], { cwd: folder })).toMatchObject({ code: 0 });
  });
});

describe('the questions', () => {
  it('take no secret from the command line, which other users of the machine can list', () => {
    for (const { secret, flag } of questions) expect(secret ? flag : undefined).toBeUndefined();
  });

  /** Answers as a person types them, one for each question; gives what was shown too. */
  async function converse(lines: readonly string[], variables: Readonly<Record<string, string>> = {}) {
    const input = new PassThrough();
    const output = new PassThrough();
    let shown = '';
    const rest = [...lines];
    // The next line is typed when the program has asked.
    output.setEncoding('utf8').on('data', (chunk: string) => {
      shown += chunk;
      if (!/.{12,} $/.test(chunk)) return;
      const line = rest.shift();
      if (line === undefined) input.end();
      else input.write(`${line}\n`);
    });
    const signal = new AbortController().signal;
    using asker = createAsker({ input, output, terminal: true, signal, onInterrupt: () => {} });
    const answering = answerQuestions({ options: {}, variables, folder, takeDefaults: false, asker });
    return { answers: await answering, shown };
  }

  it('explain the set-up, take numbers, defaults and again what was wrong, and hide the secret', async () => {
    const lines = [
      '2',
      'marketing',
      '',
      'the-service-key',
      'no',
      'Madrid',
      'Europe/Madrid',
      '',
      'es',
      '-',
      '',
      '12',
    ];
    const { answers, shown } = await converse(lines);
    expect(answers).toEqual({
      connector: 'hubspot',
      name: 'marketing',
      url: 'https://api.hubapi.com',
      flow: 'private_app',
      accessToken: 'the-service-key',
      publish: 'no',
      timeZone: 'Europe/Madrid',
      currency: 'EUR',
      language: 'es',
      winRate: '-',
      openRate: '0.25',
      resolutionHours: '12',
    });
    expect(shown).toContain('Service Keys > Create service key');
    expect(shown).toContain('It must be an IANA time zone');
    expect(shown).not.toContain('the-service-key');
  });

  it('do not ask for a secret that the environment holds', async () => {
    const lines = ['', '', 'https://acme.my.salesforce.com', '', 'yes', 'UTC', '', '', '', '', ''];
    const { answers } = await converse(lines, { SF_CLIENT_ID: 'id', SF_CLIENT_SECRET: 'secret' });
    expect(answers).toMatchObject({ flow: 'client_credentials', clientId: 'id', clientSecret: 'secret' });
  });

  it('that nobody answers to the end leave nothing behind', async () => {
    await expect(converse(['1', 'sales'])).rejects.toMatchObject({ kind: 'usage' });
  });
});

describe('.env', () => {
  it('keeps what stands there and fills what was left empty', () => {
    const present = '# mine\nHUBSPOT_TOKEN=old\nSF_CLIENT_ID=\n';
    expect(mergeEnv(present, { HUBSPOT_TOKEN: 'new', SF_CLIENT_ID: 'id' })).toBe(
      '# mine\nHUBSPOT_TOKEN=old\nSF_CLIENT_ID=id\n',
    );
  });

  it.each(['plain', 'with space', "it's", 'a"b\\c', 'both \' and "', '#no comment', ' $x '])(
    'gives %j back as it was',
    (value) => expect(parseEnvFile(mergeEnv('', { KEY: value })).values.KEY).toBe(value),
  );

  it('that others could read is closed', { timeout: 60_000 }, async () => {
    await writeFile(join(folder, '.env'), 'X=1\n');
    await chmod(join(folder, '.env'), 0o644);
    await run(['--yes']);
    expect((await stat(join(folder, '.env'))).mode & 0o777).toBe(0o600);
    expect(await text('.env')).toContain('X=1');
  });
});
