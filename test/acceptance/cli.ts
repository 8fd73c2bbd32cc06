import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const bin = fileURLToPath(new URL('../../src/cli/crm-kpi.cjs', import.meta.url));

export interface CliEnd {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CliOptions {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Kills the program itself after this long. */
  readonly killAfterMs?: number;
}

/** Runs the program as a user would: a process of its own, no terminal. */
export function runCli(args: readonly string[], { cwd, env, killAfterMs }: CliOptions): Promise<CliEnd> {
  const child = spawn(process.execPath, [bin, ...args], {
    cwd,
    env: { PATH: process.env.PATH, HOME: process.env.HOME, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const timer = killAfterMs === undefined ? null : setTimeout(() => child.kill('SIGKILL'), killAfterMs);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => {
      if (timer) clearTimeout(timer);
      resolve({ code, stdout, stderr });
    });
  });
}

export interface TestWorkspace extends AsyncDisposable {
  readonly folder: string;
  run(...args: readonly string[]): Promise<CliEnd>;
  json<T>(...args: readonly string[]): Promise<T>;
}

/** A workspace in a temporary folder, removed at the end. */
export async function makeWorkspace(
  settings: string,
  env: Readonly<Record<string, string | undefined>> = {},
): Promise<TestWorkspace> {
  const folder = await mkdtemp(join(tmpdir(), 'crm-kpi-test-'));
  await writeFile(join(folder, 'crm-kpi.yaml'), settings);
  const run = (...args: readonly string[]) => runCli(args, { cwd: folder, env });
  return {
    folder,
    run,
    json: async (...args) => {
      const { code, stdout, stderr } = await run(...args, '--json');
      if (code !== 0)
        throw new Error(
          `crm-kpi ${args.join(' ')} ended with ${code}\n${stdout.slice(0, 2000)}\n${stderr.slice(0, 2000)}`,
        );
      return JSON.parse(stdout);
    },
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}
