import { type DurationClock, durationClocks } from '../model/goal.ts';
import type { Kpi } from '../model/kpi.ts';
import type { Figures, RestatementCause, Result } from '../model/result.ts';
import type { SeriesPlace } from '../model/result-store.ts';
import type { WorkingHours } from '../model/settings.ts';
import { askedSegments } from './asked-segments.ts';
import { assessSeries } from './assess.ts';
import type { Split } from './causes.ts';
import { clockOf } from './clocks.ts';
import { type Computed, computeKpi } from './computation.ts';
import type { Coverage } from './coverage.ts';
import { type Chosen, type Desk, mappedFor } from './desk.ts';
import { listUnsynced } from './fill-book.ts';
import { horizonOf } from './horizon.ts';
import { findLacking } from './inputs.ts';
import { definitionsOf } from './mail-filter.ts';
import { isWhole, makeSeries } from './make-series.ts';
import { fingerprintOf } from './nightly.ts';
import { everything, nothing, type Scope, scopeOf } from './scope.ts';
import { chooseKinds, company, keyText, type SegmentKey } from './segments.ts';
import { type AssessContext, type GoalTrack, modeOf, type Series } from './series.ts';
import { planWindows, type Window } from './windows.ts';

export interface KpiWork {
  readonly kpi: Kpi;
  readonly coverage: Coverage;
  readonly tracks: readonly GoalTrack[];
  readonly kinds: readonly string[];
  readonly windows: readonly Window[];
}

/** Results, and the series that were looked at; null: all of the KPI. */
export interface KpiOutcome {
  readonly results: readonly Result[];
  readonly places: readonly SeriesPlace[] | null;
  /** What moved a figure since the last evaluation, as far as changed records tell. */
  readonly causesAt: (result: Result) => Promise<ReadonlyMap<RestatementCause, Figures> | null>;
}

/** The results of one KPI that may be new, in an order that depends on nothing but the results themselves. */
export async function evaluateKpi(desk: Desk, { kpi, coverage }: Chosen): Promise<KpiOutcome> {
  const { settings, zone, asOf } = desk;
  const tracks = desk.tracks.filter(({ goal }) => goal.kpi === kpi.id);
  const kinds = kindsOf(desk, { kpi, coverage, tracks });
  const windows = planWindows({
    rules: settings.calendar,
    zone,
    asOf,
    history: settings.history,
    wholeFrom: horizonOf(kpi, desk.catalog, desk.purgedBefore),
    grains: settings.grains,
    goals: tracks.map((track) => track.goal),
  });
  const outcomes: KpiOutcome[] = [];
  for (const clock of durationClocks) {
    const timed = tracks.filter(({ goal }) => goal.clock === clock);
    if (clock !== 'calendar' && timed.length === 0) continue;
    const work = { kpi, coverage, kinds, windows, tracks: timed };
    outcomes.push(await evaluateByClock(desk, work, clock));
  }
  const [only, ...others] = outcomes;
  if (only && others.length === 0) return only;
  return { results: outcomes.flatMap(({ results }) => results), places: null, causesAt: async () => null };
}

