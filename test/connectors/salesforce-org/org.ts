import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { type Answer, json, notFound, type Question, refusal } from './org-answer.ts';
import { answerJobs } from './org-bulk.ts';
import { fillOrg } from './org-company.ts';
import { pollDeploy, startDeploy } from './org-deploy.ts';
import { describeObject, listObjects } from './org-describe.ts';
import { agree, type Desk, signIn } from './org-oauth.ts';
import { answerNextPage, answerQuery, showValue } from './org-query.ts';
import { Refusal } from './org-soql.ts';
import { type Dialect, type Org, objectNamed } from './org-state.ts';
import { answerCollections, answerCreate } from './org-writes.ts';

export interface OtherOrg extends AsyncDisposable {
  readonly url: string;
  readonly org: Org;
  readonly seen: string[];
  /** Answers in place of the org, once each; null: none is left. */
  readonly faults: ((question: Question) => Answer | null)[];
  /** Sessions that are good; taking one away ends it. */
  readonly sessions: Set<string>;
}

export const plain: Dialect = {
  pageSize: 2000,
  sparse: false,
  offset: '+0000',
  namespace: null,
  currencies: false,
  limitHeader: true,
  version: 68,
  lineEnd: '\n',
  broken: new Map(),
  hidden: new Set(),
  lying: new Set(),
};

/**
 * An org written from the descriptions of the API alone, sharing nothing with the sandbox, and different from it wherever
 * they leave room. The API lives below a path of its own, away from where one signs in.
 */
export async function startOtherOrg(dialect: Partial<Dialect>, now: () => number): Promise<OtherOrg> {
  const org: Org = {
    dialect: { ...plain, ...dialect },
    objects: new Map(),
    now,
    jobs: new Map(),
    deploys: new Map(),
    complaints: [],
    counter: 100,
  };
  fillOrg(org);
  const seen: string[] = [];
  const faults: OtherOrg['faults'] = [];
  const sessions = new Set<string>();
  const refreshTokens = new Set<string>();
  const server = createServer((request, response) => {
    void readQuestion(request).then((question) => {
      seen.push(`${question.method} ${question.path}${question.query.size > 0 ? `?${question.query}` : ''}`);
      reply(
        org,
        { request, response },
        answer({ org, faults, sessions, refreshTokens, url: `http://${request.headers.host}` }, question),
      );
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    org,
    seen,
    faults,
    sessions,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function readQuestion(request: IncomingMessage): Promise<Question> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const raw = Buffer.concat(chunks);
  const url = new URL(request.url ?? '/', 'http://x');
  const type = request.headers['content-type'] ?? '';
  const token = (request.headers.authorization ?? '').replace(/^Bearer /, '');
  return {
    method: request.method ?? 'GET',
    path: url.pathname,
    query: url.searchParams,
    token,
    raw,
    body: readBody(type, raw),
  };
}

function readBody(type: string, raw: Buffer): unknown {
  if (raw.length === 0 || type.startsWith('multipart')) return {};
  if (type.includes('json')) return JSON.parse(raw.toString());
  return type.includes('urlencoded')
    ? Object.fromEntries(new URLSearchParams(raw.toString()))
    : raw.toString();
}

function answer(desk: Desk, question: Question): Answer {
  for (const [at, fault] of desk.faults.entries()) {
    const odd = fault(question);
    if (!odd) continue;
    desk.faults.splice(at, 1);
    return odd;
  }
  try {
    return route(desk, question);
  } catch (error) {
    if (error instanceof Refusal) return json(error.status, error.body);
    desk.org.complaints.push(String(error));
    return json(500, [{ errorCode: 'UNKNOWN_EXCEPTION', message: String(error) }]);
  }
}

function route(desk: Desk, question: Question): Answer {
  const { org, sessions } = desk;
  if (question.path === '/services/oauth2/authorize') return agree(question);
  if (question.path === '/services/oauth2/token') return signIn(desk, { ...Object(question.body) });
  if (!question.path.startsWith('/instance/services/')) return notFound;
  if (!sessions.has(question.token)) return refusal(401, 'INVALID_SESSION_ID', 'Session expired or invalid');
  const path = question.path.replace('/instance/services', '');
  if (/^\/data\/?$/.test(path)) {
    const { version } = org.dialect;
    return json(
      200,
      [version - 1, version].map((number) => ({
        label: 'x',
        url: `/services/data/v${number}.0`,
        version: `${number}.0`,
      })),
    );
  }
  const [, version = '', below = ''] = /^\/data\/v(\d+)\.0\/(.*)$/.exec(path) ?? [];
  if (Number(version) > org.dialect.version) return notFound;
  return routeData(org, { ...question, path: below });
}

function routeData(org: Org, question: Question): Answer {
  const [area = '', ...rest] = question.path.split('/').filter(Boolean);
  switch (area) {
    case 'query':
    case 'queryAll': {
      const page = rest[0]
        ? answerNextPage(org, rest[0])
        : answerQuery(org, question.query.get('q') ?? '', area === 'queryAll');
      return page
        ? json(200, page)
        : json(400, [{ errorCode: 'INVALID_QUERY_LOCATOR', message: 'invalid query locator' }]);
    }
    case 'sobjects':
      return answerObjects(org, rest, question);
    case 'composite':
      return rest[0] === 'sobjects' ? answerCollections(org, rest.slice(1), question) : notFound;
    case 'jobs':
      return answerJobs(org, rest[0] ?? '', { ...question, rest: rest.slice(1) });
    case 'metadata':
      return question.method === 'POST' ? startDeploy(org, question.raw) : pollDeploy(org, rest[1] ?? '');
    case 'limits':
      return refusal(403, 'INSUFFICIENT_ACCESS');
    default:
      return notFound;
  }
}

function answerObjects(org: Org, [name, part]: readonly string[], question: Question): Answer {
  if (name === undefined) return json(200, listObjects(org));
  if (question.method === 'POST') return answerCreate(org, name, question);
  const broken = org.dialect.broken.get(name);
  if (broken && part === 'describe') return json(broken.status, broken.body);
  if (part === 'deleted') return answerDeleted(org, name, question);
  const described = describeObject(org, name);
  return described ? json(200, described) : notFound;
}

/** Ids as short as they are shown to people. */
function answerDeleted(org: Org, name: string, { query }: Question): Answer {
  const object = objectNamed(org, name);
  if (!object) return notFound;
  const [from, to] = [query.get('start'), query.get('end')].map((text) => Date.parse(text ?? ''));
  const gone = [...object.purged].filter(([, at]) => at >= (from ?? 0) - 60_000 && at <= (to ?? 0) + 60_000);
  return json(200, {
    deletedRecords: gone.map(([id, at]) => ({
      deletedDate: showValue(org, 'datetime', at),
      id: id.slice(0, 15),
    })),
    latestDateCovered: query.get('end'),
  });
}

function reply(
  org: Org,
  { request, response }: { request: IncomingMessage; response: ServerResponse },
  { status, headers, text }: Answer,
): void {
  // Numbers as Java writes large ones.
  const odd = text.replace(
    /"Amount":(\d{5,})/g,
    (_, number) => `"Amount":${Number(number).toExponential().replace('e+', 'E')}`,
  );
  const usage = org.dialect.limitHeader ? { 'sforce-limit-info': 'api-usage=18/5000' } : {};
  const packed = /gzip/.test(String(request.headers['accept-encoding'])) && org.dialect.sparse;
  response.writeHead(status, { ...headers, ...usage, ...(packed ? { 'content-encoding': 'gzip' } : {}) });
  response.end(status === 204 ? undefined : packed ? gzipSync(odd) : odd);
}
