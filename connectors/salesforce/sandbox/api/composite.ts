import type { SandboxAnswer, SandboxRequest } from '../../../../src/sandbox/server.ts';
import { ApiError } from '../errors.ts';
import { type Call, isRecord, jsonBody, type Route } from './call.ts';

const maxParts = 25;
const maxQueries = 5;

/** Answers a request inside a request; the router gives it, as it alone knows all routes. */
export type AnswerPart = (call: Call, part: SandboxRequest) => SandboxAnswer;

export function compositeRoutes(answer: AnswerPart): readonly Route[] {
  return [
    { method: 'POST', path: /^\/composite\/batch\/?$/, answer: (call) => answerBatch(call, answer) },
    { method: 'POST', path: /^\/composite\/?$/, answer: (call) => answerComposite(call, answer) },
  ];
}

function partsOf(call: Call, key: string): readonly Readonly<Record<string, unknown>>[] {
  const list = jsonBody(call.request)[key];
  const parts = Array.isArray(list) ? list.filter(isRecord) : [];
  if (parts.length === 0) throw new ApiError(400, 'JSON_PARSER_ERROR', `${key} is required`);
  if (parts.length > maxParts)
    throw new ApiError(400, 'LIMIT_EXCEEDED', `The maximum number of subrequests is ${maxParts}`);
  return parts;
}

function toRequest(call: Call, part: { method: unknown; url: string; body: unknown }): SandboxRequest {
  const url = new URL(part.url.startsWith('/') ? part.url : `/services/data/${part.url}`, 'http://localhost');
  return {
    method: String(part.method ?? 'GET').toUpperCase(),
    path: url.pathname,
    query: url.searchParams,
    headers: call.request.headers,
    body: part.body === undefined ? Buffer.alloc(0) : Buffer.from(JSON.stringify(part.body)),
  };
}

/** Each part counts as a call of its own. */
function answerBatch(call: Call, answer: AnswerPart): SandboxAnswer {
  const parts = partsOf(call, 'batchRequests');
  call.org.apiCalls += parts.length - 1;
  const results = parts.map((part) => {
    const request = toRequest(call, { method: part.method, url: String(part.url), body: part.richInput });
    const { status, body } = answer(call, request);
    return { statusCode: status, result: body ?? null };
  });
  const hasErrors = results.some(({ statusCode }) => statusCode >= 400);
  return { status: 200, body: { hasErrors, results } };
}

/** Counts once; at most five of the parts may be queries. */
function answerComposite(call: Call, answer: AnswerPart): SandboxAnswer {
  const parts = partsOf(call, 'compositeRequest');
  const queries = parts.filter((part) => /\/(query|queryAll)\b/.test(String(part.url)));
  if (queries.length > maxQueries) {
    throw new ApiError(400, 'LIMIT_EXCEEDED', `The maximum number of query subrequests is ${maxQueries}`);
  }
  const compositeResponse = parts.map((part) => {
    const request = toRequest(call, { method: part.method, url: String(part.url), body: part.body });
    const { status, body, headers } = answer(call, request);
    return {
      body: body ?? null,
      httpHeaders: headers ?? {},
      httpStatusCode: status,
      referenceId: part.referenceId ?? null,
    };
  });
  return { status: 200, body: { compositeResponse } };
}
