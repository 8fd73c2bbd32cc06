import { stripVTControlCharacters } from 'node:util';

/** A plain table: left-aligned text, right-aligned where the heading starts with `>`. */
export function formatTable(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const right = headings.map((heading) => heading.startsWith('>'));
  const head = headings.map((heading) => heading.replace(/^>/, ''));
  const widths = head.map((heading, column) =>
    Math.max(...[heading, ...rows.map((row) => row[column] ?? '')].map(width)),
  );
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, column) => {
        const gap = ' '.repeat((widths[column] ?? 0) - width(cell));
        return right[column] ? gap + cell : cell + gap;
      })
      .join('  ')
      .trimEnd();
  return [line(head), line(widths.map((length) => '─'.repeat(length))), ...rows.map(line)].join('\n');
}

/** Columns that a text takes: without colours, combined characters as one. */
function width(text: string): number {
  return [...new Intl.Segmenter().segment(stripVTControlCharacters(text))].length;
}
