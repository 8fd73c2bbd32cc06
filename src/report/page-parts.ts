import { html } from 'hono/html';
import { plainNumber } from '../model/format.ts';
import type { Status } from '../model/goal.ts';
import type { StoredResult } from '../model/result-store.ts';
import type { Html } from './chart-frame.ts';
import type { Figure } from './figures.ts';
import type { Format } from './format.ts';
import { statusIcon } from './marks.ts';

/** A status in words and with a shape; the colour only adds to them. */
export function statusBadge(status: Status | null, { say }: Format): Html | string {
  return status === null
    ? ''
    : html`<span class="status ${status}">${statusIcon(status)}${say.status[status]}</span>`;
}

/** A figure as people read it, with the exact number for programs. */
export function showValue(
  value: number | null,
  of: Pick<StoredResult, 'unit' | 'currency'>,
  format: Format,
): Html | string {
  if (value === null) return '–';
  return html`<data value="${String(plainNumber(value, of.unit, of.currency))}">${format.value(value, of)}</data>`;
}

export function targetText({ result, goal }: Pick<Figure, 'result' | 'goal'>, format: Format): string {
  return format.target(result.target, goal?.shape, result);
}

export interface Column<T> {
  readonly head: string;
  readonly cell: (row: T) => Html | string;
  readonly isNumber?: boolean;
  /** Left out on narrow screens. */
  readonly isMinor?: boolean;
  /** Names the row. */
  readonly isHead?: boolean;
}

export interface TableParts<T> {
  readonly caption: string;
  readonly columns: readonly Column<T>[];
  readonly rows: readonly T[];
  readonly rowClass?: (row: T) => string;
}

/** A table that scrolls by itself, also by keyboard, where it is too wide. */
export function table<T>({ caption, columns, rows, rowClass }: TableParts<T>): Html {
  const classes = ({ isNumber, isMinor }: Column<T>) => {
    const names = [isNumber ? 'num' : '', isMinor ? 'wide-only' : ''].filter(Boolean).join(' ');
    return names === '' ? '' : html` class="${names}"`;
  };
  return html`<div class="scroll" tabindex="0" role="group" aria-label="${caption}"><table><caption class="vh">${caption}</caption><thead><tr>${columns.map(
    (column) => html`<th scope="col"${classes(column)}>${column.head}</th>`,
  )}</tr></thead><tbody>${rows.map((row) => {
    const name = rowClass?.(row) ?? '';
    return html`<tr${name === '' ? '' : html` class="${name}"`}>${columns.map((column) =>
      column.isHead
        ? html`<th scope="row"${classes(column)}>${column.cell(row)}</th>`
        : html`<td${classes(column)}>${column.cell(row)}</td>`,
    )}</tr>`;
  })}</tbody></table></div>`;
}

export function option(value: string, text: string, chosen: string): Html {
  return html`<option value="${value}"${value === chosen ? html` selected` : ''}>${text}</option>`;
}
