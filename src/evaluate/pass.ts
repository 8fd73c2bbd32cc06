import type { SqlValue } from '../model/entities.ts';
import type { FactQuery, FactStore } from '../model/fact-store.ts';
import type { Kpi } from '../model/kpi.ts';
import type { Period } from '../model/period.ts';
import type { Zone } from '../model/zone.ts';
import { countsClosings, loadBackdated, tellBackdated } from './backdated.ts';
import { businessWatch, type Schedules } from './business-hours.ts';
import { calendarWatch, isSurvival, isTimed, type Stopwatch } from './durations.ts';
import { type Layout, namedObjects, planQuery } from './fact-query.ts';
import { createFactReader, type Fact, type Measure } from './facts.ts';
import { type GroupPlan, type GroupSums, planGroups } from './group-facts.ts';
import type { Ownership } from './ownership.ts';
import { agentWatch, type Pauses } from './pauses.ts';
import type { PeriodIndex } from './period-index.ts';
import { buildPeriodTable, checkableQuery, noPeriodTable, readsPeriods } from './period-table.ts';
import type { Rates } from './rates.ts';
import { createHolders, createSegmenter, type SegmentKey } from './segments.ts';
import { createSpotter, type Spot } from './spots.ts';

/** What every KPI's pass needs of the store, looked up once. */
export interface PassContext {
  readonly store: FactStore;
  readonly zone: Zone;
  readonly rates: Rates;
  readonly ownership: Ownership;
  readonly asOf: number;
  /** Durations are measured by these working hours; null: by the calendar. */
  readonly schedules: Schedules | null;
  /** Times that do not count, on the agent's clock; else null. */
  readonly pauses?: Pauses | null;
}

/** One fact as looked at from one instant, in every period where it counts as such. */
export interface Sighting {
  readonly fact: Fact;
  readonly spots: readonly Spot[];
  /** The instant at which it was looked at. */
  readonly at: number;
  readonly segments: readonly SegmentKey[];
  readonly measure: Measure;
}

/** Facts that count alike, and the first of them. */
interface GroupSighting extends Omit<Sighting, 'measure' | 'at'> {
  readonly sums: GroupSums;
}

/** One fact in one period. */
export type Placement = Omit<Sighting, 'spots'> & Spot;

interface PassScope {
  readonly kpi: Kpi;
  readonly kinds: readonly string[];
  readonly indexes: readonly PeriodIndex[];
  /** Of states and of files that name their periods: only these; default: all. */
  readonly covers?: (period: Period) => boolean;
  /** A condition on rows `f` of the file. */
  readonly where?: string;
}

export interface PassInput extends PassScope {
  readonly visit: (placement: Placement) => void;
}

export interface SightInput extends PassScope {
  readonly see: (sighting: Sighting) => void;
  /** Where facts only add up they may come together; default: each by itself. */
  readonly seeGroup?: (group: GroupSighting) => void;
}

/**
 * How a KPI's facts add up: sum of num; sum of num over sum of den; quantiles of durations, or of durations of which
 * some go on.
 */
export type Form = 'sum' | 'ratio' | 'duration' | 'survival';

/** Reads a KPI's facts once, in the order of the query, and shows each to `visit` for every period it counts in. */
export function passFacts(context: PassContext, { visit, ...scope }: PassInput): Promise<Form> {
  return sightFacts(context, {
    ...scope,
    see: ({ spots, ...sighting }) => {
      for (const { grain, period } of spots) visit({ ...sighting, grain, period });
    },
  });
}

/** The same, each fact with all its periods at once. */
export async function sightFacts(context: PassContext, input: SightInput): Promise<Form> {
  const { store, zone, rates, ownership, asOf } = context;
  const { kpi, kinds, indexes, see, seeGroup, covers = () => true } = input;
  const { plan, objects, spots: named } = await planPass(context, input);
  const { layout } = plan;
  const watch = createWatch(context, layout);
  const byCalendar = context.schedules === null && !context.pauses;
  const reader = createFactReader({ kpi, layout, zone, rates, asOf, watch, byCalendar, spots: named });
  const { spotsAt, only, bounds } = createSpotter(indexes, kpi.windowDays ?? null, context);
  if (layout.dimensions.has('owner') && !layout.ownOwner) await ownership.prepare(objects);
  const segmentsOf = createSegmenter(kinds, layout, ownership);
  const backdated = countsClosings(kpi) ? await loadBackdated(store) : new Set<string>();

  /** `heldAt`: when it was whose it was; of a state the last instant before it is looked at. */
  function show(fact: Fact, spots: readonly Spot[], at: number, heldAt = at): void {
    if (spots.length === 0) return;
    const measure = reader.measure(fact, at);
    const told = backdated.size > 0 ? tellBackdated(measure, fact, backdated) : measure;
    see({ fact, spots, at, segments: segmentsOf(fact, heldAt), measure: told });
  }

  const showState = createStateView({ indexes, asOf, covers }, (fact, { grain, period }, at) =>
    show(fact, only(grain, period), at, at - 1),
  );
  const hasBackdated = backdated.size > 0;
  const rules = { ...context, kpi, plan, objects, kinds, bounds, hasBackdated };
  await showRows(store, plan.query, seeGroup ? planGroups(rules) : null, (row, sums) => {
    const fact = reader.readFact(row);
    if (fact === null) return;
    if (sums) showGroup(fact, sums);
    else if (fact.spot) show(fact, only(fact.spot.grain, fact.spot.period), fact.at);
    else if (fact.until === undefined) show(fact, spotsAt(fact), fact.at);
    else showState(fact);
  });

  function showGroup(fact: Fact, sums: GroupSums): void {
    const spots = spotsAt(fact);
    if (spots.length > 0) seeGroup?.({ fact, spots, segments: segmentsOf(fact, fact.at), sums });
  }
  return formOf(kpi, layout);
}

