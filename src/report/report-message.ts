import { plainNumber } from '../model/format.ts';
import type { ReportFormat, SavedReport } from '../model/report.ts';
import type { Desk } from './desk.ts';
import { type ReportContent, readReport } from './document.ts';
import type { Figure } from './figures.ts';
import { createFormat, type Format } from './format.ts';
import { type ReportFile, writeReport } from './make-report.ts';
import { targetText } from './page-parts.ts';
import type { PdfMaker } from './pdf-file.ts';

/** A saved report for those who do not come to the dashboard. */
export interface ReportMessage {
  readonly subject: string;
  /** The figures, a line each. */
  readonly text: string;
  readonly figures: readonly object[];
  readonly asOf: number | null;
  readonly title: string;
  /** Makes one of its files. */
  readonly file: (format: ReportFormat) => Promise<ReportFile>;
}

export async function makeReportMessage(
  desk: Desk,
  saved: SavedReport,
  { link, pdf }: { readonly link: string | null; readonly pdf: PdfMaker },
): Promise<ReportMessage> {
  const content = await readReport(desk, saved);
  const format = createFormat(saved.language, desk.settings.calendar.timeZone);
  const title = saved.title ?? saved.name;
  const asOf = content.asOf === null ? [] : [format.say.overview.asOf(format.instant(content.asOf))];
  const lines = [
    ...asOf,
    ...scoreLines(content, format),
    '',
    ...content.figures.map((figure) => figureLine(figure, format)),
    ...(content.figures.length === 0 ? [format.say.status.no_data] : []),
    ...effectLines(content, format),
    ...(link === null ? [] : ['', link]),
  ];
  return {
    subject: [title, periodOf(content, format)].filter(Boolean).join(', '),
    text: lines.join('\n'),
    figures: content.figures.map((figure) => describeFigure(figure, format)),
    asOf: content.asOf,
    title,
    file: (ending) => writeReport(content, { format: ending, pdf, text: format, catalog: desk.catalog }),
  };
}

/** The period that all figures share, if they do. */
function periodOf({ figures }: ReportContent, format: Format): string {
  const [only, ...others] = new Set(figures.map(({ result }) => result.periodLabel));
  return only !== undefined && others.length === 0 ? format.period(only) : '';
}

function scoreLines({ scores }: ReportContent, { say, period, number }: Format): readonly string[] {
  return scores.map(
    (score) =>
      `${say.score.title}, ${period(score.period)}: ${score.score === null ? say.score.none : `${number(score.score, 1)} ${say.score.of}`}`,
  );
}

function effectLines({ effects }: ReportContent, { say, language }: Format): readonly string[] {
  if (effects.length === 0) return [];
  const lines = effects.map(({ title, change, report }) => {
    const verdict = say.effect.verdict[report.verdict];
    return `${title[language]}: ${change ? `${verdict}; ${change[language]}` : verdict}`;
  });
  return ['', `${say.effect.title}:`, ...lines];
}

function nameOf({ kpi, result }: Figure, format: Format): string {
  const label = kpi.label[format.language];
  return result.segment.kind === 'company' ? label : `${label}, ${format.segment(result.segment)}`;
}

function figureLine(figure: Figure, format: Format): string {
  const { result } = figure;
  const target = targetText(figure, format);
  const judged = [target, result.status === null ? '' : format.say.status[result.status]].filter(Boolean);
  const value = result.value === null ? '–' : format.value(result.value, result);
  const remark = judged.length === 0 ? '' : ` (${judged.join('; ')})`;
  return `${nameOf(figure, format)}, ${format.period(result.periodLabel)}: ${value}${remark}`;
}

/** As `results --json` names them. */
function describeFigure(figure: Figure, format: Format): object {
  const { kpi, unit, currency, periodLabel, value, target, status, segment } = figure.result;
  const plain = (amount: number | null) => plainNumber(amount, unit, currency);
  return {
    ...{ kpi, label: nameOf(figure, format), unit, currency, period: periodLabel, segment },
    value: plain(value),
    target:
      typeof target === 'object' && target !== null
        ? { lo: plain(target.lo), hi: plain(target.hi) }
        : plain(target),
    status,
    text: figureLine(figure, format),
  };
}
