import type { ToldEffect } from '../model/action.ts';
import type { Kpi } from '../model/kpi.ts';
import type { ReportRequest } from '../model/report.ts';
import type { StoredResult } from '../model/result-store.ts';
import type { Range } from '../statistics/intervals.ts';
import type { Desk, PeriodScore } from './desk.ts';
import { type Figure, readFigures } from './figures.ts';
import { type KpiView, readIntervals, readOfficial, readSegments } from './kpi-view.ts';
import { company, parseSegmentChoice, type Selection } from './selection.ts';

/** What a report shows, whatever it is written as. */
export interface ReportContent {
  readonly title: string | null;
  /** Of the newest evaluation; null: there is none. */
  readonly asOf: number | null;
  readonly scores: readonly PeriodScore[];
  readonly figures: readonly Figure[];
  readonly compared: readonly ComparedSegments[];
  readonly official: ReadonlyMap<number, StoredResult>;
  /** Of actions on the KPIs that it shows. */
  readonly effects: readonly ToldEffect[];
}

export interface ComparedSegments {
  readonly figure: Figure;
  readonly kind: string;
  readonly rows: readonly StoredResult[];
  readonly intervals: ReadonlyMap<string, Range> | undefined;
}

export async function readReport(desk: Desk, request: ReportRequest): Promise<ReportContent> {
  const choices = request.segments.map(parseSegmentChoice);
  const single = choices.filter(({ kind, id }) => kind === company.kind || id !== null);
  const kinds = choices.filter(({ kind, id }) => kind !== company.kind && id === null);
  const kpis = reportedKpis(desk, request);
  const read = (segment: Selection['segment']) =>
    readFigures(desk, { ...request, kpis, segment, status: null }).map((figure) =>
      cut(figure, request.periods),
    );
  const figures = single.flatMap(read);
  const leading =
    kinds.length === 0
      ? []
      : single.some(({ kind }) => kind === company.kind)
        ? figures.filter(isCompany)
        : read(company);
  const compared = [];
  for (const figure of leading) {
    const names = kinds.map(({ kind }) => kind);
    const intervals = await readIntervals(desk, figure, names);
    for (const kind of names) {
      const rows = readSegments(desk, { figure, kind });
      if (rows.some(({ segment }) => segment.id !== '(none)'))
        compared.push({ figure, kind, rows, intervals: intervals.get(kind) });
    }
  }
  return {
    title: request.title,
    asOf: await desk.reader.latestEvaluation(desk.asOf),
    scores: scoresOf(desk, figures.filter(isCompany)),
    figures,
    compared,
    official: await readOfficial(
      desk,
      figures.flatMap(({ history }) => history),
    ),
    effects: await readEffects(
      desk,
      figures.map(({ kpi }) => kpi.id),
    ),
  };
}

/** What came of the actions on these KPIs. */
export async function readEffects(desk: Desk, kpis: readonly string[]): Promise<readonly ToldEffect[]> {
  return (await desk.effects()).filter(({ kpi }) => kpis.includes(kpi));
}

/** The page of one KPI as a report: the same figures. */
export function reportOfKpi(
  { figure, official, compared, intervals, effects }: KpiView,
  asOf: number | null,
  title: string,
): ReportContent {
  return {
    title,
    asOf,
    scores: [],
    figures: [figure],
    compared: [...compared].map(([kind, rows]) => ({ figure, kind, rows, intervals: intervals.get(kind) })),
    official,
    effects,
  };
}

export function scoresOf(desk: Desk, figures: readonly Figure[]): readonly PeriodScore[] {
  return desk.score(
    figures.map(({ result }) => result),
    desk.settings.goals,
  );
}

/** Every result that a report shows, once, in its order. */
export function reportedResults({
  figures,
  compared,
}: Pick<ReportContent, 'figures' | 'compared'>): readonly StoredResult[] {
  const all = [...figures.flatMap(({ history }) => history), ...compared.flatMap(({ rows }) => rows)];
  return [...new Map(all.map((result) => [result.id, result])).values()];
}

function reportedKpis({ catalog, settings }: Desk, { kpis }: ReportRequest): readonly string[] {
  if (kpis.length > 0) return kpis;
  const withGoals = new Set(settings.goals.map(({ kpi }) => kpi));
  return catalog.map(({ id }: Kpi) => id).filter((id) => withGoals.size === 0 || withGoals.has(id));
}

/** The chosen period, as many before it as asked for, and the running one. */
export function cut(figure: Figure, periods: number): Figure {
  const place = figure.history.indexOf(figure.result);
  return { ...figure, history: figure.history.slice(Math.max(0, place + 1 - periods)) };
}

function isCompany({ result }: Figure): boolean {
  return result.segment.kind === company.kind;
}
