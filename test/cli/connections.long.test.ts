import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, it } from 'vitest';
import { startSandbox } from '../../connectors/salesforce/sandbox/index.ts';
import { makeWorkspace, type TestWorkspace } from '../acceptance/cli.ts';
import { crms, goals, sandboxDefaults } from '../acceptance/crms.ts';
import { agree, startConnect } from './connecting.ts';

const [salesforce] = crms;
const asOf = ['--as-of', '2026-11-20T08:00:00Z'] as const;

interface RunJson {
  readonly sync: readonly { readonly written: number }[];
  readonly publish: { readonly written: number; readonly creates: number; readonly unchanged: number };
}

async function replaceInSettings({ folder }: TestWorkspace, from: string, to: string): Promise<void> {
  const path = join(folder, 'crm-kpi.yaml');
  await writeFile(path, (await readFile(path, 'utf8')).replace(from, to));
}

function countNamed({ folder }: TestWorkspace, name: string): number {
  const handle = new Database(join(folder, 'data', 'crm-kpi.db'), { readonly: true });
  const columns = handle
    .prepare<unknown[], { t: string; c: string }>(
      `SELECT t.name AS t, c.name AS c FROM sqlite_schema t, pragma_table_info(t.name) c
       WHERE t.type = 'table' AND (c.name LIKE '%source_id' OR c.name LIKE '%\\_source' ESCAPE '\\')`,
    )
    .all();
  const count = ({ t, c }: { t: string; c: string }) =>
    Number(handle.prepare(`SELECT count(*) FROM "${t}" WHERE "${c}" = ?`).pluck().get(name));
  const total = columns.reduce((sum, column) => sum + count(column), 0);
  handle.close();
  return total;
}

it('a renamed connection goes on under its new name: nothing is read or written again', {
  timeout: 240_000,
}, async () => {
  await using sandbox = await salesforce.start({ ...sandboxDefaults, size: 120 });
  await using workspace = await makeWorkspace(
    `${salesforce.settings(sandbox)}${goals}`,
    salesforce.secret(sandbox),
  );
  await workspace.json('install', 'crm', '--yes');
  await workspace.json('run', ...asOf);
  await replaceInSettings(workspace, '\n  crm:', '\n  sales:');
  expect(await workspace.run('doctor')).toMatchObject({
    stdout: expect.stringContaining('connections rename crm'),
  });
  await workspace.json('connections', 'rename', 'crm', 'sales');
  expect(countNamed(workspace, 'crm')).toBe(0);
  const run = await workspace.json<RunJson>('run', ...asOf);
  expect(run.sync.reduce((sum, { written }) => sum + written, 0)).toBe(0);
  expect(run.publish).toMatchObject({ written: 0, creates: 0 });
  expect(run.publish.unchanged).toBeGreaterThan(10);
  expect(countNamed(workspace, 'crm')).toBe(0);
  const results = await workspace.json<readonly { segment: { source: string | null } }[]>(
    'results',
    '--segment',
    'owner',
    ...asOf,
  );
  expect(new Set(results.map(({ segment }) => segment.source))).toEqual(new Set(['sales']));
});

it('a removed connection leaves its results and nothing else, once nothing of ours stands in the CRM', {
  timeout: 240_000,
}, async () => {
  await using sandbox = await salesforce.start({ ...sandboxDefaults, size: 120 });
  await using workspace = await makeWorkspace(
    `${salesforce.settings(sandbox)}${goals}`,
    salesforce.secret(sandbox),
  );
  await workspace.json('install', 'crm', '--yes');
  await workspace.json('run', ...asOf);
  const figures = async () => {
    const rows = await workspace.json<readonly Record<string, unknown>[]>(
      'results',
      '--kpi',
      'win_rate',
      ...asOf,
    );
    return rows.map(({ period, segment, num, den, status }) =>
      JSON.stringify({ period, segment, num, den, status }),
    );
  };
  const before = await figures();
  expect(before.length).toBeGreaterThan(20);
  expect(await workspace.run('connections', 'remove', 'crm', '--yes')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('crm-kpi unpublish crm'),
  });
  await workspace.json('unpublish', 'crm', '--yes');
  expect(await workspace.run('connections', 'remove', 'crm')).toMatchObject({ code: 2 });
  await workspace.json('connections', 'remove', 'crm', '--yes');
  // No empty row beside them either, though nothing delivers their records now.
  expect((await figures()).sort()).toEqual(before.sort());
  expect(await workspace.run('doctor')).toMatchObject({ code: 0 });
});

it('a stored sign-in moves with its connection, and goes with it', { timeout: 120_000 }, async () => {
  await using sandbox = await startSandbox({ ...sandboxDefaults, size: 10 });
  await using workspace = await makeWorkspace(`timeZone: Europe/Madrid
currency: EUR
connections:
  crm:
    connector: salesforce
    loginUrl: ${sandbox.url}
    objects: [leads]
    auth: { flow: authorization_code, clientId: "${sandbox.auth.clientId}" }
`);
  const connecting = await startConnect(workspace.folder, ['--no-browser', '--port', '0']);
  await fetch(await agree(connecting.url));
  expect((await connecting.ended).code).toBe(0);
  await workspace.json('sync');
  await replaceInSettings(workspace, '\n  crm:', '\n  sales:');
  expect(await workspace.json('connections', 'rename', 'crm', 'sales')).toMatchObject({ signInMoved: true });
  await workspace.json('sync');
  await workspace.json('connections', 'remove', 'sales', '--yes');
  expect(await workspace.run('sync')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('crm-kpi connect sales'),
  });
});
