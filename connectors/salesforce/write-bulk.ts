import type { Outcome } from '../../src/model/connector.ts';
import { scanCsv } from '../../src/model/csv.ts';
import type { ResultChange } from '../../src/model/result.ts';
import { runIngestJob } from './ingest-job.ts';
import { type Shape, splitByKey, type WriteEnv } from './write-env.ts';
import { toFields } from './write-record.ts';
import { type RowResult, refusalOf, toOutcome } from './write-result.ts';
import { refuseSetUpErrors, type Tally } from './write-rows.ts';

/** About 25 MB of results; an upload may have 100 MB (Bulk API 2.0 Developer Guide: Limits). */
const rowsPerJob = 20_000;

interface Batch {
  readonly env: WriteEnv;
  readonly shape: Shape;
  readonly tally: Tally;
}

/** What is settled, and what is left for the call by call way: records that were locked, lost or need another owner. */
export type BulkItem = { readonly outcome: Outcome } | { readonly open: ResultChange };

export async function* bulkUpsert(batch: Batch, upserts: readonly ResultChange[]): AsyncGenerator<BulkItem> {
  const jobs = splitByKey(upserts, rowsPerJob);
  for (const rows of jobs) yield* runJob(batch, rows);
}

async function* runJob(batch: Batch, rows: readonly ResultChange[]): AsyncGenerator<BulkItem> {
  const { env, shape, tally } = batch;
  env.log.info({ connection: env.api.connection, rows: rows.length }, 'publish.bulk');
  const end = await runIngestJob(env, { keyField: shape.key.apiName, csv: writeRows(rows, shape) });
  const results = end ? await readResults(end, shape.key.apiName) : new Map<string, RowResult>();
  if (end && end.state !== 'JobComplete') {
    const { state, reason } = end;
    env.log.warn({ connection: env.api.connection, state, reason }, 'publish.bulk_failed');
  }
  const known = rows.map((row) => results.get(row.key) ?? null);
  refuseSetUpErrors(
    batch,
    known.filter((result) => result !== null),
  );
  for (const [index, row] of rows.entries()) {
    const result = known[index] ?? null;
    const refusal = refusalOf(result);
    if (result?.success) tally.written += 1;
    const isSettled = result !== null && (refusal === 'none' || refusal === 'data' || refusal === 'setup');
    yield isSettled ? { outcome: toOutcome(row.key, result) } : { open: row };
  }
}

/** A cell for every field that any of the rows sets; empty where a row leaves its field as it is. */
function writeRows(rows: readonly ResultChange[], shape: Shape): string {
  const records = rows.map((row) => toFields(row, shape, { withOwner: true }));
  const columns = [...new Set(records.flatMap((record) => Object.keys(record)))];
  const lines = records.map((record) =>
    columns
      .map((name) => {
        const value = record[name];
        return value === undefined ? '' : writeCell(value);
      })
      .join(','),
  );
  return `${[columns.join(','), ...lines].join('\n')}\n`;
}

/**
 * Quoted; `#N/A` empties the field where an empty cell would leave it as it was; line ends inside are those of the job
 * (Bulk API 2.0 Developer Guide: Prepare CSV Files).
 */
function writeCell(value: string | number | boolean | null): string {
  if (value === null || value === '') return '#N/A';
  return `"${String(value).replace(/\r\n?/g, '\n').replace(/\0/g, '').replace(/"/g, '""')}"`;
}

/** By key: the order of the results is free. */
async function readResults(
  end: { readonly succeeded: string; readonly failed: string },
  keyField: string,
): Promise<ReadonlyMap<string, RowResult>> {
  const results = new Map<string, RowResult>();
  for (const text of [end.succeeded, end.failed]) {
    let at: { key: number; id: number; error: number } | null = null;
    for await (const records of scanCsv(chunksOf(text), ',')) {
      for (const { fields } of records) {
        if (at) {
          const error = at.error < 0 ? null : (fields[at.error] ?? '');
          results.set(fields[at.key] ?? '', toRowResult(fields[at.id] ?? '', error));
        } else at = findColumns(fields, keyField);
      }
    }
  }
  return results;
}

async function* chunksOf(text: string): AsyncGenerator<string> {
  yield text;
}

function findColumns(header: readonly string[], keyField: string) {
  const names = header.map((name) => name.toLowerCase());
  const indexOf = (name: string) => names.indexOf(name.toLowerCase());
  return { key: indexOf(keyField), id: indexOf('sf__Id'), error: indexOf('sf__Error') };
}

/** `REQUIRED_FIELD_MISSING:Required fields are missing: [Name]:Name --` */
function toRowResult(id: string, error: string | null): RowResult {
  if (error === null) return { success: true, id: id === '' ? null : id, problem: null };
  const [, code = 'UNKNOWN', rest = error] = /^([A-Z_]+):([\s\S]*)$/.exec(error) ?? [];
  const [, message = rest, fields = ''] = /^([\s\S]*):([^:]*?)\s*--\s*$/.exec(rest) ?? [];
  const names = fields.split(',').map((name) => name.trim());
  return {
    success: false,
    id: null,
    problem: { code, message, fields: names.filter((name) => name !== '') },
  };
}
