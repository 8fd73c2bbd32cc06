import dc from 'node:diagnostics_channel';
import { join } from 'node:path';
import { openTempStore, registerStream } from '../store/temp-store.ts';
import { here, startApart } from './child.ts';
import { openPortal } from './hubspot.ts';
using portal = await startApart([join(here, 'portal.ts'), '10000']);
const ev: string[] = []; const t0 = performance.now(); const at = () => (performance.now() - t0).toFixed(1);
dc.subscribe('undici:client:sendHeaders', () => ev.push(`${at()} sent`));
dc.subscribe('undici:request:headers', () => ev.push(`${at()} answer`));
dc.subscribe('undici:request:trailers', () => ev.push(`${at()} end`));
const log = { debug(f: any) { if ('path' in f) ev.push(`${at()} done ${f.path} ${f.ms}`); }, info() {}, warn() {}, error() {} };
await using connection = await openPortal(portal, { log, objects: ['deals'], policy: null });
const stream = (await connection.streams()).find(({ name }) => name === 'deals')!;
await using temp = await openTempStore();
await registerStream(temp.store, 'crm', { name: stream.name, table: stream.table });
for await (const batch of connection.read(stream, null, { signal: new AbortController().signal })) {
  ev.push(`${at()} save`);
  await temp.store.saveBatch({ connection: 'crm', stream: stream.name }, stream.table, batch, { runId: 1, at: Date.now() });
  ev.push(`${at()} saved`);
}

const sums: Record<string, number> = {}; let last = 0, lastName = '';
const per: number[] = []; let lastSaved = 0;
for (const e of ev) { const [t, n] = [Number(e.split(' ')[0]), e.split(' ')[1]!]; if (lastName) { const k = `${lastName}>${n}`; sums[k] = (sums[k] ?? 0) + t - last; } if (n === 'saved') { per.push(t - lastSaved); lastSaved = t; } last = t; lastName = n; }
console.log(sums); const s = per.slice(1); console.log(s.length, 'first 50 avg', s.slice(0, 50).reduce((a, b) => a + b) / 50, 'last 50', s.slice(-50).reduce((a, b) => a + b) / 50, 'max', s.sort((a, b) => b - a).slice(0, 8).map((x) => x.toFixed(0)).join(' '));
