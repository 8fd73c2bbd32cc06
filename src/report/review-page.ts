import { html, raw } from 'hono/html';
import type { Language } from '../model/kpi.ts';
import type { Html } from './chart-frame.ts';
import type { ReviewBlock, ReviewView } from './desk.ts';
import { effectsBlock } from './effects-block.ts';
import { createFormat, type Format } from './format.ts';
import type { PageBody } from './layout.ts';
import { linkTo, type PageContext } from './page-context.ts';
import { table } from './page-parts.ts';
import { styleSheet } from './style.ts';
import { textWithCode } from './text-with-code.ts';

/** The page of a review meeting with the figures that it saw, and the way to earlier ones. */
export function reviewPage(context: PageContext, view: ReviewView | null): PageBody {
  const { format } = context;
  const { review } = format.say;
  if (view === null)
    return { title: review.title, main: html`<h1>${review.title}</h1><p>${textWithCode(review.none)}</p>` };
  const blocks = view.blocks[format.language];
  const main = html`${drawBlocks(blocks, { format, isEditable: false })}${otherReviews(context, view)}`;
  return { title: review.title, main };
}

function otherReviews(context: PageContext, { id, all }: ReviewView): Html | string {
  if (all.length < 2) return '';
  const { format } = context;
  const { review } = format.say;
  return html`<section aria-labelledby="all"><h2 id="all">${review.all}</h2><ul class="list">${all.map(
    (each) =>
      html`<li><a href="${linkTo(context, '/review', { id: String(each.id) })}"${each.id === id ? html` aria-current="page"` : ''}>${review.title} ${each.id}, ${format.date(each.on)}</a> <span class="quiet">${each.isClosed ? review.closed : review.open}</span></li>`,
  )}</ul></section>`;
}

export interface ReviewDocument {
  readonly blocks: readonly ReviewBlock[];
  readonly language: Language;
  readonly timeZone: string;
}

/** Stands alone: no script, nothing loaded; what is to be filled in can be typed into in the browser, or by hand on paper. */
export async function reviewDocument({ blocks, language, timeZone }: ReviewDocument): Promise<string> {
  const format = createFormat(language, timeZone);
  const title = blocks.find(({ kind }) => kind === 'title');
  const heading = title?.kind === 'title' ? localDates(title.text, format) : '';
  const body = drawBlocks(blocks, { format, isEditable: true });
  return String(
    await html`<!doctype html>
<html lang="${language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><title>${heading}</title><style>${raw(styleSheet)}</style></head><body><main>${body}</main></body></html>`,
  );
}

interface Drawing {
  readonly format: Format;
  readonly isEditable: boolean;
}

function drawBlocks(blocks: readonly ReviewBlock[], drawing: Drawing): Html {
  let heading = '';
  return html`${blocks.map((block) => {
    if (block.kind === 'heading') heading = block.text;
    return drawBlock(block, heading, drawing);
  })}`;
}

function drawBlock(block: ReviewBlock, heading: string, { format, isEditable }: Drawing): Html {
  switch (block.kind) {
    case 'title':
      return html`<h1>${localDates(block.text, format)}</h1>`;
    case 'heading':
      return html`<h2>${localDates(block.text, format)}</h2>`;
    case 'text':
      return html`<p class="lines">${localInstants(block.text, format)}</p>`;
    case 'fill':
      return fillBlock(block.text, heading, { format, isEditable });
    case 'list':
      return html`<ul class="list">${block.items.map((item) => html`<li>${item}</li>`)}</ul>`;
    case 'table':
      return tableBlock(block, heading, format);
    case 'effects':
      return effectsBlock(block.effects, format);
  }
}

function fillBlock(text: string, heading: string, { format, isEditable }: Drawing): Html {
  if (isEditable)
    return html`<div class="fill" contenteditable="true" role="textbox" aria-multiline="true" aria-label="${heading}">${text}</div>`;
  return text.trim() === ''
    ? html`<p class="quiet">${format.say.review.toFill}</p>`
    : html`<p class="lines">${/^\d{4}-\d\d-\d\d$/.test(text) ? format.date(text) : text}</p>`;
}

const isFigure = /^(–|[+−-]?[\d.,\s]+( ?(%|h|d|mo|meses|[A-Z]{3}))?)$/;

function tableBlock(
  { head, rows }: Extract<ReviewBlock, { kind: 'table' }>,
  caption: string,
  format: Format,
): Html {
  const figures = head.map((_, place) => rows.every((row) => isFigure.test(row[place] ?? '')));
  const named = head.findIndex((_, place) => figures[place] === false && namesRows(rows, place));
  return table<readonly string[]>({
    caption,
    rows,
    columns: head.map((name, place) => ({
      head: name,
      isNumber: figures[place] === true,
      isHead: place === named,
      cell: (row) => localCell(row[place] ?? '', format),
    })),
  });
}

/** A name comes twice at most: for the last period and the running one. */
function namesRows(rows: readonly (readonly string[])[], place: number): boolean {
  return 2 * new Set(rows.map((row) => row[place])).size >= rows.length;
}

const shortText = 24;

/** A date or a period as the language writes it; a sentence gets room, also where the table is wider than the screen. */
function localCell(text: string, format: Format): Html | string {
  const [, label, rest = ''] = /^(\d{4}-(?:Q\d|W\d\d|\d\d))( …)?$/.exec(text) ?? [];
  if (label !== undefined) return `${format.period(label)}${rest}`;
  if (/^\d{4}-\d\d-\d\d$/.test(text)) return html`<span class="date">${format.date(text)}</span>`;
  return text.length > shortText ? html`<div class="told">${text}</div>` : text;
}

function localDates(text: string, format: Format): string {
  return text.replace(/\b\d{4}-\d\d-\d\d\b/g, (date) => format.date(date));
}

function localInstants(text: string, format: Format): string {
  return text.replace(/\b\d{4}-\d\d-\d\dT[\d:.]+Z/g, (instant) => format.instant(Date.parse(instant)));
}
