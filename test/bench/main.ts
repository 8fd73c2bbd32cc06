// All benchmarks: node test/bench/main.ts [--only NAME]... [--runs N] [--SIZE N]... [--list]. Writes docs/benchmarks.md unless --no-save.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Bench, Figure, ScalePoint } from './bench.ts';
import { bulk } from './bulk.ts';
import { dashboard } from './dashboard.ts';
import { evaluation } from './evaluation.ts';
import { incremental } from './incremental.ts';
import { limits } from './limits.ts';
import { pages } from './pages.ts';
import { printTable, saveResults } from './results.ts';
import { size as storeSize } from './size.ts';
import { startUp } from './start-up.ts';
import { writeBack } from './write-back.ts';

const benches: readonly Bench[] = [
  bulk,
  incremental,
  pages,
  limits,
  evaluation,
  dashboard,
  writeBack,
  startUp,
  storeSize,
];

interface Flags {
  readonly only: readonly string[];
  readonly sizes: Readonly<Record<string, string>>;
  readonly save: boolean;
}

/** `--rows 2000000` or BENCH_ROWS=2000000. */
function readFlags(args: readonly string[]): Flags {
  const only: string[] = [];
  const sizes: Record<string, string> = {};
  let save = true;
  for (let place = 0; place < args.length; place += 1) {
    const name = (args[place] ?? '').replace(/^--/, '');
    if (name === 'no-save') save = false;
    else if (name === 'only') only.push(...(args[++place] ?? '').split(','));
    else sizes[name] = args[++place] ?? '';
  }
  return { only, sizes, save };
}

async function main(): Promise<void> {
  const { only, sizes, save } = readFlags(process.argv.slice(2));
  const unknown = only.find((name) => !benches.some((bench) => bench.name === name));
  if (unknown)
    throw new Error(
      `There is no benchmark ${unknown}; there are ${benches.map(({ name }) => name).join(', ')}.`,
    );
  const size = (name: string, byDefault: number) =>
    Number(sizes[name] ?? process.env[`BENCH_${name.toUpperCase()}`] ?? byDefault);
  const points: ScalePoint[] = [];
  const groups: { bench: Bench; figures: Figure[]; problem: string | null }[] = [];
  for (const bench of benches.filter(({ name }) => only.length === 0 || only.includes(name))) {
    const folder = mkdtempSync(join(tmpdir(), 'crm-kpi-bench-'));
    const group: (typeof groups)[number] = { bench, figures: [], problem: null };
    groups.push(group);
    const tell = (line: string) => void process.stderr.write(`${line}\n`);
    const begun = performance.now();
    try {
      for await (const figure of bench.run({ folder, runs: size('runs', 3), size, tell, points }))
        group.figures.push(figure);
    } catch (error) {
      group.problem = error instanceof Error ? error.message : String(error);
      process.exitCode = 1;
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
    tell(`${bench.name}: done in ${((performance.now() - begun) / 1000).toFixed(0)} s`);
  }
  process.stdout.write(`${printTable(groups)}\n`);
  if (save && only.length === 0) saveResults(groups, points);
}

await main();
