// Syncs the opportunities of an org into a store, in a process of its own: node load.ts STORE URL AUTH. Tells times, calls
// and the highest memory as a line of JSON.
import { salesforce } from '../../connectors/salesforce/index.ts';
import { salesforceSettings } from '../../connectors/salesforce/settings.ts';
import { holdYoungHeap } from '../../src/cli/hold-heap.ts';
import { createZone } from '../../src/model/zone.ts';
import { createHttp } from '../../src/remote/http.ts';
import { openHandle } from '../../src/store/database.ts';
import { finishFirstLoads } from '../../src/store/first-load.ts';
import { openStore } from '../../src/store/open.ts';
import { sync } from '../../src/sync/sync.ts';
import { createMemoryTokens } from '../connectors/memory-tokens.ts';

const [path = '', url = '', auth = '{}', derives = 'derive'] = process.argv.slice(2);
const { signal } = new AbortController();
const clock = { now: () => Date.now() };
let calls = 0;
let streamMs = 0;
const log = {
  debug: (_: object, event: string) => {
    if (event === 'http') calls += 1;
  },
  info: (fields: object, event: string) => {
    if (event === 'stream.synced' && 'stream' in fields && fields.stream === 'Opportunity' && 'ms' in fields)
      streamMs = Number(fields.ms);
  },
  warn: (fields: object, event: string) => void process.stderr.write(`${event} ${JSON.stringify(fields)}\n`),
  error: (fields: object, event: string) => void process.stderr.write(`${event} ${JSON.stringify(fields)}\n`),
};
const settings = salesforceSettings.parse({ loginUrl: url, auth: JSON.parse(auth) });
const http = createHttp({ where: 'sales', policy: salesforce.policy, clock, log, signal });
const open = () =>
  salesforce.open({
    ...{
      name: 'sales',
      folder: '.',
      objects: ['deals'],
      fields: { 'deal.lost_reason': 'ForecastCategoryName' },
      entities: {},
      since: null,
      currency: 'EUR',
    },
    ...{
      timeZone: 'Europe/Madrid',
      language: 'en',
      settings,
      http,
      tokens: createMemoryTokens(),
      clock,
      log,
      signal,
    },
  });
const store = openStore(path, createZone('Europe/Madrid'));
const loading = derives === 'derive' ? store : { ...store, derive: async () => 0 };
holdYoungHeap();
const begun = performance.now();
const { errors, streams } = await sync({
  ...{
    store: loading,
    connections: [{ name: 'sales', connector: 'salesforce', open }],
    runId: 1,
    clock,
    log,
    signal,
  },
  ...{ full: false, changedSince: null, onProgress: () => {} },
});
await store[Symbol.asyncDispose]();
const indexMs = derives === 'derive' ? 0 : finishLoad();
const ms = performance.now() - begun;
const deals = streams.find(({ object }) => object === 'Opportunity');
const memoryMb = Math.round(process.resourceUsage().maxRSS / 1024);
const { rows, written, complete } = deals ?? { rows: 0, written: 0, complete: null };
process.stdout.write(
  `${JSON.stringify({ ms, streamMs: streamMs + indexMs, cpuMs: Math.round((process.cpuUsage().user + process.cpuUsage().system) / 1000), indexMs, calls, memoryMb, rows, written, proven: complete !== null, errors: errors.map(String) })}\n`,
);

/** What a first load leaves for its end: indexes, and what is to be derived. */
function finishLoad(): number {
  const start = performance.now();
  const handle = openHandle(path);
  finishFirstLoads(handle);
  handle.close();
  return performance.now() - start;
}
