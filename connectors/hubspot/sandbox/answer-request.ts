import type { SandboxAnswer, SandboxRequest } from '../../../src/sandbox/server.ts';
import { type Call, grantedScopes } from './call.ts';
import { type Bucket, countCall, limitHeaders } from './limits.ts';
import type { Portal } from './portal.ts';
import { invalid, Refusal } from './refusal.ts';
import { findRoute } from './router.ts';
import { routes } from './routes.ts';
import { type Caller, identifyCaller } from './tokens.ts';

/** Longer addresses are refused at the edge, with a page instead of JSON. */
const maxUrlLength = 8000;

const anonymous: Caller = { app: 'anonymous', isPrivate: false, scopes: new Set() };

/** What the portal answers to one request. */
export function answerRequest(portal: Portal, request: SandboxRequest): SandboxAnswer {
  const correlationId = makeCorrelationId(portal.nextSerial());
  const headers: Record<string, string> = { 'X-HubSpot-Correlation-Id': correlationId };
  if (request.path.length + request.query.toString().length > maxUrlLength) {
    return { status: 414, headers, body: '<html><body><h1>414 Request-URI Too Large</h1></body></html>' };
  }
  try {
    const answer = answerRoute(portal, request, headers);
    return { ...answer, headers: { ...headers, ...answer.headers } };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { status: error.status, headers, body: { ...error.body, correlationId } };
  }
}

function makeCorrelationId(serial: number): string {
  return `5a4db0c5-0000-4000-8000-${serial.toString(16).padStart(12, '0')}`;
}

/** Headers are collected as far as the request gets, so that refusals carry the limits, too. */
function answerRoute(
  portal: Portal,
  request: SandboxRequest,
  headers: Record<string, string>,
): SandboxAnswer {
  const found = findRoute(routes, request.method, request.path);
  if (!found.route) {
    throw new Refusal(found.otherMethod ? 405 : 404, {
      message: found.otherMethod ? 'HTTP 405 Method Not Allowed' : 'resource not found',
    });
  }
  const { bucket, handle } = found.route;
  const caller = admit(portal, request, { bucket, headers });
  return handle(toCall(portal, request, { caller, params: found.params, isForm: bucket === 'open' }));
}

function admit(
  portal: Portal,
  request: SandboxRequest,
  { bucket, headers }: { readonly bucket: Bucket; readonly headers: Record<string, string> },
): Caller {
  if (bucket === 'open') return anonymous;
  const caller = identifyCaller(portal, request.headers.authorization, grantedScopes(portal));
  try {
    countCall(portal, caller.app, bucket);
  } finally {
    Object.assign(headers, limitHeaders(portal, caller, bucket));
  }
  return caller;
}

function toCall(
  portal: Portal,
  request: SandboxRequest,
  {
    caller,
    params,
    isForm,
  }: { readonly caller: Caller; readonly params: Call['params']; readonly isForm: boolean },
): Call {
  const rawBody = request.body.toString('utf8');
  const contentType = request.headers['content-type'] ?? '';
  return {
    portal,
    caller,
    params,
    query: request.query,
    path: request.path,
    body: isForm ? undefined : parseBody(rawBody, contentType),
    rawBody,
    contentType,
  };
}

function parseBody(text: string, contentType: string): unknown {
  if (text === '') return undefined;
  if (!contentType.includes('json')) throw new Refusal(415, { message: 'HTTP 415 Unsupported Media Type' });
  try {
    return JSON.parse(text);
  } catch {
    throw invalid('Invalid input JSON on line 1, column 1: the body is not valid JSON');
  }
}
