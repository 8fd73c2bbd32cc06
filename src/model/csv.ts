/** One record of a CSV file (RFC 4180), with the line on which it begins. */
export interface CsvRecord {
  readonly line: number;
  readonly fields: readonly string[];
}

/** Text that is no CSV, and where. */
export class CsvSyntaxError extends Error {
  readonly line: number;

  constructor(line: number, message: string) {
    super(message);
    this.name = 'CsvSyntaxError';
    this.line = line;
  }
}

/** A longer record is taken for a quote that was never closed. */
const longestRecord = 1_000_000;

/**
 * Records in order, as many at a time as a chunk completes, empty lines left out. The delimiter is the one given, else
 * the one that the first line has most of.
 */
export async function* scanCsv(
  chunks: AsyncIterable<string>,
  given: string | null = null,
): AsyncGenerator<readonly CsvRecord[], void> {
  let rest = '';
  let line = 1;
  let delimiter = given;
  for await (const chunk of withEnd(chunks)) {
    const isEnd = chunk === null;
    rest += chunk ?? '';
    if (delimiter === null && (isEnd || /[\r\n]/.test(rest))) delimiter = detectDelimiter(rest);
    const records: CsvRecord[] = [];
    let at = 0;
    while (delimiter !== null) {
      const taken = takeRecord({ text: rest, delimiter, line, isEnd }, at);
      if (taken === null) break;
      if (taken.fields.length > 1 || taken.fields[0] !== '') records.push({ line, fields: taken.fields });
      line += taken.lines;
      at = taken.next;
    }
    if (records.length > 0) yield records;
    rest = rest.slice(at);
    if (rest.length > longestRecord) throw new CsvSyntaxError(line, 'a record has over a million characters');
  }
}

async function* withEnd(chunks: AsyncIterable<string>): AsyncGenerator<string | null, void> {
  yield* chunks;
  yield null;
}

/** Counts in the first line, outside quotes; a comma where nothing decides. */
function detectDelimiter(text: string): string {
  const header = (/^[^\r\n]*/.exec(text)?.[0] ?? '').replace(/"[^"]*"/g, '');
  let best = ',';
  for (const candidate of [';', '\t']) {
    if (header.split(candidate).length > header.split(best).length) best = candidate;
  }
  return best;
}

interface Source {
  readonly text: string;
  readonly delimiter: string;
  readonly line: number;
  /** Nothing follows the text. */
  readonly isEnd: boolean;
}

interface Taken {
  readonly fields: readonly string[];
  readonly next: number;
  /** Line ends passed. */
  readonly lines: number;
}

/** The record that begins at a position; null when its end is not there yet, or when there is none. */
function takeRecord(source: Source, from: number): Taken | null {
  const { text, delimiter, isEnd } = source;
  if (from >= text.length) return null;
  const fields: string[] = [];
  let at = from;
  let quotedLines = 0;
  for (;;) {
    const field = text[at] === '"' ? takeQuoted(source, at) : takePlain(source, at);
    if (field === null) return null;
    fields.push(field.value);
    quotedLines += field.lines;
    at = field.end;
    if (at >= text.length) return isEnd ? { fields, next: at, lines: quotedLines } : null;
    if (text[at] === delimiter) {
      at += 1;
      continue;
    }
    // A carriage return at the end of the chunk may belong to a line feed that is still to come.
    if (text[at] === '\r' && at + 1 >= text.length && !isEnd) return null;
    return { fields, next: text.startsWith('\r\n', at) ? at + 2 : at + 1, lines: quotedLines + 1 };
  }
}

interface Field {
  readonly value: string;
  /** Position of the delimiter or line end behind it. */
  readonly end: number;
  readonly lines: number;
}

function takePlain({ text, delimiter }: Source, from: number): Field {
  let end = from;
  while (end < text.length) {
    const character = text[end];
    if (character === delimiter || character === '\n' || character === '\r') break;
    end += 1;
  }
  return { value: text.slice(from, end), end, lines: 0 };
}

function takeQuoted(source: Source, from: number): Field | null {
  const { text, delimiter, isEnd } = source;
  let close = text.indexOf('"', from + 1);
  let doubled = false;
  while (close !== -1 && text[close + 1] === '"') {
    doubled = true;
    close = text.indexOf('"', close + 2);
  }
  if (close === -1 || (close + 1 >= text.length && !isEnd)) {
    if (isEnd) throw new CsvSyntaxError(source.line, 'a quote is not closed');
    return null;
  }
  const follower = text[close + 1];
  if (follower !== undefined && follower !== delimiter && follower !== '\n' && follower !== '\r') {
    throw new CsvSyntaxError(source.line, 'text follows a closing quote');
  }
  const raw = text.slice(from + 1, close);
  const value = doubled ? raw.replaceAll('""', '"') : raw;
  return { value, end: close + 1, lines: raw.includes('\n') ? raw.split('\n').length - 1 : 0 };
}
