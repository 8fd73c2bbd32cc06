import { type ReportFormat, type ReportRequest, reportFormats } from '../model/report.ts';
import type { Desk } from '../report/desk.ts';
import { type ReportContent, reportOfKpi, scoresOf } from '../report/document.ts';
import { readFigures } from '../report/figures.ts';
import { readKpiView } from '../report/kpi-view.ts';
import { makeReport, type ReportFile, writeReport } from '../report/make-report.ts';
import type { PageContext } from '../report/page-context.ts';
import type { PdfMaker } from '../report/pdf-file.ts';
import { filterFigures, type KpiQuery } from './pages.ts';

export interface FileMaker {
  readonly desk: Desk;
  readonly context: PageContext;
  readonly pdf: PdfMaker;
}

/** `overview.csv`: its name and ending; null for an ending that is none of ours. */
export function parseFileName(file: string): { readonly name: string; readonly format: ReportFormat } | null {
  const dot = file.lastIndexOf('.');
  const format = reportFormats.find((each) => each === file.slice(dot + 1));
  return dot > 0 && format ? { name: file.slice(0, dot), format } : null;
}

/** What the overview shows: the chosen and the running period of each figure. */
export function overviewFile({ desk, context, pdf }: FileMaker, format: ReportFormat): Promise<ReportFile> {
  const figures = filterFigures(readFigures(desk, { ...context.selection, status: null }), context);
  const shown = figures.map((figure) => ({
    ...figure,
    history: figure.running ? [figure.result, figure.running] : [figure.result],
  }));
  const content: ReportContent = {
    title: context.format.say.overview.title,
    asOf: desk.asOf,
    scores: scoresOf(desk, figures),
    figures: shown,
    compared: [],
    official: new Map(),
    effects: [],
  };
  return write({ desk, context, pdf }, { content, format });
}

export async function kpiFile(
  maker: FileMaker,
  query: Pick<KpiQuery, 'kpi' | 'goal'>,
  format: ReportFormat,
): Promise<ReportFile | null> {
  const { desk, context } = maker;
  const view = await readKpiView(desk, context.selection, query);
  if (view === null) return null;
  const title = view.figure.kpi.label[context.format.language];
  return write(maker, { content: reportOfKpi(view, desk.asOf, title), format });
}

/** A saved report by its name, else the one that the address describes; null: no report has that name. */
export async function reportFile(
  { desk, pdf }: FileMaker,
  asked: { readonly name: string | null; readonly request: ReportRequest },
  format: ReportFormat,
): Promise<ReportFile | null> {
  const saved = desk.settings.reports ?? [];
  const request = asked.name === null ? asked.request : saved.find(({ name }) => name === asked.name);
  return request ? makeReport(desk, request, { format, pdf }) : null;
}

function write(
  { desk, context, pdf }: FileMaker,
  { content, format }: { content: ReportContent; format: ReportFormat },
): Promise<ReportFile> {
  return writeReport(content, { format, pdf, text: context.format, catalog: desk.catalog });
}
