import { JobFailure } from './bulk-job.ts';

/** Whole lines of a job's results in one piece of text, and where their cells stand in it. */
export interface Lines {
  readonly text: string;
  /** For each cell its first character and the one behind its last; `~first` where quotes in it are doubled. */
  readonly places: Int32Array;
  /** Cells of a line. */
  readonly width: number;
  readonly count: number;
}

/** Text is scanned in pieces of this size. */
const bytesPerPiece = 64 * 1024;
/** A longer record is taken for a quote that was never closed. */
const longestRecord = 1_000_000;

/**
 * Lines as RFC 4180 has them, the header among them, empty ones left out. No object is made of a cell: most rows are
 * read once, and not all cells of them.
 */
export async function* scanLines(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Lines, void> {
  let rest = '';
  let width = 0;
  let room = new Int32Array(roomFor(2 * bytesPerPiece));
  for await (const { text, isLast } of decode(chunks)) {
    const whole = rest + text;
    if (room.length < roomFor(whole.length)) room = new Int32Array(roomFor(whole.length));
    const scan: Scan = { text: whole, isLast, places: room, filled: 0 };
    const scanned = scanPiece(scan, width);
    width = scanned.width;
    const places = room.slice(0, scan.filled);
    const count = places.length / 2 / width;
    if (count > 0) yield { text: whole, places, width, count };
    rest = whole.slice(scanned.end);
    if (rest.length > longestRecord) throw broken('a record has over a million characters');
  }
}

interface Piece {
  readonly text: string;
  /** Nothing follows it. */
  readonly isLast: boolean;
}

/** NUL bytes occur in what old data loads left behind; SQLite would end the text there. */
async function* decode(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Piece, void> {
  const decoder = new TextDecoder();
  const gathered = new Uint8Array(bytesPerPiece);
  let filled = 0;
  const take = (isLast: boolean): Piece => {
    const text = decoder.decode(gathered.subarray(0, filled), { stream: !isLast }).replaceAll('\0', '');
    filled = 0;
    return { text, isLast };
  };
  for await (const chunk of chunks) {
    let from = 0;
    while (from < chunk.length) {
      const part = chunk.subarray(from, from + bytesPerPiece - filled);
      gathered.set(part, filled);
      filled += part.length;
      from += part.length;
      if (filled === bytesPerPiece) yield take(false);
    }
  }
  yield take(true);
}

const quote = 34;
const comma = 44;
const lineFeed = 10;
const carriageReturn = 13;

/** A text of commas has a cell more than characters. */
const roomFor = (characters: number) => 2 * (characters + 1);

interface Scan extends Piece {
  /** Has room for all cells of the text. */
  readonly places: Int32Array;
  /** How much of it is taken. */
  filled: number;
}

interface Scanned {
  /** Position behind the last whole line. */
  readonly end: number;
  /** Cells of a line; 0: none has been seen. */
  readonly width: number;
}

/** Takes down the whole lines at the beginning of a text. */
function scanPiece(scan: Scan, knownWidth: number): Scanned {
  const { places } = scan;
  let width = knownWidth;
  let end = 0;
  let kept = 0;
  for (;;) {
    const next = takeLine(scan, end);
    if (next === null) break;
    end = next;
    if (scan.filled === kept + 2 && places[kept] === places[kept + 1]) scan.filled = kept;
    if (scan.filled === kept) continue;
    width ||= scan.filled / 2;
    if (scan.filled - kept !== width * 2)
      throw new JobFailure('a line of the results has another number of values');
    kept = scan.filled;
  }
  scan.filled = kept;
  return { end, width };
}

/** Position behind the line that begins at a position; null when its end is not there yet, or when there is none. */
function takeLine(scan: Scan, from: number): number | null {
  const { text, isLast } = scan;
  if (from >= text.length) return null;
  let at = from;
  for (;;) {
    const end = text.charCodeAt(at) === quote ? takeQuoted(scan, at) : takePlain(scan, at);
    if (end >= text.length) return isLast && end === text.length ? end : null;
    const follower = text.charCodeAt(end);
    at = end + 1;
    if (follower === comma) continue;
    if (follower === lineFeed) return at;
    if (follower !== carriageReturn) throw broken('text follows a closing quote');
    // A carriage return at the end of the text may belong to a line feed that is still to come.
    if (at >= text.length && !isLast) return null;
    return text.charCodeAt(at) === lineFeed ? at + 1 : at;
  }
}

/** Takes down a cell without quotes; gives the position behind it. */
function takePlain(scan: Scan, from: number): number {
  const { text } = scan;
  let end = from;
  while (end < text.length) {
    const code = text.charCodeAt(end);
    if (code === comma || code === lineFeed || code === carriageReturn) break;
    end += 1;
  }
  note(scan, from, end);
  return end;
}

/** The same for one in quotes; infinity when its end is not there yet. */
function takeQuoted(scan: Scan, from: number): number {
  const { text, isLast } = scan;
  let close = text.indexOf('"', from + 1);
  let isDoubled = false;
  while (close >= 0 && text.charCodeAt(close + 1) === quote) {
    isDoubled = true;
    close = text.indexOf('"', close + 2);
  }
  if (close < 0 && isLast) throw broken('a quote is not closed');
  if (close < 0) return Number.POSITIVE_INFINITY;
  note(scan, isDoubled ? ~(from + 1) : from + 1, close);
  return close + 1;
}

function note(scan: Scan, first: number, end: number): void {
  scan.places[scan.filled] = first;
  scan.places[scan.filled + 1] = end;
  scan.filled += 2;
}

function broken(reason: string): JobFailure {
  return new JobFailure(`the results break off: ${reason}`);
}

/** The text of a cell. */
export function cellAt({ text, places }: Lines, cell: number): string {
  const first = places[cell * 2] ?? 0;
  const end = places[cell * 2 + 1] ?? 0;
  return first < 0 ? text.slice(~first, end).replaceAll('""', '"') : text.slice(first, end);
}
