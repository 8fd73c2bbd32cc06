import type { NewResult } from '../../src/model/result-store.ts';
import { bareSettings, monthOf, monthsUntil, openDesk, readCatalog, winRateGoal } from '../report/company.ts';
import { openDashboard } from '../serve/dashboard.ts';
import { type Bench, type Figure, median, timeOf, whole } from './bench.ts';
import { startSync, writeDeals } from './sync-beside.ts';

const owners = 200;
const months = [...monthsUntil('2026-11', 25)];
const fastMs = 100;
const smallBytes = 200_000;

/** 24 months and the running one, every KPI of the catalog with a goal, 200 owners in ten teams. */
async function makeResults(kpis: readonly string[]): Promise<readonly NewResult[]> {
  const segments = [
    { kind: 'company', id: null, name: null, source: null },
    ...Array.from({ length: 10 }, (_, place) => ({
      kind: 'team',
      id: `T${place}`,
      name: `Team ${place}`,
      source: null,
    })),
    ...Array.from({ length: owners }, (_, place) => ({
      kind: 'owner',
      id: `U${place}`,
      name: `Person ${place}`,
      source: null,
    })),
  ];
  return kpis.flatMap((kpi) =>
    months.flatMap((label, month) =>
      segments.map((segment, place) => ({
        ...monthOf(label, {
          kpi,
          segment,
          goal: `${kpi}.month`,
          value: ((month * 7 + place) % 40) / 100,
          num: (month * 7 + place) % 40,
        }),
        complete: label !== '2026-11',
      })),
    ),
  );
}

/** The dashboard of a large company. */
export const dashboard: Bench = {
  name: 'dashboard',
  about:
    "pages over the results of 200 owners, 24 months and 60 KPIs: the server's own time while `crm-kpi sync` loads 400,000 deals into the same store",
  async *run({ folder, tell }) {
    const kpis = (await readCatalog()).map(({ id }) => id).slice(0, 60);
    const goals = kpis.map((kpi) => ({ ...winRateGoal, id: `${kpi}.month`, kpi }));
    const results = await makeResults(kpis);
    await using fixture = await openDesk({ results, settings: { ...bareSettings(''), goals } });
    const { ask } = openDashboard(fixture);
    await writeDeals(folder, fixture.temp.path);
    for (const path of ['/', '/?owner=U7', '/kpi/win_rate']) {
      const quiet = await measure(async () => ask(path));
      await using sync = await startSync(folder, fixture.temp.path);
      const before = sync.rows();
      const busy = await measure(async () => ask(path));
      if (!sync.isRunning()) throw new Error('the sync was over before the pages were measured');
      tell(`${path}: ${sync.rows() - before} rows were stored meanwhile`);
      yield* judge(path, quiet, busy);
    }
  },
};

interface Asked {
  readonly ms: number;
  readonly cpuMs: number;
  readonly bytes: number;
}

function* judge(path: string, quiet: Asked, busy: Asked): Generator<Figure> {
  const against = `nothing writes: ${timeOf(quiet.cpuMs)}`;
  const time = { what: path, ours: timeOf(busy.cpuMs), against, ratio: busy.cpuMs / quiet.cpuMs };
  yield { ...time, goal: `< ${fastMs} ms`, met: busy.cpuMs < fastMs };
  const bytes = { what: `${path}, bytes`, ours: whole(busy.bytes), against: null, ratio: null };
  yield { ...bytes, goal: `< ${whole(smallBytes)}`, met: busy.bytes < smallBytes };
}

/** Medians of several requests; the first ones only warm up. Other programs of the machine take no part of `cpuMs`. */
async function measure(ask: () => Promise<Response>): Promise<{ ms: number; cpuMs: number; bytes: number }> {
  const times: number[] = [];
  const cpuTimes: number[] = [];
  let bytes = 0;
  for (let round = 0; round < 12; round += 1) {
    const begun = performance.now();
    const cpu = process.threadCpuUsage();
    const text = await (await ask()).text();
    const { user, system } = process.threadCpuUsage(cpu);
    if (round >= 3) {
      times.push(performance.now() - begun);
      cpuTimes.push((user + system) / 1000);
    }
    bytes = Buffer.byteLength(text);
  }
  return { ms: median(times), cpuMs: median(cpuTimes), bytes };
}
