import type { SandboxAnswer } from '../../../../src/sandbox/server.ts';
import { type Call, jsonBody, type Route } from '../api/call.ts';
import { attempt, type Saved, upsertOne } from '../api/collections.ts';
import { visibleObject } from '../api/describe.ts';
import { externalIdField } from '../api/sobjects.ts';
import { ApiError } from '../errors.ts';
import { toId18 } from '../ids.ts';
import { tableOf } from '../org.ts';
import { RecordRefusal } from '../records/refusal.ts';
import { deleteRow, insertRow, updateRow } from '../records/save.ts';
import { rowById } from '../records/table.ts';
import { readInput } from '../records/validate.ts';
import type { SObject } from '../schema/object.ts';
import { parseCsv, quoteCell } from './csv.ts';
import { addJob, delimiters, describeJob, findJob, type Job, type Outcome } from './job.ts';

const maxUploadBytes = 150 * 1024 * 1024;
const operations = ['insert', 'update', 'upsert', 'delete', 'hardDelete'];

export const ingestJobRoutes: readonly Route[] = [
  { method: 'POST', path: /^\/jobs\/ingest\/?$/, answer: createJob },
  { method: 'GET', path: /^\/jobs\/ingest\/(\w+)\/?$/, answer: pollJob },
  { method: 'PUT', path: /^\/jobs\/ingest\/(\w+)\/batches\/?$/, answer: upload },
  { method: 'PATCH', path: /^\/jobs\/ingest\/(\w+)\/?$/, answer: changeState },
  { method: 'DELETE', path: /^\/jobs\/ingest\/(\w+)\/?$/, answer: deleteJob },
  {
    method: 'GET',
    path: /^\/jobs\/ingest\/(\w+)\/successfulResults\/?$/,
    answer: (call) => outcomes(call, 'success'),
  },
  {
    method: 'GET',
    path: /^\/jobs\/ingest\/(\w+)\/failedResults\/?$/,
    answer: (call) => outcomes(call, 'failure'),
  },
  { method: 'GET', path: /^\/jobs\/ingest\/(\w+)\/unprocessedrecords\/?$/i, answer: unprocessed },
];

function createJob(call: Call): SandboxAnswer {
  const body = jsonBody(call.request);
  const operation = String(body.operation);
  if (!operations.includes(operation))
    throw new ApiError(400, 'INVALIDJOB', `Unsupported operation: ${operation}`);
  const object = visibleObject(call, String(body.object));
  const key =
    operation === 'upsert' ? externalIdField(call, object, String(body.externalIdFieldName)).name : null;
  const job = addJob(call, {
    kind: 'ingest',
    operation,
    object: object.name,
    state: 'Open',
    externalIdField: key,
    delimiter: typeof body.columnDelimiter === 'string' ? body.columnDelimiter : 'COMMA',
    lineEnding: body.lineEnding === 'CRLF' ? 'CRLF' : 'LF',
  });
  return { status: 200, body: describeIngest(call, job) };
}

function describeIngest(call: Call, job: Job): object {
  const failed = job.outcomes.filter((outcome) => outcome.error !== null).length;
  return {
    ...describeJob(job),
    jobType: 'V2Ingest',
    contentUrl: `${call.base.slice(1)}/jobs/ingest/${job.id}/batches`,
    numberRecordsProcessed: job.outcomes.length,
    numberRecordsFailed: failed,
    retries: 0,
    totalProcessingTime: 120,
  };
}

function upload(call: Call): SandboxAnswer {
  const job = findJob(call, 'ingest');
  if (job.state !== 'Open' || job.upload !== null)
    throw new ApiError(400, 'INVALIDJOBSTATE', 'Data can be uploaded once, while the job is open');
  if (call.request.body.length > maxUploadBytes)
    throw new ApiError(413, 'EXCEEDED_MAX_SIZE_REQUEST', 'Maximum size of request exceeded');
  job.upload = call.request.body.toString('utf8');
  return { status: 201 };
}

function changeState(call: Call): SandboxAnswer {
  const job = findJob(call, 'ingest');
  const { state } = jsonBody(call.request);
  if (job.state !== 'Open' || (state !== 'UploadComplete' && state !== 'Aborted')) {
    throw new ApiError(400, 'INVALIDJOBSTATE', `Job cannot go from ${job.state} to ${state}`);
  }
  job.state = state;
  return { status: 200, body: describeIngest(call, job) };
}

