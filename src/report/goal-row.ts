import { html } from 'hono/html';
import type { Html } from './chart-frame.ts';
import type { Figure } from './figures.ts';
import { limitsOf } from './limits.ts';
import { kpiPath, linkTo, type PageContext } from './page-context.ts';
import { showValue, statusBadge, targetText } from './page-parts.ts';
import { sparkline } from './sparkline.ts';

/** One goal: what it came to, what was promised, how sure that is, where it is going. */
export function goalRow(context: PageContext, figure: Figure): Html {
  const { format } = context;
  const { kpi, goal, result } = figure;
  const link = linkTo(context, kpiPath(kpi.id), { grain: result.grain, goal: result.goal, status: null });
  return html`<div><h3><a href="${link}">${kpi.label[format.language]}</a></h3><span class="quiet">${format.period(result.periodLabel)}${goal?.accountable ? html`<br>${goal.accountable}` : ''}</span></div>
<div><span class="figure">${showValue(result.value, result, format)}</span>${statusBadge(result.status, format)}</div>
${sparkline(figure, limitsOf(figure.past, kpi, figure.limitsFrom), format) || html`<span class="spark"></span>`}
${figureFacts(context, figure)}`;
}

/** A term and what it is. */
export type Fact = readonly [term: string, value: Html | string];

/** What goes with a figure, as terms and values. */
export function figureFacts(
  { format }: Pick<PageContext, 'format'>,
  figure: Figure,
  { name = 'facts', more = [] }: { readonly name?: string; readonly more?: readonly Fact[] } = {},
): Html {
  const { say } = format;
  const { result } = figure;
  const facts: Fact[] = [
    [say.column.target, targetText(figure, format)],
    [say.column.baseline, result.baseline === null ? '' : showValue(result.baseline, result, format)],
    [say.column.evidence, result.evidence ? say.evidenceShort[result.evidence] : ''],
    [say.column.movement, result.movement ? say.movement[result.movement] : ''],
    ...runningFacts({ format }, figure),
    ...more,
  ];
  const told = facts.filter(([, value]) => value !== '');
  return html`<dl class="${name}">${told.map(([term, value]) => html`<div><dt>${term}</dt><dd>${value}</dd></div>`)}</dl>`;
}

function runningFacts({ format }: Pick<PageContext, 'format'>, { running, result }: Figure): Fact[] {
  const { overview, column, status } = format.say;
  const open = running ?? (result.complete ? null : result);
  if (open === null) return [];
  const soFar: Fact[] = running
    ? [
        [
          overview.running(format.period(running.periodLabel)),
          html`${showValue(running.value, running, format)}${running.status ? ` (${status[running.status].toLowerCase()})` : ''}`,
        ],
      ]
    : [];
  if (open.forecast === null) return soFar;
  const { value, low, high } = open.forecast;
  const range =
    low === null || high === null
      ? ''
      : ` (${overview.range(format.value(low, open), format.value(high, open))})`;
  return [...soFar, [column.forecast, html`${showValue(value, open, format)}${range}`]];
}
