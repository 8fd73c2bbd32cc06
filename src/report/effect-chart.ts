import { type ScaleLinear, scaleLinear } from 'd3-scale';
import { html } from 'hono/html';
import type { ToldEffect, Verdict } from '../model/action.ts';
import type { Status } from '../model/goal.ts';
import { type Html, round } from './chart-frame.ts';
import type { DrawnEffect, DrawnSide } from './effect-sides.ts';
import type { Format } from './format.ts';
import { pointMark } from './marks.ts';

const frame = { width: 480, height: 150, left: 90, right: 112, top: 24, bottom: 30 };
const rows = { before: 48, after: 90 };

/** The shape of a status for what came out: up and good, down and bad; a plain dot where nothing can be told. */
const marks: Readonly<Record<Verdict, Status | null>> = {
  improved: 'exceeded',
  worsened: 'off_target',
  no_evidence: null,
  insufficient: null,
};

interface Drawing {
  readonly told: ToldEffect;
  readonly x: ScaleLinear<number, number>;
  readonly format: Format;
}

/** A KPI before and after an action, each with its 95 % interval, and the goal as a line. */
export function effectChart(told: ToldEffect, drawn: DrawnEffect, format: Format): Html {
  const { language, say } = format;
  const x = scaleLinear()
    .domain(domainOf(told, drawn))
    .nice(5)
    .range([frame.left, frame.width - frame.right]);
  const drawing = { told, x, format };
  const name = `${told.title[language]}: ${told.label[language]}`;
  const desc = say.effect.desc(sentence(drawn.before, drawing), sentence(drawn.after, drawing));
  return html`<svg class="chart effect" role="img" viewBox="0 0 ${frame.width} ${frame.height}" aria-label="${name}. ${desc}"><title>${name}</title><desc>${desc}</desc>
${axis(drawing)}${goalLine(drawing)}<path class="shift" d="M${round(x(drawn.before.value))} ${rows.before}L${round(x(drawn.after.value))} ${rows.after}"/>${drawRow(drawing, { side: drawn.before, name: say.findings.before, y: rows.before, mark: null })}${drawRow(drawing, { side: drawn.after, name: say.findings.after, y: rows.after, mark: told.report.verdict })}</svg>`;
}

function domainOf({ target }: ToldEffect, { before, after }: DrawnEffect): readonly [number, number] {
  const ends = typeof target === 'object' && target !== null ? [target.lo, target.hi] : [target];
  const values = [before.value, before.low, before.high, after.value, after.low, after.high, ...ends];
  const known = values.flatMap((value) => (value !== null && Number.isFinite(value) ? [value] : []));
  const [low, high] = [Math.min(...known), Math.max(...known)];
  const room = high === low ? Math.abs(high) * 0.2 || 1 : (high - low) * 0.06;
  return [low >= 0 && low - room < 0 ? 0 : low - room, high + room];
}

/** `15.0 % (10.1 % to 21.7 %)` */
function sentence({ value, low, high }: DrawnSide, { told, format }: Drawing): string {
  const text = (amount: number | null) => (amount === null ? '…' : format.value(amount, told));
  if (low === null && high === null) return text(value);
  return `${text(value)} (${format.say.overview.range(text(low), text(high))})`;
}

function axis({ x, told, format }: Drawing): Html {
  const bottom = frame.height - frame.bottom;
  const of = { ...told, max: Math.max(...x.domain().map(Math.abs)) };
  return html`<g class="axis">${spacedTicks(x, (tick) => format.tick(tick, of)).map((tick) => {
    const at = round(x(tick));
    return html`<line x1="${at}" x2="${at}" y1="${frame.top}" y2="${bottom}"/><text x="${at}" y="${bottom + 18}" text-anchor="middle">${format.tick(tick, of)}</text>`;
  })}</g>`;
}

/** Room for a letter of the largest type in which the chart is shown. */
const letterWidth = 10;

/** Fewer where their names would run into each other. */
function spacedTicks(x: Drawing['x'], name: (tick: number) => string): readonly number[] {
  const ticks = x.ticks(4);
  const step = Math.abs(x(ticks[1] ?? 0) - x(ticks[0] ?? 0)) || 1;
  const widest = letterWidth * Math.max(...ticks.map((tick) => name(tick).length));
  const every = Math.max(1, Math.ceil(widest / step));
  return ticks.filter((_, place) => place % every === 0);
}

function goalLine({ x, told, format }: Drawing): Html | string {
  const { target } = told;
  if (target === null) return '';
  const levels = typeof target === 'object' ? [target.lo, target.hi] : [target];
  const d = levels
    .map((level) => `M${round(x(level))} ${frame.top - 6}V${frame.height - frame.bottom}`)
    .join('');
  const middle = (x(levels[0] ?? 0) + x(levels.at(-1) ?? 0)) / 2;
  const anchor =
    middle > frame.width - frame.right - 60 ? 'end' : middle < frame.left + 60 ? 'start' : 'middle';
  return html`<path class="target" d="${d}"/><text class="goal" x="${round(middle)}" y="${frame.top - 11}" text-anchor="${anchor}">${format.say.column.target} ${levels.map((level) => format.value(level, told)).join(' – ')}</text>`;
}

interface Row {
  readonly side: DrawnSide;
  readonly name: string;
  readonly y: number;
  readonly mark: Verdict | null;
}

function drawRow(drawing: Drawing, { side, name, y, mark }: Row): Html {
  const { x, told, format } = drawing;
  const status = mark === null ? null : marks[mark];
  const at = round(x(side.value));
  return html`<g class="point ${status ?? ''}"><title>${name}: ${sentence(side, drawing)}</title><text class="name" x="${frame.left - 14}" y="${y + 4}" text-anchor="end">${name}</text>${whisker(side, drawing, y)}${pointMark(status ?? 'on_target', { x: at, y })}<text class="figure" x="${frame.width}" y="${y + 4}" text-anchor="end">${format.value(side.value, told)}</text></g>`;
}

/** An end that is not known runs out of the chart, without a stop. */
function whisker({ low, high }: DrawnSide, { x }: Drawing, y: number): Html | string {
  if (low === null && high === null) return '';
  const start = low === null ? frame.left : round(x(low));
  const end = high === null ? frame.width - frame.right : round(x(high));
  const stops = [low === null ? '' : `M${start} ${y - 5}v10`, high === null ? '' : `M${end} ${y - 5}v10`];
  return html`<path class="interval" d="M${start} ${y}H${end}${stops.join('')}"/>`;
}
