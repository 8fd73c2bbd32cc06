import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createAdaptorServer } from '@hono/node-server';
import { getConnInfo } from '@hono/node-server/conninfo';
import type { Context, Hono } from 'hono';
import { RunError } from '../model/errors.ts';

export interface Listening extends AsyncDisposable {
  readonly url: string;
}

export interface Place {
  readonly host: string;
  readonly port: number;
}

const headersTimeoutMs = 15_000;
const requestTimeoutMs = 30_000;

/** Serves an app until it is disposed of. */
export async function listen(app: Hono, { host, port }: Place): Promise<Listening> {
  const server = createAdaptorServer({ fetch: app.fetch, hostname: host });
  if ('headersTimeout' in server) {
    server.headersTimeout = headersTimeoutMs;
    server.requestTimeout = requestTimeoutMs;
  }
  server.listen(port, host);
  try {
    await once(server, 'listening');
  } catch (cause) {
    throw cannotListen({ host, port }, cause);
  }
  const { port: bound } = server.address() as AddressInfo;
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${bound}/`,
    async [Symbol.asyncDispose]() {
      if ('closeAllConnections' in server) server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/**
 * Who asks. A proxy on this machine asks for others: it puts the address that it sees at the end of X-Forwarded-For,
 * whatever the client wrote there before.
 */
export function createAddressOf({ isProxied }: { readonly isProxied: boolean }): (c: Context) => string {
  return (c) => {
    const address = getConnInfo(c).remote.address ?? '';
    const forwarded = c.req.header('x-forwarded-for')?.split(',').at(-1)?.trim();
    return isProxied && forwarded && isLoopback(address.replace(/^::ffff:/, '')) ? forwarded : address;
  };
}

export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);
}

function cannotListen({ host, port }: Place, cause: unknown): RunError {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  const reasons: Readonly<Record<string, string>> = {
    EADDRINUSE: 'Another program uses this port.',
    EACCES: 'This user may not use this port.',
    EADDRNOTAVAIL: 'This machine does not have this address.',
    ENOTFOUND: 'This machine does not have this address.',
  };
  return new RunError(
    'usage',
    {
      where: `${host}:${port}`,
      message: reasons[code] ?? 'The dashboard cannot listen here.',
      fix: 'Name another one with --port or --host; --port 0 takes any that is free.',
    },
    { cause },
  );
}
