import { exitCodeOf, RunError, worstExitCode } from '../model/errors.ts';
import { acquireRunLock, type RunLock } from '../store/lock.ts';
import { afterJob, alertBrokenStore } from './after-job.ts';
import { saveUsage } from './api-calls.ts';
import { type CommandContext, type ExitCode, Interrupted } from './context.ts';
import { createJobStop, type JobStop, parseDeadline } from './deadline.ts';
import {
  describeFailure,
  type Failure,
  formatFailure,
  type StoredFailure,
  whoActs,
} from './report-failure.ts';
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

type Phase = (job: JobContext) => Promise<PhaseEnd>;

/**
 * Runs phases as one job: alone on the store, in the run log, failures told once, the smallest exit code returned.
 * A phase that throws ends the job; what the earlier ones did stays. `deadline`: as given with --deadline.
 */
export async function runJob(
  context: CommandContext,
  job: string,
  { phases, deadline }: { readonly phases: readonly Phase[]; readonly deadline?: unknown },
): Promise<ExitCode> {
  const deadlineMs = parseDeadline(deadline);
  using stop = createJobStop(context.signal);
  await using workspace = await openJobWorkspace({ ...context, signal: stop.signal });
  const startedAt = context.clock.now();
  const lock = acquireRunLock(workspace.settings.store, { job, at: startedAt, pid: process.pid });
  const runId = await workspace.store.beginRun(job, startedAt);
  workspace.log.info({ run: runId, job }, 'run.started');
  stop.startDeadline(deadlineMs ?? workspace.settings.deadlineMs ?? null);
  const run: Run = { context, workspace, runId, job, stop, lock, ends: [], durations: {} };
  try {
    await runPhases(run, phases);
    return await finishJob(run);
  } catch (error) {
    await recordFailure(run, error);
    throw error;
  } finally {
    await afterJob(context, workspace);
  }
}

async function openJobWorkspace(context: CommandContext): Promise<Workspace> {
  try {
    return await openWorkspace(context);
  } catch (error) {
    await alertBrokenStore(context, error);
    throw error;
  }
}

interface Run {
  readonly context: CommandContext;
  readonly workspace: Workspace;
  readonly runId: number;
  readonly job: string;
  readonly stop: JobStop;
  readonly lock: RunLock;
  readonly ends: PhaseEnd[];
  readonly durations: Record<string, number>;
}

async function runPhases(run: Run, phases: readonly Phase[]): Promise<void> {
  const { context, workspace, runId, stop } = run;
  for (const phase of phases) {
    stop.signal.throwIfAborted();
    const startedAt = context.clock.now();
    const end = await phase({ ...context, signal: stop.signal, workspace, runId });
    const ms = context.clock.now() - startedAt;
    run.ends.push(end);
    run.durations[end.phase] = ms;
    workspace.log.info({ run: runId, phase: end.phase, ms, failures: end.errors.length }, 'phase.ended');
    if (!context.flags.json) context.note(end.summary);
  }
}

async function finishJob(run: Run): Promise<ExitCode> {
  const { context, ends, runId } = run;
  const errors = ends.flatMap((end) => end.errors);
  const exitCode = worstExitCode(errors);
  const outcome = exitCode === 0 ? 'done' : exitCode === 4 ? 'stopped' : 'partly';
  const failures = uniqueFailures(errors);
  await writeEnd(run, { outcome, exitCode, failures });
  run.lock.release();
  if (context.flags.json)
    context.out(JSON.stringify({ id: runId, outcome, exitCode, ...reportsOf(run), errors: failures }));
  else for (const failure of failures) process.stderr.write(`${formatFailure(failure)}\n`);
  return exitCode;
}

function reportsOf({ ends }: Run): Readonly<Record<string, unknown>> {
  return Object.fromEntries(ends.map((end) => [end.phase, end.report]));
}

function uniqueFailures(errors: readonly unknown[]): readonly Failure[] {
  const unique = new Map<string, Failure>();
  for (const error of errors) {
    const failure = describeFailure(error);
    unique.set(JSON.stringify(failure), failure);
  }
  return [...unique.values()];
}

interface JobEnd {
  readonly outcome: string;
  readonly exitCode: number;
  readonly failures: readonly Failure[];
}

async function writeEnd(run: Run, { outcome, exitCode, failures }: JobEnd): Promise<void> {
  const { context, workspace, runId, job, durations } = run;
  const at = context.clock.now();
  await saveUsage(workspace, at);
  const stored = failures.map((failure): StoredFailure => ({ ...failure, who: whoActs(failure) }));
  await workspace.store.finishRun(runId, {
    at,
    outcome,
    exitCode,
    phases: reportsOf(run),
    error: stored.length > 0 ? stored : null,
    durations,
  });
  workspace.log.info({ run: runId, job, outcome, exitCode }, 'run.ended');
}

async function recordFailure(run: Run, error: unknown): Promise<void> {
  const { signal } = run.context;
  const interrupted = signal.aborted && signal.reason instanceof Interrupted ? signal.reason : null;
  const isStopped = error instanceof RunError && error.kind === 'stopped';
  try {
    await writeEnd(run, {
      outcome: interrupted ? 'interrupted' : isStopped ? 'stopped' : 'failed',
      exitCode: interrupted ? interrupted.exitCode : exitCodeOf(error),
      failures: interrupted ? [] : [describeFailure(error)],
    });
  } catch (storeError) {
    // The store may be what failed; the first failure is the one to tell.
    if (!(storeError instanceof RunError)) throw storeError;
  } finally {
    run.lock.release();
  }
}
