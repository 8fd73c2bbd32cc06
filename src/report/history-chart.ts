import type { ScaleBand, ScaleLinear } from 'd3-scale';
import { line } from 'd3-shape';
import { html } from 'hono/html';
import type { StoredResult } from '../model/result-store.ts';
import {
  type ChartSize,
  type Frame,
  type Html,
  hiddenUnlessStyled,
  periodScale,
  round,
  valueAxis,
  valueScale,
} from './chart-frame.ts';
import type { Figure } from './figures.ts';
import type { Format } from './format.ts';
import { intervalOf, type Limits } from './limits.ts';
import { pointMark } from './marks.ts';
import { restatementText } from './restatement.ts';

/** Room at the left is for the names of the ticks, as long as they are. */
const frames = {
  wide: { width: 1040, height: 330, right: 16, top: 16, bottom: 36, left: 0 },
  narrow: { width: 380, height: 260, right: 8, top: 14, bottom: 30, left: 0 },
} as const satisfies Record<ChartSize, Frame>;

/** Period names that fit under a chart. */
const namesShown = { wide: 13, narrow: 5 } as const satisfies Record<ChartSize, number>;
/** A phone shows a year and the running period; the table has all. */
const longestNarrow = 13;

export interface HistoryChart {
  readonly figure: Figure;
  readonly limits: Limits;
  /** Value when it became official, by result id, of restated points. */
  readonly official: ReadonlyMap<number, StoredResult>;
  readonly format: Format;
  readonly size?: ChartSize;
}

interface Drawing extends HistoryChart {
  readonly x: ScaleBand<string>;
  readonly y: ScaleLinear<number, number>;
  readonly points: readonly StoredResult[];
  readonly frame: Frame;
  readonly names: number;
}

/** Values over time with target steps, baseline and control limits; the running period is drawn as such. */
export function historyChart(whole: HistoryChart): Html {
  const { format, size = 'wide' } = whole;
  const chart = size === 'wide' ? whole : { ...whole, figure: newestOf(whole.figure) };
  const { figure } = chart;
  const points = figure.history.filter(({ value }) => value !== null);
  const first = figure.history.at(0);
  const last = figure.history.at(-1);
  if (points.length === 0 || !first || !last) return html`<p class="quiet">${format.say.status.no_data}</p>`;
  const y = valueScale(allValues(chart), frames[size]);
  const of = { unit: last.unit, currency: last.currency, max: Math.max(...y.domain().map(Math.abs)) };
  const tick = (value: number) => format.tick(value, of);
  const frame = { ...frames[size], left: roomForNames(y.ticks(5).map(tick)) };
  const x = periodScale(
    figure.history.map(({ periodLabel }) => periodLabel),
    frame,
  );
  const drawing = { ...chart, x, y, points, frame, names: namesShown[size] };
  const name = figure.kpi.label[format.language];
  const desc = format.say.chart.historyDesc(
    name,
    format.period(first.periodLabel),
    format.period(last.periodLabel),
  );
  return html`<svg class="chart ${size}"${hiddenUnlessStyled(size)} role="img" viewBox="0 0 ${frame.width} ${frame.height}" aria-label="${name}. ${desc}"><title>${name}</title><desc>${desc}</desc>
${limitBand(drawing)}${valueAxis(y, frame, tick)}${periodAxis(drawing)}
${levels(drawing)}${valueLine(drawing)}${intervals(drawing)}${points.map((point) => drawPoint(drawing, point))}</svg>`;
}

const letterWidth = 7.6;

function roomForNames(names: readonly string[]): number {
  return Math.round(Math.max(36, 14 + letterWidth * Math.max(...names.map(({ length }) => length))));
}

function newestOf(figure: Figure): Figure {
  return { ...figure, history: figure.history.slice(-longestNarrow) };
}

function allValues({ figure, limits, official }: HistoryChart): readonly number[] {
  const values = figure.history.flatMap((result) => {
    const { value, target, baseline, id, complete, forecast } = result;
    const range = limits.kind === 'uneven' ? intervalOf(result, figure.kpi) : null;
    const ends = typeof target === 'object' && target !== null ? [target.lo, target.hi] : [target];
    const expected = complete ? null : (forecast?.value ?? null);
    return [value, ...ends, baseline, range?.low, range?.high, official.get(id)?.value, expected];
  });
  if (limits.kind === 'common') values.push(limits.chart.low, limits.chart.high);
  return values.flatMap((value) => (typeof value === 'number' && Number.isFinite(value) ? [value] : []));
}

function centre({ x }: Drawing, { periodLabel }: StoredResult): number {
  return round((x(periodLabel) ?? 0) + x.bandwidth() / 2);
}

