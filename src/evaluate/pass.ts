import type { Kpi } from '../model/kpi.ts';
import type { FactStore } from '../model/store.ts';
import type { Zone } from '../model/zone.ts';
import { type Layout, namedObjects, planQuery } from './fact-query.ts';
import { createFactReader, type Fact, type Measure } from './facts.ts';
import type { Ownership } from './ownership.ts';
import type { PeriodIndex } from './period-index.ts';
import type { Rates } from './rates.ts';
import { createSegmenter, type SegmentKey } from './segments.ts';

/** What every KPI's pass needs of the store, looked up once. */
export interface PassContext {
  readonly store: FactStore;
  readonly zone: Zone;
  readonly rates: Rates;
  readonly ownership: Ownership;
  readonly asOf: number;
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

/** How a KPI's facts add up: sum of num; sum of num over sum of den; or quantiles of durations. */
export type Form = 'sum' | 'ratio' | 'duration';

/** Reads a KPI's facts once, in the order of the query, and shows each to `visit` for every period it counts in. */
export async function passFacts(
  context: PassContext,
  { kpi, kinds, indexes, visit }: PassInput,
): Promise<Form> {
  const { store, zone, rates, ownership, asOf } = context;
  const checked = await store.checkQuery(kpi.sql);
  if ('problem' in checked) throw new Error(`${kpi.id}: ${checked.problem}`);
  const objects = namedObjects(kpi.sql) ?? (await readObjects(store, kpi, asOf));
  const { query, layout } = planQuery({ kpi, columns: checked.columns, objects, kinds, asOf });
  const reader = createFactReader({ kpi, layout, zone, rates, asOf });
  const segmentsOf = createSegmenter(kinds, layout, ownership);

  function show(fact: Fact, grain: number, period: number, at: number): void {
    visit({ fact, grain, period, at, segments: segmentsOf(fact, at), measure: reader.measure(fact, at) });
  }

  function placeEvent(fact: Fact): void {
    const segments = segmentsOf(fact, fact.at);
    const measure = reader.measure(fact, fact.at);
    for (const [grain, index] of indexes.entries()) {
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
      if (fact.until === undefined) placeEvent(fact);
      else placeState(fact);
    }
  }
  return formOf(kpi, layout);
}

function formOf(kpi: Kpi, layout: Layout): Form {
  if (kpi.unit === 'hours') return 'duration';
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

async function readObjects(store: FactStore, kpi: Kpi, asOf: number): Promise<readonly string[]> {
  const sql = `select distinct object from (\n${kpi.sql}\n) f order by object`;
  const objects: string[] = [];
  for await (const rows of store.rows({ sql, params: { as_of: asOf } })) {
    for (const [object] of rows) if (object !== null) objects.push(String(object));
  }
  return objects;
}
