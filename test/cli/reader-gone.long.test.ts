import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, it } from 'vitest';
import { startSandbox } from '../../connectors/hubspot/sandbox/index.ts';
import { makeWorkspace } from '../acceptance/cli.ts';
import { sandboxDefaults } from '../acceptance/crms.ts';
import { bin } from '../acceptance/machine.ts';

it('an installation whose reader is gone after the first line is done to its end', {
  timeout: 60_000,
}, async () => {
  await using sandbox = await startSandbox({ ...sandboxDefaults, size: 10 });
  await using workspace = await makeWorkspace(`timeZone: Europe/Madrid
currency: EUR
connections:
  crm: { connector: hubspot, baseUrl: "${sandbox.url}", auth: ${JSON.stringify(sandbox.auth)}, publish: true }
`);
  const child = spawn(process.execPath, [bin, 'install', 'crm', '--yes'], {
    cwd: workspace.folder,
    env: { PATH: process.env.PATH, HOME: workspace.folder },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = once(child, 'close');
  await once(child.stdout, 'data');
  child.stdout.destroy();
  child.stderr.destroy();
  expect((await ended)[0]).toBe(0);
  const { steps } = await workspace.json<{ steps: { change: string }[] }>('install', 'crm', '--dry-run');
  expect(new Set(steps.map(({ change }) => change))).toEqual(new Set(['none']));
});
