import { findStaleness } from '../alert/find-staleness.ts';
import type { ScheduledJob } from '../model/operations.ts';
import type { RunInfo, StreamState } from '../model/store.ts';
import { lastDue, nextDue } from '../schedule/due.ts';
import { findRunHolder } from '../store/lock.ts';
import type { Workspace } from './wire.ts';

export interface Problem {
  readonly where: string;
  readonly problem: string;
  readonly fix: string;
}

/** A start may be so late before it counts as missing: jitter, a queue, a slow machine. */
const patienceMs = 3_600_000;
const runsRead = 100;

const jobNames = { all: 'run', sync: 'sync', evaluate: 'evaluate', publish: 'publish' } as const;

export interface NightJob {
  readonly run: string;
  readonly connections: readonly string[];
  readonly cron: string;
  readonly timeZone: string;
  readonly lastDueAt: string | null;
  readonly lastStartedAt: string | null;
  readonly nextAt: string | null;
  /** Due for over an hour, and nothing has run. */
  readonly isMissing: boolean;
}

/** What the schedule asked for against what has run. */
export async function compareWithSchedule(
  { settings, store }: Workspace,
  now: number,
): Promise<readonly NightJob[]> {
  const runs = await store.runs(runsRead);
  return settings.schedule.map((job) => {
    const dueAt = lastDue(job, now);
    const started = runs.find((run) => run.job === jobNames[job.run] || run.job === 'run');
    return {
      run: job.run,
      connections: job.connections,
      cron: job.cron,
      timeZone: job.timeZone,
      lastDueAt: toIso(dueAt),
      lastStartedAt: toIso(started?.startedAt ?? null),
      nextAt: toIso(nextDue(job, now)),
      isMissing: isMissing(job, { dueAt, started, now }),
    };
  });
}

interface Moment {
  readonly dueAt: number | null;
  readonly started: RunInfo | undefined;
  readonly now: number;
}

/** A workspace in which nothing has run yet is not late. A few seconds early is no other start. */
function isMissing({ jitterMs }: ScheduledJob, { dueAt, started, now }: Moment): boolean {
  if (dueAt === null || !started) return false;
  return started.startedAt < dueAt - 60_000 && now > dueAt + jitterMs + patienceMs;
}

export function scheduleProblems(jobs: readonly NightJob[], running: string | null): readonly Problem[] {
  if (running !== null) return [];
  return jobs
    .filter((job) => job.isMissing)
    .map(({ run, connections, lastDueAt, lastStartedAt }) => ({
      where: `schedule ${[run, ...connections].join(' ')}`,
      problem: `No run since ${lastStartedAt}; one was due at ${lastDueAt}.`,
      fix: 'See that `crm-kpi schedule` is up, or the timer that starts the job; `crm-kpi run` makes up for it.',
    }));
}

/** Data that is older than the settings allow; without a schedule nobody has promised anything. */
export async function findStale(
  { settings, store }: Workspace,
  streams: readonly StreamState[],
  now: number,
): Promise<readonly Problem[]> {
  const { freshness, connections, schedule } = settings;
  if (!freshness || schedule.length === 0) return [];
  const crm = await store.crmFreshness();
  const found = findStaleness({ streams, crm, connections, limits: freshness, now, language: 'en' });
  return found.map(({ notice }) => ({
    where: 'freshness',
    problem: `${notice.title}. ${notice.message}`,
    fix: notice.fix ?? '',
  }));
}

/** Who runs a job on the store now; null: nobody, or it cannot be told. */
export function findRunning({ settings }: Workspace): string | null {
  return findRunHolder(settings.store);
}

export async function describeAlerts({ store }: Workspace) {
  const open = await store.openAlerts();
  const messages = await store.alertMessages();
  return {
    open: open.map(({ key, notice }) => ({ key, title: notice.title, since: toIso(notice.since) })),
    waiting: messages.filter(({ problem }) => problem === null).length,
    undelivered: messages
      .filter(({ problem }) => problem !== null)
      .map(({ target, notice, attempts, triedAt, problem }) => ({
        target,
        title: notice.title,
        attempts,
        triedAt: toIso(triedAt),
        problem,
      })),
  };
}

export function toIso(at: number | null): string | null {
  return at === null ? null : new Date(at).toISOString();
}
