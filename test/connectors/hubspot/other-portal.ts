import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { type Answer, notFound, type Question, refused } from './portal-answer.ts';
import { defineObjects, fillPortal } from './portal-company.ts';
import * as definitions from './portal-definitions.ts';
import * as marketing from './portal-marketing.ts';
import { answerOauth, token } from './portal-oauth.ts';
import * as reads from './portal-reads.ts';
import { searchRecords } from './portal-search.ts';
import { type Portal, type PortalRights, typeNamed } from './portal-state.ts';
import * as writes from './portal-writes.ts';

export interface OtherPortal extends AsyncDisposable {
  readonly url: string;
  readonly portal: Portal;
  /** `POST /crm/v3/objects/deals/search`, in the order in which they came. */
  readonly seen: readonly string[];
  /** Answers in place of the portal, once each; null: none is left. */
  readonly faults: ((question: Question) => Answer | 'html' | null)[];
}

/**
 * A portal written from HubSpot's documentation alone, and different from the sandbox wherever that leaves room: ids
 * that repeat between object types, opaque page tokens, numbers as text and text as numbers, no rate-limit headers and
 * no Date, optional parts left out, compressed answers, a search without any order.
 */
export async function startOtherPortal(rights: PortalRights, now: () => number): Promise<OtherPortal> {
  const portal: Portal = {
    rights,
    now,
    records: new Map(),
    properties: new Map(),
    groups: new Map(),
    links: new Map(),
    schemas: [],
    merged: new Map(),
    complaints: [],
    nextId: 700_001,
  };
  defineObjects(portal);
  fillPortal(portal);
  const seen: string[] = [];
  const faults: ((question: Question) => Answer | 'html' | null)[] = [];
  const server = createServer((request, response) => {
    void readQuestion(request).then((question) => {
      seen.push(`${question.method} ${question.path}`);
      reply(request, response, answer(portal, request, { question, faults }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    portal,
    seen,
    faults,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function readQuestion(request: IncomingMessage): Promise<Question> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const text = Buffer.concat(chunks).toString();
  const url = new URL(request.url ?? '/', 'http://x');
  const isJson = request.headers['content-type']?.includes('json') ?? false;
  const body = isJson && text ? JSON.parse(text) : Object.fromEntries(new URLSearchParams(text));
  return { method: request.method ?? 'GET', path: url.pathname, query: url.searchParams, body };
}

function answer(
  portal: Portal,
  { headers }: IncomingMessage,
  { question, faults }: { readonly question: Question; readonly faults: OtherPortal['faults'] },
): Answer | 'html' {
  for (const [at, fault] of faults.entries()) {
    const odd = fault(question);
    if (odd === null) continue;
    faults.splice(at, 1);
    return odd;
  }
  if (question.path.startsWith('/oauth/')) return answerOauth(question);
  if (headers.authorization !== `Bearer ${token}`) {
    return { status: 401, body: { category: 'INVALID_AUTHENTICATION', status: 'error', message: 'x' } };
  }
  return route(portal, question);
}

/** Sends compressed and in pieces; the Date header stays away. */
function reply(request: IncomingMessage, response: ServerResponse, given: Answer | 'html'): void {
  response.sendDate = false;
  if (given === 'html') {
    response.writeHead(200, { 'Content-Type': 'text/html' }).end('<html><body>Bitte warten</body></html>');
    return;
  }
  const { status, body, headers = {} } = given;
  if (body === undefined) {
    response.writeHead(status, headers).end();
    return;
  }
  const text = JSON.stringify(body);
  const zips = /gzip/.test(String(request.headers['accept-encoding'])) && text.length > 500;
  response.writeHead(status, {
    'CONTENT-TYPE': 'application/json;charset=utf-8',
    ...(zips && { 'content-Encoding': 'gzip' }),
    ...headers,
  });
  const bytes = zips ? gzipSync(text) : Buffer.from(text);
  response.write(bytes.subarray(0, 10));
  response.end(bytes.subarray(10));
}

function route(portal: Portal, question: Question): Answer {
  const { path } = question;
  const [, area = '', ...rest] = path.split('/');
  if (area === 'account-info' && rest.join('/') === 'v3/details') return marketing.showAccount();
  if (area === 'settings') return { status: 200, body: { results: [] } };
  if (area === 'marketing') return routeMarketing(portal, question, rest.slice(1));
  if (area === 'crm-object-schemas') return routeSchemas(portal, question, rest[2]);
  if (area === 'crm' && rest[1] === 'objects') return routeObjects(portal, question, rest.slice(2));
  if (area === 'crm' && rest[1] === 'owners') return marketing.listOwners(portal, question);
  if (area === 'crm' && rest[1] === 'pipelines') return marketing.listPipelines(rest[2] ?? '');
  if (area === 'crm' && rest[1] === 'properties') return routeProperties(portal, question, rest.slice(2));
  if (area === 'crm' && rest[1] === 'limits') return definitions.showLimits(portal, rest[2] ?? '');
  if (area === 'crm' && rest[1] === 'associations') {
    const [from, to] = [typeNamed(portal, rest[2] ?? ''), typeNamed(portal, rest[3] ?? '')];
    return from && to ? reads.readLinks(portal, [from, to], question) : notFound;
  }
  return notFound;
}

function routeMarketing(portal: Portal, question: Question, [what = '', id]: readonly string[]): Answer {
  if (portal.rights.refused.includes(what)) return refused(what);
  if (what !== 'emails') return notFound;
  return id === undefined ? marketing.listEmails(portal, question) : marketing.showEmail(portal, id);
}

function routeSchemas(portal: Portal, question: Question, id: string | undefined): Answer {
  if (question.method === 'DELETE') return definitions.removeSchema(portal, id ?? '', question);
  return question.method === 'POST'
    ? definitions.createSchema(portal, question)
    : definitions.listSchemas(portal);
}

function routeProperties(portal: Portal, question: Question, rest: readonly string[]): Answer {
  const type = typeNamed(portal, rest[0] ?? '');
  const known = type === null ? undefined : portal.properties.get(type);
  if (type === null || !known) return notFound;
  if (rest[1] === 'groups') {
    return question.method === 'POST' ? definitions.createGroup(portal, type, question) : { status: 204 };
  }
  if (question.method === 'DELETE') return definitions.removeProperty(portal, type, rest[1] ?? '');
  if (question.method === 'POST') return definitions.createProperty(portal, type, question);
  return { status: 200, body: { results: [...known.values()].map(definitions.showProperty) } };
}

function routeObjects(portal: Portal, question: Question, rest: readonly string[]): Answer {
  const [name = '', second, third] = rest;
  if (portal.rights.refused.includes(name)) return refused(name);
  const type = typeNamed(portal, name);
  if (type === null) return notFound;
  const { method } = question;
  if (second === undefined) {
    return method === 'POST'
      ? writes.createRecord(portal, type, question)
      : reads.listRecords(portal, type, question);
  }
  if (second === 'search') return searchRecords(portal, type, question);
  if (second === 'batch') {
    if (third === 'read') return reads.readBatch(portal, type, question);
    if (third === 'upsert') return writes.upsertRecords(portal, type, question);
    return third === 'archive' ? writes.archiveRecords(portal, type, question) : notFound;
  }
  if (method === 'DELETE') return writes.archiveOne(portal, type, second);
  const one = { id: second, question };
  return method === 'PATCH' ? writes.updateRecord(portal, type, one) : reads.readOne(portal, type, one);
}
