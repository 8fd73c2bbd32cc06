import type { Kpi } from '../../src/model/kpi.ts';
import type { Settings } from '../../src/model/settings.ts';
import { goalOf } from '../model/samples.ts';

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
