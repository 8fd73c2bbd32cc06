import { html } from 'hono/html';
import type { Html } from './chart-frame.ts';
import { type Changes, linkTo, type PageContext } from './page-context.ts';

/** Files with exactly what the page shows. */
export function downloads(context: PageContext, path: string, changes: Changes = {}): Html {
  const { reports, kpi } = context.format.say;
  const formats = [
    ['xlsx', reports.asExcel],
    ['csv', reports.asCsv],
    ['pdf', reports.asPdf],
  ] as const;
  return html`<nav class="actions" aria-label="${kpi.downloads}">${formats.map(
    ([ending, name]) =>
      html`<a class="button plain" href="${linkTo(context, `${path}.${ending}`, changes)}" download>${name}</a>`,
  )}</nav>`;
}
