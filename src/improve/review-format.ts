import type { Language } from '../model/kpi.ts';
import type { Block } from './review-page.ts';
import { reviewWords } from './review-words.ts';

/** Markdown to be edited: what the meeting fills in stands under its headings. */
export function reviewMarkdown(blocks: readonly Block[], language: Language): string {
  return `${blocks.map((block) => markdownBlock(block, language)).join('\n\n')}\n`;
}

function markdownBlock(block: Block, language: Language): string {
  switch (block.kind) {
    case 'title':
      return `# ${block.text}`;
    case 'heading':
      return `## ${block.text}`;
    case 'text':
      return block.text;
    case 'fill':
      return block.text.trim() || reviewWords[language].toFill;
    case 'list':
      return block.items.map((item) => `- ${item}`).join('\n');
    case 'table':
      return markdownTable(block.head, block.rows);
  }
}

function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|').replace(/\s+/g, ' ')).join(' | ')} |`;
  return [line(head), `|${head.map(() => '-').join('|')}|`, ...rows.map(line)].join('\n');
}

const style = `body{font:15px/1.5 system-ui,sans-serif;max-width:62rem;margin:2rem auto;padding:0 1rem;color:#1b1f24;background:#fff}
h1{font-size:1.6rem}h2{font-size:1.15rem;margin-top:2rem;border-bottom:1px solid #d0d7de}
table{border-collapse:collapse;width:100%}th,td{text-align:left;padding:.3rem .6rem;border-bottom:1px solid #e4e8ec;vertical-align:top}
th{font-weight:600;color:#475059}.fill{min-height:3.5rem;border:1px solid #8c959f;border-radius:4px;padding:.5rem;white-space:pre-wrap}
@media print{body{margin:0}.fill{min-height:5rem}}`;

/** Stands alone: no script, nothing loaded; what is to be filled in can be typed into in the browser, or by hand on paper. */
export function reviewHtml(blocks: readonly Block[], language: Language): string {
  const title = blocks.find(({ kind }) => kind === 'title');
  const heading = title && 'text' in title ? title.text : '';
  let last = heading;
  const body = blocks.map((block) => {
    if (block.kind === 'heading') last = block.text;
    return htmlBlock(block, last);
  });
  return `<!doctype html>
<html lang="${language}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${escapeHtml(heading)}</title><style>${style}</style></head>
<body><main>
${body.join('\n')}
</main></body>
</html>
`;
}

function htmlBlock(block: Block, heading: string): string {
  switch (block.kind) {
    case 'title':
      return `<h1>${escapeHtml(block.text)}</h1>`;
    case 'heading':
      return `<h2>${escapeHtml(block.text)}</h2>`;
    case 'text':
      return `<p>${escapeHtml(block.text).replaceAll('\n', '<br>')}</p>`;
    case 'fill':
      return `<div class="fill" contenteditable="true" role="textbox" aria-multiline="true" aria-label="${escapeHtml(heading)}">${escapeHtml(block.text)}</div>`;
    case 'list':
      return `<ul>${block.items.map((item) => `<li>${escapeHtml(item)}</li>`).join('')}</ul>`;
    case 'table':
      return htmlTable(block.head, block.rows);
  }
}

function htmlTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const top = head.map((cell) => `<th scope="col">${escapeHtml(cell)}</th>`).join('');
  const body = rows.map((row) => `<tr>${row.map((cell) => `<td>${escapeHtml(cell)}</td>`).join('')}</tr>`);
  return `<table><thead><tr>${top}</tr></thead><tbody>\n${body.join('\n')}\n</tbody></table>`;
}

function escapeHtml(text: string): string {
  const named: Readonly<Record<string, string>> = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&quot;',
    "'": '&#39;',
  };
  return text.replace(/[&<>"']/g, (sign) => named[sign] ?? sign);
}

export interface ReviewNotes {
  readonly notes: string;
  readonly attendees: string | null;
  readonly nextOn: string | null;
}

/** From the edited page what stands under its headings; any other Markdown is taken whole. */
export function readNotes(markdown: string): ReviewNotes {
  const sections = splitSections(markdown);
  const under = (name: 'attendees' | 'decisions' | 'next') => {
    for (const words of Object.values(reviewWords)) {
      const text = sections.get(words[name].toLowerCase());
      if (text !== undefined) return text === words.toFill ? '' : text;
    }
    return null;
  };
  const decisions = under('decisions');
  return {
    notes: decisions ?? markdown.trim(),
    attendees: under('attendees') || null,
    nextOn: /\d{4}-\d\d-\d\d/.exec(under('next') ?? '')?.[0] ?? null,
  };
}

function splitSections(markdown: string): ReadonlyMap<string, string> {
  const sections = new Map<string, string>();
  for (const part of markdown.split(/^## +/m).slice(1)) {
    const end = part.search(/\r?\n/);
    if (end < 0) sections.set(part.trim().toLowerCase(), '');
    else sections.set(part.slice(0, end).trim().toLowerCase(), part.slice(end).trim());
  }
  return sections;
}
