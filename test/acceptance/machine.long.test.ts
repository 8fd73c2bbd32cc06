import { open, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeWorkspace, runCli, type TestWorkspace } from './cli.ts';
import { crms, goals, sandboxDefaults } from './crms.ts';
import { canMount, killAt, runMounted, startProxy, startTlsFront } from './machine.ts';
import { dumpStore } from './store-dump.ts';

const [salesforce, hubspot] = crms;
const asOf = ['--as-of', '2026-11-20T08:00:00Z'] as const;
const long = { timeout: 300_000 };
const small = { ...sandboxDefaults, size: 120 };
const storeOf = ({ folder }: TestWorkspace) => join(folder, 'data', 'crm-kpi.db');

type Sandbox = Awaited<ReturnType<typeof salesforce.start>>;

const openWorkspace = (sandbox: Sandbox) =>
  makeWorkspace(`${salesforce.settings(sandbox)}${goals}`, salesforce.secret(sandbox));

/** What a store looks like after an undisturbed run of the same sandbox. */
async function undisturbed(): Promise<ReturnType<typeof dumpStore>> {
  await using sandbox = await salesforce.start(small);
  await using workspace = await openWorkspace(sandbox);
  await workspace.json('install', 'crm', '--yes');
  await workspace.json('run', ...asOf);
  return dumpStore(storeOf(workspace));
}

const mounts = canMount();

describe.runIf(mounts)('the disk', () => {
  it('that is full ends the run with 2 and says so; with room again it goes on', long, async () => {
    await using sandbox = await salesforce.start(small);
    await using workspace = await openWorkspace(sandbox);
    await workspace.json('install', 'crm', '--yes');
    const end = await runMounted(
      workspace.folder,
      salesforce.secret(sandbox),
      `mount -t tmpfs -o size=1500k tmpfs data && kpi run ${asOf.join(' ')}
       mount -o remount,size=500m data && kpi run ${asOf.join(' ')} && kpi doctor && cp -r data ../$(basename $PWD)/copy`,
    );
    expect(end.codes).toEqual([2, 0, 0]);
    expect(end.stderr).toContain('disk');
    expect(end.stderr).not.toMatch(/\n\s+at /);
    expect(dumpStore(join(workspace.folder, 'copy', 'crm-kpi.db'))).toEqual(await undisturbed());
  });

  it('that may only be read ends the run with 2 and says so; nothing is lost', long, async () => {
    await using sandbox = await salesforce.start(small);
    await using workspace = await openWorkspace(sandbox);
    await workspace.json('install', 'crm', '--yes');
    await workspace.json('run', ...asOf);
    const before = dumpStore(storeOf(workspace));
    const end = await runMounted(
      workspace.folder,
      salesforce.secret(sandbox),
      `mount --bind data data && mount -o remount,ro,bind data && kpi run ${asOf.join(' ')}; kpi sync`,
    );
    expect(end.codes).toEqual([2, 2]);
    expect(end.stderr).toContain('cannot be written');
    expect(end.stderr).not.toMatch(/\n\s+at /);
    expect(dumpStore(storeOf(workspace))).toEqual(before);
    await workspace.json('run', ...asOf);
  });
});

describe('the clock', () => {
  it('that jumps a month ahead and back loses and repeats nothing', long, async () => {
    await using sandbox = await salesforce.start(small);
    await using workspace = await openWorkspace(sandbox);
    await workspace.json('install', 'crm', '--yes');
    const jump = join(workspace.folder, 'jump.mjs');
    await writeFile(
      jump,
      `const real = Date.now, start = real();
       Date.now = () => real() + (real() - start > 400 ? Number(process.env.JUMP_MS) : 0);`,
    );
    const month = 30 * 86_400_000;
    for (const ms of [month, 0, -month, 0]) {
      const env = { ...salesforce.secret(sandbox), NODE_OPTIONS: `--import ${jump}`, JUMP_MS: String(ms) };
      const end = await runCli(['run', '--json', ...asOf], { cwd: workspace.folder, env });
      expect(end.code, `${ms} ${end.stdout.slice(0, 500)}`).toBe(0);
    }
    const [deal = ''] = sandbox.ids('Opportunity');
    sandbox.put('Opportunity', { Name: 'Changed after the jumps' }, deal);
    const run = await workspace.json<{
      publish: { written: number };
      sync: { object: string; written: number }[];
    }>('run', ...asOf);
    expect(run.sync.find(({ object }) => object === 'Opportunity')?.written).toBe(1);
    const keys = sandbox
      .ids(salesforce.resultObject)
      .map((id) => salesforce.keyOf(sandbox.get(salesforce.resultObject, id) ?? {}));
    expect(new Set(keys).size).toBe(keys.length);
  });
});

