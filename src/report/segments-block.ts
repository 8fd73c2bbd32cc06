import { html } from 'hono/html';
import type { StoredResult } from '../model/result-store.ts';
import type { Range } from '../statistics/intervals.ts';
import { barsChart } from './bars-chart.ts';
import type { Html } from './chart-frame.ts';
import type { Figure } from './figures.ts';
import type { Format } from './format.ts';
import { mostRecords } from './kpi-view.ts';
import { intervalOf } from './limits.ts';
import { type Column, showValue, statusBadge, table } from './page-parts.ts';
import { segmentText } from './selection.ts';
import { textOf } from './words.ts';

/** Bars drawn of a kind; the table has all. */
const barsShown = 14;

export interface SegmentsBlock {
  readonly figure: Figure;
  readonly kind: string;
  readonly rows: readonly StoredResult[];
  /** Of medians, by id of the segment. */
  readonly intervals: ReadonlyMap<string, Range> | undefined;
  readonly format: Format;
  /** Address of the same page for one segment; null: names are no links. */
  readonly link: ((segment: string) => string) | null;
}

/** The segments of one kind in one period: bars with intervals, and the figures. */
export function segmentsBlock({ figure, kind, rows, intervals, format, link }: SegmentsBlock): Html {
  const { say } = format;
  const { kpi, goal, result } = figure;
  const title = say.kpi.segmentsOf(textOf(say.kind, kind), format.period(result.periodLabel));
  const interval = (row: StoredResult) =>
    intervalOf(row, kpi) ?? intervals?.get(row.segment.id ?? '') ?? null;
  const shown = {
    kpi,
    results: rows.slice(0, barsShown),
    intervalOf: interval,
    title: `${kpi.label[format.language]}: ${title}`,
    format,
  };
  const name = (row: StoredResult) => {
    const text = format.segment(row.segment);
    return link && row.segment.id !== null
      ? html`<a href="${link(segmentText(row.segment))}">${text}</a>`
      : text;
  };
  const judged = rows.some(({ status }) => status !== null);
  const measured = rows.some((row) => interval(row) !== null);
  const columns: (Column<StoredResult> & { readonly shown?: boolean })[] = [
    { head: textOf(say.kind, kind), isHead: true, cell: name },
    {
      head: say.column.value,
      isNumber: true,
      cell: (row) => html`<strong>${showValue(row.value, row, format)}</strong>`,
    },
    {
      head: say.column.interval,
      shown: measured,
      isNumber: true,
      isMinor: true,
      cell: (row) => {
        const range = interval(row);
        return range ? `${format.value(range.low, row)} – ${format.value(range.high, row)}` : '';
      },
    },
    {
      head: say.column.target,
      shown: judged,
      isNumber: true,
      isMinor: true,
      cell: (row) => format.target(row.target, goal?.shape, row),
    },
    { head: say.column.status, shown: judged, cell: (row) => statusBadge(row.status, format) },
    {
      head: say.column.evidence,
      shown: judged,
      isMinor: true,
      cell: ({ evidence }) => (evidence && evidence !== 'unknown' ? say.evidenceShort[evidence] : ''),
    },
    { head: say.column.records, isNumber: true, cell: (row) => format.number(row.n) },
  ];
  const figures = table<StoredResult>({
    caption: `${kpi.label[format.language]}: ${title}`,
    rows,
    columns: columns.filter(({ shown = true }) => shown),
  });
  return html`<div class="panel"><h3>${title}</h3>${barsChart(shown)}${barsChart({ ...shown, size: 'narrow' })}${measured ? '' : noIntervals(figure, rows, format)}${rows.length > 6 ? html`<details><summary>${say.chart.table}</summary>${figures}</details>` : figures}</div>`;
}

/** Of so many records a median has an interval. */
const fewestRecords = 6;

/** Only of durations one would look for them: counts and sums have none. */
function noIntervals(
  { result: { statistic, unit, n } }: Figure,
  rows: readonly StoredResult[],
  { say, number }: Format,
): Html | string {
  if (unit !== 'hours' || statistic === null) return '';
  const { many, other, few, waiting } = say.kpi.noIntervals;
  const isFew = rows.every((row) => row.n < fewestRecords);
  const known = n > mostRecords ? many(number(mostRecords)) : isFew ? few : waiting;
  return html`<p class="quiet">${statistic === 'p50' ? known : other}</p>`;
}
