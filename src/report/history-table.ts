import { html } from 'hono/html';
import type { StoredResult } from '../model/result-store.ts';
import type { Html } from './chart-frame.ts';
import type { Figure } from './figures.ts';
import type { Format } from './format.ts';
import { yearBefore } from './kpi-view.ts';
import { intervalOf } from './limits.ts';
import { type Column, showValue, statusBadge, table } from './page-parts.ts';
import { restatementText } from './restatement.ts';

export interface HistoryTable {
  readonly figure: Figure;
  readonly official: ReadonlyMap<number, StoredResult>;
  readonly format: Format;
  /** Address of the records behind a row; null: none is shown. */
  readonly recordsLink: ((result: StoredResult) => string) | null;
  /** Rows shown at once, the newest first; the rest unfolds. All, unless told. */
  readonly limit?: number;
}

/** The figures of a history chart, newest first. */
export function historyTable(parts: HistoryTable): Html {
  const { figure, format, recordsLink, limit } = parts;
  const { say } = format;
  const { kpi, goal, history } = figure;
  const interval = (row: StoredResult) => {
    const range = intervalOf(row, kpi);
    return range ? `${format.value(range.low, row)} – ${format.value(range.high, row)}` : '';
  };
  const columns: Column<StoredResult>[] = [
    { head: say.column.period, isHead: true, cell: (row) => periodCell(row, format) },
    {
      head: say.column.value,
      isNumber: true,
      cell: (row) => html`<strong>${showValue(row.value, row, format)}</strong>${officialNote(row, parts)}`,
    },
    { head: say.column.interval, isNumber: true, isMinor: true, cell: interval },
    {
      head: say.column.target,
      isNumber: true,
      isMinor: true,
      cell: (row) => format.target(row.target, goal?.shape, row),
    },
    { head: say.column.status, cell: (row) => statusBadge(row.status, format) },
    {
      head: say.column.lastYear,
      isNumber: true,
      isMinor: true,
      cell: (row) => {
        const before = yearBefore(figure.past, row);
        return before ? showValue(before.value, before, format) : '–';
      },
    },
    {
      head: say.column.records,
      isNumber: true,
      cell: (row) =>
        recordsLink && row.n > 0
          ? html`<a href="${recordsLink(row)}" aria-label="${say.kpi.recordsOf(format.period(row.periodLabel))}: ${format.number(row.n)}">${format.number(row.n)}</a>`
          : format.number(row.n),
    },
    { head: say.column.stage, isMinor: true, cell: (row) => say.stage[row.stage] },
  ];
  const judged = history.some(({ status }) => status !== null);
  const measured = history.some((row) => intervalOf(row, kpi) !== null);
  const shared = {
    caption: `${kpi.label[format.language]}: ${say.chart.table}`,
    columns: columns.filter(
      ({ head }) =>
        (judged || (head !== say.column.status && head !== say.column.target)) &&
        (measured || head !== say.column.interval),
    ),
    rowClass: ({ complete }: StoredResult) => (complete ? '' : 'open'),
  };
  const rows = history.toReversed();
  const newest = table({ ...shared, rows: rows.slice(0, limit) });
  const earlier = limit === undefined ? [] : rows.slice(limit);
  if (earlier.length === 0) return newest;
  return html`${newest}<details><summary>${say.reports.earlier}</summary>${table({ ...shared, caption: `${shared.caption}: ${say.reports.earlier}`, rows: earlier })}</details>`;
}

/** Short on narrow screens, where each line counts. */
function periodCell({ periodLabel, complete }: StoredResult, { period, periodShort, say }: Format): Html {
  const note = complete ? '' : ` (${say.kpi.partial})`;
  return html`<span class="wide-only">${period(periodLabel)}${note}</span><span class="narrow-only">${periodShort(periodLabel)}${complete ? '' : '…'}</span>`;
}

function officialNote(row: StoredResult, { official, format, figure: { kpi } }: HistoryTable): Html | string {
  const before = official.get(row.id);
  const causes = restatementText(row, kpi, format);
  const was =
    before && before.value !== row.value
      ? html`<br><small class="quiet">${format.say.kpi.restatedFrom(format.value(before.value, before))}</small>`
      : '';
  return html`${was}${causes === '' ? '' : html`<br><small class="quiet causes">${causes}</small>`}`;
}
