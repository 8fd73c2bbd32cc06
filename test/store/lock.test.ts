import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { acquireRunLock } from '../../src/store/lock.ts';
import { at, makeFolder } from './temp-store.ts';

const module = join(import.meta.dirname, '../../src/store/lock.ts');

/** A process that takes the lock, says so, and stays. */
async function holdElsewhere(storePath: string) {
  const script = `
    const { acquireRunLock } = await import(${JSON.stringify(module)});
    acquireRunLock(${JSON.stringify(storePath)}, { job: 'sync', at: ${at('2026-11-01')}, pid: process.pid });
    process.stdout.write('held');
    setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(child.stdout, 'data');
  return child;
}

it('a job that finds another one running stops and names it', async () => {
  using folder = makeFolder();
  const path = join(folder.path, 'data', 'store.db');
  const holder = await holdElsewhere(path);
  try {
    expect(() => acquireRunLock(path, { job: 'run', at: 0, pid: 1 })).toThrow(
      expect.objectContaining({
        kind: 'stopped',
        where: path,
        message: `Another crm-kpi job holds the store: \`sync\`, process ${holder.pid}, since 2026-11-01T00:00:00.000Z.`,
      }),
    );
  } finally {
    holder.kill('SIGKILL');
    await once(holder, 'exit');
  }
});

it('a holder that is killed lets go of the lock', async () => {
  using folder = makeFolder();
  const path = join(folder.path, 'store.db');
  const holder = await holdElsewhere(path);
  holder.kill('SIGKILL');
  await once(holder, 'exit');
  acquireRunLock(path, { job: 'run', at: 0, pid: 1 }).release();
});

it('a released lock can be taken again, by another job', () => {
  using folder = makeFolder();
  const path = join(folder.path, 'store.db');
  acquireRunLock(path, { job: 'sync', at: 0, pid: 1 }).release();
  const lock = acquireRunLock(path, { job: 'publish', at: 0, pid: 2 });
  expect(JSON.parse(readFileSync(`${path}.lock.json`, 'utf8'))).toMatchObject({ job: 'publish', pid: 2 });
  lock.release();
});

it('a place that cannot hold a lock is explained', () => {
  expect(() => acquireRunLock('/dev/null/store.db', { job: 'run', at: 0, pid: 1 })).toThrow(
    expect.objectContaining({ kind: 'store' }),
  );
});
