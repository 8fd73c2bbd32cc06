import { expect, it } from 'vitest';
import type { InstallStep } from '../../src/model/connector.ts';
import { makeWorkspace } from './cli.ts';
import { crms, goals, sandboxDefaults } from './crms.ts';

const [salesforce] = crms;

it('takes back all that was written to Salesforce, and only when told to', { timeout: 120_000 }, async () => {
  await using sandbox = await salesforce.start(sandboxDefaults);
  const settings = `${salesforce.settings(sandbox)}${goals}`;
  await using workspace = await makeWorkspace(settings, salesforce.secret(sandbox));
  await workspace.json('install', 'crm', '--yes');
  await workspace.json('run');
  const written = sandbox.ids(salesforce.resultObject).length;
  expect(written).toBeGreaterThan(10);

  const asked = await workspace.run('unpublish', 'crm');
  expect(asked.code).toBe(2);
  expect(asked.stdout).toContain(`${written} records`);
  const shown = await workspace.json<{ steps: InstallStep[]; applied: InstallStep[] }>(
    'unpublish',
    'crm',
    '--dry-run',
  );
  expect(shown.steps.length).toBeGreaterThan(3);
  expect(shown.applied).toEqual([]);
  expect(sandbox.ids(salesforce.resultObject)).toHaveLength(written);

  const { applied } = await workspace.json<{ applied: InstallStep[] }>('unpublish', 'crm', '--yes');
  expect(applied.filter(({ problem }) => problem)).toEqual([]);
  expect(() => sandbox.ids(salesforce.resultObject)).toThrow('no object');
  const again = await workspace.json<{ steps: InstallStep[] }>('unpublish', 'crm', '--yes');
  expect(again.steps).toEqual([]);

  await workspace.json('install', 'crm', '--yes');
  const { publish } = await workspace.json<{ publish: { creates: number; written: number } }>('run');
  expect(publish).toMatchObject({ creates: written, written });
});
