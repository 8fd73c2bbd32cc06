import type { Kpi } from '../model/kpi.ts';
import type { Result } from '../model/result.ts';
import { type Aggregate, aggregateFacts } from './aggregate.ts';
import { assessSeries } from './assess.ts';
import { type Chosen, type Desk, mappedFor } from './desk.ts';
import { type Coverage, type Figure, figureOf } from './figures.ts';
import { chooseKinds, company, keyText, noneId, type SegmentKey } from './segments.ts';
import type { AssessContext, GoalTrack, Series } from './series.ts';
import { planWindows, type Window } from './windows.ts';

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
  // Only what adds up through a period has a pace.
  const addsUp = kpi.kind === 'flow' && kpi.unit !== 'ratio' && kpi.unit !== 'hours';
  const paced = new Set(addsUp ? ['company', ...goalKinds(tracks)] : []);
  const aggregate = await aggregateFacts(desk, {
    kpi,
    kinds,
    indexes: windows.map((window) => window.index),
    keepsDays: (key) => paced.has(key.kind),
  });
  const context: AssessContext = {
    rules: settings.calendar,
    zone,
    currency: settings.currency,
    kpi,
    form: aggregate.form,
    store: desk.store,
    asOf,
    reportedAsOf: desk.reportedAsOf,
  };
  const results: Result[] = [];
  for (const key of listSegments(desk, { kinds, coverage, tracks, aggregate })) {
    for (const [grain, window] of windows.entries()) {
      const series = makeSeries(desk, { kpi, coverage, tracks, aggregate, key, grain, window });
      results.push(...(await assessSeries(context, series)));
    }
  }
  return results;
}

interface KpiWork {
  readonly kpi: Kpi;
  readonly coverage: Coverage;
  readonly tracks: readonly GoalTrack[];
}

function goalKinds(tracks: readonly GoalTrack[]): ReadonlySet<string> {
  return new Set(tracks.flatMap(({ goal }) => goal.segments));
}

function kindsOf(desk: Desk, { kpi, coverage, tracks }: KpiWork): readonly string[] {
  return chooseKinds(kpi, [...desk.settings.segments, ...goalKinds(tracks)], {
    mapped: mappedFor(desk, kpi),
    connections: coverage.connections.length,
  });
}

/** The company, what has facts, and active people whom a goal asks for figures. */
function listSegments(
  desk: Desk,
  work: Pick<KpiWork, 'coverage' | 'tracks'> & { kinds: readonly string[]; aggregate: Aggregate },
): readonly SegmentKey[] {
  const { kinds, coverage, tracks, aggregate } = work;
  const keys = new Map<string, SegmentKey>([[keyText(company), company]]);
  for (const [text, { key }] of aggregate.segments) keys.set(text, key);
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

function makeSeries(
  desk: Desk,
  work: KpiWork & { aggregate: Aggregate; key: SegmentKey; grain: number; window: Window },
): Series {
  const { kpi, coverage, aggregate, key, grain, window } = work;
  const buckets = aggregate.segments.get(keyText(key))?.grains[grain] ?? [];
  const figures = window.index.periods.map(
    (period, place): Figure =>
      figureOf(buckets[place], {
        form: aggregate.form,
        synced: coverage.isSynced(period, key.source),
        reconstructed: kpi.kind === 'snapshot' && period.endAt < desk.asOf,
      }),
  );
  return {
    key,
    segment: desk.nameSegment(key),
    window,
    figures,
    buckets,
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
