// One evaluation of all KPIs, in a process of its own: node evaluation-run.ts STORE HOURS. Brings what follows from the
// records up to date first. Tells times, the highest memory and the dearest KPIs as a line of JSON.
import { loadCatalog } from '../../src/evaluate/catalog.ts';
import { evaluate } from '../../src/evaluate/evaluate.ts';
import { createZone } from '../../src/model/zone.ts';
import { createQueryChecker } from '../../src/store/facts.ts';
import { openStore } from '../../src/store/open.ts';
import { benchAsOf, benchZone } from '../evaluate/bench-company.ts';
import { quiet, shippedKpis } from '../evaluate/workspace.ts';
import { evaluationSettings } from './evaluation-figures.ts';

const [path = '', hours = '0'] = process.argv.slice(2);
const asOf = benchAsOf + Number(hours) * 3_600_000;
const { signal } = new AbortController();
const cpuMs = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};
await using store = openStore(path, createZone(benchZone));
const catalog = await loadCatalog({ folders: [shippedKpis], check: createQueryChecker() });
const derivedFrom = performance.now();
await store.derive(signal);
const derivedMs = performance.now() - derivedFrom;
const kpis: { kpi: string; cpuMs: number }[] = [];
let last = cpuMs();
const log = {
  ...quiet,
  debug(fields: object) {
    const now = cpuMs();
    if ('kpi' in fields) kpis.push({ kpi: String(fields.kpi), cpuMs: now - last });
    last = now;
  },
};
const [begun, begunCpu] = [performance.now(), cpuMs()];
const report = await evaluate({
  ...{ store, settings: evaluationSettings, catalog, asOf, log, signal },
  clock: { now: () => asOf },
});
let appended = 0;
for (const tally of report.kpis) appended += tally.appended;
const memoryMb = Math.round(process.resourceUsage().maxRSS / 1024);
const dearest = kpis.sort((a, b) => b.cpuMs - a.cpuMs);
const times = { ms: performance.now() - begun, cpuMs: cpuMs() - begunCpu, derivedMs };
process.stdout.write(`${JSON.stringify({ ...times, memoryMb, appended, dearest })}\n`);
