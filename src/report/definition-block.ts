import { html } from 'hono/html';
import type { Kpi } from '../model/kpi.ts';
import type { Settings } from '../model/settings.ts';
import type { Html } from './chart-frame.ts';
import type { Figure } from './figures.ts';
import type { Format } from './format.ts';

/** What a KPI counts and leaves out, in sentences; its query for those who read SQL. */
export function definitionBlock(
  {
    figure,
    catalog,
    settings,
  }: { figure: Figure; catalog: readonly Kpi[]; settings: Pick<Settings, 'currency' | 'calendar'> },
  format: Format,
): Html {
  const { kpi, result, goal } = figure;
  const { say, language } = format;
  const { definition } = say;
  const labelOf = (id: string) => catalog.find((known) => known.id === id)?.label[language] ?? id;
  const sentences = [
    kpi.description[language],
    kpi.derive ? definition.derived(kpi.derive.inputs.map(labelOf).join(', ')) : definition[kpi.kind],
    kpi.withinMs === null ? '' : definition.within(format.duration(kpi.withinMs)),
    kpi.maturesMs === null ? '' : definition.matures(format.duration(kpi.maturesMs)),
    kpi.windowDays ? definition.window(format.number(kpi.windowDays)) : '',
    definition.better[kpi.better],
    definition.excluded,
    result.nMissing > 0 ? definition.missing(format.number(result.nMissing)) : '',
    kpi.money.length > 0 ? definition.money(settings.currency) : '',
    definition.zone(settings.calendar.timeZone),
  ].filter((sentence) => sentence !== '');
  const remarks = result.flags.map(
    (flag) => (say.flag as Readonly<Record<string, string>>)[flag] ?? flag.replaceAll('_', ' '),
  );
  return html`<h2>${say.kpi.definition}</h2><ul class="list">${sentences.map((sentence) => html`<li>${sentence}</li>`)}</ul>
${remarks.length === 0 ? '' : html`<h3>${say.kpi.flags}</h3><ul class="list">${remarks.map((remark) => html`<li>${remark}</li>`)}</ul>`}
${goal?.reason ? html`<h3>${say.kpi.reason}</h3><p>${goal.reason}</p>` : ''}
<p class="quiet">${kpi.id} · ${say.kpi.version} ${kpi.version}${result.goalVersion === null ? '' : html` · ${say.kpi.goalVersion(String(result.goalVersion))}`}</p>
${kpi.sql === '' ? '' : html`<details><summary>${say.kpi.query}</summary><pre tabindex="0">${kpi.sql.trim()}</pre></details>`}`;
}
