import { type SymbolType, symbol, symbolCircle, symbolDiamond, symbolSquare, symbolTriangle } from 'd3-shape';
import { html, raw } from 'hono/html';
import type { Status } from '../model/goal.ts';
import type { Html } from './chart-frame.ts';

/** A status has a shape of its own, so that it is told without colour: triangle, circle, square, diamond. */
const shapes: Readonly<Partial<Record<Status, SymbolType>>> = {
  exceeded: symbolTriangle,
  on_target: symbolCircle,
  at_risk: symbolSquare,
  off_target: symbolDiamond,
};
const pointArea = 46;
const paths = new Map(
  Object.entries(shapes).map(([status, shape]) => [status, symbol(shape, pointArea)() ?? '']),
);
const dot = symbol(symbolCircle, pointArea / 2)() ?? '';

export function pointMark(status: Status | null, { x, y }: { x: number; y: number }): Html {
  return html`<path transform="translate(${x} ${y})" d="${shorten(paths.get(status ?? '') ?? dot)}"/>`;
}

/** The same shapes beside the status in words. */
export function statusIcon(status: Status): Html {
  return raw(icons[status]);
}

const icon = (inner: string) => `<svg class="icon" viewBox="0 0 16 16" aria-hidden="true">${inner}</svg>`;
const icons: Readonly<Record<Status, string>> = {
  exceeded: icon('<path d="M8 2 15 14H1Z"/>'),
  on_target: icon('<circle cx="8" cy="8" r="6.5"/>'),
  at_risk: icon('<rect x="2" y="2" width="12" height="12" rx="1"/>'),
  off_target: icon('<path d="M8 .5 15.5 8 8 15.5 .5 8Z"/>'),
  no_data: icon('<circle cx="8" cy="8" r="6" class="hollow"/>'),
  insufficient: icon('<path class="hollow" d="M2.5 8h11"/>'),
  not_started: icon('<circle cx="8" cy="8" r="2.5"/>'),
};

function shorten(path: string): string {
  return path.replace(/\d+\.\d+/g, (number) => String(Math.round(Number(number) * 100) / 100));
}
