import { scorePeriods } from '../../src/cli/score.ts';
import { loadCatalog } from '../../src/evaluate/catalog.ts';
import type { Goal } from '../../src/model/goal.ts';
import type { Kpi } from '../../src/model/kpi.ts';
import type { Result } from '../../src/model/result.ts';
import type { NewResult } from '../../src/model/result-store.ts';
import type { Settings } from '../../src/model/settings.ts';
import type { Store } from '../../src/model/store.ts';
import type { Desk, NightStatus } from '../../src/report/desk.ts';
import { createQueryChecker } from '../../src/store/facts.ts';
import { openReader } from '../../src/store/reader.ts';
import { goalOf, resultOf } from '../model/samples.ts';
import { at, openTempStore, type TempStore } from '../store/temp-store.ts';

export const now = at('2026-11-20T09:00:00Z');

export async function readCatalog(): Promise<readonly Kpi[]> {
  const folder = new URL('../../config/kpis', import.meta.url).pathname;
  return loadCatalog({ folders: [folder], check: createQueryChecker(), mapped: [] });
}

export const winRateGoal: Goal = goalOf({
  segments: ['company', 'team', 'owner'],
  accountable: 'Head of sales',
});

/** A month of a KPI of the company, won 18 of 100 unless told otherwise. */
export function monthOf(label: string, over: Partial<NewResult> = {}): NewResult {
  const [year = 0, month = 0] = label.split('-').map(Number);
  const next = month === 12 ? `${year + 1}-01-01` : `${year}-${String(month + 1).padStart(2, '0')}-01`;
  return {
    ...resultOf({ definitionVersion: 'aaaaaaaa', periodStart: `${label}-01`, periodEnd: next }),
    ...{ periodLabel: label, previous: null, asOf: now },
    inputHash: 'h',
    supersedes: null,
    current: true,
    ...over,
  };
}

export async function store(results: readonly NewResult[], into: Store): Promise<void> {
  const id = await into.beginEvaluation(now, now);
  await into.appendResults(id, results);
  await into.finishEvaluation(id, now);
}

export interface DeskFixture extends AsyncDisposable {
  readonly temp: TempStore;
  readonly desk: Desk;
}

export interface DeskContents {
  readonly results: readonly NewResult[];
  readonly settings?: Partial<Settings>;
  readonly desk?: Partial<Desk>;
}

/** A desk over a store that holds these results. */
export async function openDesk({ results, settings = {}, desk = {} }: DeskContents): Promise<DeskFixture> {
  const temp = await openTempStore();
  if (results.length > 0) await store(results, temp.store);
  const reader = openReader(temp.path);
  const given: Desk = {
    reader,
    settings: { ...bareSettings(temp.path), ...settings },
    catalog: await readCatalog(),
    asOf: now,
    now,
    score: scorePeriods,
    explain: async () => ({ num: null, den: null, facts: [], factsTotal: 0, exclusions: [], inputs: [] }),
    medianIntervals: async () => new Map(),
    status: async () => quietNight,
    spanish: () => () => null,
    findings: () => ({ findings: [], silences: [], actions: [], links: new Map(), names: new Map() }),
    effects: () => [],
    review: () => null,
    ...desk,
  };
  return {
    temp,
    desk: given,
    async [Symbol.asyncDispose]() {
      await reader[Symbol.asyncDispose]();
      await temp[Symbol.asyncDispose]();
    },
  };
}

/** Nothing has run, nothing is wrong. */
export const quietNight: NightStatus = {
  connections: [],
  runs: [],
  refused: [],
  needsPerson: [],
  stale: [],
  schedule: [],
  running: null,
  alerts: { open: [], waiting: 0, undelivered: [] },
  silent: [],
};

export function bareSettings(path: string): Settings {
  return {
    file: 'crm-kpi.yaml',
    folder: '.',
    calendar: { timeZone: 'Europe/Madrid', weekStart: 'monday', fiscalYearStart: 1, fiscalYearName: 'end' },
    language: 'en',
    currency: 'EUR',
    store: path,
    connections: [],
    kpis: null,
    grains: ['month'],
    segments: ['company', 'team', 'owner'],
    history: 24,
    goals: [winRateGoal],
    publish: { periods: 3, segments: ['company'], kpis: 'goals', tasks: null },
    schedule: [],
    alerts: [],
  };
}

/** Months before a label, oldest first, with it. */
export function monthsUntil(label: string, count: number): readonly string[] {
  const [year = 0, month = 0] = label.split('-').map(Number);
  return Array.from({ length: count }, (_, index) => {
    const date = new Date(Date.UTC(year, month - 1 - (count - 1 - index), 1));
    return date.toISOString().slice(0, 7);
  });
}

export type { Result };
