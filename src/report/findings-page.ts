import { html } from 'hono/html';
import type { StoredFinding } from '../model/finding.ts';
import type { Kpi } from '../model/kpi.ts';
import { actionsTable } from './actions-table.ts';
import type { Html } from './chart-frame.ts';
import type { FindingsView } from './desk.ts';
import { effectsBlock } from './effects-block.ts';
import { type EvidenceScale, evidenceList, measureText } from './evidence.ts';
import type { Format } from './format.ts';
import { impactMap } from './impact-map.ts';
import type { PageBody } from './layout.ts';
import { kpiPath, linkTo, type PageContext } from './page-context.ts';
import { table } from './page-parts.ts';
import { segmentText } from './selection.ts';
import { textOf } from './words.ts';

/** Findings drawn in the map; the list has all. */
const drawn = 30;

export interface FindingsPage extends FindingsView {
  readonly kpis: ReadonlyMap<string, Kpi>;
  readonly currency: string;
}

export function findingsPage(context: PageContext, view: FindingsPage): PageBody {
  const { format } = context;
  const { say } = format;
  const title = say.findings.title;
  const main = html`<h1>${title}</h1>
<section aria-labelledby="open"><h2 id="open">${say.findings.open}</h2>${
    view.findings.length === 0
      ? html`<p>${say.findings.none}</p>`
      : html`<div class="split"><ol class="numbered panel">${view.findings.map((finding, index) => html`<li>${findingItem(context, view, { finding, place: index + 1 })}</li>`)}</ol><div class="panel stay">${impactMap(view.findings.slice(0, drawn), format)}</div></div>`
  }</section>
<section aria-labelledby="plan"><h2 id="plan">${say.findings.plan}</h2>${actionsTable(view.actions, format)}</section>
${effectsSection(view, format)}
${view.silences.length === 0 ? '' : html`<section><details><summary>${say.findings.silences} (${format.number(view.silences.length)})</summary><ul class="list">${view.silences.map(({ detector, reason }) => html`<li>${detector}: ${reason[format.language]}</li>`)}</ul></details></section>`}`;
  return { title, main };
}

/** Where nothing was planned there is nothing to be measured. */
function effectsSection({ actions }: FindingsPage, format: Format): Html | string {
  if (actions.length === 0) return '';
  const effects = actions.flatMap(({ effect }) => effect ?? []);
  const { effect: say } = format.say;
  return html`<section aria-labelledby="effects"><h2 id="effects">${say.title}</h2>${effects.length === 0 ? html`<p class="quiet">${say.none}</p>` : effectsBlock(effects, format)}</section>`;
}

function findingItem(
  context: PageContext,
  view: FindingsPage,
  { finding, place }: { finding: StoredFinding; place: number },
): Html {
  const { format } = context;
  const { say, language } = format;
  const facts = [
    ...(finding.segment.kind === 'company' ? [] : [format.segment(finding.segment)]),
    `${say.findings.effort.toLowerCase()} ${say.findings.effortName[finding.effort]}`,
    `${say.findings.since.toLowerCase()} ${format.day(finding.firstSeenAt)}`,
  ];
  const weight = [
    `${say.findings.priority} ${format.number(finding.priority, 1)}`,
    `${say.chart.impact.toLowerCase()} ${format.number(finding.impact)}`,
    `${say.chart.urgency.toLowerCase()} ${format.number(finding.urgency)}`,
  ].join(' · ');
  const segment = finding.segment.kind === 'company' ? null : segmentText(finding.segment);
  const kpi = view.kpis.get(finding.kpi ?? '');
  const scale = { kpi: kpi ?? null, currency: view.currency, format };
  const link = kpi
    ? html` <a href="${linkTo(context, kpiPath(kpi.id), { segment, status: null })}">${kpi.label[language]}</a>`
    : '';
  return html`<h3><span class="place">${place}</span>${finding.title[language]}</h3><p class="meta"><span class="tag">${say.findings.quadrant[finding.quadrant]}</span>${link} <span class="quiet">${facts.join(' · ')}</span></p>
<details><summary>${say.findings.rule}, ${say.findings.evidence.toLowerCase()}</summary><p class="quiet">${weight}</p><p>${finding.rule[language]}</p>${evidenceList(finding, scale)}${teamsTable(finding, format)}${recordsList(finding, view, scale)}</details>`;
}

function teamsTable({ teams }: StoredFinding, format: Format): Html | string {
  const { say } = format;
  if (teams.length === 0) return '';
  return table({
    caption: say.findings.teams,
    rows: teams,
    columns: [
      { head: say.findings.team, isHead: true, cell: ({ id, name }) => name ?? id },
      { head: say.findings.share, isNumber: true, cell: ({ num, den }) => `${num} / ${den}` },
      {
        head: say.column.interval,
        isNumber: true,
        isMinor: true,
        cell: ({ low, high }) => `${format.share(low, 1)} – ${format.share(high, 1)}`,
      },
      { head: say.column.evidence, cell: ({ named }) => (named ? say.findings.named : '') },
    ],
  });
}

function recordsList(
  finding: StoredFinding,
  { links, names }: FindingsView,
  scale: EvidenceScale,
): Html | string {
  const { say } = scale.format;
  if (finding.records.length === 0) return '';
  return html`<h4>${say.findings.worst}</h4><ul class="list records">${finding.records.map(
    ({ source, table: object, id, measure }) => {
      const key = `${source} ${object} ${id}`;
      const url = links.get(key);
      const text = names.get(key) ?? `${textOf(say.object, object)} ${id}`;
      const amount = measure === null ? '' : `: ${measureText(finding, measure, scale)}`;
      return html`<li>${url && /^https?:/.test(url) ? html`<a href="${url}" rel="noreferrer external" title="${say.kpi.openInCrm}">${text}</a>` : text}${amount}</li>`;
    },
  )}</ul>`;
}