/** What goals measure by business hours, or an agent's, is computed apart, and given for those goals alone. */
async function evaluateByClock(desk: Desk, work: KpiWork, clock: DurationClock): Promise<KpiOutcome> {
  const { kpi, windows, tracks } = work;
  // Only what adds up through a period has a pace.
  const addsUp = kpi.kind === 'flow' && (kpi.unit === 'money' || kpi.unit === 'count') && !kpi.windowDays;
  const paced = new Set(addsUp ? ['company', ...goalKinds(tracks)] : []);
  const judgedBy = fingerprintOf([
    desk.settings,
    tracks,
    desk.names,
    kpi,
    [...(await findLacking(desk.store, kpi, work.coverage.connections))],
    tracks.map(({ goal }) => (goal.targets.kind === 'quotas' ? desk.quotas(kpi, goal.every) : null)),
  ]);
  const computed = await computeKpi(desk, {
    ...work,
    judgedBy,
    keepsDays: (key) => paced.has(key.kind),
    ...(await clockOf(desk, clock)),
  });
  const context: AssessContext = {
    rules: desk.settings.calendar,
    zone: desk.zone,
    currency: desk.settings.currency,
    kpi,
    form: computed.form,
    holidays: companyHolidays(desk.settings.businessHours ?? []),
    quotas: desk.quotas,
    ownership: desk.ownership,
    definitions: definitionsOf(kpi, desk.settings.connections ?? [], desk.catalog),
    store: desk.store,
    asOf: desk.asOf,
    reportedAsOf: desk.reportedAsOf,
  };
  const scope = scopeOf({
    ...work,
    asOf: desk.asOf,
    since: computed.since,
    judgedBy,
    unsynced: listUnsynced(work, work.coverage.connections),
    hasGoals: (grain) => tracks.some(({ goal }) => goal.every === windows[grain]?.grain),
    daily: kpi.complete === 'cost' || !!kpi.derive || modeOf({ kpi, form: computed.form }) === 'cumulative',
    toldPlaces: (key, grain) => listTold(computed, windows, { key, grain }),
  });
  const isStill = scope === nothing && !(computed.form === 'sum' && (await desk.beganAt.moved(kpi.needs)));
  const asked = await askedSegments(desk, work);
  const results: Result[] = [];
  const places: SeriesPlace[] = [];
  for (const key of isStill ? [] : listSegments(work, { computed, scope, asked })) {
    for (const [grain, window] of windows.entries()) {
      const chosen = scope.placesOf(key, grain);
      // What lies before the first record moves with that record, not with a fact.
      const hasBeginning = computed.form === 'sum' && isWhole(key);
      if (chosen?.size === 0 && !hasBeginning) continue;
      const series = await makeSeries(desk, work, { computed, key, grain, window, places: chosen });
      const rows = await assessSeries(context, series);
      for (const row of rows) if (clock === 'calendar' || row.goal !== null) results.push(row);
      places.push(...placesOf(series));
    }
  }
  let split: ReturnType<Computed['split']> | null = null;
  return {
    results,
    places: scope === everything ? null : places,
    causesAt: async (result) => {
      split ??= computed.split();
      return causesOf(await split, windows, result);
    },
  };
}

/** Places of the periods that have a fact. */
function listTold(
  computed: Computed,
  windows: readonly Window[],
  { key, grain }: { readonly key: SegmentKey; readonly grain: number },
): readonly number[] {
  const periods = windows[grain]?.index.periods ?? [];
  return periods.flatMap((_, place) => {
    const { n, nMissing } = computed.countAt(key, grain, place);
    return n + nMissing > 0 ? place : [];
  });
}

function causesOf(
  split: Split | null,
  windows: readonly Window[],
  { segment, grain, periodStart }: Result,
): ReadonlyMap<RestatementCause, Figures> | null {
  const place = windows.findIndex((window) => window.grain === grain);
  const period = windows[place]?.index.periods.findIndex(({ startOn }) => startOn === periodStart) ?? -1;
  return split?.at({ segment: keyText(segment), grain: place, period }) ?? null;
}

function placesOf({ key, window, places }: Series): readonly SeriesPlace[] {
  const { kind, id, source } = key;
  const { grain, index, emitFrom } = window;
  return index.periods.flatMap(({ startOn }, place) =>
    place >= emitFrom && (places?.has(place) ?? true)
      ? [{ grain, kind, id, source, periodStart: startOn }]
      : [],
  );
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

interface Listing {
  readonly computed: Computed;
  readonly scope: Scope;
  readonly asked: readonly SegmentKey[];
}

/** The company, what has facts, and what goals ask for figures. */
function listSegments({ kinds, coverage }: KpiWork, listing: Listing): readonly SegmentKey[] {
  const { computed, scope, asked } = listing;
  const keys = new Map<string, SegmentKey>([[keyText(company), company]]);
  for (const key of scope.segments) keys.set(keyText(key), key);
  for (const [text, key] of computed.segments) keys.set(text, key);
  if (kinds.includes('connection')) {
    for (const id of coverage.connections) {
      const key = { kind: 'connection', id, source: id };
      keys.set(keyText(key), key);
    }
  }
  for (const key of asked) keys.set(keyText(key), key);
  return [...keys].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, key]) => key);
}
