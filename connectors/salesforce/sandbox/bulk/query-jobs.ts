import type { SandboxAnswer } from '../../../../src/sandbox/server.ts';
import { type Call, jsonBody, type Route } from '../api/call.ts';
import { ApiError } from '../errors.ts';
import { formatInstant } from '../records/value.ts';
import type { Row } from '../schema/object.ts';
import { isAggregate } from '../soql/aggregate.ts';
import type { Statement } from '../soql/ast.ts';
import { type Found, runQuery } from '../soql/execute.ts';
import { parseSoql } from '../soql/parser.ts';
import type { Column } from '../soql/resolve.ts';
import { quoteCell } from './csv.ts';
import { addJob, delimiters, describeJob, findJob, type Job } from './job.ts';

const pagesAtOnce = 5;
const decimals = ['double', 'currency', 'percent'];

export const queryJobRoutes: readonly Route[] = [
  { method: 'POST', path: /^\/jobs\/query\/?$/, answer: createJob },
  { method: 'GET', path: /^\/jobs\/query\/?$/, answer: listJobs },
  { method: 'GET', path: /^\/jobs\/query\/(\w+)\/?$/, answer: pollJob },
  { method: 'PATCH', path: /^\/jobs\/query\/(\w+)\/?$/, answer: abortJob },
  { method: 'DELETE', path: /^\/jobs\/query\/(\w+)\/?$/, answer: deleteJob },
  { method: 'GET', path: /^\/jobs\/query\/(\w+)\/results\/?$/, answer: results },
  { method: 'GET', path: /^\/jobs\/query\/(\w+)\/resultPages\/?$/, answer: resultPages },
];

function createJob(call: Call): SandboxAnswer {
  const body = jsonBody(call.request);
  const operation = String(body.operation);
  if (operation !== 'query' && operation !== 'queryAll')
    throw new ApiError(400, 'INVALIDJOB', `Unsupported operation: ${operation}`);
  const statement = parseSoql(String(body.query ?? ''));
  refuseUnsupported(call, statement);
  const found = runQuery(call.view, statement.text, { all: operation === 'queryAll' });
  const compound = found.selected?.columns.find(({ field }) => field.type === 'address');
  if (compound) throw new ApiError(400, 'API_ERROR', 'Selecting compound data not supported in Bulk Query');
  const delimiter = typeof body.columnDelimiter === 'string' ? body.columnDelimiter : 'COMMA';
  const lineEnding = body.lineEnding === 'CRLF' ? 'CRLF' : 'LF';
  const job = addJob(call, {
    kind: 'query',
    operation,
    object: found.object.name,
    state: 'UploadComplete',
    externalIdField: null,
    delimiter,
    lineEnding,
    ...csvOf(found, delimiters[delimiter] ?? ','),
  });
  return { status: 200, body: describeJob(job) };
}

function refuseUnsupported(call: Call, statement: Statement): void {
  const object = call.view.object(statement.from.name);
  if (object && !object.bulk) {
    throw new ApiError(400, 'INVALIDENTITY', `Entity '${object.name}' is not supported by the Bulk API.`);
  }
  if (isAggregate(statement))
    throw new ApiError(400, 'API_ERROR', 'Aggregate queries are not supported in Bulk Query');
  if (statement.offset > 0) throw new ApiError(400, 'API_ERROR', 'OFFSET is not supported in Bulk Query');
}

function csvOf(found: Found, delimiter: string): Pick<Job, 'header' | 'lines'> {
  const { selected } = found;
  if (!selected) return { header: '', lines: [] };
  const toLine = (row: Row) =>
    selected.columns.map((column) => quoteCell(cellOf(column, row))).join(delimiter);
  return { header: selected.names.map(quoteCell).join(delimiter), lines: found.rows.map(toLine) };
}

/** Instants end in Z here, unlike in REST; whole amounts keep a decimal. */
function cellOf({ field, read }: Column, row: Row): string {
  const value = read(row);
  if (value === null) return '';
  if (field.type === 'datetime' && typeof value === 'number') return formatInstant(value, 'Z');
  if (decimals.includes(field.type) && Number.isInteger(value)) return `${value}.0`;
  return String(value);
}

