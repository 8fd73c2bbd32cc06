import { filterTurns, readsFilteredMail } from '../model/filtered-mail.ts';
import type { Goal } from '../model/goal.ts';
import type { Kpi } from '../model/kpi.ts';
import type { Grain } from '../model/period.ts';
import type { StoredResult } from '../model/result-store.ts';
import { addDays } from '../model/zone.ts';
import type { Desk } from './desk.ts';
import type { Selection } from './selection.ts';

/** A KPI in the chosen period, and the periods before it. */
export interface Figure {
  readonly kpi: Kpi;
  /** As configured; null where the results have none. */
  readonly goal: Goal | null;
  readonly result: StoredResult;
  /** The period that runs while `result` is the latest complete one. */
  readonly running: StoredResult | null;
  /** Oldest first, up to the running one, or to `result` where an older period was chosen. */
  readonly history: readonly StoredResult[];
  /** The same, all that is known of it: limits and the year before are read off it however few periods are shown. */
  readonly past: readonly StoredResult[];
  /** Days on which an action on it was started: limits begin anew. */
  readonly changedOn: readonly string[];
  /** The same, and days from which on the KPI counts something else. */
  readonly limitsFrom: readonly string[];
}

/** Days of history that are read for a chart of each grain. */
const reachDays: Readonly<Record<Grain, number>> = {
  day: 92,
  week: 7 * 60,
  month: 26 * 31,
  quarter: 5 * 366,
  year: 12 * 366,
};

/** One figure for each KPI, or for each goal of it, of the chosen segment, in the order of the catalog. */
export function readFigures(desk: Desk, selection: Selection): readonly Figure[] {
  const wanted = desk.catalog.filter(({ id }) => selection.kpis.length === 0 || selection.kpis.includes(id));
  const rows = [...kpisByGrain(desk, selection, wanted)].flatMap(([grain, kpis]) =>
    desk.reader.series({
      asOf: desk.asOf,
      kpis,
      grain,
      kind: selection.segment.kind,
      ...(selection.segment.id !== null && { id: selection.segment.id }),
      from: oldestStart(desk, selection, grain),
    }),
  );
  const anchor = anchorOf(rows, selection.period);
  const series = Map.groupBy(rows, ({ kpi, grain, goal }) => `${kpi}\n${grain}\n${goal ?? ''}`);
  const byKpi = Map.groupBy(series.values(), ([first]) => first?.kpi ?? '');
  return wanted.flatMap((kpi) =>
    preferGoals(byKpi.get(kpi.id) ?? []).flatMap((history) => {
      const figure = makeFigure({ desk, kpi, anchor }, history);
      return figure && (selection.status === null || figure.result.status === selection.status)
        ? [figure]
        : [];
    }),
  );
}

function kpisByGrain(desk: Desk, { grain }: Selection, kpis: readonly Kpi[]): ReadonlyMap<Grain, string[]> {
  const { goals, grains } = desk.settings;
  const usual = grains.includes('month') ? 'month' : (grains[0] ?? 'month');
  const groups = new Map<Grain, string[]>();
  for (const { id } of kpis) {
    const own = new Set(goals.filter((goal) => goal.kpi === id).map(({ every }) => every));
    const chosen = grain !== null ? [grain] : own.size > 0 ? [...own] : [usual];
    for (const each of chosen) groups.set(each, [...(groups.get(each) ?? []), id]);
  }
  return groups;
}

function oldestStart({ asOf }: Desk, { period }: Selection, grain: Grain): string {
  const today = new Date(asOf).toISOString().slice(0, 10);
  const year = period !== null && /^\d{4}/.test(period) ? period.slice(0, 4) : '9999';
  return addDays(year < today.slice(0, 4) ? `${year}-12-31` : today, -reachDays[grain]);
}

/** Where the chosen period starts: the figures of other grains are those of the period that holds this day. */
function anchorOf(rows: readonly StoredResult[], label: string | null): string | null {
  if (label === null) return null;
  return rows.find(({ periodLabel }) => periodLabel === label)?.periodStart ?? '';
}

/** Results without a goal beside those with one are of segments or times that the goal does not speak of. */
function preferGoals(all: readonly StoredResult[][]): readonly StoredResult[][] {
  const judged = all.filter(([first]) => first?.goal);
  return judged.length > 0 ? judged : all;
}

interface FigureContext {
  readonly desk: Desk;
  readonly kpi: Kpi;
  readonly anchor: string | null;
}

function makeFigure({ desk, kpi, anchor }: FigureContext, history: readonly StoredResult[]): Figure | null {
  const begun = history.filter(
    ({ status, flags }) => status !== 'not_started' && !flags.includes('before_first_record'),
  );
  const result =
    anchor === null
      ? (begun.findLast(({ complete }) => complete) ?? begun.at(-1))
      : begun.find(({ periodStart, periodEnd }) => periodStart <= anchor && anchor < periodEnd);
  if (!result) return null;
  const last = begun.at(-1);
  const running = anchor === null && last && !last.complete && last !== result ? last : null;
  const end = running ?? result;
  const past = begun.filter(({ periodStart }) => periodStart <= end.periodStart);
  const changedOn = desk.reader.changedOn({ kpi: kpi.id, segment: result.segment, asOf: desk.asOf });
  const redefinedOn = readsFilteredMail(kpi) ? filterTurns(desk.settings.connections) : [];
  return {
    kpi,
    goal: desk.settings.goals.find(({ id }) => id === result.goal) ?? null,
    result,
    running,
    history: past,
    past,
    changedOn,
    limitsFrom: [...changedOn, ...redefinedOn],
  };
}
