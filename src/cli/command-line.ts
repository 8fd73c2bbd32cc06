import { InvalidArgumentError, Option } from 'commander';
import type { CommandContext, ExitCode } from './context.ts';

type Run = (
  context: CommandContext,
  args: readonly string[],
  options: Readonly<Record<string, unknown>>,
) => Promise<ExitCode>;

export interface CommandLine {
  readonly name: string;
  readonly about: string;
  readonly example: string;
  readonly args?: readonly (readonly [string, string])[];
  readonly options?: readonly Option[];
  /** Speaks with servers of its own on this machine alone. */
  readonly isLocal?: boolean;
  /** Loaded when it runs: `--help` must not wait for a CRM client. */
  readonly load: () => Promise<{ run: Run }>;
}

export const count = (value: string): number => {
  if (!/^\d+$/.test(value)) throw new InvalidArgumentError('It must be a whole number, 0 or more.');
  return Number(value);
};

export const amount = (value: string): number => {
  const parsed = Number(value);
  if (!Number.isFinite(parsed) || parsed < 0)
    throw new InvalidArgumentError('It must be a number, 0 or more.');
  return parsed;
};

export const yes = new Option('--yes', 'apply without asking');
export const dryRun = (text: string) => new Option('--dry-run', text);
export const deadline = new Option(
  '--deadline <time>',
  'stop on purpose after so long, as 2h or 90m; the next run goes on',
);
