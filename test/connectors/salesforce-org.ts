import { openConnection } from '../../connectors/salesforce/connection.ts';
import { salesforce } from '../../connectors/salesforce/index.ts';
import type { BulkLimits } from '../../connectors/salesforce/limits.ts';
import { type SalesforceSettings, salesforceSettings } from '../../connectors/salesforce/settings.ts';
import type { Connection, Log, OpenContext } from '../../src/model/connector.ts';
import { createHttp, type HttpOptions } from '../../src/remote/http.ts';
import {
  type Fault,
  type SandboxAnswer,
  type SandboxRequest,
  type SeenRequest,
  startServer,
} from '../../src/sandbox/server.ts';
import { createMemoryTokens } from './memory-tokens.ts';

type Fields = Record<string, unknown>;

/** An org with two objects and next to no rules: for answers that a well-behaved one does not give. */
export interface ScriptedOrg {
  readonly url: string;
  readonly requests: SeenRequest[];
  readonly faults: Fault[];
  readonly records: Map<string, Fields[]>;
  /** Access token of the next sign-in; older ones are refused. */
  token: string;
  pageSize: number;
  /** Rows that are announced and never sent. */
  swallow: number;
  repeatPage: boolean;
  close(): Promise<void>;
}

const stamp = '/services/data/v66.0';

export async function startScriptedOrg(): Promise<ScriptedOrg> {
  const requests: SeenRequest[] = [];
  const faults: Fault[] = [];
  const locators = new Map<string, { rows: Fields[]; token: string }>();
  const state = {
    token: 't1',
    pageSize: 2,
    swallow: 0,
    repeatPage: false,
    records: new Map<string, Fields[]>(),
  };
  const handle = (request: SandboxRequest) => answer({ state, locators, url: () => server.url }, request);
  const server = await startServer({
    port: 0,
    handle,
    clock: () => Date.parse('2026-03-10T12:00:00Z'),
    faults,
    requests,
  });
  return Object.assign(state, { url: server.url, requests, faults, close: server.close });
}

interface Script {
  readonly state: Pick<ScriptedOrg, 'token' | 'pageSize' | 'swallow' | 'repeatPage' | 'records'>;
  readonly locators: Map<string, { rows: Fields[]; token: string }>;
  readonly url: () => string;
}

