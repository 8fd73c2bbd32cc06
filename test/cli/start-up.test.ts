import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { loadCatalog } from '../../src/evaluate/catalog.ts';
import { parseKnown } from '../../src/evaluate/known-kpis.ts';
import { createQueryChecker } from '../../src/store/facts.ts';

const root = join(import.meta.dirname, '../..');
const shippedKpis = join(root, 'config/kpis');

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'crm-kpi-start-'));
  const settings = [
    'timeZone: Europe/Madrid',
    'currency: EUR',
    'connections:',
    '  sales:',
    '    connector: salesforce',
    '    loginUrl: https://sales.my.salesforce.com',
    '    auth: { flow: client_credentials, clientId: id, clientSecret: secret }',
    '  marketing:',
    '    connector: hubspot',
    '    auth: { flow: private_app, accessToken: token }',
    '  surveys: { connector: csv, path: "./*.csv", object: survey_answer }',
    'goals:',
    '  - { kpi: win_rate, every: month, atLeast: 0.2 }',
  ];
  writeFileSync(join(folder, 'crm-kpi.yaml'), settings.join('\n'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Ended {
  readonly code: number | null;
  readonly stderr: string;
  /** Packages, and files of ours from the package's folder on. */
  readonly loaded: readonly string[];
}

function run(args: readonly string[], env: Readonly<Record<string, string>> = {}): Ended {
  const list = join(folder, 'loaded.txt');
  const { status, stderr } = spawnSync(
    process.execPath,
    ['--import', join(import.meta.dirname, 'list-modules.ts'), join(root, 'src/cli/crm-kpi.cjs'), ...args],
    { cwd: folder, encoding: 'utf8', env: { ...process.env, LOADED_LIST: list, ...env } },
  );
  const places = readFileSync(list, 'utf8').split('\n');
  const loaded = new Set(
    places.map(
      (url) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url)?.[1] ?? url.split(`${root}/`).at(-1) ?? url,
    ),
  );
  return { code: status, stderr, loaded: [...loaded] };
}

const heavy =
  /^(jsforce|@hubspot\/|hono|@hono\/|nodemailer|d3-|prom-client|write-excel-file|pino|p-queue|node-cron|temporal-polyfill)/;
const opened = /^connectors\/\w+\/connection\.ts$|^src\/(serve\/|remote\/http)/;

it.each([
  ['status', 0],
  ['results', 2],
  ['kpi list', 0],
  ['goals propose', 0],
])('%s loads no client of a CRM, no server, no mail and no log', (command, code) => {
  const ended = run(command.split(' '));
  expect(ended.stderr).not.toMatch(/\n\s+at /);
  expect([ended.code, ended.loaded.filter((name) => heavy.test(name) || opened.test(name))]).toEqual([
    code,
    [],
  ]);
  expect(ended.loaded).toContain('zod');
});

it('--help loads neither settings nor store', () => {
  const { code, loaded } = run(['--help']);
  expect([
    code,
    loaded.filter((name) => /^(zod|yaml|better-sqlite3|src\/store|src\/config\/load)/.test(name)),
  ]).toEqual([0, []]);
});

it('starts where the folder for compiled code cannot be written', () => {
  const file = join(folder, 'no-folder');
  writeFileSync(file, '');
  expect(run(['kpi', 'list'], { XDG_CACHE_HOME: file })).toMatchObject({ code: 0, stderr: '' });
});

it('what is known of the shipped KPI files is what they say', async () => {
  const known = parseKnown(readFileSync(join(root, 'config/kpis.jsonl'), 'utf8'));
  const folders = [shippedKpis];
  const refuse = () => {
    throw new Error('a file that is known was checked again');
  };
  expect(await loadCatalog({ folders, check: refuse, known })).toEqual(
    await loadCatalog({ folders, check: createQueryChecker() }),
  );
});
