import { RunError } from '../../src/model/errors.ts';
import type { Api, QueryPage } from './api.ts';
import { explainFailure } from './explain.ts';
import { SalesforceFailure } from './failure.ts';
import type { SalesforceRecord } from './values.ts';

/**
 * The rest of an answer is gone. `lost`: its locator died; all that was sent is right, and the rest can be asked for.
 * `short`: fewer rows came than were announced, and nobody knows which. `timeout`: Salesforce gave up on the query.
 */
export class BrokenPages extends Error {
  readonly kind: 'lost' | 'short' | 'timeout';

  constructor(kind: BrokenPages['kind'], message: string, options?: { cause: unknown }) {
    super(message, options);
    this.name = 'BrokenPages';
    this.kind = kind;
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
  const totals = new Set([page.totalSize]);
  let received = page.records.length;
  yield page.records;
  while (!page.done) {
    const next = nextUrlOf(page, seen, `${api.connection} ${object}`);
    page = await followingPage(request, next);
    totals.add(page.totalSize);
    received += page.records.length;
    yield page.records;
  }
  // Counted anew for a later page, the total may have moved with what people do meanwhile.
  totals.delete(null);
  if (totals.size > 0 && !totals.has(received)) {
    const told = [...totals].join(', then ');
    const message = `Salesforce announced ${told} records of ${object} and sent ${received}`;
    throw new BrokenPages('short', message);
  }
}

/** Times that one query is begun again without having come further. */
export const restartLimit = 3;

/** The same in no order that could be resumed: begun again as a whole when it breaks, so records may come twice. */
export async function* queryAgain(request: PageRequest): AsyncGenerator<readonly SalesforceRecord[]> {
  for (let restarts = 0; ; restarts += 1) {
    try {
      yield* queryPages(request);
      return;
    } catch (error) {
      if (!(error instanceof BrokenPages)) throw error;
      if (restarts >= limitOf(error)) throw givenUp(request, error);
    }
  }
}

/** A question that took two minutes in vain is asked once more: Salesforce may have been busy. */
function limitOf({ kind }: BrokenPages): number {
  return kind === 'timeout' ? 1 : restartLimit;
}

/** The same, all of it once: nothing is given before the answer is whole. */
export async function wholePages(request: PageRequest): Promise<readonly SalesforceRecord[]> {
  for (let restarts = 0; ; restarts += 1) {
    try {
      const all: SalesforceRecord[] = [];
      for await (const records of queryPages(request)) all.push(...records);
      return all;
    } catch (error) {
      if (!(error instanceof BrokenPages)) throw error;
      if (restarts >= limitOf(error)) throw givenUp(request, error);
    }
  }
}

/** What a person reads of pages that broke for good. */
export function givenUp({ api, object }: Pick<PageRequest, 'api' | 'object'>, error: BrokenPages): unknown {
  const place = { connection: api.connection, object };
  if (error.kind === 'timeout') return explainFailure(error.cause, place);
  return new RunError(
    'remote',
    {
      where: `${api.connection} ${object}`,
      message: `${error.message}, again and again`,
      fix: 'Nothing is lost: run again at a quieter hour. If it stays, ask Salesforce Support.',
    },
    { cause: error },
  );
}

async function firstPage({ api, object, soql, scope, signal }: PageRequest): Promise<QueryPage> {
  signal.throwIfAborted();
  try {
    return await untilAborted(api.query(soql, scope), signal);
  } catch (error) {
    throw timedOut(error, object) ?? explainFailure(error, { connection: api.connection, object });
  }
}

/** Locators die with their session, after some days, and when the user has too many of them open. */
async function followingPage({ api, object, signal }: PageRequest, url: string): Promise<QueryPage> {
  signal.throwIfAborted();
  try {
    return await untilAborted(api.nextPage(url), signal);
  } catch (error) {
    if (error instanceof SalesforceFailure && isDeadLocator(error)) {
      throw new BrokenPages('lost', `the query on ${object} was no longer known`);
    }
    throw timedOut(error, object) ?? explainFailure(error, { connection: api.connection, object });
  }
}

function timedOut(error: unknown, object: string): BrokenPages | null {
  if (!(error instanceof SalesforceFailure) || error.code !== 'QUERY_TIMEOUT') return null;
  return new BrokenPages('timeout', `the query on ${object} took too long`, { cause: error });
}

function isDeadLocator(error: SalesforceFailure): boolean {
  return /INVALID_QUERY_LOCATOR|INVALID_LOCATOR/.test(error.code) || error.status === 404;
}

function nextUrlOf(page: QueryPage, seen: Set<string>, where: string): string {
  if (page.nextUrl === null) throw new BrokenPages('lost', 'an unfinished answer named no next page');
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
  if (signal.aborted) {
    // Nobody waits for it any more, whatever becomes of it.
    promise.catch(() => {});
    return Promise.reject(signal.reason);
  }
  return new Promise((resolve, reject) => {
    const stop = () => reject(signal.reason);
    signal.addEventListener('abort', stop, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });
}
