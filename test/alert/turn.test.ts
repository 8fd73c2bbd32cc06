import { describe, expect, it } from 'vitest';
import { findFailures } from '../../src/alert/find-failures.ts';
import { findOffTarget } from '../../src/alert/find-off-target.ts';
import { findStaleness } from '../../src/alert/find-staleness.ts';
import { planTurn, type TurnFacts } from '../../src/alert/turn.ts';
import { whenToSend } from '../../src/alert/when.ts';
import type { Goal } from '../../src/model/goal.ts';
import type { AlertTarget, OpenAlert } from '../../src/model/operations.ts';
import type { Result } from '../../src/model/result.ts';
import type { RunInfo, StreamState } from '../../src/model/store.ts';

const at = (text: string) => Date.parse(text);
const now = at('2026-11-20T03:00:00Z');

function target(name: string, on: AlertTarget['on'], other: Partial<AlertTarget> = {}): AlertTarget {
  const channel = { kind: 'slack' as const, url: 'https://hooks.example/x' };
  return { name, on, channel, timeZone: 'Europe/Madrid', quietHours: null, digestMinute: null, ...other };
}

function alert(key: string, events: OpenAlert['notice']['events'] = ['failure']): OpenAlert {
  return { key, notice: { events, state: 'problem', title: key, message: key, fix: 'mend it', since: now } };
}

function turn(facts: Partial<TurnFacts>) {
  return planTurn({ open: [], found: [], undecided: new Set(), targets: [], now, ...facts });
}

describe('a turn', () => {
  it('tells a new problem to those who asked for one of its events', () => {
    const targets = [
      target('ops', ['failure']),
      target('admin', ['needs_person']),
      target('boss', ['off_target']),
    ];
    const { opened, messages } = turn({ found: [alert('a', ['failure', 'needs_person'])], targets });
    expect(opened.map(({ key }) => key)).toEqual(['a']);
    expect(messages.map(({ target }) => target)).toEqual(['ops', 'admin']);
  });

  it('says nothing of a problem that is known', () => {
    const targets = [target('ops', ['failure', 'recovery'])];
    expect(turn({ open: [alert('a')], found: [alert('a')], targets })).toEqual({
      opened: [],
      closed: [],
      messages: [],
    });
  });

  it('tells that it is over to those who asked for recoveries', () => {
    const targets = [
      target('ops', ['failure', 'recovery']),
      target('quiet', ['failure']),
      target('boss', ['off_target', 'recovery']),
      target('log', ['recovery']),
    ];
    const { closed, messages } = turn({ open: [alert('a')], targets });
    expect(closed).toEqual(['a']);
    expect(messages.map(({ target, notice }) => [target, notice.state, notice.fix])).toEqual([
      ['ops', 'recovered', null],
      ['log', 'recovered', null],
    ]);
  });

  it('leaves open what cannot be decided', () => {
    expect(turn({ open: [alert('a')], undecided: new Set(['a']) }).closed).toEqual([]);
  });
});

describe('the time of a message', () => {
  const night = {
    timeZone: 'Europe/Madrid',
    quietHours: { fromMinute: 22 * 60, toMinute: 7 * 60 },
    digestMinute: null,
  };

  it('is the end of quiet hours that run over midnight', () => {
    expect(whenToSend(night, at('2026-11-20T01:30:00Z'))).toBe(at('2026-11-20T06:00:00Z'));
    expect(whenToSend(night, at('2026-11-20T21:30:00Z'))).toBe(at('2026-11-21T06:00:00Z'));
    expect(whenToSend(night, at('2026-11-20T12:00:00Z'))).toBe(at('2026-11-20T12:00:00Z'));
  });

  it('is by the clock after a change in the night', () => {
    expect(whenToSend(night, at('2026-03-29T00:30:00Z'))).toBe(at('2026-03-29T05:00:00Z'));
    expect(whenToSend(night, at('2026-10-24T23:30:00Z'))).toBe(at('2026-10-25T06:00:00Z'));
  });

  it('is that of the digest, today or tomorrow', () => {
    const digest = { timeZone: 'UTC', quietHours: null, digestMinute: 8 * 60 };
    expect(whenToSend(digest, at('2026-11-20T07:59:00Z'))).toBe(at('2026-11-20T08:00:00Z'));
    expect(whenToSend(digest, at('2026-11-20T08:00:00Z'))).toBe(at('2026-11-21T08:00:00Z'));
  });
});

const failure = (kind: string, where: string) => ({ kind, where, message: `${where} broke`, fix: 'mend it' });

function makeRun(id: number, other: Partial<RunInfo>): RunInfo {
  return {
    ...{ id, job: 'run', startedAt: now, finishedAt: now, outcome: 'done', exitCode: 0 },
    ...{ phases: null, error: null, durations: {}, ...other },
  };
}