function pollJob(call: Call): SandboxAnswer {
  const job = findJob(call, 'ingest');
  if (job.state === 'InProgress') process(call, job);
  if (job.state === 'UploadComplete') job.state = 'InProgress';
  return { status: 200, body: describeIngest(call, job) };
}

function deleteJob(call: Call): SandboxAnswer {
  call.state.jobs.delete(findJob(call, 'ingest').id);
  return { status: 204 };
}

function process(call: Call, job: Job): void {
  const text = job.upload ?? '';
  const ends = text.includes('\r\n') ? 'CRLF' : 'LF';
  if (text !== '' && ends !== job.lineEnding) {
    job.state = 'Failed';
    job.errorMessage = `ClientInputError : LineEnding is invalid on user data. Current LineEnding setting is ${job.lineEnding}`;
    return;
  }
  const [header = [], ...rows] = parseCsv(text, delimiters[job.delimiter] ?? ',');
  const object = visibleObject(call, job.object);
  job.header = header.map(quoteCell).join(',');
  job.outcomes = rows.map((cells) =>
    outcomeOf(
      attempt(() => saveRow(call, job, { object, record: toRecord(header, cells) })),
      cells,
    ),
  );
  job.state = 'JobComplete';
}

/** An empty cell leaves the field as it is; `#N/A` empties it. */
function toRecord(header: readonly string[], cells: readonly string[]): Record<string, unknown> {
  const record: Record<string, unknown> = {};
  header.forEach((name, index) => {
    const cell = cells[index] ?? '';
    if (cell !== '') record[name] = cell === '#N/A' ? null : cell;
  });
  return record;
}

function saveRow(call: Call, job: Job, row: { object: SObject; record: Record<string, unknown> }): Saved {
  const { object, record } = row;
  try {
    if (job.operation === 'insert') {
      const values = readInput(call.view, object, { input: record, row: null });
      return { id: insertRow(call, object, values).Id, success: true, errors: [], created: true };
    }
    if (job.operation !== 'upsert') return saveById(call, job, row);
    const field = externalIdField(call, object, job.externalIdField ?? '');
    return upsertOne(call, object, { field, key: String(record[field.name] ?? ''), record });
  } catch (error) {
    // In a CSV a value of a wrong kind is one row's matter.
    if (error instanceof ApiError) throw new RecordRefusal('INVALID_TYPE_ON_FIELD_IN_RECORD', error.message);
    throw error;
  }
}

function saveById(
  call: Call,
  job: Job,
  { object, record }: { object: SObject; record: Record<string, unknown> },
): Saved {
  const id = toId18(String(record.Id ?? ''));
  const found = id ? rowById(tableOf(call.org, object.name), id) : undefined;
  if (!found) throw new RecordRefusal('MALFORMED_ID', 'malformed id', ['Id']);
  if (job.operation === 'update')
    updateRow(call, object, {
      row: found,
      values: readInput(call.view, object, { input: record, row: found }),
    });
  else deleteRow(call, object, found);
  return { id: found.Id, success: true, errors: [] };
}

function outcomeOf(saved: Saved, cells: readonly string[]): Outcome {
  if (saved.success) return { id: saved.id, created: saved.created === true, error: null, cells };
  const [first] = saved.errors;
  return { id: '', created: false, error: errorText(first), cells };
}

function errorText(error: object | undefined): string {
  const { statusCode, message, fields } = {
    statusCode: '',
    message: '',
    fields: [] as readonly string[],
    ...error,
  };
  return `${statusCode}:${message}:${fields.join(',')} --`;
}

function outcomes(call: Call, kind: 'success' | 'failure'): SandboxAnswer {
  const job = findJob(call, 'ingest');
  const second = kind === 'success' ? 'sf__Created' : 'sf__Error';
  const lines = job.outcomes
    .filter((outcome) => (outcome.error === null) === (kind === 'success'))
    .map((outcome) =>
      [outcome.id, outcome.error ?? String(outcome.created), ...outcome.cells].map(quoteCell).join(','),
    );
  const header = [quoteCell('sf__Id'), quoteCell(second), job.header].join(',');
  return { status: 200, headers: { 'Content-Type': 'text/csv' }, body: `${[header, ...lines].join('\n')}\n` };
}

function unprocessed(call: Call): SandboxAnswer {
  const job = findJob(call, 'ingest');
  const body = job.state === 'JobComplete' ? `${job.header}\n` : (job.upload ?? '');
  return { status: 200, headers: { 'Content-Type': 'text/csv' }, body };
}