function answer(script: Script, request: SandboxRequest): SandboxAnswer {
  const { state, url } = script;
  if (request.path === '/services/oauth2/token') {
    return {
      status: 200,
      body: { access_token: state.token, instance_url: url(), id: `${url()}/id/00D1/0051` },
    };
  }
  if (request.path === '/services/data/')
    return { status: 200, body: [{ version: '61.0' }, { version: '66.0' }] };
  if (request.headers.authorization !== `Bearer ${state.token}`) return refused(401, 'INVALID_SESSION_ID');
  const path = request.path.replace(stamp, '');
  if (path === '/sobjects')
    return { status: 200, body: { sobjects: [...state.records.keys()].map((name) => ({ name })) } };
  const described = /^\/sobjects\/(\w+)\/describe$/.exec(path)?.[1];
  if (described) return describeObject(state.records.get(described), described);
  if (/\/deleted\//.test(path))
    return { status: 200, body: { deletedRecords: [], latestDateCovered: '2026-03-10T11:59:00.000+0000' } };
  if (/^\/query/.test(path)) return query(script, path, request.query.get('q'));
  return refused(404, 'NOT_FOUND');
}

function refused(status: number, errorCode: string): SandboxAnswer {
  return { status, body: [{ errorCode, message: errorCode }] };
}

function describeObject(rows: Fields[] | undefined, name: string): SandboxAnswer {
  if (!rows) return refused(404, 'NOT_FOUND');
  return {
    status: 200,
    body: { name, fields: Object.keys(rows[0] ?? {}).map((field) => ({ name: field })) },
  };
}

function query(script: Script, path: string, soql: string | null): SandboxAnswer {
  const { state, locators } = script;
  const locator = path.split('/')[2];
  if (locator && state.repeatPage) return page(script, locator, 99);
  if (locator) {
    const known = locators.get(locator.split('-')[0] ?? '');
    if (known?.token !== state.token) return refused(400, 'INVALID_QUERY_LOCATOR');
    return page(script, locator, known.rows.length);
  }
  const rows = select(state.records, soql ?? '');
  if (/count\(\)/.test(soql ?? ''))
    return { status: 200, body: { totalSize: rows.length, done: true, records: [] } };
  const id = `01g${locators.size}`;
  locators.set(id, { rows, token: state.token });
  return page(script, `${id}-0`, rows.length);
}

function page({ state, locators }: Script, locator: string, totalSize: number): SandboxAnswer {
  const [id = '', start = '0'] = locator.split('-');
  const rows = locators.get(id)?.rows ?? [];
  const end = Number(start) + state.pageSize;
  const done = end >= rows.length && !state.repeatPage;
  const next = `${stamp}/query/${id}-${state.repeatPage ? 2 : end}`;
  const records = rows.slice(Number(start), done ? rows.length - state.swallow : end);
  return { status: 200, body: { totalSize, done, records, ...(done ? {} : { nextRecordsUrl: next }) } };
}

/** Understands the connector's own bounds on SystemModstamp and nothing else. */
function select(records: ReadonlyMap<string, Fields[]>, soql: string): Fields[] {
  const rows = records.get(/FROM (\w+)/.exec(soql)?.[1] ?? '') ?? [];
  const tie = /SystemModstamp = (\S+) AND Id >= '(\w+)'/.exec(soql);
  const from = /SystemModstamp >= ([^\s)]+)/.exec(soql)?.[1];
  const at = (row: Fields) => Date.parse(String(row.SystemModstamp));
  const kept = rows.filter((row) => {
    if (tie)
      return (
        at(row) > Date.parse(tie[1] ?? '') ||
        (at(row) === Date.parse(tie[1] ?? '') && String(row.Id) >= (tie[2] ?? ''))
      );
    return from ? at(row) >= Date.parse(from) : true;
  });
  return kept.sort((a, b) => at(a) - at(b) || (String(a.Id) < String(b.Id) ? -1 : 1));
}

/** As many records as asked for, every three of them with the same stamp. */
export function accounts(count: number): Fields[] {
  return Array.from({ length: count }, (_, index) => ({
    Id: `001${String(index).padStart(12, '0')}AAA`,
    Name: `Account ${index}`,
    IsDeleted: false,
    CreatedDate: '2026-01-01T00:00:00.000Z',
    SystemModstamp: new Date(Date.parse('2026-02-01T00:00:00Z') + Math.floor(index / 3) * 1000).toISOString(),
  }));
}

export const silentLog: Log = { debug() {}, info() {}, warn() {}, error() {} };

export function openOrg(
  org: { readonly url: string },
  options: {
    auth?: unknown;
    context?: Partial<OpenContext>;
    signal?: AbortSignal;
    bulk?: BulkLimits;
    budget?: Partial<HttpOptions>;
  } = {},
): Promise<Connection> {
  const signal = options.signal ?? new AbortController().signal;
  const settings = salesforceSettings.parse({
    loginUrl: org.url,
    auth: options.auth ?? { flow: 'client_credentials', clientId: 'id', clientSecret: 'secret' },
  });
  const http = createHttp({
    where: 'sales',
    policy: salesforce.policy,
    clock: Date,
    log: silentLog,
    signal,
    random: () => 0,
    ...options.budget,
  });
  const context: OpenContext<SalesforceSettings> = {
    name: 'sales',
    folder: '.',
    objects: salesforce.objects,
    fields: {},
    entities: {},
    since: null,
    currency: 'EUR',
    timeZone: 'Europe/Madrid',
    language: 'en',
    http,
    tokens: createMemoryTokens(),
    clock: Date,
    log: silentLog,
    signal,
    ...options.context,
    settings,
  };
  return options.bulk ? openConnection(context, options.bulk) : salesforce.open(context);
}