describe('failures', () => {
  it('of one connection and kind are one problem', () => {
    const error = [
      failure('remote', 'sales GET /a'),
      failure('remote', 'sales Case'),
      failure('auth', 'web'),
    ];
    const found = findFailures([makeRun(1, { outcome: 'partly', exitCode: 3, error })], 'en');
    expect(found.map(({ key, notice }) => [key, notice.events, notice.message])).toEqual([
      ['failure|remote|sales', ['failure'], 'sales GET /a broke (and 1 more)'],
      ['failure|auth|web', ['failure', 'needs_person'], 'web broke'],
    ]);
  });

  it('are over with the next good run of the same job or of all stages, not with an interrupted one', () => {
    const bad = makeRun(1, { job: 'sync', outcome: 'partly', error: [failure('remote', 'sales')] });
    const keys = (...runs: readonly RunInfo[]) => findFailures(runs, 'en').length;
    expect(keys(bad)).toBe(1);
    expect(keys(makeRun(2, { job: 'publish' }), bad)).toBe(1);
    expect(keys(makeRun(2, { outcome: 'interrupted' }), bad)).toBe(1);
    expect(keys(makeRun(2, { outcome: null }), bad)).toBe(1);
    expect(keys(makeRun(2, { job: 'sync' }), bad)).toBe(0);
    expect(keys(makeRun(2, {}), bad)).toBe(0);
  });

  it('that were stops on purpose concern nobody', () => {
    const run = makeRun(1, { outcome: 'partly', error: [failure('stopped', 'sales apiBudget')] });
    expect(findFailures([run], 'en')).toEqual([]);
  });
});

describe('staleness', () => {
  const stream = (other: Partial<StreamState>): StreamState => ({
    ...{ connection: 'sales', stream: 'Deal', table: 'deal', rows: 1, deleted: 0, watermark: null },
    ...{ lastSuccessAt: now, lastError: null, fix: null, unavailable: null, ours: null, theirs: null },
    ...other,
  });
  const facts = {
    streams: [],
    crm: [],
    connections: [{ name: 'sales', publish: true }],
    limits: { storeMs: 26 * 3_600_000, crmMs: 50 * 3_600_000 },
    now,
    language: 'en' as const,
  };

  it('names the objects that were not read in time', () => {
    const old = now - 27 * 3_600_000;
    const streams = [
      stream({}),
      stream({ stream: 'Case', lastSuccessAt: old }),
      stream({ stream: 'Lead', lastSuccessAt: old, unavailable: 'no permission' }),
      stream({ connection: 'gone', lastSuccessAt: old }),
    ];
    expect(findStaleness({ ...facts, streams }).map(({ key, notice }) => [key, notice.message])).toEqual([
      ['freshness|sales', 'Not read since 2026-11-19T00:00:00Z: Case.'],
    ]);
  });

  it('inside the CRM counts where results are written', () => {
    const crm = [{ connection: 'sales', writtenAt: now - 51 * 3_600_000 }];
    expect(findStaleness({ ...facts, crm }).map(({ key }) => key)).toEqual(['freshness_crm|sales']);
    const connections = [{ name: 'sales', publish: false }];
    expect(findStaleness({ ...facts, crm, connections })).toEqual([]);
  });
});

describe('off target', () => {
  const goal = { id: 'g', kpi: 'win_rate', shape: 'at_least' } as Goal;
  const row = (periodStart: string, status: Result['status'], evidence: Result['evidence'] = null) =>
    ({
      goal: 'g',
      periodStart,
      periodLabel: periodStart,
      status,
      evidence,
      unit: 'ratio',
      value: 0.1,
      target: 0.2,
    }) as Result;
  const find = (...results: readonly Result[]) => {
    const { found, undecided } = findOffTarget({ results, goals: [goal], catalog: [], language: 'es', now });
    if (undecided.size > 0) return 'undecided';
    return found.map(({ notice }) => notice.message).join() || 'fine';
  };

  it('is what the newest judged period says, with clear evidence', () => {
    expect(find(row('2026-10', 'off_target', 'clear'))).toBe('2026-10: 10,0 %, objetivo al menos 20,0 %.');
    expect(find(row('2026-09', 'off_target', 'clear'), row('2026-10', 'at_risk'))).toBe('fine');
    expect(find(row('2026-10', 'off_target', 'clear'), row('2026-11', 'insufficient'))).not.toBe('undecided');
  });

  it('is undecided where chance explains the miss, or nothing is judged', () => {
    expect(find(row('2026-09', 'off_target', 'clear'), row('2026-10', 'off_target', 'within_noise'))).toBe(
      'undecided',
    );
    expect(find(row('2026-10', 'no_data'))).toBe('undecided');
  });
});
