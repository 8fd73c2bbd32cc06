import { describe, expect, it } from 'vitest';
import type { ScheduledJob } from '../../src/model/operations.ts';
import { type Decision, due, type JobMoment, lastDue, nextDue } from '../../src/schedule/due.ts';

const at = (text: string) => Date.parse(text);

function makeJob(cron: string, other: Partial<ScheduledJob> = {}): ScheduledJob {
  return {
    id: cron,
    run: 'all',
    connections: [],
    cron,
    timeZone: 'Europe/Madrid',
    jitterMs: 0,
    catchUpMs: null,
    overlap: 'skip',
    deadlineMs: null,
    ...other,
  };
}

function decide(job: ScheduledJob, now: string, other: Partial<JobMoment> = {}): Decision {
  const moment = { handledAt: at('2026-01-01T00:00:00Z'), busy: false, queuedAt: null, fraction: () => 0 };
  return due(job, { ...moment, now: at(now), ...other });
}

/** Every start between two instants, asked minute by minute as the program does. */
function starts(job: ScheduledJob, from: string, to: string): readonly string[] {
  const found: string[] = [];
  let handledAt = at(from);
  for (let now = at(from) + 60_000; now <= at(to); now += 60_000) {
    const decision = decide(job, new Date(now).toISOString(), { handledAt });
    if (decision.kind !== 'run') continue;
    handledAt = decision.dueAt;
    found.push(new Date(now).toISOString().slice(0, 16));
  }
  return found;
}

describe('a daily job', () => {
  const nightly = makeJob('30 2 * * *');

  it('runs once a day at its local time', () => {
    expect(starts(nightly, '2026-06-01T12:00:00Z', '2026-06-03T12:00:00Z')).toEqual([
      '2026-06-02T00:30',
      '2026-06-03T00:30',
    ]);
  });

  it('runs once, at the change, in the night that has no 02:30', () => {
    expect(starts(nightly, '2026-03-28T12:00:00Z', '2026-03-30T12:00:00Z')).toEqual([
      '2026-03-29T01:00',
      '2026-03-30T00:30',
    ]);
  });

  it('runs once in the night that has 02:30 twice', () => {
    expect(starts(nightly, '2026-10-24T12:00:00Z', '2026-10-26T12:00:00Z')).toEqual([
      '2026-10-25T00:30',
      '2026-10-26T01:30',
    ]);
  });

  it('runs once where midnight does not exist', () => {
    const midnight = makeJob('0 0 * * *', { timeZone: 'America/Santiago' });
    expect(starts(midnight, '2026-09-05T12:00:00Z', '2026-09-07T12:00:00Z')).toEqual([
      '2026-09-06T04:00',
      '2026-09-07T03:00',
    ]);
  });

  it('knows both clock changes of another zone', () => {
    const newYork = makeJob('30 2 * * *', { timeZone: 'America/New_York' });
    expect(starts(newYork, '2026-03-08T00:00:00Z', '2026-03-08T23:00:00Z')).toEqual(['2026-03-08T07:00']);
    const early = makeJob('30 1 * * *', { timeZone: 'America/New_York' });
    expect(starts(early, '2026-11-01T00:00:00Z', '2026-11-01T23:00:00Z')).toEqual(['2026-11-01T05:30']);
  });
});

describe('an hourly job', () => {
  const hourly = makeJob('15 * * * *');

  it('runs both times in the repeated hour', () => {
    expect(starts(hourly, '2026-10-24T23:00:00Z', '2026-10-25T03:00:00Z')).toEqual([
      '2026-10-24T23:15',
      '2026-10-25T00:15',
      '2026-10-25T01:15',
      '2026-10-25T02:15',
    ]);
  });

  it('runs once an hour through the skipped one', () => {
    expect(starts(hourly, '2026-03-28T23:00:00Z', '2026-03-29T03:00:00Z')).toEqual([
      '2026-03-28T23:15',
      '2026-03-29T00:15',
      '2026-03-29T01:15',
      '2026-03-29T02:15',
    ]);
  });

  it('follows a zone whose clock changes by half an hour', () => {
    const job = makeJob('0 * * * *', { timeZone: 'Australia/Lord_Howe' });
    expect(starts(job, '2026-04-04T13:30:00Z', '2026-04-04T17:00:00Z')).toEqual([
      '2026-04-04T14:00',
      '2026-04-04T15:30',
      '2026-04-04T16:30',
    ]);
  });
});

