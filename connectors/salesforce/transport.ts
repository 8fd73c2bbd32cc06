import { PassThrough } from 'node:stream';
import type { Connection } from 'jsforce';
import { RunError } from '../../src/model/errors.ts';
import type { Http, HttpAnswer, HttpRequest, HttpStream } from '../../src/model/http.ts';
import type { Session, Token } from './auth.ts';
import { readFailure } from './failure.ts';

type Transport = Connection['_transport'];
type JsforceRequest = Parameters<Transport['httpRequest']>[0];

/**
 * jsforce's way to the network: each request goes to `http`, which alone paces, retries and times out. A refused session
 * is renewed here, once per request; jsforce itself gets no refresh function, since it would try without limit.
 */
export function createTransport(http: Http, session: Session, connection: string): Transport {
  const home = session.current().instanceUrl;
  const transport = {
    httpRequest(request: JsforceRequest) {
      const answer = deliver({ http, session, connection, home }, request).then((reply) => ({
        statusCode: reply.status,
        headers: reply.headers,
        body: reply.text,
      }));
      // jsforce pipes every request into a stream, even when only the promise is used.
      return Object.assign(answer, { stream: () => new PassThrough() });
    },
  };
  // The class also declares a protected way to make request streams, which only its own httpRequest calls.
  return transport as unknown as Transport;
}

export interface Route {
  readonly http: Http;
  readonly session: Session;
  readonly connection: string;
}

/** `home`: the address that jsforce was told at first, and puts before every path. */
async function deliver(
  route: Route & { readonly home: string },
  request: JsforceRequest,
): Promise<HttpAnswer> {
  const signed = (token: Token) => {
    const path = pathOf(request.url, { instanceUrl: token.instanceUrl, ...route });
    return addressTo(token, request, path);
  };
  const answer = await sendSigned(route, signed, (one) => route.http.send(one));
  if (answer.status < 300 || answer.status === 304) return answer;
  throw readFailure(answer);
}

/** Sends with the session's token, once more with a new one where it is refused; other refusals come back as they are. */
async function sendSigned(
  { session }: Route,
  signed: (token: Token) => HttpRequest,
  send: (request: HttpRequest) => Promise<HttpAnswer>,
): Promise<HttpAnswer> {
  const token = session.current();
  const answer = await send(signed(token));
  if (!isSessionRefused(answer)) return answer;
  const renewed = await session.renew(token.accessToken);
  return renewed ? send(signed(renewed)) : answer;
}

/** A request that jsforce has no part in. */
export interface DirectRequest {
  readonly method: HttpRequest['method'];
  /** From the root of the instance. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  readonly repeatable?: boolean;
}

export async function sendDirect(route: Route, request: DirectRequest): Promise<HttpAnswer> {
  const answer = await sendSigned(
    route,
    (token) => signDirect(token, request),
    (one) => route.http.send(one),
  );
  if (answer.status >= 300) throw readFailure(answer);
  return answer;
}

/** The same for a body that does not fit into memory; a refusal is read whole. */
export async function streamDirect(route: Route, request: DirectRequest): Promise<HttpStream> {
  let stream: HttpStream | null = null;
  const answer = await sendSigned(
    route,
    (token) => signDirect(token, request),
    async (one) => {
      stream = await route.http.stream(one);
      const { status, headers, chunks } = stream;
      return { status, headers, text: status < 300 ? '' : await readText(chunks) };
    },
  );
  if (answer.status >= 300 || stream === null) throw readFailure(answer);
  return stream;
}

async function readText(chunks: AsyncIterable<Uint8Array>): Promise<string> {
  const parts: Uint8Array[] = [];
  for await (const chunk of chunks) parts.push(chunk);
  return Buffer.concat(parts).toString('utf8');
}

function signDirect({ instanceUrl, accessToken }: Token, request: DirectRequest): HttpRequest {
  const { method, path, headers = {}, body, repeatable } = request;
  const type = typeof body === 'string' ? { 'content-type': 'application/json' } : {};
  return {
    method,
    url: `${instanceUrl}${path}`,
    headers: { accept: 'application/json', ...type, ...headers, authorization: `Bearer ${accessToken}` },
    ...(body === undefined ? {} : { body }),
    ...(repeatable === undefined ? {} : { repeatable }),
  };
}

/** 401 also answers policies that no new session can change. */
function isSessionRefused(answer: HttpAnswer): boolean {
  if (answer.status !== 401) return false;
  return !/not valid for use with the REST API|not attached to Agent/i.test(answer.text);
}

/** An instance may lie below a path of its own, behind a gateway. */
function pathOf(
  address: string,
  {
    home,
    instanceUrl,
    connection,
  }: { readonly home: string; readonly instanceUrl: string; readonly connection: string },
): string {
  if (address.startsWith(`${home}/`)) return address.slice(home.length);
  const base = new URL(instanceUrl);
  const url = new URL(address, base);
  if (url.origin !== base.origin) {
    throw new RunError('remote', {
      where: connection,
      message: 'Salesforce named an address outside its own instance',
      fix: 'Nothing was sent there. Run again; if it stays, ask Salesforce Support.',
    });
  }
  const path = `${url.pathname}${url.search}`;
  return base.pathname !== '/' && path.startsWith(`${base.pathname}/`)
    ? path.slice(base.pathname.length)
    : path;
}

/** URL and token are put in per attempt: a new session may live on another host. */
function addressTo(token: Token, request: JsforceRequest, path: string): HttpRequest {
  const method = request.method as HttpRequest['method'];
  return {
    method,
    url: `${token.instanceUrl}${path}`,
    headers: { ...cleanHeaders(request.headers), authorization: `Bearer ${token.accessToken}` },
    ...(typeof request.body === 'string' || request.body instanceof Uint8Array ? { body: request.body } : {}),
    repeatable: isRepeatable(method, path.split('?')[0] ?? ''),
  };
}

/** The length is the sender's to say, and the token of the moment replaces jsforce's. */
function cleanHeaders(headers: JsforceRequest['headers']): Record<string, string> {
  const kept = Object.entries(headers ?? {}).filter(
    ([name, value]) => !/^(authorization|content-length)$/i.test(name) && typeof value === 'string',
  );
  return Object.fromEntries(kept.map(([name, value]) => [name.toLowerCase(), String(value)]));
}

/**
 * Reads, deletions and upserts by an external id do no harm when they arrive twice. Nor does a second deployment of
 * equal files, or an assignment, which is refused as a duplicate.
 */
function isRepeatable(method: HttpRequest['method'], path: string): boolean {
  if (method === 'POST') {
    return /\/(metadata\/deployRequest|sobjects\/PermissionSetAssignment)\/?$/.test(path);
  }
  if (method === 'PATCH') return /\/composite\/sobjects\/\w+\/\w+$/.test(path);
  return true;
}
