import type { Api } from './api.ts';
import { explainFailure } from './explain.ts';
import { SalesforceFailure } from './failure.ts';
import { isRecord, type SalesforceRecord } from './values.ts';

/** A job that came to nothing; what it was to read can be read by REST. */
export class JobFailure extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'JobFailure';
  }
}

export interface Job {
  readonly state: string;
  /** null where Salesforce does not say. */
  readonly records: number | null;
}

const path = '/jobs/query';

/** Bulk API 2.0 Guide: Create a Query Job. A second one, if the answer is lost, is dropped by Salesforce after a week. */
export async function createJob(api: Api, soql: string): Promise<string> {
  const body = {
    operation: 'queryAll',
    query: soql,
    contentType: 'CSV',
    columnDelimiter: 'COMMA',
    lineEnding: 'LF',
  };
  const job = await ask(api, () =>
    api.send({ method: 'POST', path, body: JSON.stringify(body), repeatable: true }),
  );
  if (typeof job.id !== 'string') throw new JobFailure('the new job has no id');
  return job.id;
}

export async function pollJob(api: Api, id: string): Promise<Job> {
  const job = await ask(api, () => api.send({ method: 'GET', path: `${path}/${id}` }));
  const state = String(job.state);
  if (state === 'Failed' || state === 'Aborted') {
    const reason = typeof job.errorMessage === 'string' ? `: ${job.errorMessage.slice(0, 200)}` : '';
    throw new JobFailure(`the job ended as ${state}${reason}`);
  }
  return {
    state,
    records: typeof job.numberRecordsProcessed === 'number' ? job.numberRecordsProcessed : null,
  };
}

/** Results are kept for a week otherwise. One that cannot be dropped does no harm. */
export async function closeJob(api: Api, id: string): Promise<void> {
  try {
    await api.send({ method: 'DELETE', path: `${path}/${id}` });
  } catch (error) {
    if (!(error instanceof SalesforceFailure)) throw error;
  }
}

async function ask(api: Api, request: () => Promise<{ readonly text: string }>): Promise<SalesforceRecord> {
  try {
    const { text } = await request();
    const body: unknown = JSON.parse(text);
    if (isRecord(body)) return body;
  } catch (error) {
    if (error instanceof SyntaxError) throw new JobFailure('the answer was no JSON');
    throw asJobFailure(api, error);
  }
  throw new JobFailure('the answer was no job');
}

/** A refusal is about the job: compound fields, objects without bulk access, a limit of its own, a job that is gone. */
export function asJobFailure(api: Api, error: unknown): unknown {
  if (!(error instanceof SalesforceFailure)) return error;
  if (error.status === 401) return explainFailure(error, { connection: api.connection });
  return new JobFailure(`HTTP ${error.status} ${error.code}`);
}
