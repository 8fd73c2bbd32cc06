import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { atMost, type Bench, type BenchEnv, type Figure, median, timeOf, told, whole } from './bench.ts';
import { here, type Running, runApart, runProgram, startApart } from './child.ts';
import { writeRows } from './rows.ts';

interface Night {
  readonly ms: number;
  readonly calls: number;
  readonly written: number;
  readonly errors: readonly string[];
}

/** A night that finds few changes among many stored rows. */
export const incremental: Bench = {
  name: 'incremental',
  about:
    'a night after the first load, with its proof of completeness and what is derived from changed deals',
  async *run(env) {
    const rows = env.size('rows', 1_000_000);
    const small = await nights(env, Math.min(rows, 100_000), [0, 1000]);
    const large = await nights(env, rows, [0, 1000, Math.min(rows, 100_000)]);
    for (const [count, night] of small.times) yield tell(small.rows, count, night);
    for (const [count, night] of large.times) yield tell(rows, count, night);
    const few = (one: Stored) => one.times.get(1000)?.ms ?? 0;
    const what = `1,000 changes among ${whole(rows)} rows`;
    const against = `among ${whole(small.rows)} rows: ${timeOf(few(small))}`;
    yield atMost({ what, ours: timeOf(few(large)), against, ratio: few(large) / few(small) }, 2);
  },
};

interface Stored {
  readonly rows: number;
  readonly times: ReadonlyMap<number, Night>;
}

function tell(rows: number, count: number, { ms, calls, written }: Night): Figure {
  return told(
    `${whole(rows)} rows stored, ${whole(count)} changed`,
    timeOf(ms),
    `${calls} calls, ${whole(written)} rows written`,
  );
}

async function nights(env: BenchEnv, rows: number, counts: readonly number[]): Promise<Stored> {
  const folder = join(env.folder, `incremental-${rows}`);
  mkdirSync(folder, { recursive: true });
  await writeRows(folder, rows);
  using org = await startApart([join(here, 'org.ts'), folder, String(rows)]);
  const path = join(folder, 'store.db');
  await night(path, org, 'load');
  // What is derived from the first load is not this night's work.
  await runProgram('sqlite3', [path, 'DELETE FROM touched']);
  const times = new Map<number, Night>();
  for (const count of counts) {
    const all: Night[] = [];
    for (let run = 0; run < (count > 1000 ? 1 : env.runs); run += 1) {
      await fetch(`${org.url}/services/data/v66.0/bench/change?count=${count}`);
      all.push(await night(path, org, 'derive'));
    }
    const ms = median(all.map((one) => one.ms));
    times.set(count, all.find((one) => one.ms === ms) ?? { ms, calls: 0, written: 0, errors: [] });
    env.tell(`incremental: ${whole(rows)} rows, ${whole(count)} changed: ${timeOf(ms)}`);
  }
  return { rows, times };
}

async function night(path: string, org: Running, derives: 'load' | 'derive'): Promise<Night> {
  const result = await runApart<Night>('load.ts', [path, org.url, JSON.stringify(org.auth), derives]);
  if (result.errors.length > 0) throw new Error(result.errors.join());
  return result;
}
