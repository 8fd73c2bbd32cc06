// An org with very many opportunities, in a process of its own: node org.ts FOLDER ROWS. What it sends is made and zipped
// beforehand, so that its work takes no time from what is measured. All else is the sandbox's.
import { createReadStream } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { startSandbox } from '../../connectors/salesforce/sandbox/index.ts';
import { columns, recordOf, rowsPerSet, setFile, sumOf } from './rows.ts';

const [folder = '.', rowsText = '0'] = process.argv.slice(2);
const rows = Number(rowsText);
const job = '750000000000001AAA';
const restPage = 2000;

const sandbox = await startSandbox({
  ...{ port: 0, data: null, seed: 1, size: 20, now: Date.now(), currency: 'EUR', timeZone: 'Europe/Madrid' },
  ...{ tier: null, without: [] },
});
const sum = sumOf(rows);
/** Records that carry a newer stamp, and that stamp. */
let changed: { readonly count: number; readonly stamp: string } = { count: 0, stamp: '' };
let ownUrl = '';

const server = createServer((request, response) => {
  answer(request, response).catch(() => response.destroy());
});
server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  ownUrl = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;
  process.stdout.write(`${JSON.stringify({ url: ownUrl, auth: sandbox.auth })}\n`);
});

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? '/', ownUrl);
  const path = url.pathname.replace(/^\/services\/data\/v[\d.]+/, '');
  const soql = url.searchParams.get('q') ?? '';
  if (path === '/bench/change') {
    changed = {
      count: Number(url.searchParams.get('count')),
      stamp: `${new Date().toISOString().slice(0, 19)}.000+0000`,
    };
    return sendJson(response, changed);
  }
  if (path === `/jobs/query/${job}/results`) return sendSet(response, url);
  if (path === `/jobs/query/${job}/resultPages`)
    return sendJson(response, { resultPages: listSets(), done: true });
  if (path === `/jobs/query/${job}`)
    return sendJson(response, { id: job, state: 'JobComplete', numberRecordsProcessed: rows });
  if (/FROM Opportunity\b/.test(soql)) return answerQuery(response, soql);
  const next = /^\/query\/(all|changed)-(\d+)$/.exec(path);
  if (next) return sendPage(response, next[1] === 'all', Number(next[2]));
  const body = await readBody(request);
  if (request.method === 'POST' && path === '/jobs/query' && /FROM Opportunity\b/.test(body))
    return createJob(response, body);
  return pass(request, response, { url, body });
}

function createJob(response: ServerResponse, body: string): void {
  const asked = /SELECT (.*?) FROM/.exec(JSON.parse(body).query)?.[1]?.split(', ') ?? [];
  const known =
    asked.length === columns.length && asked.every((name) => columns.some((column) => column === name));
  if (known) sendJson(response, { id: job, state: 'UploadComplete' });
  else sendJson(response, [{ errorCode: 'INVALIDJOB', message: `not the columns prepared: ${asked}` }], 400);
}

function listSets(): object[] {
  const sets: object[] = [];
  for (let start = 0; start < rows; start += rowsPerSet)
    sets.push({ resultUrl: `/jobs/query/${job}/results?locator=${start === 0 ? '' : start}` });
  return sets;
}

function sendSet(response: ServerResponse, url: URL): void {
  const start = Number(url.searchParams.get('locator') ?? 0);
  const end = Math.min(rows, start + rowsPerSet);
  response.writeHead(200, {
    'content-type': 'text/csv',
    'content-encoding': 'gzip',
    'sforce-locator': end < rows ? String(end) : 'null',
    'sforce-numberofrecords': String(end - start),
  });
  createReadStream(setFile(folder, start)).pipe(response);
}

function answerQuery(response: ServerResponse, soql: string): void {
  if (/SELECT count\(\)/.test(soql)) sendJson(response, { totalSize: rows, done: true, records: [] });
  else if (/SELECT SUM\(/.test(soql))
    sendJson(response, { totalSize: 1, done: true, records: [{ total: sum }] });
  else sendPage(response, !/WHERE/.test(soql), 0);
}

/** All records, or the first ones as they have been changed. */
function sendPage(response: ServerResponse, all: boolean, start: number): void {
  const total = all ? rows : changed.count;
  const end = Math.min(total, start + restPage);
  const records: object[] = [];
  for (let number = start; number < end; number += 1)
    records.push(recordOf(number, all ? null : changed.stamp));
  const place = `/services/data/v66.0/query/${all ? 'all' : 'changed'}-${end}`;
  sendJson(response, {
    ...{ totalSize: total, done: end >= total, records },
    ...(end < total ? { nextRecordsUrl: place } : {}),
  });
}

function sendJson(response: ServerResponse, body: unknown, status = 200): void {
  response.writeHead(status, { 'content-type': 'application/json;charset=UTF-8' });
  response.end(JSON.stringify(body));
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

async function pass(
  request: IncomingMessage,
  response: ServerResponse,
  { url, body }: { readonly url: URL; readonly body: string },
): Promise<void> {
  const headers: Record<string, string> = {};
  for (const name of ['authorization', 'content-type', 'accept']) {
    const value = request.headers[name];
    if (typeof value === 'string') headers[name] = value;
  }
  const reply = await fetch(`${sandbox.url}${url.pathname}${url.search}`, {
    method: request.method ?? 'GET',
    headers,
    ...(body === '' ? {} : { body }),
  });
  const text = (await reply.text()).replaceAll(sandbox.url, ownUrl);
  response.writeHead(reply.status, {
    'content-type': reply.headers.get('content-type') ?? 'application/json',
  });
  response.end(text);
}
