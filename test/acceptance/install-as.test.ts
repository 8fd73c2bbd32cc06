import { expect, it } from 'vitest';
import type { InstallStep } from '../../src/model/connector.ts';
import { makeWorkspace } from './cli.ts';
import { crms, goals, sandboxDefaults } from './crms.ts';

const [salesforce] = crms;

it('installs with an admin connection for another one', { timeout: 120_000 }, async () => {
  await using sandbox = await salesforce.start(sandboxDefaults);
  const admin = salesforce.settings(sandbox).split('connections:\n')[1]?.replace('crm:', 'admin:') ?? '';
  const settings = `${salesforce.settings(sandbox)}${admin.replace('publish: true', 'publish: false')}${goals}`;
  await using workspace = await makeWorkspace(settings, salesforce.secret(sandbox));
  await workspace.json('install', 'crm', '--as', 'admin', '--yes');
  const { steps } = await workspace.json<{ steps: InstallStep[] }>('install', 'crm', '--dry-run');
  expect(steps.filter(({ change }) => change !== 'none')).toEqual([]);
  const wrong = await workspace.run('install', 'crm', '--as', 'nobody', '--yes');
  expect(wrong.code).toBe(2);
});
