import { type CsvRecord, CsvSyntaxError, scanCsv } from '../../src/model/csv.ts';
import { asJobFailure, JobFailure } from './bulk-job.ts';
import type { JobMark } from './cursor.ts';
import type { ReadEnv } from './read-env.ts';
import type { SalesforceRecord } from './values.ts';

/** A set of a job's results, as it arrives. */
export interface ResultSet {
  /** Where the next one begins; null: this is the last. */
  readonly next: string | null;
  readonly announced: number | null;
  readonly records: AsyncIterable<readonly SalesforceRecord[]>;
}

const recordsPerBatch = 2000;

/** `size`: how many records at most; null: as many as the set has that Salesforce listed. */
export async function readResults(
  env: ReadEnv,
  mark: Pick<JobMark, 'id' | 'locator'>,
  size: number | null,
): Promise<ResultSet> {
  const { api } = env;
  const query = new URLSearchParams({
    ...(size === null ? {} : { maxRecords: String(size) }),
    ...(mark.locator === null ? {} : { locator: mark.locator }),
  });
  const path = `/jobs/query/${mark.id}/results?${query}`;
  try {
    const { headers, chunks } = await api.stream({
      method: 'GET',
      path,
      headers: { accept: 'text/csv', 'accept-encoding': 'gzip' },
    });
    const next = headers['sforce-locator'];
    const announced = Number(headers['sforce-numberofrecords'] ?? Number.NaN);
    return {
      // The last set says so with the word, not by leaving the header out.
      next: next === undefined || next === '' || next === 'null' ? null : next,
      announced: Number.isInteger(announced) ? announced : null,
      records: readRecords(env, chunks),
    };
  } catch (error) {
    throw asJobFailure(api, error);
  }
}

async function* readRecords(
  env: ReadEnv,
  chunks: AsyncIterable<Uint8Array>,
): AsyncGenerator<readonly SalesforceRecord[]> {
  let columns: readonly PlaceCell[] | null = null;
  let batch: SalesforceRecord[] = [];
  try {
    for await (const lines of scanCsv(decode(chunks), ',')) {
      for (const line of lines) {
        if (columns === null) {
          columns = readHeader(env, line);
          continue;
        }
        batch.push(readLine(columns, line));
        if (batch.length >= recordsPerBatch) {
          yield batch;
          batch = [];
        }
      }
    }
  } catch (error) {
    throw error instanceof CsvSyntaxError ? new JobFailure(`the results break off: ${error.message}`) : error;
  }
  if (batch.length > 0) yield batch;
}

/** NUL bytes occur in what old data loads left behind; SQLite would end the text there. */
async function* decode(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string, void> {
  const decoder = new TextDecoder();
  for await (const chunk of chunks) yield decoder.decode(chunk, { stream: true }).replaceAll('\0', '');
  yield decoder.decode();
}

/** Puts one cell into the record. */
type PlaceCell = (record: Record<string, unknown>, cell: string) => void;

function readHeader({ plan }: ReadEnv, { fields }: CsvRecord): PlaceCell[] {
  const known = new Map(['Id', ...plan.select].map((path) => [path.toLowerCase(), path]));
  const columns = fields.map((name) => {
    const path = known.get(name.toLowerCase()) ?? name;
    return placeAt(path.split('.'), converterOf(plan.types.get(path) ?? 'string'));
  });
  if (columns.length === known.size) return columns;
  throw new JobFailure(`the results have ${columns.length} columns of ${known.size}`);
}

/** The record as REST would have given it. */
function readLine(columns: readonly PlaceCell[], { fields }: CsvRecord): SalesforceRecord {
  if (fields.length !== columns.length)
    throw new JobFailure('a line of the results has another number of values');
  const record: Record<string, unknown> = {};
  for (let index = 0; index < columns.length; index += 1) columns[index]?.(record, fields[index] ?? '');
  return record;
}

const numeric = new Set(['int', 'long', 'double', 'currency', 'percent']);

type Convert = (cell: string) => unknown;

/** Empty is null; `N/A`, `null` and the like are data. Whole numbers come as `5.0`, as they never do by REST. */
function converterOf(type: string): Convert {
  if (type === 'boolean') return (cell) => (cell === '' ? null : cell === 'true');
  if (!numeric.has(type)) return (cell) => (cell === '' ? null : cell);
  return (cell) => {
    if (cell === '') return null;
    const number = Number(cell);
    return Number.isFinite(number) ? number : cell;
  };
}

function placeAt([first = '', ...rest]: readonly string[], convert: Convert): PlaceCell {
  if (rest.length === 0) {
    return (record, cell) => {
      record[first] = convert(cell);
    };
  }
  const placeBelow = placeAt(rest, convert);
  return (record, cell) => {
    const parent = record[first];
    const nested: Record<string, unknown> =
      typeof parent === 'object' && parent !== null ? { ...parent } : {};
    placeBelow(nested, cell);
    record[first] = nested;
  };
}
