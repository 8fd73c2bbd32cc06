import { createHash } from 'node:crypto';
import { schedule as startCron } from 'node-cron';
import { parseCron } from '../../model/cron.ts';
import { RunError } from '../../model/errors.ts';
import type { ScheduledJob } from '../../model/operations.ts';
import type { Settings } from '../../model/settings.ts';
import type { Store } from '../../model/store.ts';
import { nextDue } from '../../schedule/due.ts';
import { createRunner, type Runner } from '../../schedule/runner.ts';
import { findRunHolder } from '../../store/lock.ts';
import { openStore } from '../../store/open.ts';
import { reviewAlerts } from '../after-job.ts';
import type { CommandContext, ExitCode } from '../context.ts';
import { type MakeReport, messageTargets } from '../message-targets.ts';
import { type Monitor, startMonitor } from '../monitor.ts';
import { openWorkspace, type Workspace } from '../wire.ts';
import { runChild } from './child.ts';

/** Between runs, messages that wait (quiet hours, a digest, a receiver that was away) are looked at so often. */
const alertsEveryMs = 60_000;

type Options = Readonly<Record<string, unknown>>;

/** Stays up and runs the jobs of the settings until it is told to stop. */
export async function staySchedule(context: CommandContext, options: Options): Promise<ExitCode> {
  const { settings, zone, log } = await readWorkspace(context);
  requireJobs(settings);
  const withStore = async <T>(use: (store: Store) => Promise<T>): Promise<T> => {
    await using store = openStore(settings.store, zone);
    return await use(store);
  };
  const runner = await createRunner({
    jobs: settings.schedule,
    withStore,
    execute: async (job) => ({
      exitCode: await runChild({ job, settingsFile: settings.file, log }, context),
    }),
    isHeld: () => findRunHolder(settings.store) !== null,
    fraction: createFractions(context.clock.now()),
    clock: context.clock,
    log,
  });
  const port = typeof options.port === 'number' ? options.port : (settings.metrics?.port ?? null);
  await using monitor = port === null ? null : await startMonitor({ port, clock: context.clock, withStore });
  tellStart(context, settings.schedule, monitor);
  const alerts = createAlertRound(context, { settings, log, withStore });
  await keepTicking({ runner, jobs: settings.schedule, alerts, log }, context);
  return 0;
}

type Read = Pick<Workspace, 'settings' | 'zone' | 'log'>;

/** The workspace itself is closed again: the jobs open their own. */
async function readWorkspace(context: CommandContext): Promise<Read> {
  await using workspace = await openWorkspace(context);
  const { settings, zone, log } = workspace;
  return { settings, zone, log };
}

function requireJobs({ schedule, file }: Settings): void {
  if (schedule.length > 0) return;
  throw new RunError('config', {
    where: file,
    message: 'The settings have no schedule.',
    fix: 'Add for example\n  schedule:\n    - { run: all, cron: "30 2 * * *" }',
  });
}

/** The same for a job and due instant as long as the program is up, another on each machine. */
function createFractions(seed: number): (job: ScheduledJob, dueAt: number) => number {
  const salt = `${seed} ${process.pid}`;
  return ({ id }, dueAt) => {
    const hash = createHash('sha256').update(`${salt} ${id} ${dueAt}`).digest();
    return hash.readUInt32BE() / 2 ** 32;
  };
}

function tellStart(context: CommandContext, jobs: readonly ScheduledJob[], monitor: Monitor | null): void {
  const now = context.clock.now();
  const rows = jobs.map((job) => {
    const { connections, cron, timeZone, report } = job;
    const next = nextDue(job, now);
    const run = report === undefined ? job.run : `${job.run} ${report}`;
    return { run, connections, cron, timeZone, nextAt: next === null ? null : new Date(next).toISOString() };
  });
  if (context.flags.json) {
    context.out(JSON.stringify({ jobs: rows, url: monitor?.url ?? null }));
    return;
  }
  for (const { run, connections, cron, timeZone, nextAt } of rows) {
    const what = [run, ...connections].join(' ');
    context.out(`${what}  "${cron}" ${timeZone}  next: ${nextAt ?? 'never'}`);
  }
  if (monitor) context.out(`${monitor.url}/metrics  ${monitor.url}/healthz`);
}

interface Round {
  readonly runner: Runner;
  readonly jobs: readonly ScheduledJob[];
  readonly alerts: () => Promise<void>;
  readonly log: Workspace['log'];
}

/** node-cron only beats the time; what is due is decided by us (src/schedule/due.ts). */
async function keepTicking({ runner, jobs, alerts, log }: Round, { signal }: CommandContext): Promise<void> {
  let busy = false;
  const tick = async () => {
    await runner.tick();
    await alerts();
  };
  const beat = () => {
    if (busy) return;
    busy = true;
    tick()
      .catch((error: unknown) => {
        const message = error instanceof Error ? error.message : String(error);
        log.error({ message }, 'schedule.tick_failed');
      })
      .finally(() => {
        busy = false;
      });
  };
  const task = startCron(needsSeconds(jobs) ? '* * * * * *' : '* * * * *', beat, {
    suppressMissedWarning: true,
  });
  beat();
  await stopped(signal);
  runner.stop();
  await task.destroy();
  await runner.idle();
}

function needsSeconds(jobs: readonly ScheduledJob[]): boolean {
  return jobs.some(({ cron, jitterMs }) => {
    const parsed = parseCron(cron);
    return jitterMs > 0 || 'problem' in parsed || parsed.seconds.some((second) => second !== 0);
  });
}

function stopped(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

interface AlertRound {
  readonly settings: Settings;
  readonly log: Workspace['log'];
  readonly withStore: <T>(use: (store: Store) => Promise<T>) => Promise<T>;
}

function createAlertRound(context: CommandContext, round: AlertRound): () => Promise<void> {
  let doneAt = 0;
  return async () => {
    const now = context.clock.now();
    if (messageTargets(round.settings).length === 0 || Math.abs(now - doneAt) < alertsEveryMs) return;
    doneAt = now;
    const makeReport: MakeReport = async (saved) => {
      const { composeReport } = await import('../send-report.ts');
      await using workspace = await openWorkspace(context);
      return await composeReport(context, workspace, saved);
    };
    const review = { ...round, catalog: null, clock: context.clock, insist: false, makeReport };
    await round.withStore((store) => reviewAlerts({ ...review, store }));
  };
}
