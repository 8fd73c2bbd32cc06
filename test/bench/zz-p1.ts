import { openTempStore, registerStream } from '../store/temp-store.ts';
import { here, startApart } from './child.ts';
import { openPortal } from './hubspot.ts';
import { join } from 'node:path';
import { readFileSync } from 'node:fs';
import Database from 'better-sqlite3';
const portalCpu = () => { const f = readFileSync(`/proc/${portal.child.pid}/stat`, 'utf8').split(' '); return (Number(f[13]) + Number(f[14])) * 10; };
let listUrl = ''; let listHeaders: any;
const n = process.argv[2] ?? '10000';
using portal = await startApart([join(here, 'portal.ts'), n]);
const events: any[] = [];
const log = { debug(f: any) { if ('path' in f) events.push({ t: performance.now(), ...f }); }, info() {}, warn() {}, error() {} };
for (let run = 0; run < Number(process.argv[3] ?? 2); run++) {
  events.length = 0;
  await using connection = await openPortal(portal, { log, objects: ['deals'], policy: null, fetch: (i: any, init: any) => { const u = String(i); if (!listUrl && /objects\/(deals|0-3)\?.*properties=dealname/.test(u)) { listUrl = u; listHeaders = init.headers; } return fetch(i, init); } });
  const stream = (await connection.streams()).find(({ name }) => name === 'deals')!;
  await using temp = await openTempStore();
  await registerStream(temp.store, 'crm', { name: stream.name, table: stream.table });
  const p0 = portalCpu(), b0 = performance.now(), c0 = process.cpuUsage(), t0 = process.threadCpuUsage();
  let rows = 0, save = 0, changes = 0;
  for await (const batch of connection.read(stream, null, { signal: new AbortController().signal })) {
    const s = process.threadCpuUsage();
    await temp.store.saveBatch({ connection: 'crm', stream: stream.name }, stream.table, batch, { runId: 1, at: Date.now() });
    const e = process.threadCpuUsage(s); save += e.user + e.system;
    for (const g of batch.tables) { if (g.table === stream.table) rows += g.rows.length; else changes += g.rows.length; }
  }
  const ms = performance.now() - b0, c = process.cpuUsage(c0), t = process.threadCpuUsage(t0);
  const by: Record<string, [number, number]> = {};
  for (const e of events) { const k = e.method + ' ' + e.path; by[k] ??= [0, 0]; by[k][0]++; by[k][1] += e.ms; }
  console.log({ portal: portalCpu() - p0, ms, rows, changes, cpu: (c.user + c.system) / 1000, main: (t.user + t.system) / 1000, save: save / 1000 });
  if (run === 0) console.log(by);
  {
    const names = [...new Set(new URL(listUrl).searchParams.getAll('properties'))].flatMap((x) => x.split(','));
    const db = new Database('/tmp/p1/plain-' + run + '.db'); db.pragma('journal_mode = WAL'); db.pragma('synchronous = NORMAL');
    const cols = names.map((x) => `"${x}"`);
    db.exec(`DROP TABLE IF EXISTS deal; CREATE TABLE deal (id TEXT PRIMARY KEY, ${cols.join(', ')}) WITHOUT ROWID`);
    const up = db.prepare(`INSERT INTO deal VALUES (?, ${cols.map(() => '?').join(', ')}) ON CONFLICT (id) DO UPDATE SET ${cols.map((x) => `${x} = excluded.${x}`).join(', ')}`);
    const save = db.transaction((records: any[]) => { for (const { id, properties } of records) up.run(id, ...names.map((x) => properties[x] ?? null)); });
    const p0 = portalCpu(), b0 = performance.now(), c0 = process.cpuUsage(), t0 = process.threadCpuUsage();
    let bytes = 0;
    for (let url: string | null = listUrl; url !== null; ) {
      const text = await (await fetch(url, { headers: listHeaders })).text(); bytes += text.length;
      const page = JSON.parse(text); save(page.results);
      const after = page.paging?.next?.after; if (after) { const u = new URL(listUrl); u.searchParams.set('after', after); url = u.href; } else url = null;
    }
    const ms = performance.now() - b0, c = process.cpuUsage(c0), t = process.threadCpuUsage(t0); db.close();
    console.log('plain', { portal: portalCpu() - p0, ms, cpu: (c.user + c.system) / 1000, main: (t.user + t.system) / 1000, mb: bytes / 1e6 });
  }
}