describe('days', () => {
  it('are those of the month or of the week where both are given, as in crontab', () => {
    const job = makeJob('0 6 13 * fri', { timeZone: 'UTC' });
    expect(starts(job, '2026-11-12T00:00:00Z', '2026-11-21T00:00:00Z')).toEqual([
      '2026-11-13T06:00',
      '2026-11-20T06:00',
    ]);
    const first = makeJob('0 6 1 * mon', { timeZone: 'UTC' });
    expect(starts(first, '2026-11-29T00:00:00Z', '2026-12-02T00:00:00Z')).toEqual([
      '2026-11-30T06:00',
      '2026-12-01T06:00',
    ]);
  });

  it('may be years away', () => {
    const leapDay = makeJob('0 0 29 2 *', { timeZone: 'UTC' });
    expect(nextDue(leapDay, at('2026-11-22T00:00:00Z'))).toBe(at('2028-02-29T00:00:00Z'));
    expect(nextDue(makeJob('0 0 31 2 *'), at('2026-11-22T00:00:00Z'))).toBeNull();
  });
});

describe('missed starts', () => {
  const job = makeJob('30 2 * * *', { timeZone: 'UTC' });
  const handledAt = at('2026-11-10T02:30:00Z');

  it('of several nights are made up for once, at the newest', () => {
    expect(decide(job, '2026-11-13T09:00:00Z', { handledAt })).toEqual({
      kind: 'run',
      dueAt: at('2026-11-13T02:30:00Z'),
      lateMs: 6.5 * 3_600_000,
    });
  });

  it('are passed over where the settings say so', () => {
    const strict = makeJob('30 2 * * *', { timeZone: 'UTC', catchUpMs: 0 });
    expect(decide(strict, '2026-11-13T09:00:00Z', { handledAt })).toMatchObject({
      kind: 'pass',
      reason: 'missed',
    });
    expect(decide(strict, '2026-11-13T02:31:00Z', { handledAt })).toMatchObject({ kind: 'run' });
  });

  it('are made up for within the time set', () => {
    const patient = makeJob('30 2 * * *', { timeZone: 'UTC', catchUpMs: 4 * 3_600_000 });
    expect(decide(patient, '2026-11-13T06:00:00Z', { handledAt }).kind).toBe('run');
    expect(decide(patient, '2026-11-13T07:00:00Z', { handledAt }).kind).toBe('pass');
  });

  it('before the job was first seen are nobody’s business', () => {
    expect(decide(job, '2026-11-13T09:00:00Z', { handledAt: at('2026-11-13T08:59:00Z') })).toEqual({
      kind: 'wait',
    });
  });
});

describe('jitter and overlap', () => {
  it('a start is put off by its share of the jitter', () => {
    const job = makeJob('30 2 * * *', { timeZone: 'UTC', jitterMs: 600_000 });
    const moment = { handledAt: at('2026-11-12T02:30:00Z'), fraction: () => 0.5 };
    expect(decide(job, '2026-11-13T02:34:59Z', moment).kind).toBe('wait');
    expect(decide(job, '2026-11-13T02:35:00Z', moment)).toMatchObject({ kind: 'run', lateMs: 0 });
  });

  it('a start that meets the run before is passed over, or waits', () => {
    const moment = { handledAt: at('2026-11-12T02:30:00Z'), busy: true };
    const skipping = makeJob('30 2 * * *', { timeZone: 'UTC' });
    expect(decide(skipping, '2026-11-13T02:30:00Z', moment)).toMatchObject({
      kind: 'pass',
      reason: 'overlap',
    });
    const queueing = makeJob('30 2 * * *', { timeZone: 'UTC', overlap: 'queue', catchUpMs: 0 });
    expect(decide(queueing, '2026-11-13T02:30:00Z', moment).kind).toBe('queue');
    const later = { ...moment, busy: false, queuedAt: at('2026-11-13T02:30:00Z') };
    expect(decide(queueing, '2026-11-13T05:00:00Z', later).kind).toBe('run');
  });
});

describe('a clock that jumps', () => {
  const job = makeJob('30 2 * * *', { timeZone: 'UTC' });

  it('back by minutes does not run a job twice', () => {
    expect(decide(job, '2026-11-13T02:20:00Z', { handledAt: at('2026-11-13T02:30:00Z') }).kind).toBe('wait');
    expect(decide(job, '2026-11-13T02:30:00Z', { handledAt: at('2026-11-13T02:30:00Z') }).kind).toBe('wait');
  });

  it('back from a wrong year does not stop the job for a year', () => {
    expect(decide(job, '2026-11-13T02:30:00Z', { handledAt: at('2027-11-13T02:30:00Z') }).kind).toBe('run');
  });
});

describe('the last due instant', () => {
  it('of a job with seconds is found', () => {
    const job = makeJob('*/20 * * * * *', { timeZone: 'UTC' });
    expect(lastDue(job, at('2026-11-13T02:30:59Z'))).toBe(at('2026-11-13T02:30:40Z'));
    expect(nextDue(job, at('2026-11-13T02:30:59Z'))).toBe(at('2026-11-13T02:31:00Z'));
  });
});
