import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { promisify } from 'node:util';
import { constants, gzip } from 'node:zlib';
import type { SandboxAnswer } from './server.ts';

const compress = promisify(gzip);
const minGzipBytes = 1024;

export interface Exchange {
  readonly incoming: IncomingMessage;
  readonly outgoing: ServerResponse;
  /** Sandbox time. */
  readonly nowMs: number;
  /** Headers and half of the body only; then the connection is dropped. */
  readonly truncate: boolean;
}

export async function sendAnswer(exchange: Exchange, answer: SandboxAnswer): Promise<void> {
  const { incoming, outgoing, truncate } = exchange;
  const plain = toBytes(answer.body);
  const zipped = plain.length > minGzipBytes && acceptsGzip(incoming);
  const bytes = zipped ? await compress(plain, { level: constants.Z_BEST_SPEED }) : plain;
  if (outgoing.destroyed) return;
  writeHeaders(exchange, answer, { bytes: bytes.length, zipped });
  if (incoming.method === 'HEAD') return void outgoing.end();
  if (!truncate) return void outgoing.end(bytes);
  outgoing.flushHeaders();
  const half = bytes.subarray(0, Math.floor(bytes.length / 2));
  if (half.length > 0 && !outgoing.write(half))
    await Promise.race([once(outgoing, 'drain'), once(outgoing, 'close')]);
  incoming.socket.destroySoon();
}

function writeHeaders(
  { outgoing, nowMs }: Exchange,
  answer: SandboxAnswer,
  size: { readonly bytes: number; readonly zipped: boolean },
): void {
  outgoing.statusCode = answer.status;
  outgoing.setHeader('Date', new Date(nowMs).toUTCString());
  if (isJson(answer.body)) outgoing.setHeader('Content-Type', 'application/json;charset=UTF-8');
  for (const [name, value] of Object.entries(answer.headers ?? {})) outgoing.setHeader(name, value);
  if (size.zipped) outgoing.setHeader('Content-Encoding', 'gzip');
  if (answer.status !== 204 && answer.status !== 304) outgoing.setHeader('Content-Length', size.bytes);
}

function toBytes(body: unknown): Buffer {
  if (body === undefined) return Buffer.alloc(0);
  if (body instanceof Uint8Array) return Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  return Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
}

function isJson(body: unknown): boolean {
  return body !== undefined && typeof body !== 'string' && !(body instanceof Uint8Array);
}

function acceptsGzip(incoming: IncomingMessage): boolean {
  return String(incoming.headers['accept-encoding'] ?? '')
    .toLowerCase()
    .includes('gzip');
}
