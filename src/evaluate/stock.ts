import type { Kpi } from '../model/kpi.ts';
import type { Period } from '../model/period.ts';
import type { Segment } from '../model/result.ts';
import { addDays, createZone } from '../model/zone.ts';
import { type Computed, computeKpi } from './computation.ts';
import {
  type Chosen,
  chooseKpis,
  cutoffOf,
  type Desk,
  type DeskOptions,
  mappedFor,
  openDesk,
  type Skipped,
} from './desk.ts';
import { type Figure, figureValue } from './figures.ts';
import type { Form } from './pass.ts';
import { storeAt } from './past-store.ts';
import { createPeriodIndex } from './period-index.ts';
import { isListed, periodOf } from './periods.ts';
import { chooseKinds, company, keyText, noneId, type SegmentKey } from './segments.ts';
import type { Window } from './windows.ts';

export interface StockOptions extends Omit<DeskOptions, 'readOnly'> {
  /** Twelve months each, ending with the last complete month. */
  readonly years: number;
  /** Only this KPI; null: all that have data. */
  readonly kpi: string | null;
  /** Kinds of segments beside the company; null: those of the settings, and categories. */
  readonly kinds: readonly string[] | null;
}

/** Where a KPI stands over some time. Money in minor units. */
export interface Standing {
  readonly from: string;
  /** Local date, exclusive. */
  readonly to: string;
  readonly num: number | null;
  readonly den: number | null;
  readonly value: number | null;
  readonly n: number;
  readonly flags: readonly string[];
}

export interface SegmentStanding extends Standing {
  readonly segment: Segment;
  /** Of what the kind's segments weigh together; a team within another is a part of that one. */
  readonly weight: number | null;
}

export interface KpiStock {
  readonly kpi: Kpi;
  readonly form: Form;
  /** The newest first. */
  readonly years: readonly Standing[];
  /** The months of the newest year, oldest first. */
  readonly months: readonly Standing[];
  /** Over the newest year, the heaviest first within each kind. */
  readonly segments: readonly SegmentStanding[];
  /** The customer or case category that weighs most; where there is none, the heaviest segment of all. */
  readonly weighsMost: SegmentStanding | null;
}

/** The last complete years of each KPI, by segment: where a goal would set out from. */
export async function takeStock(
  options: StockOptions,
): Promise<{ readonly stocks: readonly KpiStock[]; readonly skipped: readonly Skipped[] }> {
  const zone = createZone(options.settings.calendar.timeZone);
  using standing = await storeAt(options.store, { asOf: cutoffOf(zone, options.asOf), zone });
  const desk = await openDesk({ ...options, store: standing.store, readOnly: true });
  const { chosen, skipped } = await chooseKpis(desk, options.catalog);
  const windows = stockWindows(desk, options.years);
  const stocks: KpiStock[] = [];
  for (const one of chosen) {
    if (options.kpi === null || one.kpi.id === options.kpi)
      stocks.push(await stockOf(desk, one, { options, windows }));
  }
  return { stocks, skipped: skipped.filter(({ kpi }) => options.kpi === null || kpi === options.kpi) };
}

/** Twelve months at a time back from the last complete month, and the months themselves. */
function stockWindows(
  { settings, zone, asOf }: Desk,
  years: number,
): readonly [years: Window, months: Window] {
  const { calendar } = settings;
  const current = periodOf(calendar, zone, 'month', zone.dateOf(asOf - 1));
  let lastDay = current.endAt > asOf ? addDays(current.startOn, -1) : current.startOn;
  const newestFirst: Period[] = [];
  // One's own table of periods may begin later.
  while (newestFirst.length < years * 12 && isListed(calendar, 'month', lastDay)) {
    const month = periodOf(calendar, zone, 'month', lastDay);
    newestFirst.push(month);
    lastDay = addDays(month.startOn, -1);
  }
  const spans: Period[] = [];
  for (let i = 0; i < newestFirst.length; i += 12)
    spans.unshift(spanOf(newestFirst.slice(i, i + 12).reverse()));
  const months = newestFirst.toReversed();
  const windowOf = (grain: Window['grain'], periods: readonly Period[]): Window => ({
    grain,
    index: createPeriodIndex(periods),
    emitFrom: 0,
  });
  return [windowOf('year', spans), windowOf('month', months.slice(-12))];
}

function spanOf(months: readonly Period[]): Period {
  const [first, last] = [months[0], months.at(-1)];
  if (!first || !last) throw new RangeError('no months');
  const { startOn, startAt } = first;
  const { endOn, endAt } = last;
  return { grain: 'year', label: `${first.label}..${last.label}`, startOn, startAt, endOn, endAt };
}

