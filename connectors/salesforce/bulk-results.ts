import { asJobFailure, JobFailure } from './bulk-job.ts';
import { cellAt, type Lines, scanLines } from './bulk-lines.ts';
import { createLineReader, type ReadLine } from './bulk-records.ts';
import type { JobMark } from './cursor.ts';
import type { ReadEnv } from './read-env.ts';
import { idsPerQuestion } from './soql.ts';
import type { SalesforceRecord } from './values.ts';

/** A set of a job's results, as it arrives. */
export interface ResultSet {
  /** Where the next one begins; null: this is the last. */
  readonly next: string | null;
  readonly announced: number | null;
  readonly chunks: AsyncIterable<Uint8Array>;
}

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
      chunks,
    };
  } catch (error) {
    throw asJobFailure(api, error);
  }
}

/**
 * Few at a time, so that the rows made of them are gone before they grow old in memory; where records have to be
 * completed, as many as make whole questions.
 */
const recordsPerBatch = 250;
const questionsPerBatch = 6;

/** Records are made when they are asked for: what waits in memory is bytes. */
export async function* readRecords(
  { plan }: Pick<ReadEnv, 'plan'>,
  chunks: AsyncIterable<Uint8Array>,
): AsyncGenerator<readonly SalesforceRecord[]> {
  const size = plan.companions.length > 0 ? questionsPerBatch * idsPerQuestion : recordsPerBatch;
  let readLine: ReadLine | null = null;
  let batch: SalesforceRecord[] = [];
  for await (const lines of scanLines(chunks)) {
    for (let line = 0; line < lines.count; line += 1) {
      if (readLine === null) readLine = createLineReader(plan, readHeader(lines));
      else batch.push(readLine(lines, line));
      if (batch.length < size) continue;
      yield batch;
      batch = [];
    }
  }
  if (batch.length > 0) yield batch;
  // Even a set without records has its header.
  if (readLine === null) throw new JobFailure('a set of results was empty');
}

function readHeader(lines: Lines): readonly string[] {
  return Array.from({ length: lines.width }, (_, cell) => cellAt(lines, cell));
}
