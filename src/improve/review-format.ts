import type { Language } from '../model/kpi.ts';
import type { Block } from './review-page.ts';
import { reviewWords } from './review-words.ts';

/** Markdown to be edited: what the meeting fills in stands under its headings. */
export function reviewMarkdown(blocks: readonly Block[], language: Language): string {
  const texts = blocks.map((block) => markdownBlock(block, language)).filter((text) => text !== null);
  return `${texts.join('\n\n')}\n`;
}

function markdownBlock(block: Block, language: Language): string | null {
  switch (block.kind) {
    case 'effects':
      return null;
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
