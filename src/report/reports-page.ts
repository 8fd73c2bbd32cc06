import { html } from 'hono/html';
import type { Kpi } from '../model/kpi.ts';
import { grains } from '../model/period.ts';
import type { ReportRequest, SavedReport } from '../model/report.ts';
import type { Html } from './chart-frame.ts';
import { groupByDomain } from './domains.ts';
import type { PageBody } from './layout.ts';
import type { PageContext } from './page-context.ts';
import { option, table } from './page-parts.ts';
import { textOf, words } from './words.ts';

export interface ReportsPage {
  readonly saved: readonly SavedReport[];
  readonly catalog: readonly Kpi[];
  /** Kinds of segments that are computed. */
  readonly kinds: readonly string[];
  readonly request: ReportRequest;
}

const periodChoices = [1, 3, 6, 12, 24];

/** Saved reports, and a form that makes an address of a new one: the page itself changes nothing. */
export function reportsPage(context: PageContext, page: ReportsPage): PageBody {
  const { reports } = context.format.say;
  const main = html`<h1>${reports.title}</h1>
<section aria-labelledby="saved"><h2 id="saved">${reports.saved}</h2>${savedTable(page.saved, context)}</section>
<section aria-labelledby="compose"><h2 id="compose">${reports.compose}</h2>${composeForm(context, page)}</section>
<section aria-labelledby="keep"><h2 id="keep">${reports.keep}</h2><p>${reports.keepWhy} <code>crm-kpi.yaml</code></p><pre tabindex="0">${reportYaml(page.request)}</pre></section>`;
  return { title: reports.title, main };
}

function savedTable(saved: readonly SavedReport[], { format }: PageContext): Html {
  const { reports } = format.say;
  if (saved.length === 0) return html`<p class="quiet">${reports.noSaved}</p>`;
  return table<SavedReport>({
    caption: reports.saved,
    rows: saved,
    columns: [
      { head: reports.name, isHead: true, cell: ({ name, title }) => title ?? name },
      { head: reports.language, isMinor: true, cell: ({ language }) => words[language].language },
      {
        head: reports.sent,
        isMinor: true,
        cell: ({ send }) => send?.targets.map(({ channel }) => channel.kind).join(', ') ?? '–',
      },
      { head: reports.files, cell: ({ name }) => fileLinks(`name=${encodeURIComponent(name)}`, format.say) },
    ],
  });
}

function fileLinks(query: string, { reports }: PageContext['format']['say']): Html {
  const files = [
    ['html', reports.preview],
    ['pdf', reports.asPdf],
    ['xlsx', reports.asExcel],
    ['csv', reports.asCsv],
  ] as const;
  return html`<span class="actions">${files.map(
    ([ending, name]) =>
      html`<a class="button plain" href="/files/report.${ending}?${query}"${ending === 'html' ? '' : html` download`}>${name}</a>`,
  )}</span>`;
}

function composeForm(context: PageContext, { catalog, kinds, request }: ReportsPage): Html {
  const { format, theme } = context;
  const { say, language } = format;
  const { reports, filter } = say;
  const domains = groupByDomain(catalog, (kpi) => kpi);
  const chosen = new Set(request.kpis);
  const segments = new Set(request.segments);
  return html`<form class="form panel" method="get" action="/reports"><input type="hidden" name="language" value="${language}">${theme === null ? '' : html`<input type="hidden" name="theme" value="${theme}">`}
<fieldset class="whole"><legend>${reports.kpis} <span class="quiet">(${reports.withGoals})</span></legend><div class="checks">${domains.map(
    ([domain, kpis]) =>
      html`<fieldset><legend>${textOf(say.domain, domain)}</legend>${kpis.map(({ id, label }) => checkbox('kpi', { value: id, text: label[language], isChosen: chosen.has(id) }))}</fieldset>`,
  )}</div></fieldset>
<fieldset class="whole"><legend>${reports.segments}</legend><div class="checks">${['company', ...kinds].map((kind) => checkbox('segments', { value: kind, text: textOf(say.kind, kind), isChosen: segments.has(kind) }))}</div></fieldset>
<label>${filter.grain}<select name="grain">${option('', filter.ownGrain, request.grain ?? '')}${grains.map((grain) => option(grain, say.grain[grain], request.grain ?? ''))}</select></label>
<label>${reports.periods}<select name="periods">${periodChoices.map((count) => option(String(count), String(count), String(request.periods)))}</select></label>
<label>${reports.language}<select name="in">${(['en', 'es'] as const).map((each) => option(each, words[each].language, request.language))}</select></label>
<div class="actions whole"><button formaction="/files/report.html">${reports.preview}</button>${(['pdf', 'xlsx', 'csv'] as const).map((ending) => html`<button class="plain" formaction="/files/report.${ending}">${{ pdf: reports.asPdf, xlsx: reports.asExcel, csv: reports.asCsv }[ending]}</button>`)}<button class="plain">${reports.refresh}</button></div></form>`;
}

function checkbox(
  name: string,
  { value, text, isChosen }: { readonly value: string; readonly text: string; readonly isChosen: boolean },
): Html {
  return html`<label class="check"><input type="checkbox" name="${name}" value="${value}"${isChosen ? html` checked` : ''}>${text}</label>`;
}

/** The same report as settings. JSON strings are YAML. */
function reportYaml({ kpis, segments, grain, period, periods, language }: ReportRequest): string {
  const list = (values: readonly string[]) => `[${values.map((value) => JSON.stringify(value)).join(', ')}]`;
  const lines = [
    'reports:',
    '  - name: monthly-review',
    ...(kpis.length > 0 ? [`    kpis: ${list(kpis)}`] : []),
    `    segments: ${list(segments)}`,
    ...(grain === null ? [] : [`    grain: ${grain}`]),
    ...(period === null ? [] : [`    period: ${JSON.stringify(period)}`]),
    `    periods: ${periods}`,
    `    language: ${language}`,
  ];
  return lines.join('\n');
}
