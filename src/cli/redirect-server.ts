import { timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { RunError } from '../model/errors.ts';

const redirectPath = '/callback';

/** CRMs take plain http for the name localhost only, so this is what must be registered. */
export function redirectUriOf(port: number): string {
  return `http://localhost:${port}${redirectPath}`;
}

export interface RedirectServer extends AsyncDisposable {
  readonly redirectUri: string;
  /** The query of the first redirect that belongs to this sign-in. */
  readonly answer: Promise<URLSearchParams>;
}

/** Waits on this machine for the browser to come back. Every other answer than the awaited one changes nothing. */
export async function startRedirectServer(port: number, state: string): Promise<RedirectServer> {
  const { promise, resolve } = Promise.withResolvers<URLSearchParams>();
  let taken = false;
  const serve = (request: IncomingMessage, response: ServerResponse) => {
    const url = URL.parse(request.url ?? '/', 'http://localhost');
    if (request.method !== 'GET' || url?.pathname !== redirectPath)
      return send(response, 404, 'Nothing here.');
    if (taken) return send(response, 410, 'This sign-in was answered already.');
    if (!belongsTo(url.searchParams, state))
      return send(response, 400, 'This answer belongs to another sign-in and was ignored.');
    taken = true;
    // First the person sees that it has worked: whoever gets the answer closes the server.
    response.once('close', () => resolve(url.searchParams));
    const denied = url.searchParams.has('error');
    send(response, 200, denied ? 'The sign-in was refused.' : 'The answer has arrived.');
  };
  const main = await listen(createServer(serve), port, '127.0.0.1');
  const taken4 = portOf(main);
  // A browser may take localhost for the IPv6 address; machines without IPv6 have none to listen on.
  const second = await listen(createServer(serve), taken4, '::1').catch(() => null);
  return {
    redirectUri: redirectUriOf(taken4),
    answer: promise,
    [Symbol.asyncDispose]: async () => {
      for (const server of [main, second]) if (server) await close(server);
    },
  };
}

/** Whether an answer brings back the state of the sign-in that is under way (RFC 6749, 10.12). */
export function belongsTo(answer: URLSearchParams, state: string): boolean {
  const given = Buffer.from(answer.get('state') ?? '');
  const wanted = Buffer.from(state);
  return given.length === wanted.length && timingSafeEqual(given, wanted);
}

async function listen(server: Server, port: number, host: string): Promise<Server> {
  server.listen(port, host);
  try {
    await once(server, 'listening');
    return server;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    throw new RunError(
      'usage',
      {
        where: `--port ${port}`,
        message: `This machine cannot listen there${code ? ` (${code})` : ''}.`,
        fix: `Register ${redirectUriOf(port + 1)} with the app too and use --port ${port + 1}; or use --paste.`,
      },
      { cause: error },
    );
  }
}

function portOf(server: Server): number {
  const address = server.address();
  if (typeof address === 'object' && address !== null) return address.port;
  throw new Error('the server listens on no port');
}

async function close(server: Server): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  // Browsers open connections ahead of need and keep them.
  server.closeAllConnections();
  await closed;
}

/** The address holds the code: no other page may learn it, and nothing keeps it. */
const headers = {
  'content-type': 'text/html; charset=utf-8',
  'cache-control': 'no-store',
  'referrer-policy': 'no-referrer',
  'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'",
  connection: 'close',
};

function send(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, headers);
  response.end(
    `<!doctype html><html lang="en"><title>crm-kpi</title><body style="font:1.1rem system-ui;margin:4rem"><p>${text}</p><p>You can close this window and go back to the terminal.</p></body></html>`,
  );
}
