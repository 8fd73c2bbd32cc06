import { parseCron } from '../model/cron.ts';
import type { ScheduledJob } from '../model/operations.ts';
import { createZone } from '../model/zone.ts';
import { nextOccurrence, previousOccurrence } from './occurrences.ts';

/** What is known of a job when it is asked whether it is due. */
export interface JobMoment {
  readonly now: number;
  /** The latest due instant that was run or passed over. */
  readonly handledAt: number;
  /** The job's run before has not ended, or another process holds the store. */
  readonly busy: boolean;
  /** A due instant that was found while busy, and waits since. */
  readonly queuedAt: number | null;
  /** 0 to 1, the same each time for the same due instant: how much of the jitter it takes. */
  readonly fraction: (dueAt: number) => number;
}

export type Decision =
  | { readonly kind: 'wait' }
  /** It is due and waits until the one before has ended. */
  | { readonly kind: 'queue'; readonly dueAt: number }
  | { readonly kind: 'run'; readonly dueAt: number; readonly lateMs: number }
  | { readonly kind: 'pass'; readonly dueAt: number; readonly reason: 'missed' | 'overlap' };

/** Later than this, a start counts as missed: the program was not up, or the machine slept. */
const missedAfterMs = 120_000;
/** A stored instant that lies further ahead comes from a clock that was wrong. */
const clockErrorMs = 25 * 3_600_000;

/** Whether a job is to start now. Of several missed starts one is made up for. */
export function due(job: ScheduledJob, moment: JobMoment): Decision {
  const { now, busy, queuedAt } = moment;
  const floor = moment.handledAt > now + clockErrorMs ? now - 60_000 : moment.handledAt;
  const dueAt = previousOccurrence(cronOf(job), createZone(job.timeZone), { now, floor });
  if (dueAt === null) return { kind: 'wait' };
  const startAt = dueAt + Math.floor(moment.fraction(dueAt) * job.jitterMs);
  if (now < startAt) return { kind: 'wait' };
  if (busy)
    return job.overlap === 'queue' ? { kind: 'queue', dueAt } : { kind: 'pass', dueAt, reason: 'overlap' };
  const lateMs = now - startAt;
  if (queuedAt === null && isTooLate(job, lateMs)) return { kind: 'pass', dueAt, reason: 'missed' };
  return { kind: 'run', dueAt, lateMs };
}

function isTooLate({ catchUpMs }: ScheduledJob, lateMs: number): boolean {
  return catchUpMs !== null && lateMs > Math.max(missedAfterMs, catchUpMs);
}

/** The next instant at which a job is due, before its jitter; null: never. */
export function nextDue(job: ScheduledJob, now: number): number | null {
  return nextOccurrence(cronOf(job), createZone(job.timeZone), now);
}

/** The latest instant at which a job was due; null: not within a year. */
export function lastDue(job: ScheduledJob, now: number): number | null {
  return previousOccurrence(cronOf(job), createZone(job.timeZone), { now, floor: 0 });
}

/** The settings were checked when they were read. */
function cronOf({ cron, id }: ScheduledJob) {
  const parsed = parseCron(cron);
  if ('problem' in parsed) throw new Error(`schedule ${id}: ${parsed.problem}`);
  return parsed;
}