function listJobs(call: Call): SandboxAnswer {
  const records = [...call.state.jobs.values()].filter((job) => job.kind === 'query').map(describeJob);
  return { status: 200, body: { done: true, records, nextRecordsUrl: null } };
}

/** A job is a step further with each poll. */
function pollJob(call: Call): SandboxAnswer {
  const job = findJob(call, 'query');
  if (job.state === 'InProgress') job.state = 'JobComplete';
  if (job.state === 'UploadComplete') job.state = 'InProgress';
  const progress = {
    jobType: 'V2Query',
    numberRecordsProcessed: job.state === 'JobComplete' ? job.lines.length : 0,
    retries: 0,
    totalProcessingTime: 120,
    isPkChunkingSupported: true,
  };
  return { status: 200, body: { ...describeJob(job), ...progress } };
}

function abortJob(call: Call): SandboxAnswer {
  const job = findJob(call, 'query');
  if (jsonBody(call.request).state !== 'Aborted')
    throw new ApiError(400, 'INVALIDJOBSTATE', 'Only Aborted can be set');
  if (job.state === 'JobComplete') throw new ApiError(400, 'INVALIDJOBSTATE', 'Job is already complete');
  job.state = 'Aborted';
  return { status: 200, body: describeJob(job) };
}

function deleteJob(call: Call): SandboxAnswer {
  const job = findJob(call, 'query');
  if (job.state === 'InProgress')
    throw new ApiError(400, 'INVALIDJOBSTATE', 'Abort the job before deleting it');
  call.state.jobs.delete(job.id);
  return { status: 204 };
}

function finished(call: Call): Job {
  const job = findJob(call, 'query');
  if (job.version !== call.version) {
    throw new ApiError(
      409,
      'API_ERROR',
      'The results must be read with the API version that created the job',
    );
  }
  if (job.state !== 'JobComplete')
    throw new ApiError(400, 'INVALIDJOBSTATE', `Results are not available: job is ${job.state}`);
  return job;
}

const toLocator = (offset: number) => Buffer.from(String(offset)).toString('base64').replace(/=+$/, '');

function offsetOf(locator: string | null): number {
  if (locator === null) return 0;
  const offset = Number(Buffer.from(locator, 'base64').toString('utf8'));
  if (Number.isInteger(offset) && toLocator(offset) === locator) return offset;
  throw new ApiError(400, 'INVALIDLOCATOR', 'Invalid locator');
}

/** The header comes with every page. */
function results(call: Call): SandboxAnswer {
  const job = finished(call);
  const { query } = call.request;
  const from = offsetOf(query.get('locator'));
  const size = Number(query.get('maxRecords') ?? call.state.resultRows);
  if (!Number.isInteger(size) || size < 1)
    throw new ApiError(400, 'INVALIDMAXRECORDS', 'maxRecords must be a whole number');
  const lines = job.lines.slice(from, from + size);
  const to = from + lines.length;
  const end = job.lineEnding === 'CRLF' ? '\r\n' : '\n';
  const headers = {
    'Content-Type': 'text/csv',
    'Sforce-Locator': to < job.lines.length ? toLocator(to) : 'null',
    'Sforce-NumberOfRecords': String(lines.length),
  };
  return { status: 200, headers, body: `${[job.header, ...lines].join(end)}${end}` };
}

function resultPages(call: Call): SandboxAnswer {
  const job = finished(call);
  const starts: number[] = [];
  for (
    let start = offsetOf(call.request.query.get('locator'));
    start < Math.max(1, job.lines.length);
    start += call.state.resultRows
  ) {
    starts.push(start);
  }
  const base = `${call.base}/jobs/query/${job.id}`;
  const rest = starts[pagesAtOnce];
  const body = {
    resultPages: starts
      .slice(0, pagesAtOnce)
      .map((start) => ({ resultUrl: `${base}/results?locator=${toLocator(start)}` })),
    nextRecordsUrl: rest === undefined ? null : `${base}/resultPages?locator=${toLocator(rest)}`,
    done: rest === undefined,
  };
  return { status: 200, body };
}
