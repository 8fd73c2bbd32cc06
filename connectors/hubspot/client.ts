import type { ZodType } from 'zod';
import { RunError } from '../../src/model/errors.ts';
import type { Http, HttpAnswer, HttpRequest } from '../../src/model/http.ts';
import type { TokenSource } from './auth.ts';
import { explainFailure } from './explain.ts';
import { isPage } from './limits.ts';
import { versionedPath } from './paths.ts';
import type { Requests, VendorRequest } from './requests.ts';

/** A call: what it is about (for messages), the request, and the shape of a good answer. */
export interface Call<T> {
  readonly what: string;
  readonly request: VendorRequest | Promise<VendorRequest>;
  readonly shape: ZodType<T>;
  /** May be sent twice: reads by POST, upserts by key. */
  readonly repeatable?: boolean;
}

export interface RawGet<T> {
  readonly what: string;
  readonly path: string;
  readonly query?: readonly (readonly [string, string])[];
  readonly shape: ZodType<T>;
}

export interface Reply<T> {
  readonly status: number;
  readonly value: T;
}

/** The one way to HubSpot: signs, sends through the paced transport, explains refusals, checks the answer's form. */
export interface Api {
  readonly connection: string;
  readonly http: Http;
  /** The official client's request builders. */
  readonly build: Requests;
  call<T>(call: Call<T>): Promise<Reply<T>>;
  /** For paths that the official client does not have. */
  get<T>(call: RawGet<T>): Promise<Reply<T>>;
}

export interface ApiParts {
  readonly connection: string;
  readonly baseUrl: string;
  readonly http: Http;
  readonly tokens: TokenSource;
  readonly build: Requests;
}

export function createApi(parts: ApiParts): Api {
  async function exchange<T>(what: string, request: HttpRequest, shape: ZodType<T>): Promise<Reply<T>> {
    const answer = await sendSigned(parts, request);
    if (answer.status < 200 || answer.status > 299) throw failure(parts, what, answer);
    return { status: answer.status, value: readAnswer(parts, { what, shape }, answer.text) };
  }
  return {
    connection: parts.connection,
    http: parts.http,
    build: parts.build,
    call: async (call) => exchange(call.what, await toHttp(parts.baseUrl, call), call.shape),
    get: (call) => exchange(call.what, rawRequest(parts.baseUrl, call), call.shape),
  };
}

/** Refusals that decide what is read: only HubSpot's own count, not those of a gateway in between. */
const telling = new Set([401, 403, 404, 405]);

function failure(parts: ApiParts, what: string, answer: HttpAnswer): RunError {
  if (telling.has(answer.status) && isPage(answer)) return notHubspot(parts, what, `status ${answer.status}`);
  return explainFailure({ connection: parts.connection, what, status: answer.status, text: answer.text });
}

async function toHttp<T>(baseUrl: string, call: Call<T>): Promise<HttpRequest> {
  const request = await call.request;
  const body = request.getBody();
  return {
    method: toMethod(request.getHttpMethod()),
    url: withVersion(baseUrl, request.getUrl()),
    headers: request.getHeaders(),
    ...(typeof body === 'string' ? { body } : {}),
    ...(call.repeatable === undefined ? {} : { repeatable: call.repeatable }),
  };
}

const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD'] as const;

function toMethod(name: string): HttpRequest['method'] {
  const method = methods.find((known) => known === name.toUpperCase());
  if (!method) throw new Error(`unexpected method ${name}`);
  return method;
}

function rawRequest<T>(baseUrl: string, call: RawGet<T>): HttpRequest {
  const query = new URLSearchParams();
  for (const [name, value] of call.query ?? []) query.append(name, value);
  const tail = query.size > 0 ? `?${query}` : '';
  return { method: 'GET', url: withVersion(baseUrl, baseUrl + call.path + tail) };
}

function withVersion(baseUrl: string, url: string): string {
  if (!url.startsWith(baseUrl)) return url;
  const rest = url.slice(baseUrl.length);
  const query = rest.indexOf('?');
  const path = query === -1 ? rest : rest.slice(0, query);
  return baseUrl + versionedPath(path) + (query === -1 ? '' : rest.slice(query));
}

/** A refused token is renewed once for each request: one that stays refused must not be renewed for ever. */
async function sendSigned(parts: ApiParts, request: HttpRequest): Promise<HttpAnswer> {
  const token = await parts.tokens.current();
  const answer = await parts.http.send(signed(request, token));
  if (answer.status !== 401) return answer;
  const renewed = await parts.tokens.renew(token);
  return renewed === null ? answer : parts.http.send(signed(request, renewed));
}

function signed(request: HttpRequest, token: string): HttpRequest {
  const headers: Record<string, string> = { accept: 'application/json' };
  for (const [name, value] of Object.entries(request.headers ?? {})) headers[name.toLowerCase()] = value;
  headers.authorization = `Bearer ${token}`;
  return { ...request, headers };
}

function readAnswer<T>(parts: ApiParts, want: { what: string; shape: ZodType<T> }, text: string): T {
  const parsed = want.shape.safeParse(parseJson(text));
  if (parsed.success) return parsed.data;
  throw notHubspot(parts, want.what, parsed.error.issues[0]?.path.join('.') || 'the whole answer');
}

function notHubspot({ connection }: ApiParts, what: string, place: string): RunError {
  return new RunError('remote', {
    where: `${connection} ${what}`,
    message: `The answer does not have the form that HubSpot documents (${place}).`,
    fix: 'Check baseUrl, and that no proxy answers in place of HubSpot; then run again.',
  });
}

/** undefined for an empty body (status 204) and for what is no JSON. */
function parseJson(text: string): unknown {
  if (text.trim() === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
