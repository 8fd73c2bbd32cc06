import { type Answer, json, notFound, type Question } from './org-answer.ts';
import { runQuery, valueAt } from './org-soql.ts';
import type { Job, Org } from './org-state.ts';
import { upsertRow } from './org-writes.ts';

const setSize = 450;

export function answerJobs(
  org: Org,
  kind: string,
  { method, rest, body, query }: Question & { rest: readonly string[] },
): Answer {
  const [id = '', part] = rest;
  if (id === '' && method === 'POST')
    return kind === 'query' ? startQuery(org, body) : startIngest(org, body);
  const job = org.jobs.get(id);
  if (!job) return notFound;
  if (method === 'DELETE')
    return json(500, [{ errorCode: 'UNKNOWN_EXCEPTION', message: 'An unexpected error occurred' }]);
  if (part === 'batches') {
    job.upload = String(body);
    return { status: 201, headers: {}, text: '' };
  }
  if (method === 'PATCH') {
    job.state = 'UploadComplete';
    work(org, job);
    return json(200, { id, state: job.state });
  }
  if (part === 'results') return results(org, job, query.get('locator'));
  if (part === 'resultPages')
    return json(404, [{ errorCode: 'NOT_FOUND', message: 'The requested resource does not exist' }]);
  if (part === 'successfulResults') return csv(org, ['"sf__Id","sf__Created","Key__c"', ...job.lines]);
  if (part === 'failedResults') return csv(org, ['"Key__c","sf__Error","sf__Id"', ...job.failed]);
  job.polls += 1;
  // Slow, and it does not say how many records there are.
  if (job.polls > 2) job.state = 'JobComplete';
  else job.state = 'InProgress';
  return json(200, { state: job.state, id, jobType: 'V2Query', retries: 0 });
}

function startQuery(org: Org, body: unknown): Answer {
  const { query = '' } = body as { query?: string };
  if (/order by|limit/i.test(query)) org.complaints.push(`Bulk: ${query}`);
  const found = runQuery(org, query, true);
  const cells = (path: string, value: unknown) =>
    value === null
      ? ''
      : typeof value === 'number' && /datetime/.test(found.object.fields.get(path)?.type ?? '')
        ? new Date(value).toISOString()
        : String(value);
  // Columns in another order than they were asked for.
  const fields = [...found.fields].sort();
  const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;
  const lines = found.rows.map((row) =>
    fields.map((path) => quoted(cells(path, valueAt(org, found.object, row, path)))).join(','),
  );
  const job = newJob(org, {
    object: found.object.name,
    query,
    lines: [fields.map(quoted).join(','), ...lines],
  });
  return json(200, { id: job.id, state: 'UploadComplete', object: job.object });
}

function startIngest(org: Org, body: unknown): Answer {
  const { object = '' } = body as { object?: string };
  const job = newJob(org, { object, query: null, lines: [] });
  return json(200, { id: job.id, state: 'Open', object });
}

function newJob(org: Org, { object, query, lines }: Pick<Job, 'object' | 'query' | 'lines'>): Job {
  org.counter += 1;
  const job: Job = {
    id: `750Xy${org.counter}`,
    state: 'Open',
    polls: 0,
    object,
    query,
    upload: '',
    lines,
    failed: [],
  };
  org.jobs.set(job.id, job);
  return job;
}

/** Locators that say nothing, and `null` or no header at the end. */
function results(org: Org, job: Job, locator: string | null): Answer {
  const [header = '', ...lines] = job.lines;
  const from = locator === null ? 0 : Number(Buffer.from(locator, 'base64url').toString().slice(2));
  const page = lines.slice(from, from + setSize);
  const next =
    from + setSize < lines.length ? Buffer.from(`at${from + setSize}`).toString('base64url') : null;
  const answer = csv(org, [header, ...page]);
  return { ...answer, headers: { ...answer.headers, ...(next ? { 'sforce-locator': next } : {}) } };
}

function csv(org: Org, lines: readonly string[]): Answer {
  const { lineEnd } = org.dialect;
  return { status: 200, headers: { 'content-type': 'text/csv' }, text: lines.join(lineEnd) + lineEnd };
}

function work(org: Org, job: Job): void {
  const [header = '', ...lines] = job.upload.trim().split('\n');
  const names = readLine(header);
  const done: string[] = [];
  const failed: string[] = [];
  for (const line of lines) {
    const cells = readLine(line);
    const values = Object.fromEntries(
      names.map((name, at) => [name, cells[at] === '#N/A' ? null : (cells[at] ?? '')]),
    );
    const result = upsertRow(org, job.object, values);
    const key = `"${values.Key__c}"`;
    if (result.success) done.push(`"${result.id}","${result.created}",${key}`);
    else failed.push(`${key},"${result.errors[0]?.statusCode}:refused:--",""`);
  }
  job.lines = done.reverse();
  job.failed = failed;
}

function readLine(line: string): string[] {
  return [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(
    ([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain ?? '',
  );
}
