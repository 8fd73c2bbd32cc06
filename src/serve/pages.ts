import type { ReportRequest } from '../model/report.ts';
import { readChoices } from '../report/choices.ts';
import type { Desk } from '../report/desk.ts';
import { scoresOf } from '../report/document.ts';
import { type Figure, readFigures } from '../report/figures.ts';
import { findingsPage } from '../report/findings-page.ts';
import { kpiPage } from '../report/kpi-page.ts';
import { readKpiView } from '../report/kpi-view.ts';
import type { PageBody } from '../report/layout.ts';
import { noFigurePage } from '../report/no-figure-page.ts';
import { operationsPage } from '../report/operations-page.ts';
import { overviewPage } from '../report/overview-page.ts';
import type { PageContext } from '../report/page-context.ts';
import { recordsPage } from '../report/records-page.ts';
import { reportsPage } from '../report/reports-page.ts';
import { reviewPage } from '../report/review-page.ts';

export async function makeOverview(desk: Desk, context: PageContext, asOf: number): Promise<PageBody> {
  const { selection } = context;
  const all = readFigures(desk, { ...selection, status: null });
  const judged = all.filter(({ goal }) => goal !== null);
  return overviewPage(context, {
    figures: filterFigures(all, context),
    judged,
    scores: scoresOf(desk, judged),
    choices: { ...(await readChoices(desk, all, selection)), withStatus: true },
    asOf,
  });
}

/** What the overview shows of all figures: with a status chosen, those of that status. */
export function filterFigures(
  figures: readonly Figure[],
  { selection }: Pick<PageContext, 'selection'>,
): readonly Figure[] {
  return selection.status === null
    ? figures
    : figures.filter(({ result }) => result.status === selection.status);
}

export interface KpiQuery {
  readonly kpi: string;
  readonly goal: string | null;
  readonly limit: number;
}

/** Null: there is no such KPI or figure. */
export async function makeKpi(desk: Desk, context: PageContext, query: KpiQuery): Promise<PageBody | null> {
  const view = await readKpiView(desk, context.selection, query);
  if (view === null) return makeNoFigure(desk, context, query);
  const { catalog, settings } = desk;
  const choices = await readChoices(desk, [view.figure], context.selection);
  return kpiPage(context, { ...view, choices: { ...choices, withStatus: false }, catalog, settings });
}

/** Of a KPI that is known: why there is no figure. */
async function makeNoFigure(
  desk: Desk,
  context: PageContext,
  { kpi: id }: KpiQuery,
): Promise<PageBody | null> {
  const kpi = desk.catalog.find((known) => known.id === id);
  if (!kpi) return null;
  const { silent } = await desk.status();
  const reasons = silent.filter((each) => each.kpi === id).map(({ reason }) => reason);
  return noFigurePage(context, kpi, reasons);
}

export async function makeRecords(
  desk: Desk,
  context: PageContext,
  query: KpiQuery,
): Promise<PageBody | null> {
  const figures = readFigures(desk, { ...context.selection, kpis: [query.kpi], status: null });
  const figure = figures.find(({ result }) => result.goal === query.goal) ?? figures[0];
  if (!figure) return null;
  const behind = await desk.explain(figure.result, query.limit);
  return recordsPage(context, { figure, behind, catalog: desk.catalog, currency: desk.settings.currency });
}

export async function makeFindings(desk: Desk, context: PageContext): Promise<PageBody> {
  const kpis = new Map(desk.catalog.map((kpi) => [kpi.id, kpi]));
  return findingsPage(context, { ...(await desk.findings()), kpis, currency: desk.settings.currency });
}

export async function makeReview(desk: Desk, context: PageContext, id: number | null): Promise<PageBody> {
  return reviewPage(context, await desk.review(id));
}

export async function makeOperations(desk: Desk, context: PageContext): Promise<PageBody> {
  return operationsPage(context, {
    status: await desk.status(),
    translate: await desk.spanish(),
    now: desk.now,
    catalog: desk.catalog,
  });
}

export function makeReports(desk: Desk, context: PageContext, request: ReportRequest): PageBody {
  const { catalog, settings } = desk;
  const kinds = settings.segments.filter((kind) => kind !== 'company');
  return reportsPage(context, { saved: settings.reports ?? [], catalog, kinds, request });
}
