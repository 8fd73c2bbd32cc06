import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import Database from 'better-sqlite3';
import { expect, it } from 'vitest';
import { makeWorkspace } from '../acceptance/cli.ts';
import { listenHook } from '../alert/receivers.ts';

const bin = fileURLToPath(new URL('../../src/cli/crm-kpi.cjs', import.meta.url));

const settings = (schedule: string, more = '') => `timeZone: Europe/Madrid
currency: EUR
connections:
  files: { connector: csv, path: ./deals.csv, object: deal }
kpis: [win_rate]
${schedule}
${more}`;

const deals = 'id,stage,outcome,created_on,closed_on\n1,won,won,2026-10-01,2026-10-15\n';

interface Up {
  readonly child: ChildProcess;
  readonly url: string;
  readonly stderr: () => string;
}

/** Starts `schedule` and waits until it says that it is up. */
async function startSchedule(folder: string, env: Readonly<Record<string, string>> = {}): Promise<Up> {
  const child = spawn(process.execPath, [bin, 'schedule', '--json', '--port', '0', '--log-level', 'info'], {
    cwd: folder,
    env: { PATH: process.env.PATH, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const [line] = await once(child.stdout.setEncoding('utf8'), 'data');
  return { child, url: JSON.parse(String(line)).url, stderr: () => stderr };
}

/** Until the log holds an event so many times. */
async function waitFor(up: Up, event: string, times = 1): Promise<void> {
  while (up.stderr().split(`"msg":"${event}"`).length <= times)
    await once(up.child.stderr ?? up.child, 'data');
}

async function stop(up: Up): Promise<{ readonly code: number | null; readonly ms: number }> {
  const askedAt = Date.now();
  up.child.kill('SIGTERM');
  const [code] = await once(up.child, 'close');
  return { code, ms: Date.now() - askedAt };
}

it('runs jobs by the clock, survives a failing one, alerts, serves metrics, stops at once', {
  timeout: 120_000,
}, async () => {
  await using hook = await listenHook();
  const alerts = `alerts: [{ on: [failure, recovery], webhook: "\${HOOK}" }]`;
  await using workspace = await makeWorkspace(
    settings('schedule: [{ run: all, cron: "* * * * * *" }]', alerts),
    { HOOK: hook.url },
  );
  const file = join(workspace.folder, 'deals.csv');
  await writeFile(file, 'id,stage\n1,"won\n');
  const up = await startSchedule(workspace.folder, { HOOK: hook.url });
  await waitFor(up, 'schedule.ended', 2);
  await writeFile(file, deals);
  await waitFor(up, 'schedule.ended', 4);
  const metrics = await (await fetch(`${up.url}/metrics`)).text();
  const health = await fetch(`${up.url}/healthz`);
  const { code, ms } = await stop(up);
  expect(metrics).toMatch(/crm_kpi_runs_total\{job="run",outcome="done"\} \d/);
  expect(metrics).toMatch(/crm_kpi_runs_total\{job="run",outcome="partly"\} \d/);
  expect(health.status).toBe(200);
  expect(await health.json()).toMatchObject({ status: 'ok' });
  expect(hook.got.map(({ alerts: told }) => told?.[0]?.state)).toEqual(['problem', 'recovered']);
  expect(code).toBe(0);
  expect(ms).toBeLessThan(5000);
  expect((await workspace.run('status')).code).toBe(0);
});

it('runs what was missed once, after it was down', { timeout: 120_000 }, async () => {
  await using workspace = await makeWorkspace(
    settings('schedule: [{ run: sync, connections: [files], cron: "* * * * * *" }]'),
  );
  await writeFile(join(workspace.folder, 'deals.csv'), deals);
  const first = await startSchedule(workspace.folder);
  await waitFor(first, 'schedule.ended');
  await stop(first);
  const second = await startSchedule(workspace.folder);
  await waitFor(second, 'schedule.ended');
  await stop(second);
  const { runs } = JSON.parse((await workspace.run('status', '--json')).stdout);
  expect(runs.length).toBeGreaterThanOrEqual(2);
  expect(new Set(runs.map(({ job }: { job: string }) => job))).toEqual(new Set(['sync']));
});

it('writes the measurements of a one-shot run into the textfile', { timeout: 60_000 }, async () => {
  await using workspace = await makeWorkspace(settings('metrics: { textfile: out/crm-kpi.prom }'));
  await writeFile(join(workspace.folder, 'deals.csv'), deals);
  await workspace.run('run');
  const text = await readFile(join(workspace.folder, 'out/crm-kpi.prom'), 'utf8');
  expect(text).toContain('crm_kpi_last_run_exit_code{job="run"} 0');
  expect(text).toMatch(/crm_kpi_phase_duration_seconds\{job="run",phase="sync"\} /);
  expect(existsSync(join(workspace.folder, 'out/crm-kpi.prom.tmp'))).toBe(false);
});

it('without a schedule says what to add', { timeout: 60_000 }, async () => {
  await using workspace = await makeWorkspace(settings(''));
  const { code, stderr } = await workspace.run('schedule');
  expect(code).toBe(2);
  expect(stderr).toContain('cron: "30 2 * * *"');
});

it('prints units with the secrets that the settings ask for', { timeout: 60_000 }, async () => {
  const text = settings(
    'schedule: [{ run: all, cron: "30 2 * * *", deadline: 2h }]',
    `alerts: [{ on: [failure], slack: "\${HOOK}", digest: "08:00" }]`,
  );
  await using workspace = await makeWorkspace(text, { HOOK: 'https://hooks.example/very-secret' });
  const { stdout, code } = await workspace.run('schedule', 'print', 'systemd');
  expect(code).toBe(0);
  expect(stdout).toContain('LoadCredential=HOOK:/etc/crm-kpi/HOOK');
  expect(stdout).toContain('run --deadline 7200s --config');
  expect(stdout).toContain('alerts send --config');
  expect(stdout).not.toContain('very-secret');
  expect((await workspace.run('schedule', 'print', 'windows')).code).toBe(2);
});

it('prints for a container what stands in .env and which files of the workspace it needs', {
  timeout: 60_000,
}, async () => {
  const alert = `alerts: [{ on: [failure], slack: "\${HOOK}" }]`;
  await using workspace = await makeWorkspace(
    settings('schedule: [{ run: all, cron: "30 2 * * *" }]', alert),
  );
  await writeFile(join(workspace.folder, '.env'), 'HOOK=https://hooks.example/very-secret\n', {
    mode: 0o600,
  });
  await writeFile(join(workspace.folder, 'deals.csv'), deals);
  const { stdout } = await workspace.run('schedule', 'print', 'kubernetes');
  expect(stdout).toContain('--from-file=HOOK=secrets/HOOK');
  expect(stdout).not.toContain('very-secret');
  expect(stdout).toMatch(/also reads .*: mount each under \/workspace/);
});

it('status names a scheduled start that is missing, and whom to look after', {
  timeout: 60_000,
}, async () => {
  await using workspace = await makeWorkspace(settings('schedule: [{ run: all, cron: "30 2 * * *" }]'));
  await writeFile(join(workspace.folder, 'deals.csv'), deals);
  expect((await workspace.run('status')).code).toBe(0);
  await workspace.run('run');
  expect((await workspace.run('status')).stdout).toMatch(/^Last night is good/);
  const store = new Database(join(workspace.folder, 'data/crm-kpi.db'));
  store.exec(
    'UPDATE run SET started_at = started_at - 3 * 86400000, finished_at = finished_at - 3 * 86400000',
  );
  store.close();
  const { code, stdout } = await workspace.run('status');
  expect(code).toBe(2);
  expect(stdout).toMatch(/^Last night is NOT good.*a scheduled start is missing/);
  expect(stdout).toMatch(
    /needs a person: schedule all: No run since \S+; one was due at \S+T0[01]:30:00\.000Z\./,
  );
});
