import type { Goal } from '../../src/model/goal.ts';
import type { Kpi } from '../../src/model/kpi.ts';
import type { Result, Segment } from '../../src/model/result.ts';
import type { Settings } from '../../src/model/settings.ts';

export const company: Segment = { kind: 'company', id: null, name: null, source: null };

export const winRate: Kpi = {
  id: 'win_rate',
  label: { en: 'Sales conversion', es: 'Tasa de conversión de ventas' },
  description: { en: '', es: '' },
  domain: 'sales',
  unit: 'ratio',
  better: 'higher',
  kind: 'flow',
  dimensions: ['owner', 'team'],
  needs: ['deal'],
  money: [],
  withinMs: null,
  maturesMs: null,
  sql: 'select 1',
  version: 'abcd1234',
  file: 'win_rate.sql',
};

export const revenue: Kpi = {
  ...winRate,
  id: 'revenue_won',
  label: { en: 'Revenue won', es: 'Ingresos' },
  unit: 'money',
  money: ['num'],
};

export function goalOf(changed: Partial<Goal> = {}): Goal {
  return {
    id: 'win_rate.month',
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

export function settingsOf(changed: Partial<Settings> = {}): Settings {
  return {
    file: '/work/crm-kpi.yaml',
    folder: '/work',
    calendar: { timeZone: 'Europe/Madrid', weekStart: 'monday', fiscalYearStart: 1, fiscalYearName: 'end' },
    language: 'en',
    currency: 'EUR',
    store: '/work/data/crm-kpi.db',
    connections: [],
    kpis: null,
    grains: ['month'],
    segments: ['company', 'team', 'owner'],
    history: 24,
    goals: [goalOf()],
    publish: { periods: 3, segments: ['company', 'team', 'owner'], kpis: 'goals' },
    schedule: [],
    alerts: [],
    ...changed,
  };
}
