import { findStaleness } from '../alert/find-staleness.ts';
import type { ScheduledJob } from '../model/operations.ts';
import { lastDue, nextDue } from '../schedule/due.ts';
import { findRunHolder } from '../store/lock.ts';
import type { ProblemParts, Seen } from './problems.ts';

export interface Problem {
  readonly where: string;
  readonly problem: string;
  readonly fix: string;
}

/** A start may be so late before it counts as missing: jitter, a queue, a slow machine. */
const patienceMs = 3_600_000;
const runsRead = 100;

const jobNames = {
  report: 'report',
  all: 'run',
  sync: 'sync',
  evaluate: 'evaluate',
  publish: 'publish',
} as const;

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
  { settings, store }: Pick<ProblemParts, 'settings' | 'store'>,
  now: number,
): Promise<readonly NightJob[]> {
  const runs = await store.runs(runsRead);
  const states = new Map((await store.scheduleStates()).map((state) => [state.id, state]));
  return settings.schedule.map((job) => {
    const dueAt = lastDue(job, now);
    // Reports leave no entry among the runs: the schedule itself knows when it sent them.
    const startedAt =
      job.run === 'report'
        ? (states.get(job.id)?.startedAt ?? null)
        : (runs.find((run) => run.job === jobNames[job.run] || run.job === 'run')?.startedAt ?? null);
    return {
      run: job.report === undefined ? job.run : `${job.run} ${job.report}`,
      connections: job.connections,
      cron: job.cron,
      timeZone: job.timeZone,
      lastDueAt: toIso(dueAt),
      lastStartedAt: toIso(startedAt),
      nextAt: toIso(nextDue(job, now)),
      isMissing: isMissing(job, { dueAt, startedAt, now }),
    };
  });
}

interface Moment {
  readonly dueAt: number | null;
  readonly startedAt: number | null;
  readonly now: number;
}

/** A workspace in which nothing has run yet is not late. A few seconds early is no other start. */
function isMissing({ jitterMs }: ScheduledJob, { dueAt, startedAt, now }: Moment): boolean {
  if (dueAt === null || startedAt === null) return false;
  return startedAt < dueAt - 60_000 && now > dueAt + jitterMs + patienceMs;
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
  { settings, store }: Pick<ProblemParts, 'settings' | 'store'>,
  streams: Seen['streams'],
  now: number,
): Promise<readonly Problem[]> {
  const { freshness, connections, schedule } = settings;
  if (!freshness || !schedule.some(({ run }) => run !== 'report')) return [];
  const crm = await store.crmFreshness();
  const found = findStaleness({ streams, crm, connections, limits: freshness, now, language: 'en' });
  return found.map(({ notice }) => ({
    where: 'freshness',
    problem: `${notice.title}. ${notice.message}`,
    fix: notice.fix ?? '',
  }));
}

/** Who runs a job on the store now; null: nobody, or it cannot be told. */
export function findRunning({ settings }: Pick<ProblemParts, 'settings'>): string | null {
  return findRunHolder(settings.store);
}

export async function describeAlerts({ store }: Pick<ProblemParts, 'store'>) {
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
