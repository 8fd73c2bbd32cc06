import type { Call } from '../api/call.ts';
import { notFound } from '../errors.ts';
import { salesforceId } from '../ids.ts';
import { nowSeconds } from '../org.ts';
import { formatInstant } from '../records/value.ts';

export type JobState = 'Open' | 'UploadComplete' | 'InProgress' | 'JobComplete' | 'Failed' | 'Aborted';

/** A Bulk API 2.0 job; what it works on is its kind's own. */
export interface Job {
  readonly id: string;
  readonly kind: 'query' | 'ingest';
  readonly operation: string;
  readonly object: string;
  readonly createdBy: string;
  readonly createdAt: number;
  readonly version: string;
  readonly delimiter: string;
  readonly lineEnding: string;
  readonly externalIdField: string | null;
  state: JobState;
  errorMessage: string | null;
  /** Of a query: CSV lines without the header, and the header. */
  header: string;
  lines: readonly string[];
  /** Of an ingest: the uploaded text, and what came of its rows. */
  upload: string | null;
  outcomes: readonly Outcome[];
}
export interface Outcome {
  readonly id: string;
  readonly created: boolean;
  readonly error: string | null;
  readonly cells: readonly string[];
}
export type Jobs = Map<string, Job>;

type NewJob = Pick<Job, 'kind' | 'operation' | 'object' | 'state' | 'externalIdField'> & Partial<Job>;

export function addJob(call: Call, job: NewJob): Job {
  const { jobs } = call.state;
  const base = {
    id: salesforceId('750', jobs.size + 1),
    createdBy: call.userId,
    createdAt: nowSeconds(call.org),
    version: call.version,
    delimiter: 'COMMA',
    lineEnding: 'LF',
    errorMessage: null,
    header: '',
    lines: [],
    upload: null,
    outcomes: [],
  };
  const added: Job = { ...base, ...job };
  jobs.set(added.id, added);
  return added;
}

export function findJob(call: Call, kind: Job['kind']): Job {
  const job = call.state.jobs.get(call.params[0] ?? '');
  if (job?.kind !== kind) throw notFound();
  return job;
}

export const delimiters: Readonly<Record<string, string>> = {
  COMMA: ',',
  SEMICOLON: ';',
  TAB: '\t',
  PIPE: '|',
  CARET: '^',
  BACKQUOTE: '`',
};

export function describeJob(job: Job): Readonly<Record<string, unknown>> {
  return {
    id: job.id,
    operation: job.operation,
    object: job.object,
    createdById: job.createdBy,
    createdDate: formatInstant(job.createdAt),
    systemModstamp: formatInstant(job.createdAt),
    state: job.state,
    concurrencyMode: 'Parallel',
    contentType: 'CSV',
    apiVersion: Number(job.version),
    lineEnding: job.lineEnding,
    columnDelimiter: job.delimiter,
    ...(job.externalIdField ? { externalIdFieldName: job.externalIdField } : {}),
    ...(job.errorMessage ? { errorMessage: job.errorMessage } : {}),
  };
}
