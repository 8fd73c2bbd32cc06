import type { Connection } from 'jsforce';
import type { OpenContext } from '../../src/model/connector.ts';
import { RunError } from '../../src/model/errors.ts';
import type { HttpAnswer, HttpStream } from '../../src/model/http.ts';
import { openSession, type Token } from './auth.ts';
import { explainFailure } from './explain.ts';
import { SalesforceFailure } from './failure.ts';
import type { SalesforceSettings } from './settings.ts';
import { createTransport, type DirectRequest, sendDirect, streamDirect } from './transport.ts';
import { isRecord, type SalesforceRecord, toInteger } from './values.ts';

/** The signed-in org: jsforce for paths and encoding, our transport under it. */
export interface Api {
  readonly connection: string;
  readonly version: string;
  readonly client: Connection;
  token(): Token;
  /** GET of a path below /services/data/vX, or of one from the root. */
  get(path: string): Promise<SalesforceRecord>;
  query(soql: string, scope?: 'living' | 'all'): Promise<QueryPage>;
  nextPage(url: string): Promise<QueryPage>;
  /** A request of our own below /services/data/vX; a refusal is thrown as SalesforceFailure. */
  send(request: DirectRequest): Promise<HttpAnswer>;
  stream(request: DirectRequest): Promise<HttpStream>;
}

export interface QueryPage {
  readonly records: readonly SalesforceRecord[];
  /** null where the answer does not say. */
  readonly totalSize: number | null;
  readonly done: boolean;
  readonly nextUrl: string | null;
}

export async function openApi(context: OpenContext<SalesforceSettings>): Promise<Api> {
  const session = await openSession(context);
  const { default: jsforce } = await import('jsforce');
  const token = session.current();
  const client = new jsforce.Connection({
    instanceUrl: token.instanceUrl,
    accessToken: token.accessToken,
    version: context.settings.apiVersion,
  });
  client._transport = createTransport(context.http, session, context.name);
  client.version = await chooseVersion(client, context);
  const get = async (path: string) => asRecord(await client.request(path), context.name);
  const { name: connection } = context;
  const route = { http: context.http, session, connection };
  const below = (request: DirectRequest) => ({
    ...request,
    path: `/services/data/v${client.version}${request.path}`,
  });
  return {
    connection,
    version: client.version,
    client,
    token: () => session.current(),
    get,
    query: createQuery(get, context),
    nextPage: async (url) => readPage(await get(fromRoot(url)), connection),
    send: (request) => sendDirect(route, below(request)),
    stream: (request) => streamDirect(route, below(request)),
  };
}

/** Next pages are named from the root of the instance, by gateways also from their own, or without the first slash. */
function fromRoot(url: string): string {
  const at = url.indexOf('services/data/');
  return at < 0 || /^https?:/.test(url) ? url : `/${url.slice(at)}`;
}

/** queryAll also gives records in the recycle bin and archived activities; where it is missing, query stands in. */
function createQuery(get: Api['get'], context: OpenContext<SalesforceSettings>): Api['query'] {
  let hasQueryAll = true;
  return async (soql, scope = 'living') => {
    const parameters = `q=${encodeURIComponent(soql)}`;
    if (scope === 'all' && hasQueryAll) {
      try {
        return readPage(await get(`/queryAll?${parameters}`), context.name);
      } catch (error) {
        if (!(error instanceof SalesforceFailure) || ![404, 405].includes(error.status)) throw error;
        hasQueryAll = false;
        context.log.warn({ connection: context.name }, 'deletions.unseen');
      }
    }
    return readPage(await get(`/query?${parameters}`), context.name);
  };
}

/** Orgs are upgraded on different week-ends: the pinned version, or the org's newest if that is older. */
async function chooseVersion(client: Connection, context: OpenContext<SalesforceSettings>): Promise<string> {
  const pinned = context.settings.apiVersion;
  try {
    const versions: unknown = await client.request('/services/data/');
    const numbers = (Array.isArray(versions) ? versions : [])
      .map((item: unknown) => (isRecord(item) ? Number(item.version) : Number.NaN))
      .filter((number) => Number.isFinite(number));
    if (numbers.length === 0) return pinned;
    return `${Math.min(Number(pinned), Math.max(...numbers))}.0`;
  } catch (error) {
    const explained = explainFailure(error, { connection: context.name });
    if (explained instanceof RunError && explained.kind === 'config') return pinned;
    throw explained;
  }
}

function readPage(body: SalesforceRecord, connection: string): QueryPage {
  const totalSize = toInteger(body.totalSize);
  if (!Array.isArray(body.records) && totalSize === null) throw strangeAnswer(connection);
  const records = Array.isArray(body.records) ? body.records.filter(isRecord) : [];
  const nextUrl = typeof body.nextRecordsUrl === 'string' ? body.nextRecordsUrl : null;
  return {
    records,
    totalSize: totalSize !== null && totalSize >= 0 ? totalSize : null,
    done: typeof body.done === 'boolean' ? body.done : nextUrl === null,
    nextUrl,
  };
}

/** The body of an answer that is to be JSON. */
export function readJson({ text }: Pick<HttpAnswer, 'text'>, connection: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw strangeAnswer(connection);
  }
}

function asRecord(body: unknown, connection: string): SalesforceRecord {
  if (!isRecord(body)) throw strangeAnswer(connection);
  return body;
}

function strangeAnswer(connection: string): RunError {
  return new RunError('remote', {
    where: connection,
    message: 'Salesforce answered with something else than the JSON that was asked for',
    fix: 'Run again; a proxy between here and Salesforce may answer in its place.',
  });
}
