import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { afterEach, expect, it } from 'vitest';
import { hubspot } from '../../connectors/hubspot/index.ts';
import { hubspotSettings } from '../../connectors/hubspot/settings.ts';
import { createHttp } from '../../src/remote/http.ts';
import { sync } from '../../src/sync/sync.ts';
import { openTempStore } from '../store/temp-store.ts';
import { createMemoryTokens } from './memory-tokens.ts';

const size = Number(process.env.HUBSPOT_DEALS ?? 20_000);
const perTenSeconds = 100;
const children: ChildProcess[] = [];

afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGTERM');
});

/** In a process of its own, as HubSpot would be: it must not take our time. */
async function startApart(): Promise<{ readonly url: string; readonly auth: object }> {
  const flags = ['--port', '0', '--size', String(size), '--seed', '7', '--tier', 'starter'];
  const child = spawn(process.execPath, ['src/cli/crm-kpi.cjs', 'sandbox', 'hubspot', ...flags], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.push(child);
  const [line] = await once(createInterface({ input: child.stdout }), 'line');
  return JSON.parse(String(line));
}

/** Counts requests by bucket, and refusals, as the log tells them. */
function createCounter() {
  const calls: Record<string, number> = {};
  const seen = { refused: 0, lastAt: 0 };
  const debug = (fields: object) => {
    const { method, path, status } = fields as { method?: string; path?: string; status?: number };
    if (!method || !path) return;
    const url = `http://127.0.0.1${path}`;
    const bucket = hubspot.policy?.bucketOf({ method: method as 'GET', url }) ?? '';
    calls[bucket] = (calls[bucket] ?? 0) + 1;
    if (status === 429) seen.refused += 1;
    seen.lastAt = performance.now();
  };
  return { calls, seen, log: { debug, info() {}, warn() {}, error() {} } };
}

it('a full load takes hardly longer than the limit dictates, without a refusal', async () => {
  const server = await startApart();
  await using temp = await openTempStore();
  const { calls, seen, log } = createCounter();
  const signal = new AbortController().signal;
  const clock = { now: () => Date.now() };
  const settings = hubspotSettings.parse({ baseUrl: server.url, auth: server.auth });
  const http = createHttp({ where: 'crm', policy: hubspot.policy, clock, log, signal });
  const open = () =>
    hubspot.open({
      ...{ name: 'crm', folder: '/', objects: ['deals', 'activities'], fields: {}, entities: {} },
      ...{ since: null, currency: 'EUR', timeZone: 'Europe/Madrid', language: 'en', settings, http },
      ...{ tokens: createMemoryTokens(), clock, log, signal },
    });
  const startedAt = performance.now();
  const { errors, streams } = await sync({
    ...{ store: temp.store, connections: [{ name: 'crm', connector: 'hubspot', open }], runId: 1 },
    ...{ clock, log, signal, full: false, changedSince: null, onProgress: () => {} },
  });
  // Until the last answer: what is derived from the rows afterwards asks nothing of HubSpot.
  const tookSeconds = (seen.lastAt - startedAt) / 1000;
  expect(errors).toEqual([]);
  expect(streams.find(({ object }) => object === 'deals')?.complete).toMatchObject({
    ours: size,
    theirs: size,
  });
  // The first window may be spent at once; after it, as many in each ten seconds.
  const dictatedSeconds = (((calls.general ?? 0) - perTenSeconds) / perTenSeconds) * 10;
  const ratio = tookSeconds / dictatedSeconds;
  process.stdout.write(
    `hubspot full load of ${size} deals: ${JSON.stringify(calls)}, ${tookSeconds.toFixed(1)} s, ` +
      `${ratio.toFixed(2)} times what the limit dictates, ${seen.refused} refusals\n`,
  );
  expect(seen.refused).toBe(0);
  expect(ratio).toBeLessThan(1.1);
});
