import type { CommandContext } from '../../src/cli/context.ts';
import { reportFailure } from '../../src/cli/report-failure.ts';

export interface NightCommand {
  /** Where the program's clock begins, and what `--as-of` says. */
  readonly at: number;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
  readonly out: (line: string) => void;
}

const commands = {
  run: () => import('../../src/cli/commands/run.ts'),
  install: () => import('../../src/cli/commands/install.ts'),
} as const;

/** A command as main.ts starts it, but by a clock of its own; returns the exit code. */
export async function runNight({ at, args, cwd, env, signal, out }: NightCommand): Promise<number> {
  const startedAt = performance.now();
  const context: CommandContext = {
    flags: {
      config: undefined,
      json: true,
      logLevel: 'silent',
      quiet: true,
      color: false,
      asOf: new Date(at).toISOString(),
    },
    version: 'night',
    env,
    cwd,
    clock: { now: () => at + Math.floor(performance.now() - startedAt) },
    signal,
    out,
    note: () => {},
    terminal: { output: false, input: false },
  };
  const [name, ...rest] = args;
  try {
    const command = await commands[name === 'install' ? 'install' : 'run']();
    return await command.run(context, rest, { yes: true });
  } catch (error) {
    return reportFailure(error, context, signal);
  }
}
