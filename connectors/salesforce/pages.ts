import { RunError } from '../../src/model/errors.ts';
import type { Api, QueryPage } from './api.ts';
import { explainFailure } from './explain.ts';
import { SalesforceFailure } from './failure.ts';
import type { SalesforceRecord } from './values.ts';

/** The rest of an answer is gone: its locator died, or fewer rows came than were announced. */
export class BrokenPages extends Error {
  /** All that was sent is right, and the rest can be asked for. */
  readonly resumable: boolean;

  constructor(message: string, how: { resumable: boolean }) {
    super(message);
    this.name = 'BrokenPages';
    this.resumable = how.resumable;
  }
}

export interface PageRequest {
  readonly api: Api;
  readonly object: string;
  readonly soql: string;
  readonly scope: 'living' | 'all';
  readonly signal: AbortSignal;
}

/** Pages of a query. Each is checked: a partial answer must not pass for a whole one. */
export async function* queryPages(request: PageRequest): AsyncGenerator<readonly SalesforceRecord[]> {
  const { api, object } = request;
  const seen = new Set<string>();
  let page = await firstPage(request);
  const announced = page.totalSize;
  let received = page.records.length;
  yield page.records;
  while (!page.done) {
    const next = nextUrlOf(page, seen, `${api.connection} ${object}`);
    page = await followingPage(request, next);
    received += page.records.length;
    yield page.records;
  }
  if (announced !== null && received !== announced) {
    throw new BrokenPages(`Salesforce announced ${announced} records of ${object} and sent ${received}`, {
      resumable: false,
    });
  }
}

async function firstPage({ api, object, soql, scope, signal }: PageRequest): Promise<QueryPage> {
  signal.throwIfAborted();
  try {
    return await untilAborted(api.query(soql, scope), signal);
  } catch (error) {
    throw explainFailure(error, { connection: api.connection, object });
  }
}

/** Locators die with their session, after some days, and when the user has too many of them open. */
async function followingPage({ api, object, signal }: PageRequest, url: string): Promise<QueryPage> {
  signal.throwIfAborted();
  try {
    return await untilAborted(api.nextPage(url), signal);
  } catch (error) {
    if (error instanceof SalesforceFailure && isDeadLocator(error)) {
      throw new BrokenPages(`the query on ${object} was no longer known`, { resumable: true });
    }
    throw explainFailure(error, { connection: api.connection, object });
  }
}

function isDeadLocator(error: SalesforceFailure): boolean {
  return /INVALID_QUERY_LOCATOR|INVALID_LOCATOR/.test(error.code) || error.status === 404;
}

function nextUrlOf(page: QueryPage, seen: Set<string>, where: string): string {
  if (page.nextUrl === null)
    throw new BrokenPages('an unfinished answer named no next page', { resumable: true });
  if (!seen.has(page.nextUrl)) {
    seen.add(page.nextUrl);
    return page.nextUrl;
  }
  throw new RunError('remote', {
    where,
    message: 'Salesforce named the same next page twice',
    fix: 'Nothing is lost: run again. If it stays, ask Salesforce Support.',
  });
}

/** Settles with the signal's reason at once, even while a request is on its way. */
export function untilAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  if (signal.aborted) return Promise.reject(signal.reason);
  return new Promise((resolve, reject) => {
    const stop = () => reject(signal.reason);
    signal.addEventListener('abort', stop, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });
}
