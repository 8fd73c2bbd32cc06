import { html } from 'hono/html';
import { statuses } from '../model/goal.ts';
import { grains } from '../model/period.ts';
import type { Html } from './chart-frame.ts';
import { linkTo, type PageContext } from './page-context.ts';
import { option } from './page-parts.ts';
import { segmentText } from './selection.ts';

/** What can be chosen. */
export interface FilterChoices {
  readonly periods: readonly string[];
  readonly grains: readonly string[];
  readonly segments: readonly NamedChoice[];
  readonly owners: readonly NamedChoice[];
  readonly withStatus: boolean;
}

export interface NamedChoice {
  /** As in an address: `team:00E1`. */
  readonly text: string;
  readonly name: string;
  readonly kind: string;
}

/** A form that only asks: every choice ends in the address, to be kept and passed on. */
export function filterForm(context: PageContext, choices: FilterChoices): Html {
  const { format, selection, theme } = context;
  const { filter, grain: grainNames, kind, status } = format.say;
  const chosen = segmentText(selection.segment);
  const kept = { language: selection.language, ...(theme !== null && { theme }) };
  const shownGrains = grains.filter((grain) => choices.grains.includes(grain));
  const kinds = [...Map.groupBy(choices.segments, (choice) => choice.kind)];
  return html`<form class="filters" method="get" action="${context.path}" aria-label="${filter.title}">${Object.entries(
    kept,
  ).map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`)}
<label>${filter.grain}<select name="grain">${option('', filter.ownGrain, selection.grain ?? '')}${shownGrains.map((grain) => option(grain, grainNames[grain], selection.grain ?? ''))}</select></label>
<label>${filter.period}<select name="period">${option('', filter.latest, selection.period ?? '')}${choices.periods.map((label) => option(label, format.period(label), selection.period ?? ''))}</select></label>
<label>${filter.segment}<select name="segment">${option('', kind.company, chosen)}${kinds.map(
    ([name, group]) =>
      html`<optgroup label="${(kind as Readonly<Record<string, string>>)[name] ?? name}">${group.map((choice) => option(choice.text, choice.name, chosen))}</optgroup>`,
  )}</select></label>
${choices.owners.length === 0 ? '' : html`<label>${filter.owner}<select name="owner">${option('', filter.everyone, chosen)}${choices.owners.map((choice) => option(choice.text.slice('owner:'.length), choice.name, selection.segment.kind === 'owner' ? (selection.segment.id ?? '') : ''))}</select></label>`}
${choices.withStatus ? html`<label>${filter.status}<select name="status">${option('', filter.any, selection.status ?? '')}${statuses.map((name) => option(name, status[name], selection.status ?? ''))}</select></label>` : ''}
<div class="actions"><button>${filter.apply}</button><a class="button plain" href="${linkTo(context, context.path, { grain: null, period: null, segment: null, status: null, goal: null })}">${filter.reset}</a></div></form>`;
}
