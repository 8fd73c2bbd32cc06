import { html } from 'hono/html';
import type { EffectSide } from '../model/action.ts';
import { addDays } from '../model/zone.ts';
import type { Html } from './chart-frame.ts';
import type { PlannedAction } from './desk.ts';
import { verdictBadge } from './effects-block.ts';
import type { Format } from './format.ts';
import { table } from './page-parts.ts';

/** The plan: who does what until when, and what came of it. */
export function actionsTable(actions: readonly PlannedAction[], format: Format): Html {
  const { say, language } = format;
  if (actions.length === 0) return html`<p class="quiet">${say.findings.noActions}</p>`;
  return table<PlannedAction>({
    caption: say.findings.plan,
    rows: actions,
    columns: [
      {
        head: say.findings.action,
        isHead: true,
        cell: ({ action }) =>
          html`<div class="told">${action.title[language]}</div><small class="quiet id">${[say.actionType[action.type], action.hypothesis[language]].filter(Boolean).join(' · ')}${action.owner ? html`<span class="narrow-only"> · ${action.owner.name}</span>` : ''}</small>`,
      },
      { head: say.findings.responsible, isMinor: true, cell: ({ action }) => action.owner?.name ?? '–' },
      {
        head: say.findings.due,
        cell: ({ action }) => dateCell(action.dueOn, format),
      },
      { head: say.findings.state, cell: ({ action }) => say.actionState[action.state] },
      {
        head: say.findings.before,
        isNumber: true,
        isMinor: true,
        cell: (row) => sideText(row, 'before', format),
      },
      {
        head: say.findings.after,
        isNumber: true,
        isMinor: true,
        cell: (row) => sideText(row, 'after', format),
      },
      { head: say.findings.effect, cell: (row) => effectCell(row, format) },
    ],
  });
}

function dateCell(day: string | null, { date }: Format): Html | string {
  return day === null ? '–' : html`<span class="date">${date(day)}</span>`;
}

function sideText({ effect }: PlannedAction, name: 'before' | 'after', format: Format): string {
  const side: EffectSide | null = effect?.report[name] ?? null;
  return effect === null || side === null ? '–' : format.value(side.value, effect);
}

/** The verdict, else the first day on which there can be one. */
function effectCell({ action, effect }: PlannedAction, format: Format): Html | string {
  if (effect !== null) return verdictBadge(effect.report.verdict, format);
  const { plan, finishedOn } = action;
  if (plan === null || finishedOn === null) return '–';
  return format.say.effect.readyOn(format.date(addDays(finishedOn, 1 + plan.washOutDays + plan.windowDays)));
}
