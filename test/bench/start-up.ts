import { cpSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { atMost, type Bench, median, timeOf, told } from './bench.ts';
import { here, runProgram } from './child.ts';

const root = join(here, '../..');

/** The program as it is installed, built into a folder of its own. */
export const startUp: Bench = {
  name: 'start-up',
  about: 'the built program, against a bare node in the same run',
  async *run(env) {
    const bin = await build(env.folder);
    const workspace = join(env.folder, 'workspace');
    mkdirSync(workspace);
    writeFileSync(join(workspace, 'crm-kpi.yaml'), settings);
    writeFileSync(join(workspace, '.env'), 'SECRET=s\n', { mode: 0o600 });
    const own = {
      cwd: workspace,
      codes: [0, 2],
      env: { ...process.env, XDG_CACHE_HOME: join(env.folder, 'cache') },
    };
    const timeOnce = async (args: readonly string[]) => (await runProgram(process.execPath, args, own)).ms;
    // The first start makes the store and keeps the compiled code.
    yield told('crm-kpi status, the first start', timeOf(await timeOnce([bin, 'status'])));
    await timeOnce([bin, '--help']);
    const times: { bare: number; help: number; status: number }[] = [];
    // In turns, so that a busy machine is busy for all three.
    for (let run = 0; run < 5 * env.runs; run += 1)
      times.push({
        bare: await timeOnce(['-e', '0']),
        help: await timeOnce([bin, '--help']),
        status: await timeOnce([bin, 'status']),
      });
    const bare = median(times.map((time) => time.bare));
    const help = median(times.map((time) => time.help));
    const status = median(times.map((time) => time.status));
    const against = `a bare node: ${timeOf(bare)}`;
    yield atMost({ what: 'crm-kpi --help', ours: timeOf(help), against, ratio: help / bare }, 3);
    yield atMost({ what: 'crm-kpi status', ours: timeOf(status), against, ratio: status / bare }, 6);
  },
};

const settings = `timeZone: Europe/Madrid
currency: EUR
connections:
  sales:
    connector: salesforce
    loginUrl: https://sales.my.salesforce.com
    auth: { flow: client_credentials, clientId: id, clientSecret: "\${SECRET}" }
`;

async function build(folder: string): Promise<string> {
  const dist = join(folder, 'dist');
  await runProgram(join(root, 'node_modules/.bin/tsc'), ['-p', '.tsconfig.build.json', '--outDir', dist], {
    cwd: root,
  });
  cpSync(join(root, 'src/store/migrations'), join(dist, 'src/store/migrations'), { recursive: true });
  cpSync(join(root, 'src/cli/crm-kpi.cjs'), join(dist, 'src/cli/crm-kpi.cjs'));
  for (const name of ['package.json', 'config'])
    cpSync(join(root, name), join(folder, name), { recursive: true });
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  return join(dist, 'src/cli/crm-kpi.cjs');
}
