import { scaleLinear } from 'd3-scale';
import { html } from 'hono/html';
import type { Kpi } from '../model/kpi.ts';
import type { StoredResult } from '../model/result-store.ts';
import type { Range } from '../statistics/intervals.ts';
import type { ChartSize, Html } from './chart-frame.ts';
import { hiddenUnlessStyled, round } from './chart-frame.ts';
import type { Format } from './format.ts';
import { pointMark } from './marks.ts';

const rowHeight = 30;
/** Room for names, and the characters of a name that fit. */
const widths = {
  wide: { whole: 1040, name: 230, letters: 30 },
  narrow: { whole: 380, name: 140, letters: 16 },
} as const satisfies Record<ChartSize, object>;

export interface BarsChart {
  readonly kpi: Kpi;
  /** In the order in which they are drawn. */
  readonly results: readonly StoredResult[];
  readonly intervalOf: (result: StoredResult) => Range | null;
  readonly title: string;
  readonly format: Format;
  readonly size?: ChartSize;
}

/** Segments side by side: a bar up to the value, the interval across its end, the target as a line. */
export function barsChart({ results, intervalOf, title, format, size = 'wide' }: BarsChart): Html | string {
  const shown = results.filter(({ value }) => value !== null);
  const [first] = shown;
  const last = shown.at(-1);
  if (!first || !last) return '';
  const target = shown.find((result) => typeof result.target === 'number')?.target;
  const level = typeof target === 'number' ? target : null;
  const ends = shown.flatMap((result) => [
    result.value ?? 0,
    intervalOf(result)?.high ?? 0,
    intervalOf(result)?.low ?? 0,
  ]);
  const room = { ...widths[size], value: roomForValues(shown, format) };
  const x = scaleLinear()
    .domain([Math.min(0, ...ends), Math.max(...ends, level ?? 0) || 1])
    .range([room.name, room.whole - room.value]);
  const height = shown.length * rowHeight + 12;
  const desc = format.say.chart.barsDesc(
    `${format.segment(first.segment)} ${format.value(first.value, first)}`,
    `${format.segment(last.segment)} ${format.value(last.value, last)}`,
  );
  const rows = shown.map((result, place) =>
    drawBar(result, { place, x, range: intervalOf(result), format, room }),
  );
  const line = level === null ? '' : html`<path class="target" d="M${round(x(level))} 2V${height - 4}"/>`;
  return html`<svg class="chart bars ${size}"${hiddenUnlessStyled(size)} role="img" viewBox="0 0 ${room.whole} ${height}" aria-label="${title}. ${desc}"><title>${title}</title><desc>${desc}</desc>${rows}${line}</svg>`;
}

const letterWidth = 8;

function roomForValues(results: readonly StoredResult[], { value }: Format): number {
  return 18 + letterWidth * Math.max(...results.map((result) => value(result.value, result).length));
}

interface BarPlace {
  readonly place: number;
  readonly x: (value: number) => number;
  readonly range: Range | null;
  readonly format: Format;
  readonly room: { readonly whole: number; readonly name: number; readonly letters: number };
}

function drawBar(result: StoredResult, { place, x, range, format, room }: BarPlace): Html {
  const middle = place * rowHeight + rowHeight / 2 + 4;
  const name = format.segment(result.segment);
  const short = [...name].length > room.letters ? `${[...name].slice(0, room.letters - 1).join('')}…` : name;
  const zero = round(x(0));
  const end = round(x(result.value ?? 0));
  const spread = range
    ? html`<path class="interval" d="M${round(x(range.low))} ${middle}H${round(x(range.high))}M${round(x(range.low))} ${middle - 4}v8M${round(x(range.high))} ${middle - 4}v8"/>`
    : '';
  return html`<g class="point ${result.status ?? ''}"><title>${name}: ${format.value(result.value, result)}</title><text x="${room.name - 12}" y="${middle + 4}" text-anchor="end">${short}</text><rect x="${Math.min(zero, end)}" y="${middle - 7}" width="${round(Math.abs(end - zero))}" height="14" rx="2"/>${spread}${result.status ? pointMark(result.status, { x: end, y: middle }) : ''}<text class="figure" x="${room.whole}" y="${middle + 4}" text-anchor="end">${format.value(result.value, result)}</text></g>`;
}
