import { html } from 'hono/html';
import type { Kpi } from '../model/kpi.ts';
import type { StoredResult } from '../model/result-store.ts';
import type { Html } from './chart-frame.ts';
import type { RecordsBehind } from './desk.ts';
import type { Figure } from './figures.ts';
import type { Format } from './format.ts';
import type { PageBody } from './layout.ts';
import { kpiPath, linkTo, type PageContext } from './page-context.ts';
import { showValue, statusBadge, table } from './page-parts.ts';
import { textOf } from './words.ts';

export interface RecordsPage {
  readonly figure: Figure;
  readonly behind: RecordsBehind;
  readonly catalog: readonly Kpi[];
  readonly currency: string;
}

type Fact = RecordsBehind['facts'][number];

/** The records that a figure was counted from, each linked to its page in the CRM. */
export function recordsPage(
  context: PageContext,
  { figure, behind, catalog, currency }: RecordsPage,
): PageBody {
  const { format } = context;
  const { say } = format;
  const { kpi, result } = figure;
  const period = format.period(result.periodLabel);
  const title = say.kpi.recordsTitle(kpi.label[format.language], period);
  const shown = format.number(behind.facts.length);
  const total = format.number(behind.factsTotal);
  const count =
    behind.factsTotal === 0
      ? say.kpi.noRecords
      : behind.facts.length < behind.factsTotal
        ? say.kpi.recordsShown(shown, total)
        : say.kpi.recordsAll(total);
  const labelOf = (id: string) => catalog.find((known) => known.id === id)?.label[format.language] ?? id;
  const main = html`<div class="lead"><div><p><a href="${linkTo(context, kpiPath(kpi.id), { grain: result.grain, goal: result.goal, period: null })}">${kpi.label[format.language]}</a></p><h1>${title}</h1><p class="quiet">${format.segment(result.segment)} · ${showValue(result.value, result, format)} ${statusBadge(result.status, format)}</p></div></div>
<p>${kpi.description[format.language]}</p><p>${say.kpi.sums}: ${sums(result, { kpi, currency }, format)}. ${count}</p>
${behind.inputs.length === 0 ? '' : html`<p>${say.kpi.inputs}: ${behind.inputs.map(({ kpi: id }) => labelOf(id)).join(', ')}</p>`}
${behind.tooMany ? html`<p class="quiet">${say.behind.tooMany(format.number(behind.tooMany))} <code>crm-kpi explain ${kpi.id}</code></p>` : ''}
${
  behind.exclusions.length === 0
    ? ''
    : html`<p>${say.kpi.excluded}:</p><ul class="list">${behind.exclusions.map(({ reason, n }) => html`<li>${format.number(n)}: ${reason[format.language]}</li>`)}</ul>`
}
${behind.facts.length === 0 ? '' : factsTable(context, { title, behind, kpi, currency })}`;
  return { title, main };
}

function sums(
  { num, den }: StoredResult,
  { kpi, currency }: { readonly kpi: Kpi; readonly currency: string },
  format: Format,
): string {
  const text = (value: number | null, name: 'num' | 'den') =>
    value === null
      ? '–'
      : kpi.money.includes(name)
        ? format.value(value, { unit: 'money', currency })
        : format.number(value, Number.isInteger(value) ? 0 : 2);
  return den === null ? text(num, 'num') : `${text(num, 'num')} / ${text(den, 'den')}`;
}

/** By its name, where the store has one; the id beside it tells records of one name apart. */
function recordCell({ url, object, id, name, source }: Fact, say: Format['say']): Html {
  const kind = textOf(say.object, object);
  const text = name || `${kind} ${id}`;
  const link =
    url && /^https?:/.test(url)
      ? html`<a href="${url}" rel="noreferrer external" title="${say.kpi.openInCrm}">${text}</a>`
      : text;
  const beside = name ? html`<small class="quiet id">${kind} ${id}</small>` : '';
  return html`${link} <span class="tag">${source}</span> ${beside}`;
}

function factsTable(
  { format }: PageContext,
  { title, behind, kpi, currency }: { title: string; behind: RecordsBehind; kpi: Kpi; currency: string },
): Html {
  const { say } = format;
  const amount = (value: number | null, isMoney: boolean) =>
    value === null
      ? ''
      : html`<data value="${String(value)}">${format.number(value, Number.isInteger(value) && !isMoney ? 0 : 2)}${isMoney ? ` ${currency}` : ''}</data>`;
  return table<Fact>({
    caption: title,
    rows: behind.facts,
    columns: [
      {
        head: say.kpi.record,
        isHead: true,
        cell: (fact) => recordCell(fact, say),
      },
      {
        head: say.kpi.when,
        cell: ({ at }) => (at.includes('T') ? format.instant(Date.parse(at)) : format.date(at)),
      },
      {
        head: say.column.numerator,
        isNumber: true,
        cell: ({ num }) => amount(num, kpi.money.includes('num')),
      },
      {
        head: say.column.denominator,
        isNumber: true,
        isMinor: true,
        cell: ({ den }) => amount(den, kpi.money.includes('den')),
      },
    ],
  });
}
