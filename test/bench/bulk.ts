import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { atMost, type Bench, type BenchEnv, type Figure, median, timeOf, whole } from './bench.ts';
import { here, runApart, runProgram, startApart } from './child.ts';
import { columns, writeRows } from './rows.ts';

interface Load {
  readonly streamMs: number;
  readonly memoryMb: number;
  readonly rows: number;
  readonly calls: number;
  readonly errors: readonly string[];
}

interface Measured {
  readonly rows: number;
  readonly ours: number;
  readonly limit: number;
  readonly memoryMb: number;
  readonly calls: number;
}

const enoughMb = 300;

/** Salesforce's Bulk API into the store, against the sqlite3 shell. */
export const bulk: Bench = {
  name: 'bulk',
  about:
    'a first load by the Bulk API (below 40,000 rows by REST): gzip over HTTP, 20 quoted columns, newlines in values',
  async *run(env) {
    const rows = env.size('rows', 1_000_000);
    const most = env.size('most', 2_000_000);
    yield* alternative(env, env.size('alternative', 20_000));
    yield { ...loaded(await measure(env, 10_000, env.runs)), goal: null, met: null };
    const small = await measure(env, Math.min(rows, 100_000), env.runs);
    yield { ...loaded(small), goal: null, met: null };
    const large = await measure(env, rows, env.runs);
    yield loaded(large);
    const largest = most > rows ? await measure(env, most, 1) : large;
    if (largest !== large) yield loaded(largest);
    yield peak(`peak memory, ${whole(largest.rows)} rows`, small.memoryMb, largest.memoryMb);
    const scale = env.size('scale', 10_000_000);
    if (scale <= largest.rows) return;
    const farthest = await measure(env, scale, 1);
    yield { ...loaded(farthest), goal: null, met: null };
    yield peak(`peak memory, ${whole(scale)} rows`, small.memoryMb, farthest.memoryMb);
  },
};

function peak(what: string, few: number, many: number): Figure {
  const figure = { what, ours: `${many} MB`, against: `100,000 rows: ${few} MB`, ratio: many / few };
  return { ...figure, goal: `< ${enoughMb} MB, ratio <= 1.1`, met: many < enoughMb && many / few <= 1.1 };
}

function loaded({ rows, ours, limit, calls }: Measured): Figure {
  const what = `${whole(rows)} opportunities, ${calls} calls`;
  return atMost(
    { what, ours: timeOf(ours), against: `sqlite3 .import: ${timeOf(limit)}`, ratio: ours / limit },
    1.5,
  );
}

async function measure(env: BenchEnv, rows: number, runs: number): Promise<Measured> {
  const folder = join(env.folder, `bulk-${rows}`);
  mkdirSync(folder, { recursive: true });
  env.tell(`bulk: writing ${whole(rows)} rows`);
  const { file } = await writeRows(folder, rows);
  using org = await startApart([join(here, 'org.ts'), folder, String(rows)]);
  const ours: Load[] = [];
  const limits: number[] = [];
  for (let run = 0; run < runs; run += 1) {
    limits.push(await importByShell(join(folder, 'limit.db'), file));
    ours.push(await load(join(folder, 'store.db'), org));
    env.tell(
      `bulk: ${whole(rows)} rows in ${timeOf(ours.at(-1)?.streamMs ?? 0)}, the shell in ${timeOf(limits.at(-1) ?? 0)}`,
    );
  }
  rmSync(folder, { recursive: true });
  const measured: Measured = {
    ...{ rows, ours: median(ours.map(({ streamMs }) => streamMs)), limit: median(limits) },
    ...{ memoryMb: Math.max(...ours.map(({ memoryMb }) => memoryMb)), calls: ours[0]?.calls ?? 0 },
  };
  env.points.push({
    ...{
      rows,
      seconds: measured.ours / 1000,
      limitSeconds: measured.limit / 1000,
      memoryMb: measured.memoryMb,
    },
  });
  return measured;
}

async function load(path: string, org: { readonly url: string; readonly auth: object }): Promise<Load> {
  removeStore(path);
  const result = await runApart<Load>('load.ts', [path, org.url, JSON.stringify(org.auth), 'load']);
  if (result.errors.length > 0) throw new Error(result.errors.join());
  return result;
}

export function removeStore(path: string): void {
  for (const ending of ['', '-wal', '-shm', '.lock']) rmSync(`${path}${ending}`, { force: true });
}

/** The same file from disk into a table with the same key and the same index; nothing converted, nothing proven. */
async function importByShell(path: string, file: string): Promise<number> {
  removeStore(path);
  const names = columns.map((name) => (name === 'Id' ? 'Id TEXT PRIMARY KEY' : `${name} TEXT`));
  const input = [
    'PRAGMA journal_mode = WAL;',
    'PRAGMA synchronous = NORMAL;',
    `CREATE TABLE deal (${names.join(', ')}) WITHOUT ROWID;`,
    'CREATE INDEX deal_by_account ON deal (AccountId);',
    `.import --csv --skip 1 ${file} deal`,
  ].join('\n');
  return (await runProgram('sqlite3', [path], { input })).ms;
}

/** What one would write at first: the client's own paging, and an insert for each record that comes. */
async function* alternative(env: BenchEnv, rows: number): AsyncGenerator<Figure> {
  const folder = join(env.folder, 'bulk-alternative');
  mkdirSync(folder, { recursive: true });
  await writeRows(folder, 50_000);
  using org = await startApart([join(here, 'org.ts'), folder, '50000']);
  using few = await startApart([join(here, 'org.ts'), folder, String(rows)]);
  const ours = await load(join(folder, 'store.db'), org);
  const other = await runApart<{ ms: number; rows: number }>('autofetch.ts', [
    ...[join(folder, 'autofetch.db'), few.url, JSON.stringify(few.auth)],
  ]);
  rmSync(folder, { recursive: true });
  const perRow = (ms: number, count: number) => (ms / count) * 1000;
  yield {
    what: 'per 1,000 records, beside jsforce with autoFetch and an insert for each record',
    ours: timeOf(perRow(ours.streamMs, ours.rows)),
    against: `jsforce: ${timeOf(perRow(other.ms, other.rows))}`,
    ratio: perRow(ours.streamMs, ours.rows) / perRow(other.ms, other.rows),
    ...{ goal: null, met: null },
  };
}
