import type { Kpi } from '../model/kpi.ts';
import type { FactStore } from '../model/store.ts';
import { addDays, type Zone } from '../model/zone.ts';
import { businessWatch, type Schedules } from './business-hours.ts';
import { calendarWatch, isSurvival, isTimed, type Stopwatch } from './durations.ts';
import { type Layout, namedObjects, planQuery } from './fact-query.ts';
import { createFactReader, type Fact, type Measure } from './facts.ts';
import type { Ownership } from './ownership.ts';
import type { PeriodIndex } from './period-index.ts';
import { buildPeriodTable, checkableQuery, noPeriodTable, readsPeriods } from './period-table.ts';
import type { Rates } from './rates.ts';
import { createHolders, createSegmenter, type SegmentKey } from './segments.ts';

/** What every KPI's pass needs of the store, looked up once. */
export interface PassContext {
  readonly store: FactStore;
  readonly zone: Zone;
  readonly rates: Rates;
  readonly ownership: Ownership;
  readonly asOf: number;
  /** Durations are measured by these working hours; null: by the calendar. */
  readonly schedules: Schedules | null;
}

/** One fact in one period. */
export interface Placement {
  readonly fact: Fact;
  /** Which of the indexes, and which of its periods. */
  readonly grain: number;
  readonly period: number;
  /** The instant at which it was looked at. */
  readonly at: number;
  readonly segments: readonly SegmentKey[];
  readonly measure: Measure;
}

export interface PassInput {
  readonly kpi: Kpi;
  readonly kinds: readonly string[];
  readonly indexes: readonly PeriodIndex[];
  readonly visit: (placement: Placement) => void;
}

/**
 * How a KPI's facts add up: sum of num; sum of num over sum of den; quantiles of durations, or of durations of which
 * some go on.
 */
export type Form = 'sum' | 'ratio' | 'duration' | 'survival';

/** Reads a KPI's facts once, in the order of the query, and shows each to `visit` for every period it counts in. */
export async function passFacts(
  context: PassContext,
  { kpi, kinds, indexes, visit }: PassInput,
): Promise<Form> {
  const { store, zone, rates, ownership, asOf } = context;
  const checked = await store.checkQuery(checkableQuery(kpi.sql));
  if ('problem' in checked) throw new Error(`${kpi.id}: ${checked.problem}`);
  const { prefix, spots } = readsPeriods(kpi.sql) ? buildPeriodTable(indexes, context) : noPeriodTable;
  const objects = namedObjects(kpi.sql) ?? (await readObjects(store, `${prefix}select`, { kpi, asOf }));
  const { query, layout } = planQuery({
    kpi,
    columns: checked.columns,
    objects,
    kinds: neededKinds(context, kinds),
    asOf,
    prefix,
  });
  const watch = createWatch(context, layout);
  const reader = createFactReader({ kpi, layout, zone, rates, asOf, watch, spots });
  const rolling = kpi.windowDays ? rollingWindows(indexes, kpi.windowDays, context) : null;
  const segmentsOf = createSegmenter(kinds, layout, ownership);

  function show(fact: Fact, grain: number, period: number, at: number): void {
    visit({ fact, grain, period, at, segments: segmentsOf(fact, at), measure: reader.measure(fact, at) });
  }

  function placeEvent(fact: Fact): void {
    const segments = segmentsOf(fact, fact.at);
    const measure = reader.measure(fact, fact.at);
    for (const [grain, index] of indexes.entries()) {
      if (rolling) {
        for (const period of windowsAround(rolling[grain] ?? [], fact.at))
          visit({ fact, grain, period, at: fact.at, segments, measure });
        continue;
      }
      const period = index.indexOfInstant(fact.at);
      if (period >= 0) visit({ fact, grain, period, at: fact.at, segments, measure });
    }
  }

  function placeState(fact: Fact): void {
    for (const [grain, index] of indexes.entries()) {
      for (const [period, at] of momentsWithin(index, fact, asOf)) show(fact, grain, period, at);
    }
  }

  for await (const rows of store.rows(query)) {
    for (const row of rows) {
      const fact = reader.readFact(row);
      if (fact === null) continue;
      if (fact.spot) show(fact, fact.spot.grain, fact.spot.period, fact.at);
      else if (fact.until === undefined) placeEvent(fact);
      else placeState(fact);
    }
  }
  return formOf(kpi, layout);
}

/** Whose hours a record's durations are measured by, its owner tells. */
function neededKinds({ schedules }: PassContext, kinds: readonly string[]): readonly string[] {
  return schedules?.byTeam && !kinds.includes('owner') ? [...kinds, 'owner'] : kinds;
}

function createWatch({ schedules, zone, ownership }: PassContext, layout: Layout): Stopwatch {
  if (schedules === null) return calendarWatch(zone);
  const { teamsOf } = createHolders(layout, ownership);
  return businessWatch({ zone, schedules, teamsAt: teamsOf, handoversOf: ownership.handoversOf });
}

function formOf(kpi: Kpi, layout: Layout): Form {
  if (isTimed(kpi, layout)) return isSurvival(kpi, layout) ? 'survival' : 'duration';
  return layout.has('den') || kpi.withinMs !== null ? 'ratio' : 'sum';
}

/** A period's state is that at its end, an open one's that at as_of; alive: since < t and t <= until. */
function* momentsWithin(
  index: PeriodIndex,
  fact: Fact,
  asOf: number,
): Generator<[period: number, at: number]> {
  const first = Math.max(0, index.indexOfInstant(fact.at));
  for (let period = first; period < index.periods.length; period++) {
    const at = Math.min(index.periods[period]?.endAt ?? asOf, asOf);
    if (fact.until !== null && fact.until !== undefined && at > fact.until) return;
    if (fact.at < at) yield [period, at];
  }
}

interface RollingWindow {
  readonly from: number;
  readonly until: number;
}

/** The local days before each period's end, or before as_of where it is open. */
function rollingWindows(
  indexes: readonly PeriodIndex[],
  days: number,
  { zone, asOf }: Pick<PassContext, 'zone' | 'asOf'>,
): readonly (readonly RollingWindow[])[] {
  return indexes.map(({ periods }) =>
    periods.map(({ endAt, endOn }) => {
      const endsOn = endAt <= asOf ? endOn : addDays(zone.dateOf(asOf - 1), 1);
      return { from: zone.startOf(addDays(endsOn, -days)), until: Math.min(endAt, asOf) };
    }),
  );
}

/** Windows overlap, and are in order. */
function* windowsAround(windows: readonly RollingWindow[], at: number): Generator<number> {
  for (const [place, { from, until }] of windows.entries()) {
    if (from > at) return;
    if (at < until) yield place;
  }
}

async function readObjects(
  store: FactStore,
  select: string,
  { kpi, asOf }: { readonly kpi: Kpi; readonly asOf: number },
): Promise<readonly string[]> {
  const sql = `${select} distinct object from (\n${kpi.sql}\n) f order by object`;
  const objects: string[] = [];
  for await (const rows of store.rows({ sql, params: { as_of: asOf } })) {
    for (const [object] of rows) if (object !== null) objects.push(String(object));
  }
  return objects;
}
