import { hubspot } from '../../connectors/hubspot/index.ts';
import { hubspotSettings } from '../../connectors/hubspot/settings.ts';
import type { Connection, Log } from '../../src/model/connector.ts';
import type { RemotePolicy } from '../../src/model/http.ts';
import { createHttp } from '../../src/remote/http.ts';
import { createMemoryTokens } from '../connectors/memory-tokens.ts';
import type { Running } from './child.ts';

/** Counts requests by bucket, and refusals, as the log tells them. */
export interface Counter {
  readonly calls: Record<string, number>;
  readonly seen: { refused: number; lastAt: number };
  readonly log: Log;
}

export function createCounter(): Counter {
  const calls: Record<string, number> = {};
  const seen = { refused: 0, lastAt: 0 };
  const debug = (fields: object) => {
    if (!('path' in fields) || !('status' in fields)) return;
    const bucket = hubspot.policy?.bucketOf({ method: 'GET', url: `http://127.0.0.1${fields.path}` }) ?? '';
    calls[bucket] = (calls[bucket] ?? 0) + 1;
    if (fields.status === 429) seen.refused += 1;
    seen.lastAt = performance.now();
  };
  return { calls, seen, log: { debug, info() {}, warn() {}, error() {} } };
}

export interface OpenPortal {
  readonly log: Log;
  readonly objects: readonly string[];
  readonly policy: RemotePolicy | null;
  readonly fetch?: typeof fetch;
}

export function openPortal(
  portal: Running,
  { log, objects, policy, ...options }: OpenPortal,
): Promise<Connection> {
  const { signal } = new AbortController();
  const clock = { now: () => Date.now() };
  const settings = hubspotSettings.parse({ baseUrl: portal.url, auth: portal.auth });
  const http = createHttp({ where: 'crm', policy, clock, log, signal, ...options });
  return hubspot.open({
    ...{ name: 'crm', folder: '/', objects, fields: {}, entities: {} },
    ...{ since: null, currency: 'EUR', timeZone: 'Europe/Madrid', language: 'en', settings, http },
    ...{ tokens: createMemoryTokens(), clock, log, signal },
  });
}
