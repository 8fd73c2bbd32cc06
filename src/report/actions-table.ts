import { html } from 'hono/html';
import type { EffectSide } from '../model/action.ts';
import type { Html } from './chart-frame.ts';
import type { PlannedAction } from './desk.ts';
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
          html`${action.title[language]}<br><small class="quiet">${say.actionType[action.type]} · ${action.hypothesis[language]}</small>`,
      },
      { head: say.findings.responsible, cell: ({ action }) => action.owner?.name ?? '–' },
      {
        head: say.findings.due,
        cell: ({ action }) => (action.dueOn === null ? '–' : format.date(action.dueOn)),
      },
      { head: say.findings.state, cell: ({ action }) => say.actionState[action.state] },
      {
        head: say.findings.before,
        isNumber: true,
        isMinor: true,
        cell: (row) => sideText(row.effect?.before ?? null, row, format),
      },
      {
        head: say.findings.after,
        isNumber: true,
        isMinor: true,
        cell: (row) => sideText(row.effect?.after ?? null, row, format),
      },
      { head: say.findings.effect, cell: ({ headline }) => headline?.[language] ?? '–' },
    ],
  });
}

function sideText(side: EffectSide | null, { unit, currency }: PlannedAction, format: Format): string {
  return side === null || side.value === null ? '–' : format.value(side.value, { unit, currency });
}
