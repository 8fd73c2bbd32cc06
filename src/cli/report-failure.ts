import { ConfigError, type Problem } from '../config/problems.ts';
import { exitCodeOf, RunError } from '../model/errors.ts';
import { type CommandContext, type ExitCode, Interrupted } from './context.ts';

/**
 * Tells a failure as people or scripts need it and returns the exit code. A bug keeps its stack trace on stderr.
 */
export function reportFailure(
  error: unknown,
  context: CommandContext,
  signal: AbortSignal,
): ExitCode | 130 | 143 {
  const interrupted = signal.aborted && signal.reason instanceof Interrupted ? signal.reason : null;
  if (interrupted) {
    context.note('Stopped. What was read is kept; the next run goes on from here.');
    return interrupted.exitCode;
  }
  const failure = describeFailure(error);
  if (context.flags.json) context.out(JSON.stringify({ error: failure }));
  else process.stderr.write(`${formatFailure(failure)}\n`);
  if (!(error instanceof RunError) && error instanceof Error) process.stderr.write(`${error.stack}\n`);
  return exitCodeOf(error);
}

export interface Failure {
  readonly kind: string;
  readonly where: string;
  readonly message: string;
  readonly fix: string;
  /** Of the settings: each one by itself. */
  readonly problems?: readonly Problem[];
}

/** Who has to do something about a failure. */
export type Actor = 'operator' | 'crm_admin' | 'nobody' | 'developers';

/** As kept in the run log. */
export interface StoredFailure extends Failure {
  readonly who: Actor;
}

const actors: Readonly<Record<string, Actor>> = {
  usage: 'operator',
  config: 'operator',
  store: 'operator',
  auth: 'crm_admin',
  remote: 'nobody',
  stopped: 'nobody',
};

export function whoActs({ kind }: Pick<Failure, 'kind'>): Actor {
  return actors[kind] ?? 'developers';
}

export function describeFailure(error: unknown): Failure {
  if (error instanceof RunError) {
    const { kind, where, message, fix } = error;
    const problems = error instanceof ConfigError ? { problems: error.problems } : {};
    return { kind, where, message, fix, ...problems };
  }
  return {
    kind: 'bug',
    where: 'crm-kpi',
    message: error instanceof Error ? error.message : String(error),
    fix: 'This is a bug in crm-kpi. Nothing was lost. Please report it with the lines below.',
  };
}

/** `where: message` and the fix beneath; a message that brings its own places and fixes stands alone. */
export function formatFailure({ where, message, fix }: Failure): string {
  const head = message.startsWith(where) ? message : `${where}: ${message}`;
  return fix === '' || message.includes('Fix:') ? head : `${head}\n  Fix: ${fix}`;
}
