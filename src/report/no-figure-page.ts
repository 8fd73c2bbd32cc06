import { html } from 'hono/html';
import type { Kpi, Labels } from '../model/kpi.ts';
import type { PageBody } from './layout.ts';
import { messagePage } from './message-page.ts';
import { kpiPath, linkTo, type PageContext } from './page-context.ts';

/** A KPI that has no figure here, with the reasons that are known. */
export function noFigurePage(context: PageContext, kpi: Kpi, reasons: readonly Labels[]): PageBody {
  const { say, language } = context.format;
  const { segment } = context.selection;
  const list = reasons.map((reason) => html`<li>${reason[language]}</li>`);
  const company = html`<p><a href="${linkTo(context, kpiPath(kpi.id), { segment: null, period: null, grain: null })}">${say.error.company}</a></p>`;
  const more = html`<p>${kpi.description[language]}</p>${list.length > 0 ? html`<ul class="list">${list}</ul>` : ''}${segment.kind === 'company' ? '' : company}`;
  const text = reasons.length > 0 ? `${say.status.no_data}.` : say.error.noFigure;
  return messagePage(context, { title: kpi.label[language], text, more });
}
