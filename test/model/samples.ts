import type { Goal } from '../../src/model/goal.ts';
import type { Result, Segment } from '../../src/model/result.ts';

export const company: Segment = { kind: 'company', id: null, name: null, source: null };

/** A goal as the settings make it of a KPI, a period and a target: win at least 20 % each month. */
export function goalOf(changed: Partial<Goal> = {}): Goal {
  return {
    id: `${changed.kpi ?? 'win_rate'}.month`,
    kpi: 'win_rate',
    every: 'month',
    shape: 'at_least',
    targets: { kind: 'constant', value: 0.2 },
    weight: 1,
    segments: ['company'],
    baseline: { kind: 'auto', periods: 12 },
    warnTolerance: 0.1,
    exceedTolerance: 0.1,
    minN: 5,
    statistic: 'p50',
    clock: 'calendar',
    pacing: 'linear',
    accountable: null,
    reason: null,
    ...changed,
  };
}

/** January: 18 won of 100 closed against 20 %. */
export function resultOf(changed: Partial<Result> = {}): Result {
  return {
    kpi: 'win_rate',
    definitionVersion: 'abcd1234',
    grain: 'month',
    periodStart: '2026-01-01',
    periodEnd: '2026-02-01',
    periodLabel: '2026-01',
    complete: true,
    segment: company,
    goal: 'win_rate.month',
    goalVersion: 1,
    unit: 'ratio',
    currency: null,
    num: 18,
    den: 100,
    value: 0.18,
    n: 100,
    nMissing: 0,
    statistic: null,
    statistics: null,
    status: 'at_risk',
    evidence: 'within_noise',
    movement: 'no_evidence',
    previous: 0.15,
    target: 0.2,
    baseline: 0.15,
    attainment: 0.9,
    gapClosed: 0.6,
    forecast: null,
    trend: null,
    stage: 'official',
    flags: [],
    asOf: Date.UTC(2026, 1, 15),
    ...changed,
  };
}
