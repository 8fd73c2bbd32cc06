import { type ScaleBand, type ScaleLinear, scaleBand, scaleLinear } from 'd3-scale';
import { html } from 'hono/html';

/** Escaped markup: only what the `html` tag made. */
export type Html = ReturnType<typeof html>;

/** Narrow: for a phone, on which a wide one would have to be pushed to and fro. */
export type ChartSize = 'wide' | 'narrow';

/** Where a mail program drops the style, only one of both is seen. */
export function hiddenUnlessStyled(size: ChartSize): Html | string {
  return size === 'narrow' ? html` display="none"` : '';
}

export interface Frame {
  readonly width: number;
  readonly height: number;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** Coordinates to a tenth of a unit: finer is not seen and only takes space. */
export function round(value: number): number {
  return Math.round(value * 10) / 10;
}

/** A scale that holds all values, from zero where they are not far from it. */
export function valueScale(values: readonly number[], frame: Frame): ScaleLinear<number, number> {
  const low = Math.min(...values);
  const high = Math.max(...values);
  const room = high === low ? Math.abs(high) * 0.2 || 1 : 0;
  const start = low >= 0 && low < high * 0.6 ? 0 : low - room - (high - low) * 0.08;
  return scaleLinear()
    .domain([start, high + room])
    .nice(5)
    .range([frame.height - frame.bottom, frame.top]);
}

export function periodScale(labels: readonly string[], frame: Frame): ScaleBand<string> {
  return scaleBand()
    .domain(labels)
    .range([frame.left, frame.width - frame.right])
    .paddingInner(0)
    .paddingOuter(0.1);
}

export function valueAxis(
  scale: ScaleLinear<number, number>,
  frame: Frame,
  label: (value: number) => string,
): Html {
  return html`<g class="axis">${scale.ticks(5).map((tick) => {
    const y = round(scale(tick));
    return html`<line x1="${frame.left}" x2="${frame.width - frame.right}" y1="${y}" y2="${y}"/><text x="${frame.left - 8}" y="${y + 4}" text-anchor="end">${label(tick)}</text>`;
  })}</g>`;
}
