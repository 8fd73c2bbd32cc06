import { cpSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { atMost, type Bench, median, timeOf } from './bench.ts';
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
    const timeOfRuns = async (args: readonly string[], codes = [0]) => {
      const times: number[] = [];
      for (let run = 0; run < 5 * env.runs; run += 1)
        times.push((await runProgram(process.execPath, args, { cwd: workspace, codes })).ms);
      return median(times);
    };
    await timeOfRuns([bin, 'status'], [0, 2]);
    const bare = await timeOfRuns(['-e', '0']);
    const against = `a bare node: ${timeOf(bare)}`;
    const help = await timeOfRuns([bin, '--help']);
    yield atMost({ what: 'crm-kpi --help', ours: timeOf(help), against, ratio: help / bare }, 3);
    // Nothing has run here yet, which is for a person to know: exit code 2.
    const status = await timeOfRuns([bin, 'status'], [0, 2]);
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
