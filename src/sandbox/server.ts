import { once } from 'node:events';
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import { sendAnswer } from './answer.ts';

/** A request as a sandbox's routes see it. */
export interface SandboxRequest {
  readonly method: string;
  /** Path without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}
export interface SandboxAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as it is when a string or bytes, else as JSON; undefined: empty. */
  readonly body?: unknown;
}
export interface SeenRequest {
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly status: number;
  readonly at: number;
  readonly body: string;
}
/** One planned failure. `times` counts down with each match; the fault goes when it is 0. */
export interface Fault {
  readonly matches: (request: SandboxRequest) => boolean;
  times: number;
  /** reset: the connection is dropped unanswered. truncate: headers, then half of the body, then dropped. hang: never answered. after: carried out, but the answer lost. */
  readonly act: 'reset' | 'truncate' | 'hang' | 'after' | SandboxAnswer;
}

export interface ServerOptions {
  /** 0: any free one. */
  readonly port: number;
  handle(request: SandboxRequest): Promise<SandboxAnswer> | SandboxAnswer;
  /** Sandbox time, epoch ms: the `Date` header and `SeenRequest.at`. */
  readonly clock: () => number;
  readonly faults: Fault[];
  /** Each request is added here once its answer is decided; status 0: never answered. */
  readonly requests: SeenRequest[];
}

export interface RunningServer {
  /** Without a trailing slash. */
  readonly url: string;
  /** Drops open connections at once. */
  close(): Promise<void>;
}

const maxBodyBytes = 200 * 1024 * 1024;
const keptBodyChars = 2000;

/** Serves one sandbox over HTTP on loopback. */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const server = createServer((incoming, outgoing) => {
    serve(options, incoming, outgoing).catch(() => incoming.socket.destroy());
  });
  // Longer than clients keep idle connections, so that the client closes first and never sends into a closing one.
  server.keepAliveTimeout = 60_000;
  server.requestTimeout = 0;
  server.listen(options.port, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : options.port;
  return { url: `http://127.0.0.1:${port}`, close: () => closeServer(server) };
}

async function closeServer(server: Server): Promise<void> {
  if (!server.listening) return;
  const closed = once(server, 'close');
  server.close();
  server.closeAllConnections();
  await closed;
}

async function serve(
  options: ServerOptions,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  const body = await readBody(incoming);
  const request = toRequest(incoming, body ?? Buffer.alloc(0));
  const send = (answer: SandboxAnswer, truncate = false) =>
    sendAnswer({ outgoing, incoming, nowMs: options.clock(), truncate }, answer);
  if (body === null) {
    record(options, request, 413);
    return send({ status: 413, body: { message: 'The request is too large.' } });
  }
  const fault = takeFault(options.faults, request);
  if (fault === 'reset' || fault === 'hang') {
    record(options, request, 0);
    if (fault === 'reset') incoming.socket.resetAndDestroy();
    return;
  }
  const answer = fault !== null && typeof fault === 'object' ? fault : await answerRequest(options, request);
  record(options, request, answer.status);
  if (fault === 'after') return void incoming.socket.destroy();
  await send(answer, fault === 'truncate');
}

function toRequest(incoming: IncomingMessage, body: Buffer): SandboxRequest {
  const target = incoming.url ?? '/';
  const mark = target.indexOf('?');
  return {
    method: incoming.method ?? 'GET',
    path: mark < 0 ? target : target.slice(0, mark),
    query: new URLSearchParams(mark < 0 ? '' : target.slice(mark + 1)),
    headers: incoming.headers,
    body,
  };
}

/** null: longer than a sandbox takes. */
async function readBody(incoming: IncomingMessage): Promise<Buffer | null> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of incoming) {
    bytes += chunk.length;
    if (bytes <= maxBodyBytes) chunks.push(chunk);
    else chunks.length = 0;
  }
  return bytes > maxBodyBytes ? null : Buffer.concat(chunks);
}

/** The first fault that matches, counted down. */
function takeFault(faults: Fault[], request: SandboxRequest): Fault['act'] | null {
  const index = faults.findIndex((fault) => fault.times > 0 && fault.matches(request));
  const fault = faults[index];
  if (!fault) return null;
  fault.times -= 1;
  if (fault.times === 0) faults.splice(index, 1);
  return fault.act;
}

async function answerRequest(options: ServerOptions, request: SandboxRequest): Promise<SandboxAnswer> {
  try {
    return await options.handle(request);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { status: 500, body: { message: `The sandbox failed: ${message}` } };
  }
}

function record(options: ServerOptions, request: SandboxRequest, status: number): void {
  options.requests.push({
    method: request.method,
    path: request.path,
    query: request.query.toString(),
    status,
    at: options.clock(),
    // UTF-8 takes up to four bytes for a character: no need to decode a large body whole.
    body: request.body.toString('utf8', 0, 4 * keptBodyChars).slice(0, keptBodyChars),
  });
}
