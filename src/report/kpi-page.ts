import { html } from 'hono/html';
import type { Kpi } from '../model/kpi.ts';
import type { StoredResult } from '../model/result-store.ts';
import type { Settings } from '../model/settings.ts';
import type { Html } from './chart-frame.ts';
import { definitionBlock } from './definition-block.ts';
import { downloads } from './downloads.ts';
import { effectsBlock } from './effects-block.ts';
import type { Figure } from './figures.ts';
import { type FilterChoices, filterForm } from './filters.ts';
import type { Format } from './format.ts';
import { type Fact, figureFacts } from './goal-row.ts';
import { historyChart } from './history-chart.ts';
import { historyTable } from './history-table.ts';
import { type KpiView, yearBefore } from './kpi-view.ts';
import type { PageBody } from './layout.ts';
import { legend, limitsText } from './legend.ts';
import { comparisonText, trendText } from './needed-data.ts';
import { type Changes, kpiPath, linkTo, type PageContext } from './page-context.ts';
import { showValue, statusBadge } from './page-parts.ts';
import { segmentsBlock } from './segments-block.ts';

export interface KpiPage extends KpiView {
  readonly choices: FilterChoices;
  readonly catalog: readonly Kpi[];
  readonly settings: Pick<Settings, 'currency' | 'calendar'>;
}

/** Characters of a figure that stand in the largest type on a phone. */
const longestLarge = 8;

/** A year and the running period. */
const rowsShown = 13;

export function kpiPage(context: PageContext, view: KpiPage): PageBody {
  const { format } = context;
  const { say } = format;
  const { figure, limits, official } = view;
  const { kpi, result } = figure;
  const title = kpi.label[format.language];
  const own: Changes = { grain: result.grain, goal: result.goal };
  const heading = result.segment.kind === 'company' ? title : `${title}: ${format.segment(result.segment)}`;
  const recordsLink = (row: StoredResult) =>
    linkTo(context, `${kpiPath(kpi.id)}/records`, { ...own, period: row.periodLabel, status: null });
  const main = html`<div class="lead"><div><h1>${heading}</h1><p class="quiet">${say.overview.asOf(format.instant(result.asOf))}</p></div>${downloads(context, `/files${kpiPath(kpi.id)}`, own)}</div>
${filterForm(context, { ...view.choices, withStatus: false })}
${headline(context, figure)}
${siblingLinks(context, view.siblings)}
<section aria-labelledby="history"><h2 id="history">${say.kpi.history}</h2><div class="panel">${historyChart({ figure, limits, official, format })}${historyChart({ figure, limits, official, format, size: 'narrow' })}${legend(figure, limits, format)}<p class="quiet">${limitsText(limits, figure, format)} ${trendText(figure, format)} ${comparisonText(figure, format)}</p>
${historyTable({ figure, official, format, recordsLink, limit: rowsShown })}</div></section>
<section aria-labelledby="compared"><h2 id="compared">${say.kpi.segments}</h2>${view.compared.size === 0 ? html`<p class="quiet">${say.kpi.noSegments}</p>` : ''}${[
    ...view.compared,
  ].map(([kind, rows]) =>
    segmentsBlock({
      figure,
      kind,
      rows,
      intervals: view.intervals.get(kind),
      format,
      link: (segment) => linkTo(context, kpiPath(kpi.id), { ...own, segment, status: null }),
    }),
  )}</section>
${effectsSection(view, format)}<section>${definitionBlock({ figure, catalog: view.catalog, settings: view.settings }, format)}</section>`;
  return { title: heading, main };
}

function effectsSection({ effects }: KpiPage, format: Format): Html | string {
  return effects.length === 0
    ? ''
    : html`<section aria-labelledby="effects"><h2 id="effects">${format.say.effect.title}</h2>${effectsBlock(effects, format)}</section>`;
}

function headline({ format }: PageContext, figure: Figure): Html {
  const { result } = figure;
  const { say } = format;
  const before = yearBefore(figure.past, result);
  const value = result.value === null ? say.status.no_data : showValue(result.value, result, format);
  const isLong = result.value === null || format.value(result.value, result).length > longestLarge;
  const { maturesMs } = figure.kpi;
  const immature =
    result.value !== null || maturesMs === null
      ? ''
      : html`<p class="quiet">${say.definition.matures(format.duration(maturesMs))}</p>`;
  const gap =
    result.gapClosed === null || result.gapClosed < 0 || result.flags.includes('target_met')
      ? ''
      : html`<p class="quiet">${say.kpi.gap(format.share(result.gapClosed))}.</p>`;
  const lastYear: Fact[] = before
    ? [
        [
          `${say.column.lastYear} (${format.period(before.periodLabel)})`,
          showValue(before.value, before, format),
        ],
      ]
    : [];
  return html`<div class="headline"><div class="score"><p class="quiet">${format.period(result.periodLabel)}${result.complete ? '' : `, ${say.kpi.partial}`}</p><strong${isLong ? html` class="long"` : ''}>${value}</strong>${immature}<p>${statusBadge(result.status, format)}</p>${gap}</div>${figureFacts({ format }, figure, { name: 'facts wide', more: lastYear })}</div>`;
}

function siblingLinks(context: PageContext, siblings: readonly Figure[]): Html | string {
  if (siblings.length === 0) return '';
  const { format } = context;
  return html`<p>${format.say.kpi.otherSegment}: ${siblings.map(
    ({ kpi, result }) =>
      html`<a href="${linkTo(context, kpiPath(kpi.id), { grain: result.grain, goal: result.goal })}">${format.say.grain[result.grain]}${result.goal ? ` (${result.goal})` : ''}</a> `,
  )}</p>`;
}
