import { PassThrough } from 'node:stream';
import type { Connection } from 'jsforce';
import { RunError } from '../../src/model/errors.ts';
import type { Http, HttpAnswer, HttpRequest } from '../../src/model/http.ts';
import type { Session, Token } from './auth.ts';
import { readFailure } from './failure.ts';

type Transport = Connection['_transport'];
type JsforceRequest = Parameters<Transport['httpRequest']>[0];

/**
 * jsforce's way to the network: each request goes to `http`, which alone paces, retries and times out. A refused session
 * is renewed here, once per request; jsforce itself gets no refresh function, since it would try without limit.
 */
export function createTransport(http: Http, session: Session, connection: string): Transport {
  const transport = {
    httpRequest(request: JsforceRequest) {
      const answer = deliver({ http, session, connection }, request).then((reply) => ({
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

interface Route {
  readonly http: Http;
  readonly session: Session;
  readonly connection: string;
}

async function deliver(route: Route, request: JsforceRequest): Promise<HttpAnswer> {
  const token = route.session.current();
  const answer = await route.http.send(addressTo(token, request, route.connection));
  if (answer.status < 300 || answer.status === 304) return answer;
  if (!isSessionRefused(answer)) throw readFailure(answer);
  const renewed = await route.session.renew(token.accessToken);
  if (!renewed) throw readFailure(answer);
  const second = await route.http.send(addressTo(renewed, request, route.connection));
  if (second.status >= 300 && second.status !== 304) throw readFailure(second);
  return second;
}

/** 401 also answers policies that no new session can change. */
function isSessionRefused(answer: HttpAnswer): boolean {
  if (answer.status !== 401) return false;
  return !/not valid for use with the REST API|not attached to Agent/i.test(answer.text);
}

/** URL and token are put in per attempt: a new session may live on another host. */
function addressTo(token: Token, request: JsforceRequest, connection: string): HttpRequest {
  const url = new URL(request.url, token.instanceUrl);
  const target = `${token.instanceUrl}${url.pathname}${url.search}`;
  if (/^https?:/.test(request.url) && url.origin !== new URL(token.instanceUrl).origin) {
    throw new RunError('remote', {
      where: connection,
      message: 'Salesforce named an address outside its own instance',
      fix: 'Nothing was sent there. Run again; if it stays, ask Salesforce Support.',
    });
  }
  const method = request.method as HttpRequest['method'];
  return {
    method,
    url: target,
    headers: { ...cleanHeaders(request.headers), authorization: `Bearer ${token.accessToken}` },
    ...(typeof request.body === 'string' || request.body instanceof Uint8Array ? { body: request.body } : {}),
    repeatable: isRepeatable(method, url.pathname),
  };
}

/** The length is the sender's to say, and the token of the moment replaces jsforce's. */
function cleanHeaders(headers: JsforceRequest['headers']): Record<string, string> {
  const kept = Object.entries(headers ?? {}).filter(
    ([name, value]) => !/^(authorization|content-length)$/i.test(name) && typeof value === 'string',
  );
  return Object.fromEntries(kept.map(([name, value]) => [name.toLowerCase(), String(value)]));
}

/** Reads, deletions and upserts by an external id do no harm when they arrive twice. */
function isRepeatable(method: HttpRequest['method'], path: string): boolean {
  if (method === 'POST') return false;
  if (method === 'PATCH') return /\/composite\/sobjects\/\w+\/\w+$/.test(path);
  return true;
}
