import type { StoredResult } from '../model/result-store.ts';
import type { SheetColumn } from './sheet-columns.ts';

/** Tells Excel that the text is UTF-8. */
const byteOrderMark = '\uFEFF';

/** RFC 4180, numbers with a point whatever the language, so that programs read them. */
export function toCsv(columns: readonly SheetColumn[], results: readonly StoredResult[]): Buffer {
  const lines = [
    columns.map(({ head }) => csvCell(head)),
    ...results.map((result) => columns.map(({ cell }) => csvCell(cell(result)))),
  ];
  return Buffer.from(`${byteOrderMark}${lines.map((line) => line.join(',')).join('\r\n')}\r\n`);
}

/**
 * A text that a spreadsheet would run as a formula gets an apostrophe before it
 * (https://owasp.org/www-community/attacks/CSV_Injection). Numbers are ours and stay numbers.
 */
export function csvCell(value: string | number | boolean | null): string {
  if (value === null) return '';
  if (typeof value !== 'string') return String(value);
  const guarded = /^[=+\-@\t\r\n＝＋－＠]/.test(value) ? `'${value}` : value;
  return /[",\r\n;\t]/.test(guarded) ? `"${guarded.replaceAll('"', '""')}"` : guarded;
}
