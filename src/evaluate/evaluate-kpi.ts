import { RunError } from '../model/errors.ts';
import type { DurationClock } from '../model/goal.ts';
import type { Kpi } from '../model/kpi.ts';
import type { Result } from '../model/result.ts';
import type { WorkingHours } from '../model/settings.ts';
import { assessSeries } from './assess.ts';
import type { Schedules } from './business-hours.ts';
import { type Computed, computeKpi } from './computation.ts';
import type { Coverage } from './coverage.ts';
import { type Chosen, type Desk, mappedFor } from './desk.ts';
import { chooseKinds, company, keyText, noneId, type SegmentKey } from './segments.ts';
import type { AssessContext, GoalTrack, Series } from './series.ts';
import { planWindows, type Window } from './windows.ts';

interface KpiWork {
  readonly kpi: Kpi;
  readonly coverage: Coverage;
  readonly tracks: readonly GoalTrack[];
  readonly kinds: readonly string[];
  readonly windows: readonly Window[];
}

/** Every result of one KPI, in an order that depends on nothing but the results themselves. */
export async function evaluateKpi(desk: Desk, { kpi, coverage }: Chosen): Promise<readonly Result[]> {
  const { settings, zone, asOf } = desk;
  const tracks = desk.tracks.filter(({ goal }) => goal.kpi === kpi.id);
  const kinds = kindsOf(desk, { kpi, coverage, tracks });
  const windows = planWindows({
    rules: settings.calendar,
    zone,
    asOf,
    history: settings.history,
    grains: settings.grains,
    goals: tracks.map((track) => track.goal),
  });
  const results: Result[] = [];
  for (const clock of ['calendar', 'business'] as const) {
    const timed = tracks.filter(({ goal }) => goal.clock === clock);
    if (clock === 'business' && timed.length === 0) continue;
    const work = { kpi, coverage, kinds, windows, tracks: timed };
    results.push(...(await evaluateByClock(desk, work, clock)));
  }
  return results;
}

/** What goals measure by business hours is computed apart, and given for those goals alone. */
async function evaluateByClock(desk: Desk, work: KpiWork, clock: DurationClock): Promise<Result[]> {
  const { kpi, windows, tracks } = work;
  // Only what adds up through a period has a pace.
  const addsUp = kpi.kind === 'flow' && (kpi.unit === 'money' || kpi.unit === 'count') && !kpi.windowDays;
  const paced = new Set(addsUp ? ['company', ...goalKinds(tracks)] : []);
  const schedules = clock === 'business' ? requireSchedules(desk) : null;
  const computed = await computeKpi(desk, { ...work, keepsDays: (key) => paced.has(key.kind), schedules });
  const context: AssessContext = {
    rules: desk.settings.calendar,
    zone: desk.zone,
    currency: desk.settings.currency,
    kpi,
    form: computed.form,
    holidays: companyHolidays(desk.settings.businessHours ?? []),
    store: desk.store,
    asOf: desk.asOf,
    reportedAsOf: desk.reportedAsOf,
  };
  const results: Result[] = [];
  for (const key of listSegments(desk, work, computed)) {
    for (const [grain, window] of windows.entries()) {
      const series = makeSeries(desk, work, { computed, key, grain, window });
      const rows = await assessSeries(context, series);
      results.push(...(clock === 'business' ? rows.filter((row) => row.goal !== null) : rows));
    }
  }
  return results;
}

/** The settings are checked for them: whoever builds settings without a file is told here. */
function requireSchedules({ schedules }: Desk): Schedules {
  if (schedules) return schedules;
  throw new RunError('config', {
    where: 'goals',
    message: 'A goal measures by business hours, and no working hours are known.',
    fix: 'Set businessHours, or use clock: calendar.',
  });
}

/** Those of everyone: a team's own days off move its cases, not the company's pace. */
function companyHolidays(hours: readonly WorkingHours[]): ReadonlySet<string> {
  return new Set(hours.filter(({ teams }) => teams === null).flatMap(({ holidays }) => holidays));
}

function goalKinds(tracks: readonly GoalTrack[]): ReadonlySet<string> {
  return new Set(tracks.flatMap(({ goal }) => goal.segments));
}

function kindsOf(desk: Desk, { kpi, coverage, tracks }: Pick<KpiWork, 'kpi' | 'coverage' | 'tracks'>) {
  return chooseKinds(kpi, [...desk.settings.segments, ...goalKinds(tracks)], {
    mapped: mappedFor(desk, kpi),
    connections: coverage.connections.length,
  });
}

/** The company, what has facts, and active people whom a goal asks for figures. */
function listSegments(desk: Desk, work: KpiWork, computed: Computed): readonly SegmentKey[] {
  const { kinds, coverage, tracks } = work;
  const keys = new Map<string, SegmentKey>([[keyText(company), company]]);
  for (const [text, key] of computed.segments) keys.set(text, key);
  if (kinds.includes('connection')) {
    for (const id of coverage.connections) {
      const key = { kind: 'connection', id, source: id };
      keys.set(keyText(key), key);
    }
  }
  if (kinds.includes('owner') && goalKinds(tracks).has('owner')) {
    for (const key of activeOwners(desk, coverage)) keys.set(keyText(key), key);
  }
  return [...keys].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, key]) => key);
}

function activeOwners(desk: Desk, coverage: Coverage): readonly SegmentKey[] {
  return desk.actors
    .filter(({ active, kind, source }) => active && isPerson(kind) && coverage.connections.includes(source))
    .map(({ id, source }) => ({ kind: 'owner', id, source }));
}

function isPerson(kind: string | null): boolean {
  return kind === null || kind === 'user';
}

interface SeriesPlace {
  readonly computed: Computed;
  readonly key: SegmentKey;
  readonly grain: number;
  readonly window: Window;
}

function makeSeries(desk: Desk, work: KpiWork, { computed, key, grain, window }: SeriesPlace): Series {
  return {
    key,
    segment: desk.nameSegment(key),
    window,
    figures: window.index.periods.map((_, place) => computed.figureAt(key, grain, place)),
    pool: (places) => computed.poolAt(key, grain, places),
    buckets: computed.bucketsAt(key, grain),
    tracks: work.tracks.filter((track) => track.goal.every === window.grain),
    empty: emptyRule(desk, key),
  };
}

function emptyRule(desk: Desk, { kind, id, source }: SegmentKey): Series['empty'] {
  if (kind === 'company' || kind === 'connection') return 'always';
  if (id === noneId) return 'never';
  if (kind !== 'owner') return 'with_goal';
  const actor = desk.actors.find((candidate) => candidate.id === id && candidate.source === source);
  return actor?.active ? 'with_goal' : 'never';
}
