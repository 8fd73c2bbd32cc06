import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { Sandbox } from '../../src/sandbox/sandbox.ts';
import { makeWorkspace, type TestWorkspace } from '../acceptance/cli.ts';
import { type Crm, crms, goals, sandboxDefaults } from '../acceptance/crms.ts';

const bin = fileURLToPath(new URL('../../src/cli/crm-kpi.cjs', import.meta.url));

interface Stopped {
  readonly code: number | null;
  readonly ms: number;
}

/** Starts the nightly job, sends SIGTERM as soon as the log tells this event, and waits for the end. */
async function stopAt(
  event: string,
  workspace: TestWorkspace,
  secret: Readonly<Record<string, string | undefined>>,
) {
  const child = spawn(process.execPath, [bin, 'run', '--log-level', 'info'], {
    cwd: workspace.folder,
    env: { PATH: process.env.PATH, ...secret },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let askedAt = 0;
  let log = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    log += text;
    if (askedAt > 0 || !log.includes(event)) return;
    askedAt = Date.now();
    child.kill('SIGTERM');
  });
  const [code] = await once(child, 'close');
  return { code, ms: Date.now() - askedAt } satisfies Stopped;
}

interface StatusJson {
  readonly runs: readonly { readonly outcome: string; readonly exitCode: number; readonly error: unknown }[];
}

async function lastRun(workspace: TestWorkspace) {
  const { stdout } = await workspace.run('status', '--json');
  return (JSON.parse(stdout) as StatusJson).runs[0];
}

async function openCrm(crm: Crm, sandbox: Sandbox) {
  const workspace = await makeWorkspace(`${crm.settings(sandbox)}${goals}`, crm.secret(sandbox));
  await workspace.json('install', 'crm', '--yes');
  return workspace;
}

const moments = [
  ['sync', '"msg":"batch.saved"'],
  ['evaluate', '"phase":"sync"'],
  ['publish', '"phase":"evaluate"'],
] as const;

describe.each(crms)('the nightly job on $name', (crm) => {
  it('told to stop in any phase, ends within five seconds, and the next run goes on', {
    timeout: 300_000,
  }, async () => {
    await using sandbox = await crm.start(sandboxDefaults);
    await using workspace = await openCrm(crm, sandbox);
    for (const [phase, event] of moments) {
      const { code, ms } = await stopAt(event, workspace, crm.secret(sandbox));
      expect({ phase, code }).toEqual({ phase, code: 143 });
      expect(ms, phase).toBeLessThan(5000);
      expect(await lastRun(workspace)).toMatchObject({ outcome: 'interrupted', exitCode: 143, error: null });
    }
    expect((await workspace.run('status')).stdout).not.toMatch(/^Last night is good/);
    const done = await workspace.json<{ readonly outcome: string }>('run');
    expect(done.outcome).toBe('done');
    const again = await workspace.json<{ readonly publish: { readonly written: number } }>('run');
    expect(again.publish.written).toBe(0);
  });

  it('ends at its deadline with exit code 4, and the next run goes on', { timeout: 300_000 }, async () => {
    await using sandbox = await crm.start(sandboxDefaults);
    await using workspace = await openCrm(crm, sandbox);
    const { code, stdout } = await workspace.run('run', '--deadline', '0.3s', '--json');
    expect(code).toBe(4);
    expect(JSON.parse(stdout).error).toMatchObject({ kind: 'stopped', where: 'deadline' });
    expect(await lastRun(workspace)).toMatchObject({
      ...{ outcome: 'stopped', exitCode: 4 },
      error: [{ kind: 'stopped', who: 'nobody' }],
    });
    expect((await workspace.json<{ readonly outcome: string }>('run')).outcome).toBe('done');
    expect((await workspace.run('run', '--deadline', 'soon')).code).toBe(2);
  });

  it('counts its calls over the runs of a day', { timeout: 300_000 }, async () => {
    await using sandbox = await crm.start(sandboxDefaults);
    await using workspace = await openCrm(crm, sandbox);
    await workspace.json('run');
    await workspace.run('run');
    const { stdout } = await workspace.run('status', '--json');
    const [connection] = JSON.parse(stdout).connections;
    expect(connection.api.callsToday).toBe(sandbox.requests.length);
    expect(connection.api.calls).toBeLessThan(connection.api.callsToday);
    if (crm.name === 'hubspot') expect(Date.parse(connection.api.resetsAt)).toBeGreaterThan(Date.now());
  });
});
