import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Health, health, storeDown } from '../metrics/health.ts';
import type { Clock } from '../model/connector.ts';
import { RunError } from '../model/errors.ts';
import type { Store } from '../model/store.ts';

export interface Monitor extends AsyncDisposable {
  readonly url: string;
}

export interface MonitorOptions {
  readonly port: number;
  readonly clock: Clock;
  /** Opens the store for one access. */
  readonly withStore: <T>(use: (store: Store) => Promise<T>) => Promise<T>;
}

/** Serves /metrics and /healthz on loopback. */
export async function startMonitor(options: MonitorOptions): Promise<Monitor> {
  const server = createServer((request, response) => {
    answer(request.url ?? '', response, options).catch((error: unknown) => {
      response.destroy(error instanceof Error ? error : undefined);
    });
  });
  await listen(server, options.port);
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

async function listen(server: Server, port: number): Promise<void> {
  server.listen(port, '127.0.0.1');
  try {
    await once(server, 'listening');
  } catch (error) {
    throw new RunError(
      'usage',
      {
        where: `port ${port}`,
        message: 'The port is taken, or this user may not use it.',
        fix: 'Name another one with --port or `metrics.port`; 0 takes any free one.',
      },
      { cause: error },
    );
  }
}

async function answer(url: string, response: ServerResponse, options: MonitorOptions): Promise<void> {
  const path = url.split('?')[0];
  if (path === '/metrics') return answerMetrics(response, options);
  if (path !== '/healthz') return void response.writeHead(404).end();
  const { httpStatus, ...body } = await readHealth(options);
  response.writeHead(httpStatus, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

async function answerMetrics(response: ServerResponse, { withStore, clock }: MonitorOptions): Promise<void> {
  try {
    const { renderMetrics } = await import('../metrics/metrics.ts');
    const text = await withStore((store) => renderMetrics(store, clock.now()));
    response.writeHead(200, { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' }).end(text);
  } catch (error) {
    if (!(error instanceof RunError)) throw error;
    response.writeHead(503).end();
  }
}

async function readHealth({ withStore }: MonitorOptions): Promise<Health> {
  try {
    return await withStore(health);
  } catch (error) {
    if (!(error instanceof RunError)) throw error;
    return storeDown;
  }
}
