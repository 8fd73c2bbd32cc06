import { Worker } from 'node:worker_threads';
import { describe, expect, it } from 'vitest';
import type { NewResult } from '../../src/model/store.ts';
import { openDashboard } from '../serve/dashboard.ts';
import { bareSettings, monthOf, monthsUntil, openDesk, readCatalog, winRateGoal } from './company.ts';

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

/** Another thread that writes rows all the time, as a sync does. */
function startWriting(path: string): Worker {
  const work = `
    const Database = require('better-sqlite3');
    const { workerData, parentPort } = require('node:worker_threads');
    const db = new Database(workerData);
    db.exec('CREATE TABLE IF NOT EXISTS x_written (id INTEGER PRIMARY KEY, text TEXT)');
    const insert = db.prepare('INSERT INTO x_written (text) VALUES (?)');
    const batch = db.transaction(() => { for (let i = 0; i < 2000; i++) insert.run('x'.repeat(200)); });
    parentPort.postMessage('begun');
    for (;;) batch();`;
  return new Worker(work, { eval: true, workerData: path });
}

describe('the overview of a large company', () => {
  it('takes under 100 ms of server time and 200 KB, while a sync is writing', {
    timeout: 300_000,
  }, async () => {
    const catalog = await readCatalog();
    const kpis = catalog.map(({ id }) => id).slice(0, 60);
    const goals = kpis.map((kpi) => ({ ...winRateGoal, id: `${kpi}.month`, kpi }));
    const results = await makeResults(kpis);
    await using fixture = await openDesk({ results, settings: { ...bareSettings(''), goals } });
    const { ask } = openDashboard(fixture);
    for (const path of ['/', '/?owner=U7', '/kpi/win_rate']) {
      const quiet = await measure(async () => ask(path));
      const writer = startWriting(fixture.temp.path);
      await new Promise((resolve, reject) => writer.once('message', resolve).once('error', reject));
      const busy = await measure(async () => ask(path));
      await writer.terminate();
      process.stderr.write(
        `${path}: ${quiet.cpuMs.toFixed(0)} ms of the server's time, ${busy.cpuMs.toFixed(0)} while another thread writes (${quiet.ms.toFixed(0)} and ${busy.ms.toFixed(0)} by the clock), ${busy.bytes} bytes of ${results.length} results\n`,
      );
      expect(busy.bytes).toBeLessThan(smallBytes);
      expect(busy.cpuMs).toBeLessThan(fastMs);
    }
  });
});

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

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}
