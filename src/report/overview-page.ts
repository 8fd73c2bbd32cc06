import { html } from 'hono/html';
import { statuses } from '../model/goal.ts';
import type { Html } from './chart-frame.ts';
import type { PeriodScore } from './desk.ts';
import { groupByDomain } from './domains.ts';
import { downloads } from './downloads.ts';
import type { Figure } from './figures.ts';
import { type FilterChoices, filterForm } from './filters.ts';
import { goalRow } from './goal-row.ts';
import type { PageBody } from './layout.ts';
import { limitsOf } from './limits.ts';
import { statusIcon } from './marks.ts';
import { kpiPath, linkTo, type PageContext } from './page-context.ts';
import { showValue, table } from './page-parts.ts';
import { sparkline } from './sparkline.ts';
import { textOf } from './words.ts';

export interface OverviewView {
  readonly figures: readonly Figure[];
  /** Of all goals, whatever status is chosen. */
  readonly judged: readonly Figure[];
  readonly scores: readonly PeriodScore[];
  readonly choices: FilterChoices;
  /** Of the newest evaluation, epoch ms. */
  readonly asOf: number;
}

export function overviewPage(context: PageContext, view: OverviewView): PageBody {
  const { format, selection } = context;
  const { say } = format;
  const goals = view.figures.filter(({ goal }) => goal !== null);
  const others = view.figures.filter(({ goal }) => goal === null);
  const title = say.overview.title;
  const first = view.figures[0]?.result;
  const heading =
    selection.segment.kind === 'company' || !first ? title : `${title}: ${format.segment(first.segment)}`;
  const main = html`<div class="lead"><div><h1>${heading}</h1><p class="quiet">${periodLine(view, context)}${say.overview.asOf(format.instant(view.asOf))}</p></div>${downloads(context, '/files/overview')}</div>
${filterForm(context, view.choices)}
${view.judged.length > 0 ? html`<div class="headline">${scoreBlock(view, context)}${tally(view, context)}</div>` : ''}
${goals.length === 0 && selection.status !== null ? html`<p>${say.overview.noGoals}</p>` : ''}
${groupByDomain(goals, ({ kpi }) => kpi).map(
  ([domain, figures]) =>
    html`<section aria-labelledby="goals-${domain}"><h2 id="goals-${domain}">${textOf(say.domain, domain)}</h2><ul class="goals panel">${figures.map((figure) => html`<li>${goalRow(context, figure)}</li>`)}</ul></section>`,
)}
${others.length === 0 ? '' : html`<section aria-labelledby="further"><h2 id="further">${say.overview.further}</h2><div class="pair">${groupByDomain(others, ({ kpi }) => kpi).map(([domain, figures]) => html`<div class="panel"><h3>${textOf(say.domain, domain)}</h3>${furtherTable(context, { domain, figures })}</div>`)}</div></section>`}`;
  return { title: heading, main };
}

function periodLine({ figures }: OverviewView, { format }: PageContext): string {
  const labels = new Set(figures.map(({ result }) => result.periodLabel));
  const [only] = labels;
  return labels.size === 1 && only ? `${format.period(only)} · ` : '';
}

const meterWidth = 100;

function scoreBlock({ scores }: OverviewView, { format }: PageContext): Html {
  const { say } = format;
  const [main, ...others] = scores.toSorted((a, b) => b.goals.length - a.goals.length);
  if (!main) return html`<div></div>`;
  const text = (score: PeriodScore) =>
    `${format.period(score.period)}, ${say.score.over(score.goals.length)}${score.coverage < 1 ? `; ${say.score.covered(format.share(score.coverage))}` : ''}`;
  const figure =
    main.score === null
      ? html`<p>${say.score.none}</p>`
      : html`<strong>${format.number(main.score)} <small>${say.score.of}</small></strong><svg class="meter" viewBox="0 0 ${meterWidth} 4" preserveAspectRatio="none" aria-hidden="true"><rect width="${meterWidth}" height="4"/><rect width="${Math.round(main.score)}" height="4"/></svg>`;
  return html`<div class="score"><p class="quiet">${say.score.title}</p>${figure}<p>${text(main)}</p>${others.map((score) => html`<p class="quiet">${score.score === null ? '–' : format.number(score.score)} · ${text(score)}</p>`)}<p class="quiet">${say.score.why}</p></div>`;
}

function tally({ judged }: OverviewView, context: PageContext): Html {
  const { say, number } = context.format;
  const counts = statuses
    .toReversed()
    .map((status) => ({ status, count: judged.filter(({ result }) => result.status === status).length }))
    .filter(({ count }) => count > 0);
  return html`<nav aria-label="${say.overview.tally}"><ul class="tally">${counts.map(({ status, count }) => {
    const isChosen = context.selection.status === status;
    return html`<li><a href="${linkTo(context, '/', { status: isChosen ? null : status })}"${isChosen ? html` aria-current="true"` : ''}><strong>${number(count)}</strong><span class="status ${status}">${statusIcon(status)}${say.status[status]}</span></a></li>`;
  })}</ul></nav>`;
}

function furtherTable(
  context: PageContext,
  { domain, figures }: { domain: string; figures: readonly Figure[] },
): Html {
  const { format } = context;
  const { say } = format;
  const moved = ({ result }: Figure) =>
    result.movement && result.movement !== 'no_evidence' ? say.movement[result.movement] : '';
  const movement = { head: say.column.movement, isMinor: true, cell: moved };
  return table<Figure>({
    caption: `${say.overview.further}: ${textOf(say.domain, domain)}`,
    rows: figures,
    columns: [
      {
        head: say.column.kpi,
        isHead: true,
        cell: ({ kpi, result }) =>
          html`<a href="${linkTo(context, kpiPath(kpi.id), { grain: result.grain, status: null })}">${kpi.label[format.language]}</a>`,
      },
      {
        head: say.column.value,
        isNumber: true,
        cell: ({ result }) => html`<strong>${showValue(result.value, result, format)}</strong>`,
      },
      {
        head: say.column.previous,
        isNumber: true,
        isMinor: true,
        cell: ({ result }) => showValue(result.previous, result, format),
      },
      ...(figures.some(moved) ? [movement] : []),
      {
        head: say.column.history,
        cell: (figure) => sparkline(figure, limitsOf(figure.past, figure.kpi, figure.limitsFrom), format),
      },
    ],
  });
}
