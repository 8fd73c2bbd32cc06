import { html, raw } from 'hono/html';
import type { Html } from './chart-frame.ts';
import type { ReportContent } from './document.ts';
import { effectsBlock } from './effects-block.ts';
import type { Figure } from './figures.ts';
import type { Format } from './format.ts';
import { figureFacts } from './goal-row.ts';
import { historyChart } from './history-chart.ts';
import { historyTable } from './history-table.ts';
import { themeAttribute } from './layout.ts';
import { legend, limitsText } from './legend.ts';
import { limitsOf } from './limits.ts';
import type { Theme } from './page-context.ts';
import { type Column, showValue, statusBadge, table, targetText } from './page-parts.ts';
import { segmentsBlock } from './segments-block.ts';
import { sparkline } from './sparkline.ts';
import { styleSheet } from './style.ts';

/** A whole page that needs nothing else: for a mail, a printer, an archive. */
export function reportDocument(content: ReportContent, format: Format, theme: Theme | null = null): Html {
  const title = content.title ?? format.say.reports.heading;
  return html`<!doctype html>
<html lang="${format.language}"${themeAttribute(theme)}><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><title>${title}</title><style>${raw(styleSheet)}</style></head><body class="page"><main>${reportBody(content, format)}</main></body></html>`;
}

function reportBody(content: ReportContent, format: Format): Html {
  const { say } = format;
  const title = content.title ?? say.reports.heading;
  const asOf = content.asOf === null ? '' : say.overview.asOf(format.instant(content.asOf));
  const longest = Math.max(0, ...content.figures.map(({ history }) => history.length));
  return html`<h1>${title}</h1><p class="quiet">${asOf}</p>
${content.scores.map(
  ({ period, score, goals }) =>
    html`<p><strong>${say.score.title}, ${format.period(period)}: ${score === null ? say.score.none : `${format.number(score, 1)} ${say.score.of}`}</strong> (${say.score.over(goals.length)})</p>`,
)}
${content.figures.length === 0 ? html`<p>${say.status.no_data}</p>` : html`<section><h2>${figuresHeading(content.figures, format)}</h2>${summaryTable(content.figures, format)}</section>`}
${longest > 2 ? content.figures.map((figure) => figureSection(figure, content, format)) : ''}
${content.compared.map(
  ({ figure, kind, rows, intervals }) =>
    html`<section><h2>${figure.kpi.label[format.language]}</h2>${segmentsBlock({ figure, kind, rows, intervals, format, link: null })}</section>`,
)}
${content.effects.length === 0 ? '' : html`<section><h2>${say.effect.title}</h2>${effectsBlock(content.effects, format)}</section>`}`;
}

/** Null where the figures are of several periods. */
function commonPeriod(figures: readonly Figure[]): string | null {
  const [only, ...others] = new Set(figures.map(({ result }) => result.periodLabel));
  return only !== undefined && others.length === 0 ? only : null;
}

function figuresHeading(figures: readonly Figure[], { say, period }: Format): string {
  const common = commonPeriod(figures);
  return common === null ? say.reports.figures : `${say.reports.figures}, ${period(common)}`;
}

function summaryTable(figures: readonly Figure[], format: Format): Html {
  const { say } = format;
  const period: Column<Figure> = {
    head: say.column.period,
    isMinor: true,
    cell: ({ result }) => format.period(result.periodLabel),
  };
  return table<Figure>({
    caption: say.reports.figures,
    rows: figures,
    columns: [
      {
        head: say.column.kpi,
        isHead: true,
        cell: ({ kpi, result }) =>
          `${kpi.label[format.language]}${result.segment.kind === 'company' ? '' : `, ${format.segment(result.segment)}`}`,
      },
      ...(commonPeriod(figures) === null ? [period] : []),
      {
        head: say.column.value,
        isNumber: true,
        cell: ({ result }) => html`<strong>${showValue(result.value, result, format)}</strong>`,
      },
      {
        head: say.column.target,
        isNumber: true,
        isMinor: true,
        cell: (figure) => targetText(figure, format),
      },
      { head: say.column.status, cell: ({ result }) => statusBadge(result.status, format) },
      {
        head: say.column.baseline,
        isNumber: true,
        isMinor: true,
        cell: ({ result }) => (result.baseline === null ? '' : showValue(result.baseline, result, format)),
      },
      {
        head: say.column.movement,
        isMinor: true,
        cell: ({ result }) => (result.movement ? say.movement[result.movement] : ''),
      },
      {
        head: say.column.history,
        isMinor: true,
        cell: (figure) => sparkline(figure, limitsOf(figure.past, figure.kpi, figure.limitsFrom), format),
      },
    ],
  });
}

function figureSection(figure: Figure, { official }: ReportContent, format: Format): Html {
  const { kpi, result } = figure;
  const limits = limitsOf(figure.past, kpi, figure.limitsFrom);
  const place = result.segment.kind === 'company' ? '' : `, ${format.segment(result.segment)}`;
  return html`<section class="own-page"><h2>${kpi.label[format.language]}${place}</h2><p>${kpi.description[format.language]}</p><div class="panel"><div class="lead"><div class="figure">${showValue(result.value, result, format)}</div>${statusBadge(result.status, format)}</div>${figureFacts({ format }, figure)}${historyChart({ figure, limits, official, format })}${historyChart({ figure, limits, official, format, size: 'narrow' })}${legend(figure, limits, format)}<p class="quiet">${limitsText(limits, figure, format)}</p>${historyTable({ figure, official, format, recordsLink: null })}</div></section>`;
}
