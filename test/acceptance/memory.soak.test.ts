import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { makeWorkspace } from './cli.ts';
import { type Crm, crms, sandboxDefaults } from './crms.ts';

const bin = fileURLToPath(new URL('../../src/cli/crm-kpi.cjs', import.meta.url));

/** Peak resident memory of a sync, in MB, as Linux tells it while the program runs. */
function measureSync(folder: string, env: Readonly<Record<string, string | undefined>>): Promise<number> {
  const child = spawn(process.execPath, [bin, 'sync', '--quiet'], {
    cwd: folder,
    // A small heap, so that what is needed is measured and not how lazily memory is given back.
    env: { PATH: process.env.PATH, NODE_OPTIONS: '--max-old-space-size=160', ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors += text;
  });
  let peakKb = 0;
  const timer = setInterval(() => {
    try {
      const status = readFileSync(`/proc/${child.pid}/status`, 'utf8');
      peakKb = Math.max(peakKb, Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0));
    } catch {
      // It has just ended.
    }
  }, 50);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => {
      clearInterval(timer);
      if (code === 0) resolve(peakKb / 1024);
      else reject(new Error(`sync ended with ${code}\n${errors.slice(0, 2000)}`));
    });
  });
}

async function peakOf(crm: Crm, size: number): Promise<number> {
  await using sandbox = await crm.start({ ...sandboxDefaults, size });
  const settings = crm.settings(sandbox).replace('publish: true', 'publish: false\n    objects: [deals]');
  await using workspace = await makeWorkspace(settings, crm.secret(sandbox));
  return await measureSync(workspace.folder, crm.secret(sandbox));
}

describe.each(crms)('a first sync from $name', (crm) => {
  it('takes no more memory for 200,000 deals than for 20,000', { timeout: 900_000 }, async () => {
    const small = await peakOf(crm, 20_000);
    const large = await peakOf(crm, 200_000);
    process.stderr.write(
      `${crm.name}: peak ${small.toFixed(0)} MB for 20,000 deals, ${large.toFixed(0)} MB for 200,000\n`,
    );
    expect(large / small).toBeLessThan(1.3);
  });
});
