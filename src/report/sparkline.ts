import { scaleLinear, scalePoint } from 'd3-scale';
import { line } from 'd3-shape';
import { html } from 'hono/html';
import type { StoredResult } from '../model/result-store.ts';
import type { Html } from './chart-frame.ts';
import type { Figure } from './figures.ts';
import type { Format } from './format.ts';
import type { Limits } from './limits.ts';

const width = 160;
const height = 44;
const inset = 4;
/** Periods drawn: more would be too narrow to see. */
const longest = 25;

/** The course of a figure in the size of a word: value, limits and target. */
export function sparkline({ kpi, history }: Figure, limits: Limits, format: Format): Html | string {
  const shown = history.slice(-longest);
  const points = shown.filter(({ value }) => value !== null);
  const last = points.at(-1);
  const first = points.at(0);
  if (!first || !last || points.length < 2) return '';
  const values = points.map(({ value }) => value ?? 0);
  const target = typeof last.target === 'number' ? last.target : null;
  const common = limits.kind === 'common' ? limits.chart : null;
  const levels = [...values, target, common?.low, common?.high].filter((level) => typeof level === 'number');
  const y = scaleLinear()
    .domain([Math.min(...levels), Math.max(...levels)])
    .range([height - inset, inset]);
  const x = scalePoint()
    .domain(shown.map(({ periodStart }) => periodStart))
    .range([inset, width - inset]);
  const draw = line<StoredResult>()
    .x(({ periodStart }) => Math.round(x(periodStart) ?? 0))
    .y(({ value }) => Math.round(y(value ?? 0)));
  const complete = points.filter((point) => point.complete);
  const name = kpi.label[format.language];
  const desc = format.say.chart.sparkDesc(
    format.value(first.value, first),
    format.value(last.value, last),
    format.value(Math.min(...values), last),
    format.value(Math.max(...values), last),
  );
  const band = common
    ? html`<rect class="limits" y="${Math.round(y(common.high))}" width="${width}" height="${Math.round(y(common.low) - y(common.high))}"/>`
    : '';
  const goal = target === null ? '' : html`<path class="target" d="M0 ${Math.round(y(target))}H${width}"/>`;
  const tail = last.complete ? '' : html`<path class="line partial" d="${draw(points.slice(-2)) ?? ''}"/>`;
  return html`<svg class="spark" role="img" viewBox="0 0 ${width} ${height}" aria-label="${name}. ${desc}">${band}${goal}<path class="line" d="${draw(complete) ?? ''}"/>${tail}<circle cx="${Math.round(x(last.periodStart) ?? 0)}" cy="${Math.round(y(last.value ?? 0))}" r="3"/></svg>`;
}