describe('the network', () => {
  it(
    'without an answer from the name server: exit 3, the fix names DNS, and the rest is done',
    long,
    async () => {
      await using workspace = await makeWorkspace(
        `timeZone: UTC
currency: EUR
connections:
  crm:
    connector: hubspot
    baseUrl: https://crm.no-such-host.invalid
    auth: { flow: private_app, accessToken: "\${SECRET}" }
  surveys: { connector: csv, path: ./answers.csv, object: survey_answer }
goals:
  - { kpi: csat, every: month, atLeast: 0.8 }
`,
        { SECRET: 'pat-na1-00000000-0000-0000-0000-000000000000' },
      );
      await writeFile(
        join(workspace.folder, 'answers.csv'),
        'id,audience,kind,answered_at,score,scale_min,scale_max\n1,customer,csat,2026-10-05T10:00:00Z,5,1,5\n',
      );
      const { code, stdout } = await workspace.run('run', '--json', ...asOf);
      const { errors, sync }: { errors: { message: string; fix: string }[]; sync: { rows: number }[] } =
        JSON.parse(stdout);
      expect(code).toBe(3);
      expect(errors[0]?.message).toContain('its host name was not found');
      expect(errors[0]?.fix).toContain('DNS');
      expect(sync[0]?.rows).toBe(1);
      expect((await workspace.run('results', '--kpi', 'csat')).stdout).toContain('100');
    },
  );

  it(
    'behind a proxy with an authority of its own: HTTPS_PROXY, NO_PROXY and NODE_EXTRA_CA_CERTS are honoured',
    long,
    async () => {
      await using sandbox = await hubspot.start(small);
      await using workspace = await makeWorkspace(
        hubspot.settings(sandbox).replace(sandbox.url, 'https://crm.example.test'),
        hubspot.secret(sandbox),
      );
      await using front = await startTlsFront(workspace.folder, 'crm.example.test', sandbox.url);
      await using proxy = await startProxy(front.port);
      const sync = (env: Readonly<Record<string, string>>) =>
        runCli(['sync', '--json'], { cwd: workspace.folder, env: { ...hubspot.secret(sandbox), ...env } });
      const HTTPS_PROXY = `http://127.0.0.1:${proxy.port}`;
      const distrusted = await sync({ HTTPS_PROXY });
      expect(distrusted.code).toBe(3);
      expect(distrusted.stdout).toContain('NODE_EXTRA_CA_CERTS');
      expect(await sync({ HTTPS_PROXY, NODE_EXTRA_CA_CERTS: front.ca })).toMatchObject({ code: 0 });
      expect(new Set(proxy.seen)).toEqual(new Set(['crm.example.test:443']));
      expect(front.seen.length).toBeGreaterThan(5);
      const direct = await sync({ HTTPS_PROXY, NO_PROXY: 'crm.example.test', NODE_EXTRA_CA_CERTS: front.ca });
      expect(direct.code).toBe(3);
      const wrong = await sync({ HTTPS_PROXY: 'proxy.example.com' });
      expect(wrong.code).toBe(2);
      expect(JSON.parse(wrong.stdout).error.where).toBe('HTTPS_PROXY');
    },
  );
});

describe('the process', () => {
  it.each([
    ['sync', '"batch.saved"'],
    ['the end of sync', '"phase":"sync"'],
    ['evaluate', '"kpi.evaluated"'],
    ['the end of evaluate', '"phase":"evaluate"'],
    ['publish', 'published'],
  ])('killed during %s loses and doubles nothing', long, async (_, piece) => {
    await using sandbox = await salesforce.start(small);
    await using workspace = await openWorkspace(sandbox);
    await workspace.json('install', 'crm', '--yes');
    await killAt(workspace.folder, salesforce.secret(sandbox), { args: ['run', ...asOf], piece });
    await workspace.json('run', ...asOf);
    expect(dumpStore(storeOf(workspace))).toEqual(await undisturbed());
  });

  it('started twice at once: one does the work, the other ends with 4 and names it', long, async () => {
    await using sandbox = await salesforce.start(small);
    await using workspace = await openWorkspace(sandbox);
    await workspace.json('install', 'crm', '--yes');
    const ends = await Promise.all([
      workspace.run('run', '--json', ...asOf),
      workspace.run('run', '--json', ...asOf),
    ]);
    expect(ends.map(({ code }) => code).sort()).toEqual([0, 4]);
    expect(ends.find(({ code }) => code === 4)?.stdout).toContain('run');
  });
});

describe('the store', () => {
  it('that is damaged is told with exit 2, and a backup brings it back', long, async () => {
    await using sandbox = await salesforce.start(small);
    await using workspace = await openWorkspace(sandbox);
    await workspace.json('install', 'crm', '--yes');
    await workspace.json('run', ...asOf);
    const before = dumpStore(storeOf(workspace));
    const backup = join(workspace.folder, 'backup.db');
    await workspace.json('backup', backup);
    const { size } = await stat(storeOf(workspace));
    const file = await open(storeOf(workspace), 'r+');
    for (let at = 4096; at < size; at += 8192) await file.write(Buffer.alloc(4096, 0x5a), 0, 4096, at);
    await file.close();
    const broken = await workspace.run('run', '--json', ...asOf);
    expect(broken.code).toBe(2);
    expect(JSON.parse(broken.stdout).error).toMatchObject({
      kind: 'store',
      message: expect.stringContaining('damaged'),
    });
    expect(await workspace.run('doctor')).toMatchObject({ code: 2 });
    await workspace.json('restore', backup);
    expect(dumpStore(storeOf(workspace))).toEqual(before);
    await workspace.json('run', ...asOf);
  });
});

describe('the time zone', () => {
  it('that is unknown, or whose rules this Node lacks, is told with exit 2', long, async () => {
    await using sandbox = await salesforce.start(small);
    await using workspace = await openWorkspace(sandbox);
    await workspace.json('install', 'crm', '--yes');
    await workspace.json('run', ...asOf);
    const before = dumpStore(storeOf(workspace));
    const without = join(workspace.folder, 'without.mjs');
    await writeFile(
      without,
      `const Real = Intl.DateTimeFormat;
       Intl.DateTimeFormat = function (locale, options) {
         if (options?.timeZone === 'Europe/Madrid') throw new RangeError('Invalid time zone specified: Europe/Madrid');
         return new Real(locale, options);
       };`,
    );
    const env = { ...salesforce.secret(sandbox), NODE_OPTIONS: `--import ${without}` };
    const end = await runCli(['run', '--json', ...asOf], { cwd: workspace.folder, env });
    expect(end.code).toBe(2);
    expect(JSON.parse(end.stdout).error.message).toContain('time zone');
    expect(dumpStore(storeOf(workspace))).toEqual(before);
  });
});
