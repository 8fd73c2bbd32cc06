import { exitCodeOf, type RunError, worstExitCode } from '../model/errors.ts';
import { acquireRunLock, type RunLock } from '../store/lock.ts';
import { type CommandContext, type ExitCode, Interrupted } from './context.ts';
import { describeFailure, type Failure, formatFailure } from './report-failure.ts';
import { openWorkspace, type Workspace } from './wire.ts';

/** What one phase of a job did: its part of the JSON, and what failed while the rest went on. */
export interface PhaseEnd {
  readonly phase: 'sync' | 'evaluate' | 'publish';
  readonly report: unknown;
  /** One line for people. */
  readonly summary: string;
  readonly errors: readonly unknown[];
}

export interface JobContext extends CommandContext {
  readonly workspace: Workspace;
  readonly runId: number;
}

/**
 * Runs phases as one job: alone on the store, in the run log, failures told once, the smallest exit code returned.
 * A phase that throws ends the job; what the earlier ones did stays.
 */
export async function runJob(
  context: CommandContext,
  job: string,
  phases: readonly ((job: JobContext) => Promise<PhaseEnd>)[],
): Promise<ExitCode> {
  await using workspace = await openWorkspace(context);
  const lock = acquireRunLock(workspace.settings.store, { job, at: context.clock.now(), pid: process.pid });
  const runId = await workspace.store.beginRun(job, context.clock.now());
  const ends: PhaseEnd[] = [];
  try {
    for (const phase of phases) {
      context.signal.throwIfAborted();
      const end = await phase({ ...context, workspace, runId });
      ends.push(end);
      if (!context.flags.json) context.note(end.summary);
    }
    return await finishJob({ context, workspace, runId, ends, lock });
  } catch (error) {
    await recordFailure({ context, workspace, runId, ends, lock }, error);
    throw error;
  }
}

interface JobEnd {
  readonly context: CommandContext;
  readonly workspace: Workspace;
  readonly runId: number;
  readonly ends: readonly PhaseEnd[];
  readonly lock: RunLock;
}

async function finishJob({ context, workspace, runId, ends, lock }: JobEnd): Promise<ExitCode> {
  const errors = ends.flatMap((end) => end.errors);
  const exitCode = worstExitCode(errors);
  const outcome = exitCode === 0 ? 'done' : exitCode === 4 ? 'stopped' : 'partly';
  const phases = Object.fromEntries(ends.map((end) => [end.phase, end.report]));
  const failures = uniqueFailures(errors);
  await workspace.store.finishRun(runId, {
    at: context.clock.now(),
    outcome,
    exitCode,
    phases,
    error: failures.length > 0 ? failures : null,
  });
  lock.release();
  if (context.flags.json)
    context.out(JSON.stringify({ id: runId, outcome, exitCode, ...phases, errors: failures }));
  else for (const failure of failures) process.stderr.write(`${formatFailure(failure)}\n`);
  return exitCode;
}

function uniqueFailures(errors: readonly unknown[]): readonly Failure[] {
  const unique = new Map<string, Failure>();
  for (const error of errors) {
    const failure = describeFailure(error);
    unique.set(JSON.stringify(failure), failure);
  }
  return [...unique.values()];
}

async function recordFailure(
  { context, workspace, runId, ends, lock }: JobEnd,
  error: unknown,
): Promise<void> {
  const interrupted = context.signal.aborted && context.signal.reason instanceof Interrupted;
  try {
    await workspace.store.finishRun(runId, {
      at: context.clock.now(),
      outcome: interrupted ? 'interrupted' : 'failed',
      exitCode: interrupted ? context.signal.reason.exitCode : exitCodeOf(error),
      phases: Object.fromEntries(ends.map((end) => [end.phase, end.report])),
      error: interrupted ? null : [describeFailure(error)],
    });
  } catch (storeError) {
    // The store may be what failed; the first failure is the one to tell.
    if (!isRunError(storeError)) throw storeError;
  } finally {
    lock.release();
  }
}

function isRunError(error: unknown): error is RunError {
  return error instanceof Error && error.name === 'RunError';
}