function limitBand({ limits, y, frame }: Drawing): Html | string {
  if (limits.kind !== 'common') return '';
  const { low, high, mean } = limits.chart;
  const [top, bottom, middle] = [round(y(high)), round(y(low)), round(y(mean))];
  const end = frame.width - frame.right;
  return html`<rect class="limits" x="${frame.left}" y="${top}" width="${end - frame.left}" height="${round(bottom - top)}"/><path class="limit" d="M${frame.left} ${top}H${end}M${frame.left} ${bottom}H${end}"/><path class="mean" d="M${frame.left} ${middle}H${end}"/>`;
}

function periodAxis(drawing: Drawing): Html {
  const { figure, format, frame, names } = drawing;
  const every = Math.ceil(figure.history.length / names);
  const shown = figure.history.filter((_, place) => (figure.history.length - 1 - place) % every === 0);
  return html`<g class="axis">${shown.map(
    (result) =>
      html`<text x="${centre(drawing, result)}" y="${frame.height - 12}" text-anchor="middle">${format.periodShort(result.periodLabel)}</text>`,
  )}</g>`;
}

/** Target and baseline as they were for each period: a change is a step. */
function levels(drawing: Drawing): Html {
  const steps = (name: string, levelOf: (result: StoredResult) => number | null) => {
    const d = stepPath(drawing, levelOf);
    return d === '' ? '' : html`<path class="${name}" d="${d}"/>`;
  };
  return html`${steps('baseline', ({ baseline }) => baseline)}${steps('target', ({ target }) =>
    typeof target === 'object' ? (target?.lo ?? null) : target,
  )}${steps('target', ({ target }) => (typeof target === 'object' ? (target?.hi ?? null) : null))}`;
}

function stepPath({ figure, x, y }: Drawing, levelOf: (result: StoredResult) => number | null): string {
  let d = '';
  let previous: number | null = null;
  for (const result of figure.history) {
    const level = levelOf(result);
    if (level !== null) {
      const start = round(x(result.periodLabel) ?? 0);
      const height = round(y(level));
      d += previous === null ? `M${start} ${height}` : previous === height ? '' : `V${height}`;
      d += `H${round(start + x.bandwidth())}`;
      previous = height;
    } else previous = null;
  }
  return d;
}

function valueLine(drawing: Drawing): Html {
  const { figure, y } = drawing;
  const draw = line<StoredResult>()
    .defined(({ value }) => value !== null)
    .x((result) => centre(drawing, result))
    .y(({ value }) => round(y(value ?? 0)));
  const complete = figure.history.filter((result) => result.complete);
  const tail = figure.history.slice(-2);
  const isOpen = tail.length === 2 && tail[1]?.complete === false;
  return html`<path class="line" d="${draw(complete) ?? ''}"/>${isOpen ? html`<path class="line partial" d="${draw(tail) ?? ''}"/>` : ''}`;
}

/** Where the numbers of records differ much, each point tells its own uncertainty. */
function intervals(drawing: Drawing): Html | string {
  if (drawing.limits.kind !== 'uneven') return '';
  const { points, figure, y } = drawing;
  const d = points
    .map((point) => {
      const range = intervalOf(point, figure.kpi);
      return range ? `M${centre(drawing, point)} ${round(y(range.low))}V${round(y(range.high))}` : '';
    })
    .join('');
  return html`<path class="interval" d="${d}"/>`;
}

function drawPoint(drawing: Drawing, point: StoredResult): Html {
  const { format, official, y } = drawing;
  const x = centre(drawing, point);
  const before = official.get(point.id);
  const restated = before?.value ?? null;
  const remarks = [
    point.status && format.say.status[point.status],
    point.complete ? null : format.say.kpi.partial,
    before && restated !== null ? format.say.kpi.restatedFrom(format.value(restated, before)) : null,
    restatementText(point, drawing.figure.kpi, format) || null,
  ].filter((remark) => remark !== null);
  const title = `${format.period(point.periodLabel)}: ${format.value(point.value, point)}${remarks.length > 0 ? ` (${remarks.join(', ')})` : ''}`;
  const old =
    restated === null
      ? ''
      : html`<path class="restated" d="M${x} ${round(y(restated))}V${round(y(point.value ?? 0))}"/><circle class="restated" cx="${x}" cy="${round(y(restated))}" r="4"/>`;
  return html`<g class="point ${point.status ?? ''}${point.complete ? '' : ' partial'}"><title>${title}</title>${old}${pointMark(point.status, { x, y: round(y(point.value ?? 0)) })}</g>`;
}
