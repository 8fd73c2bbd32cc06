import { join } from 'node:path';
import Database from 'better-sqlite3';
import type { Stream } from '../../src/model/connector.ts';
import { openTempStore, registerStream } from '../store/temp-store.ts';
import { atLeast, type Bench, median, timeOf, told, whole } from './bench.ts';
import { here, type Running, startApart } from './child.ts';
import { createCounter, openPortal } from './hubspot.ts';

interface Reading extends Spent {
  readonly rows: number;
  /** Rows of the history, which the plain loop gets and drops. */
  readonly changes: number;
  /** The first page of the list as the connector asked for it. */
  readonly request: { readonly url: string; readonly headers: Headers } | null;
}

/** By the clock, and of the processor by this process alone: the portal works in another. */
interface Spent {
  readonly ms: number;
  readonly cpuMs: number;
}

function startClock(): () => Spent {
  const begun = performance.now();
  const used = process.cpuUsage();
  return () => {
    const { user, system } = process.cpuUsage(used);
    return { ms: performance.now() - begun, cpuMs: (user + system) / 1000 };
  };
}

/** HubSpot's pages where no limit holds us up. */
export const pages: Bench = {
  name: 'pages',
  about:
    'list pages of HubSpot deals without limits, mapped and stored, against the plainest loop over the same pages',
  profile:
    'Most of the difference is processor time for the change history, nine rows a deal, which the plain loop receives and drops; then mapping. Portal and program share two cores, so that processor time decides.',
  async *run(env) {
    const deals = env.size('listed', 10_000);
    using portal = await startApart([join(here, 'portal.ts'), String(deals)]);
    const first = await readByConnector(portal);
    const ours: Spent[] = [];
    const plain: Spent[] = [];
    for (let run = 0; run < env.runs; run += 1) {
      plain.push(await readPlainly(join(env.folder, `plain-${run}.db`), first));
      ours.push(await readByConnector(portal));
    }
    const time = (runs: readonly Spent[]) => median(runs.map(({ ms }) => ms));
    const cpu = (runs: readonly Spent[]) => median(runs.map(({ cpuMs }) => cpuMs));
    const rate = (ms: number) => `${whole((first.rows / ms) * 1000)} records/s`;
    yield atLeast(
      {
        what: `${whole(first.rows)} deals in ${timeOf(time(ours))}`,
        ...{ ours: rate(time(ours)), against: `plain loop: ${rate(time(plain))}` },
        ratio: time(plain) / time(ours),
      },
      0.8,
    );
    const rows = `${whole(first.rows)} deals and ${whole(first.changes)} changes`;
    yield told(
      `processor time, ${rows}`,
      timeOf(cpu(ours)),
      `plain loop, deals alone: ${timeOf(cpu(plain))}`,
    );
  },
};

async function readByConnector(portal: Running): Promise<Reading> {
  let request: Reading['request'] = null;
  const spy: typeof fetch = (input, init) => {
    const url = String(input);
    if (/objects\/(deals|0-3)\?.*properties=dealname/.test(url))
      request ??= { url, headers: new Headers(init?.headers) };
    return fetch(input, init);
  };
  await using connection = await openPortal(portal, {
    ...{ log: createCounter().log, objects: ['deals'], fetch: spy },
    // Four at a time, and no other limit.
    policy: null,
  });
  const stream = (await connection.streams()).find(({ name }) => name === 'deals');
  if (!stream) throw new Error('no stream of deals');
  await using temp = await openTempStore();
  await registerStream(temp.store, 'crm', { name: stream.name, table: stream.table });
  return { ...(await saveAll(connection, stream, temp.store)), request };
}

async function saveAll(
  connection: Awaited<ReturnType<typeof openPortal>>,
  stream: Stream,
  store: Awaited<ReturnType<typeof openTempStore>>['store'],
): Promise<Omit<Reading, 'request'>> {
  const spent = startClock();
  let rows = 0;
  let changes = 0;
  for await (const batch of connection.read(stream, null, { signal: new AbortController().signal })) {
    await store.saveBatch({ connection: 'crm', stream: stream.name }, stream.table, batch, {
      runId: 1,
      at: Date.now(),
    });
    for (const group of batch.tables) {
      if (group.table === stream.table) rows += group.rows.length;
      else changes += group.rows.length;
    }
  }
  return { ...spent(), rows, changes };
}

/** The reference: fetch, JSON.parse, one prepared upsert for each record, a transaction for each page, no mapping. */
async function readPlainly(path: string, { request, rows }: Reading): Promise<Spent> {
  if (!request) throw new Error('the connector listed no deals');
  const db = new Database(path);
  db.pragma('journal_mode = WAL');
  db.pragma('synchronous = NORMAL');
  const names = [...new Set(new URL(request.url).searchParams.getAll('properties'))].flatMap((name) =>
    name.split(','),
  );
  const columns = names.map((name) => `"${name}"`);
  db.exec(`CREATE TABLE deal (id TEXT PRIMARY KEY, ${columns.join(', ')}) WITHOUT ROWID`);
  const upsert = db.prepare(
    `INSERT INTO deal VALUES (?, ${columns.map(() => '?').join(', ')})
     ON CONFLICT (id) DO UPDATE SET ${columns.map((name) => `${name} = excluded.${name}`).join(', ')}`,
  );
  const save = db.transaction((records: readonly Listed[]) => {
    for (const { id, properties } of records)
      upsert.run(id, ...names.map((name) => properties[name] ?? null));
  });
  const spent = startClock();
  let stored = 0;
  for (let url: string | null = request.url; url !== null; ) {
    const page: Page = JSON.parse(await (await fetch(url, { headers: request.headers })).text());
    save(page.results);
    stored += page.results.length;
    const after = page.paging?.next?.after;
    url = after ? withAfter(request.url, after) : null;
  }
  const end = spent();
  db.close();
  if (stored < rows) throw new Error(`the plain loop stored ${stored} of ${rows}`);
  return end;
}

interface Listed {
  readonly id: string;
  readonly properties: Readonly<Record<string, string | null>>;
}

interface Page {
  readonly results: readonly Listed[];
  readonly paging?: { readonly next?: { readonly after?: string } };
}

function withAfter(url: string, after: string): string {
  const next = new URL(url);
  next.searchParams.set('after', after);
  return next.href;
}
