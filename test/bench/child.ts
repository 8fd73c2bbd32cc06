import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

export const here = import.meta.dirname;

export interface Running extends Disposable {
  readonly child: ChildProcess;
  readonly url: string;
  readonly auth: Readonly<Record<string, string>>;
}

/** A server in a process of its own, as a CRM is: it takes none of our time. Its first line tells where it is. */
export async function startApart(args: readonly string[]): Promise<Running> {
  const child = spawn(process.execPath, ['--max-old-space-size=6000', ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = await once(createInterface({ input: child.stdout }), 'line');
  return { child, ...JSON.parse(String(line)), [Symbol.dispose]: () => void child.kill('SIGTERM') };
}

/** A program of this folder that tells its result as one line of JSON. */
export async function runApart<T>(file: string, args: readonly string[]): Promise<T> {
  const { stdout, ms } = await runProgram(process.execPath, [join(here, file), ...args]);
  return { ...JSON.parse(stdout), processMs: ms };
}

/** Runs to its end; throws unless it succeeds. */
export async function runProgram(
  program: string,
  args: readonly string[],
  options: {
    readonly cwd?: string;
    readonly input?: string;
    readonly codes?: readonly number[];
    readonly env?: NodeJS.ProcessEnv;
  } = {},
): Promise<{ readonly stdout: string; readonly ms: number }> {
  const begun = performance.now();
  const { cwd, env = process.env } = options;
  const child = spawn(program, args, { cwd, env, stdio: ['pipe', 'pipe', 'pipe'] });
  child.stdin.end(options.input ?? '');
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const [code] = await once(child, 'close');
  const ms = performance.now() - begun;
  if ((options.codes ?? [0]).includes(code)) return { stdout, ms };
  throw new Error(`${program} ${args.join(' ')} ended with ${code}\n${stderr.slice(0, 2000)}`);
}