interface StockPlan {
  readonly options: StockOptions;
  readonly windows: readonly [years: Window, months: Window];
}

async function stockOf(
  desk: Desk,
  { kpi, coverage }: Chosen,
  { options, windows }: StockPlan,
): Promise<KpiStock> {
  const kinds = chooseKinds(kpi, options.kinds ?? [...desk.settings.segments, 'category', 'case_category'], {
    mapped: mappedFor(desk, kpi),
    connections: coverage.connections.length,
  });
  const computed = await computeKpi(desk, {
    kpi,
    coverage,
    kinds,
    windows,
    keepsDays: () => false,
    schedules: null,
  });
  const standings = (key: SegmentKey, grain: 0 | 1): Standing[] =>
    windows[grain].index.periods.map((period, place) =>
      standingOf(computed.figureAt(key, grain, place), { period, form: computed.form }),
    );
  const teams = readTeams(desk, computed);
  const segments = weighSegments(desk, { kpi, computed, teams }, (key) => standings(key, 0).at(-1));
  return {
    kpi,
    form: computed.form,
    years: standings(company, 0).reverse(),
    months: standings(company, 1),
    segments,
    weighsMost: heaviest(segments.filter(({ segment }) => !teams.hasInner(segment))),
  };
}

function standingOf(figure: Figure, { period, form }: { period: Period; form: Form }): Standing {
  const { num, den, n, flags } = figure;
  const value = figureValue(figure, form, 'p50');
  return { from: period.startOn, to: period.endOn, num, den, value, n, flags };
}

type Place = Pick<Segment, 'kind' | 'id' | 'source'>;

/** Teams that have figures: which lie within others, and which have others within them. */
interface Teams {
  isInner(place: Place): boolean;
  hasInner(place: Place): boolean;
}

function readTeams({ ownership }: Desk, computed: Computed): Teams {
  const nameOf = (source: string | null, id: string) => `${source}\n${id}`;
  const known = new Set<string>();
  const outer = new Set<string>();
  const all = [...computed.segments.values()].flatMap(({ kind, id, source }) =>
    kind === 'team' && id !== null ? [{ id, source }] : [],
  );
  const above = (source: string | null, id: string) => ownership.withAncestors(source, id).slice(1);
  for (const { id, source } of all) {
    known.add(nameOf(source, id));
    for (const parent of above(source, id)) outer.add(nameOf(source, parent));
  }
  return {
    isInner: ({ kind, id, source }) =>
      kind === 'team' && id !== null && above(source, id).some((parent) => known.has(nameOf(source, parent))),
    hasInner: ({ kind, id, source }) => kind === 'team' && id !== null && outer.has(nameOf(source, id)),
  };
}

interface Weighing {
  readonly kpi: Kpi;
  readonly computed: Computed;
  readonly teams: Teams;
}

function weighSegments(
  desk: Desk,
  { kpi, computed: { form, segments }, teams }: Weighing,
  standing: (key: SegmentKey) => Standing | undefined,
): readonly SegmentStanding[] {
  const keys = [...segments].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, key]) => key);
  const found = keys.flatMap((key) => {
    const stands = key.kind === company.kind ? undefined : standing(key);
    return stands && stands.n > 0 ? [{ key, stands, weighs: weightOf(kpi, form, stands) }] : [];
  });
  const totals = new Map<string, number>();
  for (const { key, weighs } of found)
    if (!teams.isInner(key)) totals.set(key.kind, (totals.get(key.kind) ?? 0) + weighs);
  return found
    .sort(
      (a, b) =>
        a.key.kind.localeCompare(b.key.kind) ||
        b.weighs - a.weighs ||
        (keyText(a.key) < keyText(b.key) ? -1 : 1),
    )
    .map(({ key, stands, weighs }) => {
      const total = totals.get(key.kind) ?? 0;
      return { ...stands, segment: desk.nameSegment(key), weight: total > 0 ? weighs / total : null };
    });
}

/** What a segment contributes to what is wanted less of, or lacks of what is wanted more of: never the worst rate. */
function weightOf(kpi: Kpi, form: Form, { num, den }: Standing): number {
  if (num === null) return 0;
  if (form === 'ratio' && kpi.better === 'higher' && den !== null) return Math.max(0, den - num);
  return Math.abs(num);
}

function heaviest(segments: readonly SegmentStanding[]): SegmentStanding | null {
  const named = segments.filter(({ segment, weight }) => segment.id !== noneId && (weight ?? 0) > 0);
  const categories = named.filter(({ segment }) => /category$/.test(segment.kind));
  const among = categories.length > 0 ? categories : named;
  return among.toSorted((a, b) => (b.weight ?? 0) - (a.weight ?? 0))[0] ?? null;
}