/** The query of a KPI's facts, and the periods that its rows may name. */
async function planPass({ store, zone, asOf, schedules }: PassContext, scope: PassScope) {
  const { kpi, kinds, indexes, covers = () => true, where } = scope;
  const checked = await store.checkQuery(checkableQuery(kpi.sql));
  if ('problem' in checked) throw new Error(`${kpi.id}: ${checked.problem}`);
  const { prefix, spots } = readsPeriods(kpi.sql)
    ? buildPeriodTable(indexes, { sql: kpi.sql, zone, asOf, covers })
    : noPeriodTable;
  const objects = namedObjects(kpi.sql) ?? (await readObjects(store, `${prefix}select`, { kpi, asOf }));
  const plan = planQuery({
    kpi,
    columns: checked.columns,
    objects,
    kinds: neededKinds({ schedules }, kinds),
    asOf,
    prefix,
    ...(where !== undefined && { where }),
  });
  return { plan, objects, spots };
}

/** Each row, with what it adds where it stands for several facts. */
async function showRows(
  store: PassContext['store'],
  query: FactQuery,
  groups: GroupPlan | null,
  show: (row: readonly SqlValue[], sums: GroupSums | null) => void,
): Promise<void> {
  let hasOthers = false;
  for await (const rows of store.rows(groups?.query ?? query)) {
    for (const row of rows) {
      const told = groups?.read(row) ?? 'one';
      if (told === 'others') hasOthers = true;
      else show(row, told === 'one' ? null : told);
    }
  }
  if (groups && hasOthers) await showRows(store, groups.others, null, show);
}

interface Looking {
  readonly indexes: readonly PeriodIndex[];
  readonly asOf: number;
  readonly covers: (period: Period) => boolean;
}

/** A period's state is that at its end, an open one's that at as_of; alive: since < t and t <= until. */
function createStateView(
  { indexes, asOf, covers }: Looking,
  show: (fact: Fact, spot: Spot, at: number) => void,
): (fact: Fact) => void {
  const moments = indexes.map(({ periods }) =>
    periods.map((period, place) => ({
      period: place,
      at: Math.min(period.endAt, asOf),
      isCovered: covers(period),
    })),
  );
  return (fact) => {
    const until = fact.until ?? Number.POSITIVE_INFINITY;
    for (const [grain, index] of indexes.entries()) {
      const first = Math.max(0, index.indexOfInstant(fact.at));
      for (const { period, at, isCovered } of moments[grain]?.slice(first) ?? []) {
        if (at > until) break;
        if (isCovered && fact.at < at) show(fact, { grain, period }, at);
      }
    }
  };
}

/** Whose hours a record's durations are measured by, its owner tells. */
function neededKinds(
  { schedules }: Pick<PassContext, 'schedules'>,
  kinds: readonly string[],
): readonly string[] {
  return schedules?.byTeam && !kinds.includes('owner') ? [...kinds, 'owner'] : kinds;
}

function createWatch({ schedules, pauses, zone, ownership }: PassContext, layout: Layout): Stopwatch {
  const { teamsOf } = createHolders(layout, ownership);
  const watch =
    schedules === null
      ? calendarWatch(zone)
      : businessWatch({ zone, schedules, teamsAt: teamsOf, turnsOf: ownership.turnsOf });
  return pauses ? agentWatch(watch, pauses) : watch;
}

function formOf(kpi: Kpi, layout: Layout): Form {
  if (isTimed(kpi, layout)) return isSurvival(kpi, layout) ? 'survival' : 'duration';
  return layout.has('den') || kpi.withinMs !== null ? 'ratio' : 'sum';
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
