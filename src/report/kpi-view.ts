import type { ToldEffect } from '../model/action.ts';
import type { StoredResult } from '../model/result-store.ts';
import { addDays, daysBetween } from '../model/zone.ts';
import type { Range } from '../statistics/intervals.ts';
import type { Desk } from './desk.ts';
import { type Figure, readFigures } from './figures.ts';
import { type Limits, limitsOf } from './limits.ts';
import { company, type Selection } from './selection.ts';

/** Everything that the page of one KPI shows. */
export interface KpiView {
  readonly figure: Figure;
  /** Other goals of the same KPI. */
  readonly siblings: readonly Figure[];
  readonly limits: Limits;
  /** The official row of each restated one, by its id. */
  readonly official: ReadonlyMap<number, StoredResult>;
  /** Best first, by kind. */
  readonly compared: ReadonlyMap<string, readonly StoredResult[]>;
  readonly intervals: Intervals;
  /** Of actions on it. */
  readonly effects: readonly ToldEffect[];
}

/** By kind, then by id of the segment. */
export type Intervals = ReadonlyMap<string, ReadonlyMap<string, Range>>;

/** Null where there is no such KPI, or nothing of it in this segment. */
export async function readKpiView(
  desk: Desk,
  selection: Selection,
  { kpi, goal }: { readonly kpi: string; readonly goal: string | null },
): Promise<KpiView | null> {
  const figures = readFigures(desk, { ...selection, kpis: [kpi], status: null });
  const figure = figures.find(({ result }) => goal !== null && result.goal === goal) ?? figures[0];
  if (!figure) return null;
  const compared = readCompared(desk, figure);
  return {
    figure,
    siblings: figures.filter((other) => other !== figure),
    limits: limitsOf(figure.past, figure.kpi, figure.limitsFrom),
    official: await readOfficial(desk, figure.history),
    compared,
    intervals: await readIntervals(desk, figure, [...compared.keys()]),
    effects: (await desk.effects()).filter((told) => told.kpi === kpi),
  };
}

export async function readOfficial(
  { reader }: Desk,
  history: readonly StoredResult[],
): Promise<ReadonlyMap<number, StoredResult>> {
  const official = new Map<number, StoredResult>();
  for (const { id, stage } of history) {
    if (stage !== 'restated') continue;
    const row = await reader.officialResult(id);
    if (row) official.set(id, row);
  }
  return official;
}

/** More records than this in a period are not read again for a page; the figures stand without intervals then. */
export const mostRecords = 20_000;

/** Of durations, whose spread the results do not keep: from the records. */
export async function readIntervals(
  desk: Desk,
  { result }: Figure,
  kinds: readonly string[],
): Promise<Intervals> {
  if (result.statistic !== 'p50' || result.unit !== 'hours' || result.n > mostRecords) return new Map();
  return kinds.length === 0 ? new Map() : desk.medianIntervals(result, kinds);
}

/** The segments of every kind that the KPI is computed for, in the figure's period. */
function readCompared(desk: Desk, { kpi, result }: Figure): ReadonlyMap<string, readonly StoredResult[]> {
  const kinds = ['connection', ...desk.settings.segments].filter((kind) => kind !== company.kind);
  const compared = new Map<string, readonly StoredResult[]>();
  for (const kind of new Set(kinds)) {
    const rows = readSegments(desk, { figure: { kpi, result }, kind });
    if (rows.length > 1) compared.set(kind, rows);
  }
  return compared;
}

export function readSegments(
  desk: Desk,
  { figure, kind }: { readonly figure: Pick<Figure, 'kpi' | 'result'>; readonly kind: string },
): readonly StoredResult[] {
  const { kpi, result } = figure;
  const { grain, periodStart } = result;
  const rows = desk.reader.series({
    asOf: desk.asOf,
    kpis: [kpi.id],
    grain,
    kind,
    from: periodStart,
    to: periodStart,
  });
  const judged = rows.filter(({ goal }) => goal !== null && goal === result.goal);
  const shown = judged.length > 0 ? judged : rows.filter(({ goal }) => goal === null);
  const sign = kpi.better === 'lower' ? 1 : -1;
  const worst = Number.NEGATIVE_INFINITY;
  return shown.toSorted(
    (a, b) =>
      Number(a.value === null) - Number(b.value === null) || sign * ((a.value ?? worst) - (b.value ?? worst)),
  );
}

/**
 * The row of a history that is a year before another: days by calendar, the rest by where its middle lay 364 days before,
 * which finds months, weeks and the periods of a table of one's own alike.
 */
export function yearBefore(history: readonly StoredResult[], result: StoredResult): StoredResult | null {
  const { grain, periodStart, periodEnd } = result;
  const start =
    grain === 'day'
      ? `${Number(periodStart.slice(0, 4)) - 1}${periodStart.slice(4)}`
      : addDays(periodStart, Math.floor(daysBetween(periodStart, periodEnd) / 2) - 364);
  const near = (row: StoredResult) => row.periodStart <= start && start < row.periodEnd;
  return history.find(near) ?? null;
}
