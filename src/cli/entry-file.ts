import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { basename } from 'node:path';
import { type EntryRules, type EntryTexts, entryColumn, readEntry } from '../improve/entries.ts';
import { type CsvRecord, CsvSyntaxError, scanCsv } from '../model/csv.ts';
import type { EntryFields } from '../model/entry.ts';
import { RunError } from '../model/errors.ts';

export interface ImportedEntry {
  readonly id: string;
  readonly author: string | null;
  readonly fields: EntryFields;
}

/** Entries of a csv file; all of them are sound, or none is taken. */
export async function readEntryFile(
  path: string,
  rules: Omit<EntryRules, 'where'>,
): Promise<readonly ImportedEntry[]> {
  const name = basename(path);
  const [header, ...records] = await readRecords(path, name);
  if (!header)
    throw fileError(name, 'The file is empty.', 'Begin with the column names: kind, day, amount ...');
  const columns = header.fields.map((field) => columnOf(field, name));
  const repeats = new Map<string, number>();
  return records.map(({ line, fields }) => {
    const texts: EntryTexts = Object.fromEntries(columns.map((column, place) => [column, fields[place]]));
    const entry = readEntry(texts, { ...rules, where: `${name}:${line}` });
    return {
      id: texts.id?.trim() || contentId(entry, repeats),
      author: texts.author?.trim() || null,
      fields: entry,
    };
  });
}

async function readRecords(path: string, name: string): Promise<readonly CsvRecord[]> {
  const records: CsvRecord[] = [];
  try {
    for await (const chunk of scanCsv(decode(path))) records.push(...chunk);
  } catch (error) {
    if (error instanceof CsvSyntaxError)
      throw fileError(`${name}:${error.line}`, `It is no csv: ${error.message}.`, 'Close every quote.');
    if (!(error instanceof Error && 'code' in error)) throw error;
    if (error.code === 'ERR_ENCODING_INVALID_ENCODED_DATA')
      throw fileError(name, 'The file is not UTF-8.', 'Save it as "CSV UTF-8".');
    throw fileError(
      path,
      `The file cannot be opened (${error.code}).`,
      'Correct the path, or let this user read it.',
    );
  }
  return records;
}

async function* decode(path: string): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  for await (const bytes of createReadStream(path)) yield decoder.decode(bytes as Buffer, { stream: true });
  yield decoder.decode();
}

function columnOf(header: string, name: string): string {
  const column = entryColumn(header);
  if (column !== null) return column;
  throw fileError(
    `${name}:1`,
    `The column "${header.slice(0, 40)}" is none of an entry.`,
    'Use id, kind, day, to, amount, value, currency, purpose, person, team, campaign, kpi, statistic, segment, published, comparability, origin, note, author.',
  );
}

/** Of the content: the same file, imported again, adds nothing. */
function contentId(fields: EntryFields, repeats: Map<string, number>): string {
  const content = Object.entries(fields)
    .filter(([, value]) => value !== null)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  const id = `csv-${createHash('sha256').update(JSON.stringify(content)).digest('hex').slice(0, 12)}`;
  const number = (repeats.get(id) ?? 0) + 1;
  repeats.set(id, number);
  return number === 1 ? id : `${id}-${number}`;
}

function fileError(where: string, message: string, fix: string): RunError {
  return new RunError('usage', { where, message, fix });
}
